package decode

import (
	"bytes"
	"encoding/binary"
)

// surveyJPEG walks over the segments of a JPEG file (ISO/IEC 10918-1, annex B).
func surveyJPEG(data []byte) survey {
	// Every scan starts with these two bytes, which entropy-coded data cannot
	// hold. Counting them anywhere in the file gives too many rather than too
	// few, however the segments are laid out.
	s := survey{scans: bytes.Count(data, []byte("\xff\xda"))}
	var coded components
	for at := 2; ; {
		if at = nextMarker(data, at); at < 0 {
			break
		}
		marker := data[at+1]
		at += 2
		if marker == 0xd9 {
			s.end = at
			break
		}
		if marker >= 0xd0 && marker <= 0xd7 {
			continue
		}
		body := segment(data[at:])
		if body == nil {
			break
		}
		at += 2 + len(body)
		switch {
		case marker == 0xe1 && s.exif == nil && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			s.exif = body[6:]
		case marker >= 0xc0 && marker <= 0xc2 && len(body) > 5:
			coded.total = int(body[5])
		case marker == 0xda:
			coded.scan(body)
		}
	}
	if s.end > 0 {
		s.incomplete = len(coded.done) < coded.total
		s.unrefined = coded.unrefined()
	}
	return s
}

// nextMarker returns where the next marker is at or after at, -1 for nowhere.
// Bytes between segments, and zero bytes stuffed into entropy-coded data, are
// passed over.
func nextMarker(data []byte, at int) int {
	for {
		i := bytes.IndexByte(data[at:], 0xff)
		if i < 0 || at+i+1 >= len(data) {
			return -1
		}
		at += i
		if m := data[at+1]; m != 0 && m != 0xff {
			return at
		}
		at++
	}
}

// segment returns the content of the segment that starts with its length, nil
// where it does not fit.
func segment(data []byte) []byte {
	if len(data) < 2 {
		return nil
	}
	n := int(binary.BigEndian.Uint16(data))
	if n < 2 || n > len(data) {
		return nil
	}
	return data[2:n:n]
}

// components keeps count of what the scans of a JPEG have coded.
type components struct {
	total int
	// done holds, for each component with a scan, which of its 64 coefficients
	// have been coded to the last bit.
	done map[byte]uint64
}

// scan records a scan header.
func (c *components) scan(header []byte) {
	if len(header) < 1 || len(header) != 4+2*int(header[0]) {
		return
	}
	n := int(header[0])
	var whole uint64
	if first, last, low := header[1+2*n], header[2+2*n], header[3+2*n]&15; low == 0 && first <= last && last < 64 {
		whole = ^uint64(0) >> (63 - last + first) << first
	}
	if c.done == nil {
		c.done = map[byte]uint64{}
	}
	for i := range n {
		c.done[header[1+2*i]] |= whole
	}
}

// unrefined reports whether a component has coefficients that no scan has
// coded to the last bit.
func (c *components) unrefined() bool {
	for _, done := range c.done {
		if done != ^uint64(0) {
			return true
		}
	}
	return false
}

// surveyPNG walks over the chunks of a PNG file (ISO/IEC 15948, clause 5).
func surveyPNG(data []byte) survey {
	var s survey
	for at := 8; len(data)-at >= 12; {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if size > int64(len(data)-at-12) {
			break
		}
		kind, body := string(data[at+4:at+8]), data[at+8:at+8+int(size)]
		at += 12 + int(size)
		if kind == "eXIf" && s.exif == nil {
			s.exif = body
		}
		if kind == "IEND" {
			s.end = at
			break
		}
	}
	return s
}

// surveyWebP walks over the chunks of a WebP file
// (https://developers.google.com/speed/webp/docs/riff_container).
func surveyWebP(data []byte) survey {
	var s survey
	if end := 8 + int64(binary.LittleEndian.Uint32(data[4:])); end <= int64(len(data)) {
		s.end = int(end)
	}
	for at := 12; len(data)-at >= 8; {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if size > int64(len(data)-at-8) {
			break
		}
		if string(data[at:at+4]) == "EXIF" && s.exif == nil {
			// Some writers keep the prefix that the data has in a JPEG.
			s.exif = bytes.TrimPrefix(data[at+8:at+8+int(size)], []byte("Exif\x00\x00"))
		}
		at += 8 + int(size+size&1)
	}
	return s
}

// exifOrientation returns the orientation that EXIF data, which has the form of
// a TIFF file, gives in its first directory.
func exifOrientation(exif []byte) (orientation int, ok bool) {
	if len(exif) < 8 {
		return 0, false
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(exif[:2]) == "II" {
		order = binary.LittleEndian
	} else if string(exif[:2]) != "MM" {
		return 0, false
	}
	directory := int64(order.Uint32(exif[4:]))
	if directory+2 > int64(len(exif)) {
		return 0, false
	}
	entries := exif[directory+2:]
	for range order.Uint16(exif[directory:]) {
		if len(entries) < 12 {
			return 0, false
		}
		const tagOrientation, typeShort = 0x0112, 3
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			return int(order.Uint16(entries[8:])), true
		}
		entries = entries[12:]
	}
	return 0, false
}
