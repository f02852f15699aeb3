package basejpeg_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"

	"github.com/lvtool/lvtool/decode/internal/basejpeg"
)

// BenchmarkDecode decodes photographs of three sizes to pixels, beside
// image/jpeg with the fastest ways it has to get there. Compare rows of one run.
func BenchmarkDecode(b *testing.B) {
	photo := photographs(b)[0]
	for _, size := range []image.Point{{480, 640}, {720, 1280}, {1080, 1920}} {
		data := tiled(b, photo, size)
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) { benchmarkAll(b, data, size) })
	}
}

func benchmarkAll(b *testing.B, data []byte, size image.Point) {
	b.Helper()
	var d basejpeg.Decoder
	var m *image.NRGBA
	run := func(name string, decode func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(3 * size.X * size.Y))
			for b.Loop() {
				if err := decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("basejpeg", func() error {
		var err error
		m, err = d.NRGBA(m, data, basejpeg.Limits{})
		return err
	})
	run("image-jpeg-ycbcr", func() error {
		_, err := jpeg.Decode(bytes.NewReader(data))
		return err
	})
	rgba := image.NewRGBA(image.Rectangle{Max: size})
	run("image-jpeg-rgba", func() error {
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err == nil {
			draw.Draw(rgba, rgba.Rect, m, image.Point{}, draw.Src)
		}
		return err
	})
}

// tiled returns a JPEG file of quality 90 with copies of photo, which is
// returned itself where it has that size.
func tiled(b *testing.B, photo []byte, size image.Point) []byte {
	b.Helper()
	m, err := jpeg.Decode(bytes.NewReader(photo))
	if err != nil {
		b.Fatal(err)
	}
	if m.Bounds().Size() == size {
		return photo
	}
	t := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(t, t.Rect, image.NewUniform(color.Black), image.Point{}, draw.Src)
	for y := 0; y < size.Y; y += m.Bounds().Dy() {
		for x := 0; x < size.X; x += m.Bounds().Dx() {
			draw.Draw(t, m.Bounds().Add(image.Pt(x, y)), m, image.Point{}, draw.Src)
		}
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, t, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}
