package pdf_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"slices"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pdf"
)

// sample returns a session that comes with the project.
func sample(tb testing.TB, name string) *decode.Session {
	tb.Helper()
	data, err := os.ReadFile("../../samples/" + name + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	for s, err := range decode.Sessions(bytes.NewReader(data), &decode.Options{Name: name + ".json"}) {
		if err != nil {
			tb.Fatal(err)
		}
		return s
	}
	tb.Fatalf("%s holds no session", name)
	return nil
}

// write returns the PDF of a session.
func write(tb testing.TB, s *decode.Session, opts *pdf.Options) []byte {
	tb.Helper()
	r, err := export.Inspect(tb.Context(), s, &export.Options{
		Threshold: "90",
		Tool:      export.Tool{Version: "v0.1.0", Go: "go1.26.8"},
	})
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	load := func(i int, _ bool) *decode.Frame { return decode.LoadFrame(tb.Context(), &s.Images[i], nil) }
	if err := pdf.Write(&b, r, load, opts); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// colours are those of a picture's quarters.
var colours = [4]color.RGBA{{200, 40, 40, 255}, {40, 160, 60, 255}, {40, 60, 200, 255}, {220, 200, 40, 255}}

// same reports whether two colours differ by no more than tolerance a channel.
func same(a, b color.Color, tolerance int) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r1>>8) - int(r2>>8), int(g1>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
		if d > tolerance || d < -tolerance {
			return false
		}
	}
	return true
}

// fourColours returns an image file with a colour in each quarter.
func fourColours(tb testing.TB, format string, orientation int) []byte {
	tb.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 96, 64))
	for i, c := range colours {
		at := image.Pt(48*(i%2), 32*(i/2))
		draw.Draw(m, image.Rect(0, 0, 48, 32).Add(at), image.NewUniform(c), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if format == "png" {
		if err := png.Encode(&b, m); err != nil {
			tb.Fatal(err)
		}
		return b.Bytes()
	}
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	// EXIF with one entry: the orientation (CIPA DC-008, section 4.6.2).
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) +
		"\x00\x00\x00\x00\x00\x00")
	segment := append([]byte{0xff, 0xe1, 0, byte(8 + len(tiff))}, "Exif\x00\x00"...)
	return slices.Concat(b.Bytes()[:2], segment, tiff, b.Bytes()[2:])
}

// inline writes bytes as a result does.
func inline(data []byte) json.RawMessage {
	return json.RawMessage(`"` + base64.StdEncoding.EncodeToString(data) + `"`)
}
