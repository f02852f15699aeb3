package bag

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The extra fields of entries, from APPNOTE 4.5 and 4.6.9, that change what an
// entry is.
const (
	extraZip64 = 0x0001 // sizes and places that 32 bits cannot hold
	extraName  = 0x7075 // another name, which some programs go by and others do not
)

var (
	errExtra   = errors.New("its extra fields are malformed: programs would see different files")
	errRenamed = errors.New("it has a second name: programs would see different files")
	errOther64 = errors.New("its sizes stand twice, and differ: programs would see different files")
	errDisk    = errors.New("it lies on another disk than the directory")
	errTail    = errors.New("what stands behind its bytes is not what the directory says")
)

// extras returns the zip64 field of an entry, nil where it has none.
func extras(b []byte) (zip64 []byte, err error) {
	for len(b) > 0 {
		if len(b) < 4 {
			return nil, errExtra
		}
		id, size := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if b = b[4:]; size > len(b) {
			return nil, errExtra
		}
		switch {
		case id == extraName:
			return nil, errRenamed
		case id == extraZip64 && zip64 != nil:
			return nil, errExtra
		case id == extraZip64:
			zip64 = append([]byte{}, b[:size]...)
		}
		b = b[size:]
	}
	return zip64, nil
}

// place returns where the header of an entry lies, by the fixed part of its entry
// in the directory and its extra fields. Of three numbers, the zip64 field holds
// those that do not fit.
func place(central, extra []byte) (uint64, error) {
	le := binary.LittleEndian
	zip64, err := extras(extra)
	if err != nil {
		return 0, err
	}
	wide := 0
	for _, at := range []int{24, 20} {
		if le.Uint32(central[at:]) == beyond {
			wide += 8
		}
	}
	if le.Uint16(central[34:]) != 0 {
		return 0, errDisk
	}
	at := uint64(le.Uint32(central[42:]))
	if at != beyond || zip64 == nil {
		return at, nil
	}
	if len(zip64) < wide+8 {
		return 0, errExtra
	}
	return le.Uint64(zip64[wide:]), nil
}

// A span is where an entry lies.
type span struct {
	file       *zip.File
	begin, end int64
}

// span returns where an entry lies, and what of its header differs from the
// directory, by which other programs go.
func (d *zipDirectory) span(r io.ReaderAt, i int, f *zip.File) (span, error) {
	s := span{file: f}
	if d.places[i].err != nil {
		return s, d.places[i].err
	}
	s.begin = int64(d.places[i].at) //nolint:gosec // a negative one is refused by readAt
	s.end = s.begin
	b, err := readAt(r, s.begin, localHeader)
	le := binary.LittleEndian
	if err != nil || le.Uint32(b) != localSignature {
		return s, errHeader
	}
	names := int(le.Uint16(b[26:]))
	rest, err := readAt(r, s.begin+localHeader, names+int(le.Uint16(b[28:])))
	if err != nil {
		return s, errHeader
	}
	s.end += localHeader + int64(len(rest))
	if body, err := f.DataOffset(); err != nil || body != s.end {
		return s, errHeader // archive/zip would read other bytes
	}
	s.end += int64(f.CompressedSize64) //nolint:gosec // what overflows overlaps
	zip64, err := extras(rest[names:])
	if err != nil {
		return s, err
	}
	if string(rest[:names]) != f.Name || le.Uint16(b[8:]) != f.Method || le.Uint16(b[6:]) != f.Flags {
		return s, errOther
	}
	if err := sameSizes(b, zip64, f); err != nil || f.Flags&sizesFollow == 0 {
		return s, err
	}
	n, err := d.tail(r, s, f)
	s.end += n
	return s, err
}

// sameSizes holds that the checksum and sizes in the header b of an entry are
// those of the directory; or nothing yet, where they stand behind the bytes.
func sameSizes(b, zip64 []byte, f *zip.File) error {
	le := binary.LittleEndian
	same := func(got, want uint64) bool { return got == want || got == 0 && f.Flags&sizesFollow != 0 }
	packed, size := uint64(le.Uint32(b[18:])), uint64(le.Uint32(b[22:]))
	if len(zip64) >= 16 {
		if !same(le.Uint64(zip64), f.UncompressedSize64) || !same(le.Uint64(zip64[8:]), f.CompressedSize64) {
			return errOther64
		}
		if size == beyond && packed == beyond {
			packed = le.Uint64(zip64[8:])
		}
		if size == beyond {
			size = le.Uint64(zip64)
		}
	}
	switch {
	case packed == beyond || size == beyond:
		return errOther64 // no zip64 field says it, or programs look for it in two places of the field
	case !same(uint64(le.Uint32(b[14:])), uint64(f.CRC32)), !same(packed, f.CompressedSize64),
		!same(size, f.UncompressedSize64):
		return errOther
	}
	return nil
}

// tail returns how long the sizes are that stand behind the bytes of an entry:
// with a signature or without, of 32 bits or 64.
func (d *zipDirectory) tail(r io.ReaderAt, s span, f *zip.File) (int64, error) {
	const longest = 24
	got, err := readAt(r, s.end, int(min(longest, max(d.offset-s.end, 0))))
	if err != nil {
		return 0, errTail
	}
	le := binary.LittleEndian
	crc := le.AppendUint32(nil, f.CRC32)
	wide := le.AppendUint64(le.AppendUint64(nil, f.CompressedSize64), f.UncompressedSize64)
	narrow := le.AppendUint32(le.AppendUint32(nil, uint32(f.CompressedSize64)), //nolint:gosec // the low half
		uint32(f.UncompressedSize64)) //nolint:gosec // the low half
	marks := [][]byte{{'P', 'K', 7, 8}, nil}
	if f.Method == zip.Store {
		marks = marks[:1] // programs look for it, where nothing else says that bytes end
	}
	for _, mark := range marks {
		for _, sizes := range [][]byte{wide, narrow} {
			if want := slices.Concat(mark, crc, sizes); bytes.HasPrefix(got, want) {
				return int64(len(want)), nil
			}
		}
	}
	return 0, errTail
}

// layout finds entries that share bytes, with which a small archive can hold any
// amount, and bytes that belong to none, in which programs that read from the
// front would find entries that the directory does not name.
func (t *zipTree) layout(spans []span) []Finding {
	slices.SortStableFunc(spans, func(x, y span) int { return cmp.Compare(x.begin, y.begin) })
	var found []Finding
	end := int64(0)
	for _, s := range spans {
		switch {
		case s.begin < end:
			found = append(found, Finding{Code: BadZip, Path: s.file.Name, Message: "the entry overlaps another"})
		case s.begin > end:
			found = append(found, hole(s.file.Name, s.begin-end))
		}
		if s.end < s.begin { // it overflows
			s.end = t.directory.offset + 1
		}
		end = max(end, s.end)
	}
	switch {
	case end > t.directory.offset:
		found = append(found, Finding{Code: BadZip, Message: "an entry overlaps the directory of the archive"})
	case end < t.directory.offset:
		found = append(found, hole("", t.directory.offset-end))
	}
	return found
}

func hole(name string, n int64) Finding {
	before := "the directory"
	if name != "" {
		before = "the entry"
	}
	return Finding{Code: BadZip, Path: name, Message: fmt.Sprintf(
		"%d bytes before %s belong to no entry: some programs would read them as one", n, before)}
}
