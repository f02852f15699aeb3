package bag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
	at  uint64
	err error
}

var (
	errNoEnd     = errors.New("no directory at the end: cut short, or no ZIP archive")
	errAmbiguous = errors.New("the directory is not where its end says, or has another number of entries")
	errHeader    = errors.New("the header of the entry is not where the directory says")
	errOther     = errors.New("the header of the entry differs from the directory: programs would see different files")
)

// readDirectory finds the directory of an archive. An archive with a comment, or
// anything else behind the end of the directory, is refused.
func readDirectory(r io.ReaderAt, size int64) (*zipDirectory, error) {
	b, err := readAt(r, size-endRecord, endRecord)
	if err != nil || binary.LittleEndian.Uint32(b) != endSignature {
		return nil, fmt.Errorf("%w: %v", ErrZip, errNoEnd)
	}
	le := binary.LittleEndian
	d := &zipDirectory{
		records: uint64(le.Uint16(b[10:])),
		size:    int64(le.Uint32(b[12:])),
		offset:  int64(le.Uint32(b[16:])),
	}
	end := size - endRecord
	if l, err := readAt(r, end-locator64, locator64); err == nil && le.Uint32(l) == locatorSignature {
		end = int64(le.Uint64(l[8:])) //nolint:gosec // a negative one is refused by readAt
		e, err := readAt(r, end, endRecord64)
		if err != nil || le.Uint32(e) != end64Signature || end != size-endRecord-locator64-endRecord64 {
			return nil, fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
		d.records = le.Uint64(e[32:])
		d.size = int64(le.Uint64(e[40:]))   //nolint:gosec // compared below
		d.offset = int64(le.Uint64(e[48:])) //nolint:gosec // compared below
	}
	if d.size < 0 || d.offset < 0 || d.offset > end || d.offset+d.size != end {
		return nil, fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
	}
	return d, nil
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
	extra := make([]byte, 1<<16)
	le := binary.LittleEndian
	for range d.records {
		_, err := io.ReadFull(io.NewSectionReader(r, at, end-at), b[:])
		if err != nil || le.Uint32(b[:]) != centralSignature {
			return fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
		names, extras := int64(le.Uint16(b[28:])), extra[:le.Uint16(b[30:])]
		if _, err := io.ReadFull(io.NewSectionReader(r, at+centralEntry+names, end-at), extras); err != nil {
			return fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
		}
		var p zipPlace
		p.at, p.err = place(b[:], extras)
		d.places = append(d.places, p)
		at += centralEntry + names + int64(len(extras)) + int64(le.Uint16(b[32:]))
	}
	if at != end {
		return fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
	}
	return nil
}

func sameSize(local uint32, central uint64) bool { return local == beyond || uint64(local) == central }
