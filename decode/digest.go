package decode

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"image"
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
	size := m.Rect.Size()
	h := sha256.New()
	var head [8]byte
	binary.BigEndian.PutUint32(head[:4], uint32(size.X)) //nolint:gosec // no picture has negative sides
	binary.BigEndian.PutUint32(head[4:], uint32(size.Y)) //nolint:gosec // no picture has negative sides
	h.Write(head[:])
	for y := range size.Y {
		h.Write(m.Pix[y*m.Stride:][:4*size.X])
	}
	return Digest(h.Sum(nil))
}
