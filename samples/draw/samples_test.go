package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// madeWith is the Go release whose JPEG encoder wrote the samples, on amd64.
const madeWith = "go1.26"

// redrawn are the sessions that every test run draws again. All are with
// LVTOOL_REDRAW=all, which takes about a minute.
var redrawn = []string{"outside", "created", "expired"}

// maxImage is the most bytes that the service puts into an image.
const maxImage = 204_800

// TestRedraw holds that the files in samples are what the program draws: to
// the byte with the release and the machine they were drawn with, by their
// pixels with any other.
func TestRedraw(t *testing.T) {
	if testing.Short() || setting("-race") == "true" {
		t.Skip("drawing takes seconds, with the race detector minutes, and nothing in it is concurrent")
	}
	names := redrawn
	if os.Getenv("LVTOOL_REDRAW") == "all" {
		names = nil
	}
	dir := t.TempDir()
	if err := run(append([]string{"-o", dir}, names...), t.Output()); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		t.Run(filepath.ToSlash(rel), func(t *testing.T) {
			compare(t, readFile(t, name), readFile(t, filepath.Join("..", rel)))
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	if sameMachine() {
		t.Errorf("got %d bytes that differ from the %d in samples: run go run ./samples/draw", len(got), len(want))
		return
	}
	t.Logf("drawn with %s on amd64, this is %s on %s: comparing boxes and pixels",
		madeWith, runtime.Version(), runtime.GOARCH)
	if bytes.HasPrefix(got, []byte("{")) {
		compareBoxes(t, parse(t, got).images(), parse(t, want).images())
	}
	a, b := pictures(t, got), pictures(t, want)
	if len(a) != len(b) {
		t.Fatalf("got %d images, want %d", len(a), len(b))
	}
	for i := range a {
		if mean, far := distance(a[i], b[i]); mean > 1.5 || far > 0.01 {
			t.Errorf("image %d: got a mean difference of %.2f, %.2f%% far off, want at most 1.5 and 1%%",
				i, mean, 100*far)
		}
	}
}

// compareBoxes holds that boxes agree to a tenth of a per cent of the frame.
func compareBoxes(t *testing.T, got, want []savedImage) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d images, want %d", len(got), len(want))
	}
	for i := range got {
		g, w := got[i].box(t), want[i].box(t)
		for k := range g {
			if d := g[k] - w[k]; d > 0.001 || d < -0.001 {
				t.Errorf("image %d: got box %v, want %v", i, g, w)
			}
		}
	}
}

// sameMachine reports whether this build draws and encodes as the one did that
// drew the samples.
func sameMachine() bool {
	if runtime.GOARCH != "amd64" || !strings.HasPrefix(runtime.Version()+".", madeWith+".") {
		return false
	}
	return setting("GOAMD64") == "v1" // From v3 on, multiplications and additions are fused.
}

// setting returns a setting of the build, or "" where it has none.
func setting(key string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// pictures decodes a JPEG file, or every inline image of a session.
func pictures(t *testing.T, data []byte) []image.Image {
	t.Helper()
	if bytes.HasPrefix(data, []byte{0xFF, 0xD8}) {
		return []image.Image{decode(t, data)}
	}
	var all []image.Image
	for _, img := range parse(t, data).images() {
		if img.Bytes != nil {
			all = append(all, decode(t, img.Bytes))
		}
	}
	return all
}

// distance returns the mean difference of the channels of two pictures and the
// share of pixels of which a channel differs by more than 40.
func distance(a, b image.Image) (mean, far float64) {
	if a.Bounds() != b.Bounds() {
		return 255, 1
	}
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			worst := 0
			for _, d := range [3]int{int(r1>>8) - int(r2>>8), int(g1>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
				worst = max(worst, d, -d)
				mean += float64(max(d, -d)) / 3
			}
			if worst > 40 {
				far++
			}
		}
	}
	n := float64(r.Dx() * r.Dy())
	return mean / n, far / n
}

// saved is a session file as a reader sees it, numbers with their digits.
type saved struct {
	SessionID      string `json:"SessionId"`
	Status         string
	Confidence     *json.Number
	ReferenceImage *savedImage
	AuditImages    []savedImage
	Challenge      *challenge
	Feedback       []feedback
	Metadata       *metadata
}

type savedImage struct {
	Bytes       []byte
	S3Object    *s3Object
	BoundingBox *struct{ Width, Height, Left, Top json.Number }
}

func (s *saved) images() []savedImage {
	if s.ReferenceImage == nil {
		return s.AuditImages
	}
	return append([]savedImage{*s.ReferenceImage}, s.AuditImages...)
}

// box returns left, top, width and height, zero where there is no box.
func (img *savedImage) box(t *testing.T) [4]float64 {
	t.Helper()
	var v [4]float64
	if b := img.BoundingBox; b != nil {
		for i, n := range [4]json.Number{b.Left, b.Top, b.Width, b.Height} {
			f, err := n.Float64()
			if err != nil {
				t.Fatal(err)
			}
			v[i] = f
		}
	}
	return v
}

