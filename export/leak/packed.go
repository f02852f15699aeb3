package leak

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/draw"
	"image/png"
	"io"
	"iter"
)

// Limits of one stream.
const (
	mostUnpacked = 256 << 20
	mostPixels   = 64 << 20
)

// at yields what follows every place in data that begins as start does.
func at(data []byte, start string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for {
			i := bytes.Index(data, []byte(start))
			if i < 0 || !yield(data[i:]) {
				return
			}
			data = data[i+1:]
		}
	}
}

// unpack returns what a reader gives, up to the first error: a stream that was
// cut short has leaked what came before. Less than could hold a secret is nil.
func unpack(r io.Reader, err error) []byte {
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(r, mostUnpacked))
	if len(out) < prefix {
		return nil
	}
	return out
}

// peelZlib takes zlib streams (RFC 1950) wherever their two first bytes stand:
// of PNG, of PDF, of anything.
func peelZlib(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for stream := range at(data, "\x78") {
			if len(stream) < 2 || binary.BigEndian.Uint16(stream)%31 != 0 {
				continue
			}
			r, err := zlib.NewReader(bytes.NewReader(stream))
			if out := unpack(r, err); out != nil && !yield(out) {
				return
			}
		}
	}
}

func peelGzip(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for stream := range at(data, "\x1f\x8b\x08") {
			r, err := gzip.NewReader(bytes.NewReader(stream))
			if out := unpack(r, err); out != nil && !yield(out) {
				return
			}
		}
	}
}

// peelZIP takes the compressed files of ZIP archives (APPNOTE, section 4.3.7)
// by the header before each: what the directory at the end says does not count.
func peelZIP(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for entry := range at(data, "PK\x03\x04") {
			const header, deflated = 30, 8
			if len(entry) < header || binary.LittleEndian.Uint16(entry[8:]) != deflated {
				continue
			}
			start := header + int(binary.LittleEndian.Uint16(entry[26:])) + int(binary.LittleEndian.Uint16(entry[28:]))
			if start > len(entry) {
				continue
			}
			if out := unpack(flate.NewReader(bytes.NewReader(entry[start:])), nil); out != nil && !yield(out) {
				return
			}
		}
	}
}

// peelPixels takes the pixels of PNG pictures: red, green and blue of each, row
// by row.
func peelPixels(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for file := range at(data, "\x89PNG\r\n\x1a\n") {
			c, err := png.DecodeConfig(bytes.NewReader(file))
			if err != nil || int64(c.Width)*int64(c.Height) > mostPixels {
				continue
			}
			m, err := png.Decode(bytes.NewReader(file))
			if err == nil && !yield(RGB(m)) {
				return
			}
		}
	}
}

// RGB returns the red, green and blue of every pixel of m, row by row, with the
// alpha left out: the form in which the pixels of PNG pictures are searched.
func RGB(m image.Image) []byte {
	size := m.Bounds().Size()
	n, ok := m.(*image.NRGBA)
	if !ok {
		n = image.NewNRGBA(image.Rectangle{Max: size})
		draw.Draw(n, n.Rect, m, m.Bounds().Min, draw.Src)
	}
	out := make([]byte, 0, 3*size.X*size.Y)
	for y := range size.Y {
		row := n.Pix[y*n.Stride:][:4*size.X]
		for ; len(row) > 0; row = row[4:] {
			out = append(out, row[:3]...)
		}
	}
	return out
}
