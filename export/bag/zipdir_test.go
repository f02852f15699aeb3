package bag_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
)

// end64, locator and end are the parts that an archive of 64 bits ends with.
func end64(count, size, offset int) string {
	return "PK\x06\x06" + le64(44) + le16(45) + le16(45) + le32(0) + le32(0) +
		le64(count) + le64(count) + le64(size) + le64(offset)
}

func locator(at int) string { return "PK\x06\x07" + le32(0) + le64(at) + le32(1) }

func end(count, size, offset int) string {
	return "PK\x05\x06" + le32(0) + le16(count) + le16(count) + le32(size) + le32(offset) + le16(0)
}

// TestZipEnds gives an archive a second end, of 64 bits, and changes one thing in
// either: programs go by the one or the other.
func TestZipEnds(t *testing.T) {
	data := good(t).zipped(t, "it")
	at := len(data) - 22
	le := binary.LittleEndian
	count, size, offset := int(le.Uint16(data[at+10:])), int(le.Uint32(data[at+12:])), int(le.Uint32(data[at+16:]))
	wide, found, plain := end64(count, size, offset), locator(at), end(count, size, offset)
	const ones = -1 // as 32 bits
	set := func(s string, at int, to string) string { return s[:at] + to + s[at+len(to):] }
	for _, test := range []struct {
		name, tail string
		ok         bool
	}{
		{"one end", plain, true},
		{"two ends", wide + found + plain, true},
		{"all ones", wide + found + end(0xffff, ones, ones), true},
		{"ones for the place", wide + found + end(count, size, ones), true},
		{"ones for the number", wide + found + end(0xffff, size, offset), true},
		{"none in 64 bits", end64(0, 0, at) + found + plain, false},
		{"other number", wide + found + end(count-1, size, offset), false},
		{"other size", wide + found + end(count, size-46, offset), false},
		{"other place", wide + found + end(count, size, offset+46), false},
		{"ones for the size alone", wide + found + end(count, ones, offset), false},
		{"number on this disk", wide + found + set(plain, 8, le16(count-1)), false},
		{"number on this disk, one end", set(plain, 8, le16(count-1)), false},
		{"number on this disk in 64 bits", set(wide, 24, le64(count-1)) + found + plain, false},
		{"disk", set(plain, 4, le16(1)), false},
		{"disk of the directory", set(plain, 6, le16(1)), false},
		{"disk in 64 bits", set(wide, 16, le32(1)) + found + set(plain, 4, le16(0xffff)), false},
		{"locator of another disk", wide + set(found, 4, le32(1)) + plain, false},
		{"locator of two disks", wide + set(found, 16, le32(2)) + plain, false},
		{"locator elsewhere", wide + locator(at-1) + plain, false},
		{"longer record", set(wide, 4, le64(45)) + found + plain, false},
		{"more behind the record", wide + "more" + found + plain, false},
		{"comment", set(plain, 20, le16(1)) + "a", false},
		{"comment that is not there", set(plain, 20, le16(1)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := append(bytes.Clone(data[:at]), test.tail...)
			if test.ok {
				wantFound(t, verifyZip(t, b, &bag.Options{Strict: true}))
				return
			}
			if _, err := bag.OpenZip(bytes.NewReader(b), int64(len(b)), bag.Limits{}); !errors.Is(err, bag.ErrZip) {
				t.Errorf("got %v, want %v", err, bag.ErrZip)
			}
		})
	}
}
