package decode_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"image"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// plainDigest is PixelDigest as its comment has it.
func plainDigest(m *image.NRGBA) decode.Digest {
	h := sha256.New()
	var head []byte
	head = binary.BigEndian.AppendUint32(head, uint32(m.Rect.Dx()))
	head = binary.BigEndian.AppendUint32(head, uint32(m.Rect.Dy()))
	h.Write(head)
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		h.Write(m.Pix[m.PixOffset(m.Rect.Min.X, y):][:4*m.Rect.Dx()])
	}
	return decode.Digest(h.Sum(nil))
}

func TestDigests(t *testing.T) {
	whole := image.NewNRGBA(image.Rect(-3, 2, 90, 70))
	for i := range whole.Pix {
		whole.Pix[i] = uint8(i * i >> 5)
	}
	pictures := []*image.NRGBA{whole, image.NewNRGBA(image.Rectangle{})}
	for _, r := range []image.Rectangle{image.Rect(-3, 2, 90, 40), image.Rect(0, 5, 50, 70), image.Rect(1, 3, 2, 4)} {
		pictures = append(pictures, whole.SubImage(r).(*image.NRGBA))
	}
	for _, m := range pictures {
		if got, want := decode.PixelDigest(m), plainDigest(m); got != want {
			t.Errorf("%v: got %s, want %s", m.Rect, got, want)
		}
		for _, n := range pictures {
			if a, b := decode.PixelDigests(m, n); a != plainDigest(m) || b != plainDigest(n) {
				t.Errorf("%v and %v: got other digests than of each", m.Rect, n.Rect)
			}
			file := n.Pix[:len(n.Pix)/2]
			if a, b := decode.FileAndPixelDigest(file, m); a != sha256.Sum256(file) || b != plainDigest(m) {
				t.Errorf("%d bytes and %v: got other digests than of each", len(file), m.Rect)
			}
		}
	}
}

// BenchmarkDigest takes the digests of pictures, one at a time and two.
func BenchmarkDigest(b *testing.B) {
	m, n := image.NewNRGBA(image.Rect(0, 0, 480, 640)), image.NewNRGBA(image.Rect(0, 0, 480, 640))
	b.Run("one", func(b *testing.B) {
		b.SetBytes(int64(len(m.Pix)))
		b.ReportAllocs()
		for b.Loop() {
			decode.PixelDigest(m)
		}
	})
	b.Run("two", func(b *testing.B) {
		b.SetBytes(int64(len(m.Pix) + len(n.Pix)))
		b.ReportAllocs()
		for b.Loop() {
			decode.PixelDigests(m, n)
		}
	})
}

func ExamplePixelDigests() {
	a, b := decode.PixelDigests(image.NewNRGBA(image.Rect(0, 0, 1, 1)), image.NewNRGBA(image.Rect(0, 0, 2, 1)))
	fmt.Println(a.String()[:8], b.String()[:8])
	// Output:
	// 82f794f5 afd35c7b
}

func ExampleFileAndPixelDigest() {
	file, pixels := decode.FileAndPixelDigest([]byte("abc"), image.NewNRGBA(image.Rect(0, 0, 1, 1)))
	fmt.Println(file.String()[:8], pixels.String()[:8])
	// Output:
	// ba7816bf 82f794f5
}