func parse(t *testing.T, data []byte) *saved {
	t.Helper()
	var s saved
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFiles holds that every sample is what the service could have sent.
func TestFiles(t *testing.T) {
	uuid := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	ids := map[string]string{}
	for _, want := range sessions() {
		t.Run(want.name, func(t *testing.T) {
			s := parse(t, readFile(t, filepath.Join("..", want.name+".json")))
			if other, ok := ids[s.SessionID]; ok || !uuid.MatchString(s.SessionID) {
				t.Errorf("got session id %q, as in %q, want one of its own, in lower case", s.SessionID, other)
			}
			ids[s.SessionID] = want.name
			if s.Status != want.status {
				t.Errorf("got status %s, want %s", s.Status, want.status)
			}
			if s.Confidence != nil {
				checkFloat32(t, *s.Confidence)
			}
			if (s.ReferenceImage != nil) != (want.reference != nil) || len(s.AuditImages) != len(want.audits) {
				t.Fatalf("got reference %v and %d audit images, want %v and %d",
					s.ReferenceImage != nil, len(s.AuditImages), want.reference != nil, len(want.audits))
			}
			for _, img := range s.images() {
				checkImage(t, &img)
			}
		})
	}
	files, err := filepath.Glob("../*.json")
	if err != nil || len(files) != len(ids) {
		t.Errorf("got %d session files, want %d (%v)", len(files), len(ids), err)
	}
}

func checkImage(t *testing.T, img *savedImage) {
	t.Helper()
	data := img.Bytes
	if o := img.S3Object; o != nil {
		data = readFile(t, filepath.Join("..", "s3", o.Bucket, filepath.FromSlash(o.Name)))
	}
	if len(data) == 0 || len(data) > maxImage {
		t.Errorf("got an image of %d bytes, want 1 to %d", len(data), maxImage)
	}
	size := decode(t, data).Bounds().Size()
	if size != image.Pt(480, 640) && size != image.Pt(640, 480) {
		t.Errorf("got an image of %v pixels, want 480 by 640", size)
	}
	if b := img.BoundingBox; b != nil {
		for _, n := range []json.Number{b.Width, b.Height, b.Left, b.Top} {
			checkFloat32(t, n)
		}
	}
}

// checkFloat32 holds that n is a float32 in the shortest digits of a float64.
func checkFloat32(t *testing.T, n json.Number) {
	t.Helper()
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil {
		t.Fatal(err)
	}
	if f != float64(float32(f)) {
		t.Errorf("got %s, want a float32", n)
	}
	again, err := number(f).MarshalJSON()
	if err != nil || string(again) != n.String() {
		t.Errorf("got %s, want %s (%v)", n, again, err)
	}
}

// TestBoxes holds that the samples show the cases they are for. That boxes are
// where the faces are is held by TestRedraw and the tests of portrait.
func TestBoxes(t *testing.T) {
	inFrame := func(l, t, w, h float64) bool { return l >= 0 && t >= 0 && l+w <= 1 && t+h <= 1 }
	cases := []struct {
		name  string
		image int
		holds func(l, t, w, h float64) bool
	}{
		{"session", 0, inFrame},
		{"session", 1, inFrame},
		{"session", 2, inFrame},
		{"session", 3, func(l, _, w, _ float64) bool { return l < 0 && l+w > 0.2 }},
		{"session", 4, inFrame},
		{"inside", 0, inFrame},
		{"inside", 1, inFrame},
		{"inside", 2, inFrame},
		{"edges", 1, func(l, _, w, _ float64) bool { return l < 0 && l+w > 0 }},
		{"edges", 2, func(l, _, w, _ float64) bool { return l < 1 && l+w > 1 }},
		{"edges", 3, func(_, t, _, h float64) bool { return t < 0 && t+h > 0 }},
		{"edges", 4, func(_, t, _, h float64) bool { return t < 1 && t+h > 1 }},
		{"outside", 1, func(l, _, w, _ float64) bool { return l+w < 0 }},
		{"tiny", 0, func(_, _, w, h float64) bool { return w < 0.1 && h < 0.1 }},
		{"tiny", 1, func(_, _, w, h float64) bool { return w*480 < 1 && h*640 < 1 }},
	}
	for _, c := range cases {
		s := parse(t, readFile(t, filepath.Join("..", c.name+".json")))
		v := s.images()[c.image].box(t)
		if !c.holds(v[0], v[1], v[2], v[3]) {
			t.Errorf("%s, image %d: got box %v, which is not what the sample is for", c.name, c.image, v)
		}
	}
}

// TestShape holds that the files read as the CLI prints them.
func TestShape(t *testing.T) {
	tests := []struct{ file, start string }{
		{"created", "{\n    \"SessionId\": \"e5a8f0b2-4c19-4f6d-8b37-2d90c1a6e748\",\n" +
			"    \"Status\": \"CREATED\"\n}\n"},
		{"expired", "{\n    \"SessionId\": \"7d13c9e4-06fb-4a58-9e2d-b84f5a7c0316\",\n    \"Status\": \"EXPIRED\",\n" +
			"    \"Confidence\": 0.0,\n    \"AuditImages\": []\n}\n"},
		{"session", "{\n    \"SessionId\": \"0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90\",\n" +
			"    \"Status\": \"SUCCEEDED\",\n" +
			"    \"Confidence\": 97.30000305175781,\n    \"ReferenceImage\": {\n        \"Bytes\": \"/9j/"},
	}
	for _, tt := range tests {
		got := string(readFile(t, filepath.Join("..", tt.file+".json")))
		if !strings.HasPrefix(got, tt.start) {
			t.Errorf("%s: got %.200q, want it to start %q", tt.file, got, tt.start)
		}
	}
}
