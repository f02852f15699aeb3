package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
)

// quality is what phones and browsers use for such frames, about.
const quality = 88

// encodeJPEG returns img as a file whose viewer must apply the EXIF
// orientation to see it as img is; 0 writes no EXIF at all.
func encodeJPEG(img *image.RGBA, orientation uint16) ([]byte, error) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, stored(img, orientation), &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	if orientation == 0 {
		return buf.Bytes(), nil
	}
	// The segment follows the two bytes that start every JPEG.
	return bytes.Join([][]byte{buf.Bytes()[:2], exif(orientation), buf.Bytes()[2:]}, nil), nil
}

// stored returns img as a sensor that was held in the given orientation saw
// it. It knows 3 (upside down) and 6 (turned left, shown turned right).
func stored(img *image.RGBA, orientation uint16) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	from := func(x, y int) (int, int) { return x, y }
	size := image.Rect(0, 0, w, h)
	switch orientation {
	case 3:
		from = func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }
	case 6:
		size = image.Rect(0, 0, h, w)
		from = func(x, y int) (int, int) { return w - 1 - y, x }
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			out.SetRGBA(x, y, img.RGBAAt(from(x, y)))
		}
	}
	return out
}

// exif returns an APP1 segment that holds the orientation alone: one directory
// of one entry in a big-endian TIFF header.
func exif(orientation uint16) []byte {
	const (
		marker      = 0xFFE1
		tag         = 0x0112
		short       = 3
		firstOffset = 8
	)
	body := append([]byte("Exif\x00\x00MM"), 0, 42)
	body = binary.BigEndian.AppendUint32(body, firstOffset)
	body = binary.BigEndian.AppendUint16(body, 1)
	body = binary.BigEndian.AppendUint16(body, tag)
	body = binary.BigEndian.AppendUint16(body, short)
	body = binary.BigEndian.AppendUint32(body, 1)
	body = binary.BigEndian.AppendUint16(body, orientation)
	body = append(body, 0, 0)
	body = binary.BigEndian.AppendUint32(body, 0)
	seg := binary.BigEndian.AppendUint16(nil, marker)
	seg = binary.BigEndian.AppendUint16(seg, uint16(len(body)+2))
	return append(seg, body...)
}
