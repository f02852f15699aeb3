package export_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"golang.org/x/image/draw"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// frameSizes are those of a phone's front camera in the service's own size, and
// of two larger ones.
var frameSizes = []image.Point{{480, 640}, {720, 1280}, {1080, 1920}}

// eachSize runs a benchmark for a session of five photographs of every size.
func eachSize(b *testing.B, run func(b *testing.B, s *decode.Session)) {
	b.Helper()
	for _, size := range frameSizes {
		s := photoSession(b, size)
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			b.SetBytes(int64(len(s.Images) * 4 * size.X * size.Y)) // MB/s of decoded pixels
			b.ReportAllocs()
			run(b, s)
		})
	}
}

// photoSession returns the sample session with its pictures in another size,
// with the noise of a small sensor, as JPEG of quality 90.
func photoSession(tb testing.TB, size image.Point) *decode.Session {
	tb.Helper()
	s := sample(tb)
	for i := range s.Images {
		small := decode.LoadFrame(tb.Context(), &s.Images[i], nil).Pixels
		m := image.NewRGBA(image.Rectangle{Max: size})
		draw.CatmullRom.Scale(m, m.Rect, small, small.Rect, draw.Src, nil)
		addNoise(m, uint64(i))
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 90}); err != nil {
			tb.Fatal(err)
		}
		s.Images[i].Inline = inline(buf.Bytes())
	}
	return s
}

// sample returns the session of samples/session.json.
func sample(tb testing.TB) *decode.Session {
	tb.Helper()
	f, err := os.Open("../samples/session.json")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for s, err := range decode.Sessions(f, nil) {
		if err != nil {
			tb.Fatal(err)
		}
		return s
	}
	tb.Fatal("no session in the sample")
	return nil
}

func addNoise(m *image.RGBA, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	for i := 0; i < len(m.Pix); i += 4 {
		v := int(r.NormFloat64() * 2.5)
		for c := range 3 {
			m.Pix[i+c] = uint8(min(max(int(m.Pix[i+c])+v, 0), 255))
		}
	}
}

func discard(string, []byte) error { return nil }

func BenchmarkConvert(b *testing.B) {
	eachSize(b, func(b *testing.B, s *decode.Session) {
		b.Helper()
		opts, converter := options(), new(export.Converter)
		for b.Loop() {
			if _, err := converter.Convert(b.Context(), s, opts, discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSheet(b *testing.B) {
	result, err := export.Convert(b.Context(), sample(b), options(), discard)
	if err != nil {
		b.Fatal(err)
	}
	pictures := make([]export.Picture, 5)
	for i := range pictures {
		pictures[i] = export.Picture{Annotated: portrait(280, 373, i), Face: portrait(150, 200, i)}
	}
	b.ReportAllocs()
	for b.Loop() {
		size := 0
		for m := range export.Sheet(result.Report, pictures, export.Layout{}) {
			size += len(m.Pix)
		}
		b.SetBytes(int64(size))
	}
}

func BenchmarkReport(b *testing.B) {
	result, err := export.Convert(b.Context(), sample(b), options(), discard)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		data, err := result.Report.JSON()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(data)))
	}
}

func BenchmarkEncodePNG(b *testing.B) {
	m := portrait(480, 640, 0)
	text := []export.Text{{Keyword: "Software", Value: "lvtool"}}
	b.ReportAllocs()
	b.SetBytes(int64(len(m.Pix)))
	for b.Loop() {
		if err := export.EncodePNG(io.Discard, m, text); err != nil {
			b.Fatal(err)
		}
	}
}
