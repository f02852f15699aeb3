package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// portrait draws something with a face in the middle, whose hue depends on the
// seed.
func portrait(w, h, seed int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(150 + 60*y/h), uint8(160 + 40*x/w), uint8(170 - 20*seed%100), 255}
			if dx, dy := 4*(2*x-w), 3*(2*y-h); w > 0 && dx*dx+dy*dy < 4*w*w {
				c = color.RGBA{uint8(220 - 10*seed%60), uint8(170 + 20*y/h), 140, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func pngOf(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// inline writes bytes as a result does.
func inline(data []byte) json.RawMessage {
	return json.RawMessage(`"` + base64.StdEncoding.EncodeToString(data) + `"`)
}

var boxes = []decode.Box{
	{Left: "0.285", Top: "0.25", Width: "0.43", Height: "0.5"},
	{Left: "-0.07000000029802322", Top: "0.25", Width: "0.41999998688697815", Height: "0.45"},
	{Left: "0.7", Top: "0.3", Width: "0.4", Height: "0.45"},
	{Left: "0.3", Top: "-0.1", Width: "0.4", Height: "0.45"},
	{Left: "0.3", Top: "0.7", Width: "0.4", Height: "0.45"},
}

// session returns a completed session of n images of 96×128 pixels.
func session(tb testing.TB, n int) *decode.Session {
	tb.Helper()
	const source = "{}"
	s := &decode.Session{
		ID:         "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b01",
		Status:     "SUCCEEDED",
		Confidence: "97.30000305175781",
		Challenge:  &decode.Challenge{Type: "FaceMovementAndLightChallenge", Version: "2.0.0"},
		Source:     decode.Source{Name: "session.json", Data: []byte(source), Line: 1},
	}
	s.Source.SHA256 = sha256.Sum256(s.Source.Data)
	for i := range n {
		name := "reference"
		if i > 0 {
			name = fmt.Sprintf("audit-%d", i-1)
		}
		s.Images = append(s.Images, decode.Image{
			Name:   name,
			Inline: inline(pngOf(tb, portrait(96, 128, i))),
			Box:    &boxes[i%len(boxes)],
		})
	}
	return s
}

// options are those of a caller who set everything that matters to a report.
func options() *export.Options {
	return &export.Options{
		Threshold: "90",
		Tool: export.Tool{
			Version: "v0.1.0",
			Go:      "go1.26.8",
			Modules: map[string]string{"golang.org/x/image": "v0.47.0"},
			Options: map[string]string{"threshold": "90"},
		},
	}
}

// files keeps what is put, in order.
type files struct {
	names []string
	data  map[string][]byte
}

var errTwice = errors.New("put twice")

func (f *files) put(name string, data []byte) error {
	if _, ok := f.data[name]; ok {
		return fmt.Errorf("%s: %w", name, errTwice)
	}
	if f.data == nil {
		f.data = map[string][]byte{}
	}
	f.names = append(f.names, name)
	f.data[name] = bytes.Clone(data)
	return nil
}

func convert(tb testing.TB, s *decode.Session, opts *export.Options) (*export.Result, *files) {
	tb.Helper()
	var f files
	r, err := export.Convert(tb.Context(), s, opts, f.put)
	if err != nil {
		tb.Fatal(err)
	}
	return r, &f
}
