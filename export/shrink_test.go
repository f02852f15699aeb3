package export_test

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/lvtool/lvtool/export"
)

func TestShrink(t *testing.T) {
	grey := func(w int, levels ...uint8) *image.RGBA {
		m := image.NewRGBA(image.Rect(0, 0, w, len(levels)/w))
		for i, v := range levels {
			m.SetRGBA(i%w, i/w, color.RGBA{v, v, v, 255})
		}
		return m
	}
	for _, tt := range []struct {
		name     string
		in, want *image.RGBA
		bounds   image.Point
	}{
		{"as it is", grey(2, 1, 2, 3, 4), grey(2, 1, 2, 3, 4), image.Pt(2, 2)},
		{"never larger", grey(1, 7), grey(1, 7), image.Pt(50, 50)},
		{"to a half", grey(4, 0, 10, 20, 30, 0, 10, 20, 30), grey(2, 5, 25), image.Pt(2, 9)},
		{"rounded", grey(2, 0, 0, 0, 1), grey(1, 0), image.Pt(1, 1)},
		{"rounded up", grey(2, 0, 0, 1, 1), grey(1, 1), image.Pt(1, 1)},
		// Each of two pixels stands for one and a half: (2·0 + 1·90)/3 and (1·90 + 2·0)/3.
		{"three to two", grey(3, 0, 90, 0), grey(2, 30, 30), image.Pt(2, 9)},
		{"long and thin", grey(8, 0, 8, 0, 8, 0, 8, 0, 8), grey(2, 4, 4), image.Pt(2, 2)},
	} {
		got := export.Shrink(tt.in, tt.bounds)
		if got.Rect != tt.want.Rect || string(got.Pix) != string(tt.want.Pix) {
			t.Errorf("%s: got %v %v, want %v %v", tt.name, got.Rect, got.Pix, tt.want.Rect, tt.want.Pix)
		}
	}
}

// A picture that is part of another, and does not start at the origin, shrinks
// like a copy of it.
func TestShrinkPart(t *testing.T) {
	whole := portrait(60, 50, 1)
	part := whole.SubImage(image.Rect(11, 7, 53, 49)).(*image.RGBA)
	alone := image.NewRGBA(image.Rect(0, 0, 42, 42))
	for y := range 42 {
		for x := range 42 {
			alone.SetRGBA(x, y, whole.RGBAAt(x+11, y+7))
		}
	}
	got, want := export.Shrink(part, image.Pt(13, 13)), export.Shrink(alone, image.Pt(13, 13))
	if got.Rect != want.Rect || string(got.Pix) != string(want.Pix) {
		t.Error("a part shrinks otherwise than its copy")
	}
}

// Whatever the sizes, the result fits, has the shape, and is as bright.
func TestShrinkAnySize(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		size := image.Pt(1+rng.IntN(90), 1+rng.IntN(90))
		bounds := image.Pt(1+rng.IntN(60), 1+rng.IntN(60))
		m := image.NewRGBA(image.Rectangle{Max: size})
		for i := range m.Pix {
			m.Pix[i] = 200
		}
		got := export.Shrink(m, bounds)
		s := got.Rect.Size()
		if s.X < 1 || s.Y < 1 || s.X > bounds.X || s.Y > bounds.Y || s.X > size.X || s.Y > size.Y {
			t.Errorf("%v into %v: got %v", size, bounds, s)
		}
		// The side that does not decide is rounded to the nearest pixel.
		skew := max(s.X*size.Y-s.Y*size.X, s.Y*size.X-s.X*size.Y)
		if s.X > 1 && s.Y > 1 && 2*skew > max(size.X, size.Y) {
			t.Errorf("%v into %v: got %v, another shape", size, bounds, s)
		}
		for _, v := range got.Pix {
			if v != 200 {
				t.Fatalf("%v into %v: got a channel of %d, want 200", size, bounds, v)
			}
		}
	}
}
