package golden_test

import (
	"image"
	"image/color"
	"os"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/golden"
)

func picture(r image.Rectangle) *image.RGBA {
	m := image.NewRGBA(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			m.Set(x, y, color.RGBA{uint8(x - r.Min.X), uint8(y - r.Min.Y), 100, 255})
		}
	}
	return m
}

func TestCompare(t *testing.T) {
	want := picture(image.Rect(0, 0, 8, 4))
	if msg := golden.Compare(picture(image.Rect(-3, 5, 5, 9)), want, 0); msg != "" {
		t.Errorf("the same picture elsewhere: %s", msg)
	}
	got := picture(image.Rect(0, 0, 8, 4))
	got.Set(5, 2, color.RGBA{5, 2, 98, 255})
	if msg := golden.Compare(got, want, 2); msg != "" {
		t.Errorf("off by 2, tolerance 2: %s", msg)
	}
	got.Set(6, 3, color.RGBA{6, 3, 30, 255})
	got.Set(7, 3, color.RGBA{7, 6, 100, 255})
	if msg, want := golden.Compare(got, want, 2), "2 pixels differ by more than 2, worst 70 at (6,3)"; msg != want {
		t.Errorf("got %q, want %q", msg, want)
	}
	paletted := image.NewPaletted(want.Rect, color.Palette{color.RGBA{1, 1, 100, 255}})
	msg, diff := golden.Compare(paletted, want, 0), "31 pixels differ by more than 0, worst 6 at (7,0)"
	if msg != diff {
		t.Errorf("a picture of another kind: got %q, want %q", msg, diff)
	}
	if msg, want := golden.Compare(picture(image.Rect(0, 0, 8, 5)), want, 2), "size (8,5), want (8,4)"; msg != want {
		t.Errorf("got %q, want %q", msg, want)
	}
}

// recorder takes the place of a test that fails.
type recorder struct {
	testing.TB
	said string
	dir  string
}

func (r *recorder) Helper()             {}
func (r *recorder) ArtifactDir() string { return r.dir }
func (r *recorder) Errorf(format string, args ...any) {
	r.said += strings.TrimSpace(format)
	for _, a := range args {
		if s, ok := a.(string); ok {
			r.said += "|" + s
		}
	}
}

func TestImage(t *testing.T) {
	t.Chdir(t.TempDir())
	m := picture(image.Rect(0, 0, 8, 4))
	r := &recorder{TB: t, dir: t.TempDir()}
	golden.Image(r, "set/demo", m, 2)
	if !strings.Contains(r.said, "no golden picture") {
		t.Errorf("without a golden picture: said %q", r.said)
	}

	*golden.Update = true
	golden.Image(t, "set/demo", m, 2)
	*golden.Update = false
	golden.Image(t, "set/demo", m, 0)

	m.Set(0, 0, color.White)
	r.said = ""
	golden.Image(r, "set/demo", m, 2)
	saved := r.dir + "/demo.got.png"
	if !strings.Contains(r.said, "1 pixels differ") || !strings.Contains(r.said, "demo.got.png") {
		t.Errorf("with a pixel off: said %q", r.said)
	}
	if _, err := os.Stat(saved); err != nil {
		t.Error(err)
	}
}
