package decode_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// picture returns a picture that no rotation or flip maps to itself: a gradient
// with noise and one red corner.
func picture(w, h int) *image.NRGBA {
	rnd := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(200 * x / w), uint8(200 * y / h), uint8(rnd.IntN(40)), 255}
			if 3*x < w && 4*y < h {
				c = color.NRGBA{230, 30, 20, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func pngFile(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func jpegFile(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// inline returns an image whose bytes a document holds as Base64.
func inline(data []byte) *decode.Image {
	return &decode.Image{Name: "reference", Inline: quoted(base64.StdEncoding.EncodeToString(data))}
}

func quoted(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return b
}

// exif returns EXIF data, from the TIFF header on, with one entry: the
// orientation o.
func exif(order binary.AppendByteOrder, o uint16) []byte {
	b := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II*\x00")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, o)
	b = order.AppendUint16(b, 0)
	return order.AppendUint32(b, 0)
}

// withAPP1 puts EXIF data into a JPEG.
func withAPP1(file, exif []byte) []byte {
	body := append([]byte("Exif\x00\x00"), exif...)
	b := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(2+len(body)))...)
	return append(append(b, body...), file[2:]...)
}

// withChunk puts a chunk after the header of a PNG.
func withChunk(file []byte, kind string, body []byte) []byte {
	const header = 8 + 25
	c := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	c = append(append(c, kind...), body...)
	c = binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
	return append(append(bytes.Clone(file[:header]), c...), file[header:]...)
}

// jpegHeader returns a JPEG that consists of headers alone: a frame header of
// the given kind (0xc0 baseline, 0xc2 progressive) and size, and scans scan
// headers, with nothing in them.
func jpegHeader(kind byte, w, h uint16, scans int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	b = append(b, bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xff, kind, 0, 17, 8)
	b = binary.BigEndian.AppendUint16(b, h)
	b = binary.BigEndian.AppendUint16(b, w)
	b = append(b, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0)
	b = append(b, 0xff, 0xc4, 0, 20, 0, 1) // a Huffman table with one code
	b = append(b, make([]byte, 16)...)
	for range scans {
		b = append(b, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0)
	}
	return append(b, 0xff, 0xd9)
}

// pngHeader returns a PNG whose header claims a size that no data follows.
func pngHeader(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	c := append([]byte("IHDR"), binary.BigEndian.AppendUint32(nil, w)...)
	c = binary.BigEndian.AppendUint32(c, h)
	c = append(c, 8, 6, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, 13)
	b = binary.BigEndian.AppendUint32(append(b, c...), crc32.ChecksumIEEE(c))
	return b
}
