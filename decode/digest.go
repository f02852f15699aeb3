package decode

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"image"

	"github.com/lvtool/lvtool/internal/twosums"
)

// A Digest is a SHA-256 digest. It prints as 64 lower-case hexadecimal digits.
type Digest [sha256.Size]byte

// String returns d in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// PixelDigest returns a digest of what a picture shows, whatever file held it.
//
// It is the SHA-256 of the width and the height, each a big-endian unsigned
// integer of four bytes, followed by the rows of the upright picture from top
// to bottom, each pixel from left to right as four bytes: red, green, blue and
// alpha, the alpha not premultiplied. Pictures without transparency have alpha
// 255. Of samples with sixteen bits only the high byte counts; smaller ones
// are widened to eight bits as their format says.
func PixelDigest(m *image.NRGBA) Digest {
	d, _ := twosums.Sum(pixelMessage(m), twosums.Message{})
	return d
}

// PixelDigests returns [PixelDigest] of two pictures, in less time than one after
// the other.
func PixelDigests(a, b *image.NRGBA) (ofA, ofB Digest) {
	ofA, ofB = twosums.Sum(pixelMessage(a), pixelMessage(b))
	return ofA, ofB
}

// FileAndPixelDigest returns the digest of a file's bytes and [PixelDigest] of a
// picture, in less time than one after the other.
func FileAndPixelDigest(file []byte, m *image.NRGBA) (ofFile, ofPixels Digest) {
	ofFile, ofPixels = twosums.Sum(twosums.Message{Body: file}, pixelMessage(m))
	return ofFile, ofPixels
}

// pixelMessage returns what PixelDigest is the digest of.
func pixelMessage(m *image.NRGBA) twosums.Message {
	size := m.Rect.Size()
	head := make([]byte, 8)
	binary.BigEndian.PutUint32(head[:4], uint32(size.X)) //nolint:gosec // no picture has negative sides
	binary.BigEndian.PutUint32(head[4:], uint32(size.Y)) //nolint:gosec // no picture has negative sides
	if m.Stride == 4*size.X && len(m.Pix) >= m.Stride*size.Y {
		return twosums.Message{Head: head, Body: m.Pix[:m.Stride*size.Y]}
	}
	body := make([]byte, 0, 4*size.X*size.Y)
	for y := range size.Y {
		body = append(body, m.Pix[y*m.Stride:][:4*size.X]...)
	}
	return twosums.Message{Head: head, Body: body}
}
