package pngw_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"

	"github.com/klauspost/compress/zlib"

	"github.com/lvtool/lvtool/export/pngw"
)

// BenchmarkEncode encodes photographs of three sizes, and a drawing, at every
// level, and beside them with image/png at two levels. The klauspost rows only
// compress rows that are filtered already (with Paeth, as Fast leaves them).
// Compare rows of one run; bytes/pixel says how small the files are.
func BenchmarkEncode(b *testing.B) {
	photo := photographs(b)[0]
	for _, size := range []image.Point{{480, 640}, {720, 1280}, {1080, 1920}} {
		b.Run(fmt.Sprintf("photo-%dx%d", size.X, size.Y), func(b *testing.B) {
			benchmarkAll(b, tiled(photo, size))
		})
	}
	b.Run("drawing-1600x1200", func(b *testing.B) { benchmarkAll(b, picture("drawing", 1600, 1200)) })
}

func benchmarkAll(b *testing.B, m *image.NRGBA) {
	b.Helper()
	for level, name := range []string{"fast", "balanced", "small"} {
		var enc pngw.Encoder
		opts := &pngw.Options{Level: pngw.Level(level)}
		benchmark(b, "pngw-"+name, m, func(w io.Writer) error { return enc.Encode(w, m, opts) })
	}
	var enc pngw.Encoder
	pix := packed(m, 3*m.Rect.Dx())
	var out []byte
	benchmark(b, "pngw-fast-rgb", m, func(w io.Writer) error {
		var err error
		if out, err = enc.AppendRGB(out[:0], pix, 3*m.Rect.Dx(), m.Rect.Dx(), m.Rect.Dy(), nil); err != nil {
			return err
		}
		_, err = w.Write(out)
		return err
	})
	for _, std := range []*png.Encoder{{CompressionLevel: png.BestSpeed}, {CompressionLevel: png.DefaultCompression}} {
		std.BufferPool = new(pool)
		name := fmt.Sprintf("image-png-%d", std.CompressionLevel)
		benchmark(b, name, m, func(w io.Writer) error { return std.Encode(w, m) })
	}
	rows := filtered(b, m)
	for _, level := range []int{-2, 1, 3, 6, 9} {
		z, err := zlib.NewWriterLevel(nil, level)
		if err != nil {
			b.Fatal(err)
		}
		benchmark(b, fmt.Sprintf("klauspost-%d", level), m, func(w io.Writer) error {
			z.Reset(w)
			if _, err := z.Write(rows); err != nil {
				return err
			}
			return z.Close()
		})
	}
}

func benchmark(b *testing.B, name string, m *image.NRGBA, encode func(io.Writer) error) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		pixels := m.Rect.Dx() * m.Rect.Dy()
		b.SetBytes(int64(3 * pixels))
		b.ReportAllocs()
		var size counter
		for b.Loop() {
			size = 0
			if err := encode(&size); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(size)/float64(pixels), "bytes/pixel")
	})
}

// A counter counts the bytes written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

type pool struct{ buf *png.EncoderBuffer }

func (p *pool) Get() *png.EncoderBuffer  { return p.buf }
func (p *pool) Put(b *png.EncoderBuffer) { p.buf = b }

// filtered returns the rows of m as the Fast level filters them.
func filtered(b *testing.B, m *image.NRGBA) []byte {
	b.Helper()
	data, err := new(pngw.Encoder).Append(nil, m, nil)
	if err != nil {
		b.Fatal(err)
	}
	z, err := zlib.NewReader(bytes.NewReader(data[bytes.Index(data, []byte("IDAT"))+4:]))
	if err != nil {
		b.Fatal(err)
	}
	rows, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return rows
}

// tiled fills a picture with m and its mirror images, so that no row repeats.
func tiled(m *image.NRGBA, size image.Point) *image.NRGBA {
	t := image.NewNRGBA(image.Rectangle{Max: size})
	w, h := m.Rect.Dx(), m.Rect.Dy()
	each(t, func(x, y int) color.NRGBA {
		if x/w%2 == 1 {
			x = -1 - x
		}
		return m.NRGBAAt((x%w+w)%w, y%h)
	})
	return t
}
