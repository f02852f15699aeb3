package export_test

import (
	"io"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// large returns a session of five images of 480×640 pixels.
func large(b *testing.B) *decode.Session {
	b.Helper()
	s := session(b, 5)
	for i := range s.Images {
		s.Images[i].Inline = inline(pngOf(b, portrait(480, 640, i)))
	}
	return s
}

func BenchmarkConvert(b *testing.B) {
	s, opts := large(b), options()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := export.Convert(b.Context(), s, opts, func(string, []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSheet(b *testing.B) {
	result, err := export.Convert(b.Context(), large(b), options(), func(string, []byte) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	pictures := make([]export.Picture, 5)
	for i := range pictures {
		pictures[i] = export.Picture{Annotated: portrait(280, 373, i), Face: portrait(150, 200, i)}
	}
	b.ReportAllocs()
	for b.Loop() {
		for range export.Sheet(result.Report, pictures, export.Layout{}) {
		}
	}
}

func BenchmarkEncodePNG(b *testing.B) {
	m := portrait(480, 640, 0)
	text := []export.Text{{Keyword: "Software", Value: "lvtool"}}
	b.ReportAllocs()
	for b.Loop() {
		if err := export.EncodePNG(io.Discard, m, text); err != nil {
			b.Fatal(err)
		}
	}
}
