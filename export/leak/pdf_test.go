package leak_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/pdf"
)

// pdfOf returns the PDF of a session with a problem and an image.
func pdfOf(tb testing.TB, problem string, png []byte) []byte {
	tb.Helper()
	s := &decode.Session{ID: "other", Status: "SUCCEEDED"}
	if problem != "" {
		s.Problems = []decode.Problem{{Code: "doubt", Message: problem}}
	}
	if png != nil {
		s.Images = []decode.Image{{Name: "reference", Inline: []byte(`"` + base64Of(png) + `"`)}}
	}
	r, err := export.Inspect(tb.Context(), s, nil)
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	load := func(i int, _ bool) *decode.Frame { return decode.LoadFrame(tb.Context(), &s.Images[i], nil) }
	if err := pdf.Write(&b, r, load, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// TestPDF holds that what stands on the pages of a PDF is found, though its bytes
// are numbers of glyphs, and what its pictures show.
func TestPDF(t *testing.T) {
	s := leak.New(secrets())
	long := strings.Repeat("and so on ", 9) // so that lines end in the middle of what follows
	for _, test := range []struct {
		secret, under string
		data          []byte
	}{
		{"session id", "PDF text", pdfOf(t, "not for "+id, nil)},
		{"session id", "PDF text", pdfOf(t, long+id+long+strings.ToUpper(id), nil)},
		{"bucket", "PDF text", pdfOf(t, "from evidence-Ünïts", nil)},
		{"pixels", "PDF pixels", pdfOf(t, "", pngOf(t, within(hidden)))},
	} {
		for _, data := range [][]byte{test.data, slices.Concat(random(3, 100), zlibOf(t, test.data))} {
			leaks, err := s.Scan("f", data)
			if err != nil || len(leaks) != 1 || leaks[0].Secret != test.secret ||
				!strings.HasSuffix(leaks[0].Under, test.under) {
				t.Errorf("%s under %s: got %v, %v", test.secret, test.under, leaks, err)
			}
		}
	}
	if leaks, err := s.Scan("f", pdfOf(t, long, pngOf(t, picture(1234, 90, 60)))); err != nil || len(leaks) > 0 {
		t.Errorf("of nothing: got %v, %v", leaks, err)
	}
	// What looks like a PDF, and is none.
	for _, data := range []string{
		"%PDF-1.7 /Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns 0 stream x",
		"%PDF-1.7 /Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns 9",
		"%PDF-1.7 /Predictor 15 /Colors 1 /BitsPerComponent 8 /Columns 9 stream\n" + string(zlibOf(t, random(4, 100))),
		"%PDF-1.7 beginbfchar <0001> <D800> <0002> <0041D8> endbfchar endcmap <0001 00> <00010002> <0001000",
	} {
		if leaks, err := s.Scan("f", []byte(data)); err != nil || len(leaks) > 0 {
			t.Errorf("%.60q: got %v, %v", data, leaks, err)
		}
	}
}
