package annotate_test

import (
	"image"
	"image/color"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/golden"
)

// figure returns a frame with a head and shoulders in flat colours, which
// compress well, about the middle of where its box says that the face is.
func figure(name string, w, h int, b *decode.Box) *decode.Frame {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	p := annotate.Place(b, m.Rect.Size(), annotate.Auto)
	at := p.Pixels
	if at.Empty() {
		at = image.Rect(w/3, h/4, w*2/3, h*3/4)
	}
	x0, y0 := (at.Min.X+at.Max.X)/2, (at.Min.Y+at.Max.Y)/2
	rx, ry := at.Dx()/2, at.Dy()/2
	oval := func(x, y, cx, cy, rx, ry int) bool { // in whole numbers, to be the same everywhere
		dx, dy, a, b := int64(x-cx), int64(y-cy), int64(rx), int64(ry)
		return dx*dx*b*b+dy*dy*a*a < a*a*b*b
	}
	for y := range h {
		for x := range w {
			c := color.NRGBA{0x8f, 0xa3, 0xad, 0xff}
			switch {
			case oval(x, y, x0, y0, rx, ry):
				c = color.NRGBA{0xc6, 0x8e, 0x6f, 0xff}
			case oval(x, y, x0, y0-ry/4, rx*5/4, ry*5/4):
				c = color.NRGBA{0x3a, 0x2c, 0x26, 0xff}
			case oval(x, y, x0, y0+3*ry, 3*rx, 2*ry):
				c = color.NRGBA{0x2d, 0x4a, 0x5e, 0xff}
			case y > h*2/3 && x < w/4:
				c = color.NRGBA{0xe9, 0xe4, 0xd8, 0xff}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return &decode.Frame{Name: name, Box: b, Pixels: m}
}

func TestDrawGolden(t *testing.T) {
	inside := box("0.3", "0.25", "0.4", "0.4")
	for _, tt := range []struct {
		file, name string
		w, h       int
		box        *decode.Box
		canvas     annotate.Canvas
	}{
		{"reference-480x640", "reference", 480, 640, inside, ""},
		{"inside-320x240", "audit-0", 320, 240, inside, ""},
		{"inside-1920x1080", "audit-0", 1920, 1080, inside, ""},
		{"tiny-box", "reference", 320, 240, box("0.5", "0.5", "0.02", "0.02"), ""},
		{"fills-frame", "reference", 240, 320, box("0", "0", "1", "1"), ""},
		{"fills-frame-only", "reference", 240, 320, box("0", "0", "1", "1"), annotate.FrameOnly},

		{"left", "audit-0", 300, 400, box("-0.07", "0.3", "0.42", "0.4"), ""},
		{"top", "audit-0", 300, 400, box("0.3", "-0.09", "0.42", "0.4"), ""},
		{"right", "audit-0", 300, 400, box("0.65", "0.3", "0.42", "0.4"), ""},
		{"bottom", "audit-0", 300, 400, box("0.3", "0.73", "0.42", "0.4"), ""},
		{"top-left", "reference", 300, 400, box("-0.15", "-0.2", "0.6", "0.6"), ""},
		{"right-bottom", "audit-3", 480, 640, box("0.6", "0.65", "0.5", "0.45"), ""},
		{"larger-than-frame", "audit-1", 240, 320, box("-0.2", "-0.2", "1.4", "1.4"), ""},
		{"larger-than-canvas", "audit-1", 240, 320, box("-0.9", "-0.7", "1.95", "1.75"), ""},
		{"far-beyond", "reference", 320, 240, box("0.5", "0.2", "1.9", "0.5"), ""},
		{"by-one-pixel", "audit-0", 320, 240, box("-0.003", "0.3", "0.3", "0.4"), ""},

		{"left-frame-only", "audit-0", 300, 400, box("-0.07", "0.3", "0.42", "0.4"), annotate.FrameOnly},
		{"top-left-frame-only", "reference", 300, 400, box("-0.15", "-0.2", "0.6", "0.6"), annotate.FrameOnly},
		{"larger-frame-only", "audit-1", 300, 400, box("-0.2", "-0.2", "1.4", "1.4"), annotate.FrameOnly},

		{"outside", "audit-0", 320, 240, box("1.1", "0.2", "0.2", "0.4"), ""},
		{"outside-far", "audit-0", 320, 240, box("3", "-2", "0.2", "0.4"), ""},
		{"outside-frame-only", "audit-0", 320, 240, box("1.1", "0.2", "0.2", "0.4"), annotate.FrameOnly},
		{"empty", "audit-0", 320, 240, box("0.5", "0.5", "0.0001", "0.4"), ""},
		{"invalid", "reference", 320, 240, box("0.5", "0.5", "NaN", "0.4"), ""},
		{"invalid-long", "audit-2", 240, 320, box("0", "0", "1", "\x1b[31m写真 no number at all, but rather long"), ""},
		{"absent", "audit-1", 320, 240, nil, ""},
		{"absent-frame-only", "audit-1", 320, 240, nil, annotate.FrameOnly},

		{"long-name", "a-name-that-is-far-too-long-for-any-picture-of-this-size", 320, 240, inside, ""},
		{"foreign-name", "audit-写真-Prüfung", 320, 240, box("-0.1", "0.25", "0.4", "0.4"), ""},
		{"small", "audit-0", 96, 128, box("-0.15", "-0.1", "0.6", "0.7"), ""},
	} {
		t.Run(tt.file, func(t *testing.T) {
			f := figure(tt.name, tt.w, tt.h, tt.box)
			p := annotate.Place(tt.box, f.Size(), annotate.Auto)
			golden.Image(t, tt.file, annotate.Draw(f, p, annotate.Style{Canvas: tt.canvas}), 2)
		})
	}
}

func TestCropGolden(t *testing.T) {
	b := box("-0.2", "0.3", "0.6", "0.5")
	f := figure("audit-0", 300, 400, b)
	p := annotate.Place(b, f.Size(), annotate.Auto)
	for name, c := range map[string]annotate.CropOptions{
		"crop-clip":      {Padding: "0.15"},
		"crop-pad":       {Padding: "0.15", Edge: annotate.Pad, Aspect: image.Pt(35, 45)},
		"crop-clip-size": {Edge: annotate.Clip, Size: image.Pt(160, 200)},
		"crop-shift":     {Edge: annotate.Shift, Aspect: image.Pt(4, 5), Size: image.Pt(160, 200)},
	} {
		t.Run(name, func(t *testing.T) {
			face, err := annotate.Crop(f, p, c)
			if err != nil {
				t.Fatal(err)
			}
			golden.Image(t, name, face.Image, 2)
		})
	}
}
