package bag

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The fixed parts of a ZIP archive, from PKWARE's APPNOTE 6.3.10, 4.3.
const (
	localHeader  = 30
	centralEntry = 46
	endRecord    = 22
	locator64    = 20
	endRecord64  = 56
)

// The signatures that those parts begin with.
const (
	localSignature   = 0x04034b50
	centralSignature = 0x02014b50
	endSignature     = 0x06054b50
	locatorSignature = 0x07064b50
	end64Signature   = 0x06064b50
)

const (
	beyond      = 1<<32 - 1 // stands for a number that is written elsewhere, being larger
	encrypted   = 1 << 0    // a flag of an entry
	sizesFollow = 1 << 3    // another: the header has no sizes, they stand behind the bytes
	// knownFlags has those, how hard it was compressed, and that names are UTF-8.
	knownFlags = sizesFollow | 1<<1 | 1<<2 | 1<<11
)

// A zipDirectory is where the directory of an archive lies. It is read before
// archive/zip reads it, which would hold any number of entries in memory.
type zipDirectory struct {
	records      uint64
	offset, size int64
	// places are where the headers of the entries lie.
	places []zipPlace
}

// A zipPlace is where the header of an entry lies, or why that is not known.
type zipPlace struct {
	name string
	at   uint64
	err  error
}

var (
	errNoEnd     = errors.New("no directory at the end: cut short, or no ZIP archive")
	errAmbiguous = errors.New("the directory is not where its end says, or has another number of entries")
	errHeader    = errors.New("the header of the entry is not where the directory says")
	errOther     = errors.New("the header of the entry differs from the directory: programs would see different files")
)

// readDirectory finds the directory of an archive. An archive with a comment, or
// anything else behind the end of the directory, is refused, and so is one whose
// two ends name different directories: programs choose between them.
func readDirectory(r io.ReaderAt, size int64) (*zipDirectory, error) {
	b, err := readAt(r, size-endRecord, endRecord)
	le := binary.LittleEndian
	if err != nil || le.Uint32(b) != endSignature || le.Uint16(b[20:]) != 0 {
		return nil, fmt.Errorf("%w: %v", ErrZip, errNoEnd)
	}
	end := size - endRecord
	plain := [...]uint64{
		uint64(le.Uint16(b[4:])), uint64(le.Uint16(b[6:])), // the disks: this one, that of the directory
		uint64(le.Uint16(b[8:])), uint64(le.Uint16(b[10:])), // the entries: on this disk, in all
		uint64(le.Uint32(b[12:])), uint64(le.Uint32(b[16:])), // the directory: its size, its place
	}
	numbers := plain
	if l, err := readAt(r, end-locator64, locator64); err == nil && le.Uint32(l) == locatorSignature {
		end -= locator64 + endRecord64
		e, err := readAt(r, end, endRecord64)
		at := uint64(end) //nolint:gosec // not negative where it was read
		if err != nil || le.Uint32(e) != end64Signature || le.Uint64(e[4:]) != endRecord64-12 ||
			le.Uint32(l[4:]) != 0 || le.Uint64(l[8:]) != at || le.Uint32(l[16:]) != 1 {
			return nil, fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
		numbers = [...]uint64{
			uint64(le.Uint32(e[16:])), uint64(le.Uint32(e[20:])),
			le.Uint64(e[24:]), le.Uint64(e[32:]),
			le.Uint64(e[40:]), le.Uint64(e[48:]),
		}
		if !sameEnd(plain, numbers) {
			return nil, fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
	}
	d := &zipDirectory{records: numbers[3]}
	d.size, d.offset = int64(numbers[4]), int64(numbers[5]) //nolint:gosec // compared below
	if numbers[0] != 0 || numbers[1] != 0 || numbers[2] != numbers[3] ||
		d.size < 0 || d.offset < 0 || d.offset > end || d.size != end-d.offset {
		return nil, fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
	}
	return d, nil
}

// sameEnd reports whether the plain end of a directory says nothing else than
// that of 64 bits: each of its numbers is the same, or all ones. The size alone
// may not be all ones, since archive/zip looks for the others only.
func sameEnd(plain, wide [6]uint64) bool {
	for i, n := range plain {
		ones := uint64(1<<16 - 1)
		if i >= 4 {
			ones = beyond
		}
		if n != ones && n != wide[i] {
			return false
		}
	}
	return plain[4] == wide[4] || plain[3] == 1<<16-1 || plain[5] == beyond
}

// readAt reads n bytes.
func readAt(r io.ReaderAt, offset int64, n int) ([]byte, error) {
	if offset < 0 {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	_, err := io.ReadFull(io.NewSectionReader(r, offset, int64(n)), b)
	return b, err
}

// walk notes where the entries lie, and holds that the directory has just as
// many as it says.
func (d *zipDirectory) walk(r io.ReaderAt) error {
	at, end := d.offset, d.offset+d.size
	var b [centralEntry]byte
	buffer := make([]byte, 2<<16)
	le := binary.LittleEndian
	for range d.records {
		_, err := io.ReadFull(io.NewSectionReader(r, at, end-at), b[:])
		if err != nil || le.Uint32(b[:]) != centralSignature {
			return fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
		names := int(le.Uint16(b[28:]))
		rest := buffer[:names+int(le.Uint16(b[30:]))]
		at += centralEntry
		if _, err := io.ReadFull(io.NewSectionReader(r, at, end-at), rest); err != nil {
			return fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
		p := zipPlace{name: string(rest[:names])}
		p.at, p.err = place(b[:], rest[names:])
		d.places = append(d.places, p)
		at += int64(len(rest)) + int64(le.Uint16(b[32:]))
	}
	if at != end {
		return fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
	}
	return nil
}

// agrees reports whether archive/zip has read the same directory.
func (d *zipDirectory) agrees(archive *zip.Reader) bool {
	return slices.EqualFunc(d.places, archive.File, func(p zipPlace, f *zip.File) bool { return p.name == f.Name })
}
