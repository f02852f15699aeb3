package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/redact"
)

// folder keeps what is put, as a folder.
type folder fstest.MapFS

func (f folder) put(name string, data []byte) error {
	f[name] = &fstest.MapFile{Data: bytes.Clone(data), Mode: 0o600}
	return nil
}

func (f folder) fs() fstest.MapFS { return fstest.MapFS(f) }

// noisy returns a JPEG of a picture that is nowhere the same, with EXIF of a
// kind.
func noisy(tb testing.TB, r *rand.Rand, w, h int) []byte {
	tb.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(100 + 60*x/w + r.IntN(60))
			m.SetRGBA(x, y, color.RGBA{v, uint8(90 + 90*y/h + r.IntN(40)), 255 - v, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 88}); err != nil {
		tb.Fatal(err)
	}
	comment := "camera of somebody " + fmt.Sprint(r.Uint64())
	segment := append([]byte{0xff, 0xfe, 0, byte(2 + len(comment))}, comment...)
	return append(append(bytes.Clone(b.Bytes()[:2]), segment...), b.Bytes()[2:]...)
}

// source returns a result of five images with everything that can be secret in
// it.
func source(tb testing.TB, seed uint64, w, h int) []byte {
	tb.Helper()
	return sourceOf(tb, seed, w, h, 5)
}

// sourceOf returns one of n images.
func sourceOf(tb testing.TB, seed uint64, w, h, n int) []byte {
	tb.Helper()
	r := rand.New(rand.NewPCG(seed, 9))
	images := []map[string]any{}
	boxes := []map[string]any{
		{"Left": 0.285, "Top": 0.25, "Width": 0.43, "Height": 0.5},
		{"Left": -0.07, "Top": 0.25, "Width": 0.42, "Height": 0.45},
		{"Left": 0.6, "Top": 0.3, "Width": 0.3, "Height": 0.25},
		nil,
		{"Left": 1.5, "Top": 0.3, "Width": 0.3, "Height": 0.3},
	}
	for i, b := range boxes[:n] {
		m := map[string]any{
			"Bytes": base64.StdEncoding.EncodeToString(noisy(tb, r, w, h)),
			"S3Object": map[string]any{
				"Bucket":  fmt.Sprintf("bank-of-%d-evidence", seed),
				"Name":    fmt.Sprintf("case %d/ümläut&%d.jpg", seed, i),
				"Version": fmt.Sprintf("v3rs10n-%d-%d", seed, i),
			},
		}
		if b != nil {
			m["BoundingBox"] = b
		}
		images = append(images, m)
	}
	data, err := json.Marshal(map[string]any{
		"SessionId":      fmt.Sprintf("%08x-8d4e-4b7a-9c11-%012x", uint32(r.Uint64()), r.Uint64()>>16),
		"Status":         "SUCCEEDED",
		"Confidence":     97.30000305175781,
		"Challenge":      map[string]any{"Type": "FaceMovementAndLightChallenge", "Version": "2.0.0"},
		"Feedback":       []any{map[string]any{"Code": "FACE_NOT_ALIGNED", "Message": "said to Erika Mustermann"}},
		"Customer":       map[string]any{"Name": fmt.Sprint("Erika Mustermann ", seed), "Tags": []any{"vip-customer"}},
		"ReferenceImage": images[0], "AuditImages": images[1:],
	})
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// full returns the folder that convert makes of a result.
func full(tb testing.TB, data []byte, name string) folder {
	tb.Helper()
	f := folder{}
	for s, err := range decode.Sessions(bytes.NewReader(data), &decode.Options{Name: name}) {
		if err != nil {
			tb.Fatal(err)
		}
		opts := small()
		opts.Threshold = "90"
		if _, err := export.Convert(tb.Context(), s, opts, f.put); err != nil {
			tb.Fatal(err)
		}
	}
	return f
}

func read(tb testing.TB, f folder) *redact.Full {
	tb.Helper()
	r, err := redact.ReadFolder(f.fs())
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

var (
	key   = []byte("a key that nobody knows")
	nonce = bytes.Repeat([]byte{7}, 32)
)

func options(mode redact.Mode) *redact.Options {
	return &redact.Options{Mode: mode, Key: key, Nonce: nonce, Tool: "lvtool v0.1.0"}
}

// write returns the copy of a folder.
func write(tb testing.TB, f folder, o *redact.Options) (folder, *redact.Copy) {
	tb.Helper()
	c, err := redact.Result(tb.Context(), read(tb, f), o)
	if err != nil {
		tb.Fatal(err)
	}
	out := folder{}
	if _, err := c.Files(tb.Context(), small(), out.put); err != nil {
		tb.Fatal(err)
	}
	return out, c
}

// small makes the sheet small, which takes the most time.
func small() *export.Options { return &export.Options{Sheet: export.Layout{Columns: 1, Tile: 80}} }

func base64Of(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// regexpBytes matches the images in a document.
var regexpBytes = regexp.MustCompile(`"Bytes": "[A-Za-z0-9+/=]*"`)
