package annotate_test

import (
	"bytes"
	"fmt"
	"image"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// TestPainter holds that a painter, frame after frame of different sizes, gives
// the pixels that Draw and Crop give, whatever it drew before.
func TestPainter(t *testing.T) {
	var painter annotate.Painter
	transparent := figure("audit-0", 90, 120, box("0.3", "0.3", "0.4", "0.4"))
	transparent.Pixels.Pix[4*5000+3] = 100
	for i, f := range []*decode.Frame{
		figure("reference", 480, 640, box("0.3", "0.25", "0.4", "0.4")),
		figure("audit-0", 320, 240, box("-0.2", "-0.1", "0.5", "0.6")),
		figure("audit-1", 320, 240, box("0.7", "0.7", "0.5", "0.6")),
		figure("audit-2", 480, 640, box("0.3", "0.25", "0.4", "0.4")),
		figure("audit-3", 100, 120, nil),
		transparent,
	} {
		for _, style := range []annotate.Style{{}, {Canvas: annotate.FrameOnly}} {
			p := annotate.Place(f.Box, f.Size(), annotate.Auto)
			crop := annotate.CropOptions{Padding: "0.5", Edge: annotate.Pad}
			drawn := annotate.Draw(f, p, style)
			cut, err := annotate.Crop(f, p, crop)
			if err != nil {
				t.Fatal(err)
			}
			before := bytes.Clone(f.Pixels.Pix)
			face, err := painter.Crop(f, p, crop)
			if err != nil {
				t.Fatal(err)
			}
			same(t, fmt.Sprintf("frame %d, face", i), imageOf(face), imageOf(cut))
			same(t, fmt.Sprintf("frame %d, drawn", i), painter.Draw(f, p, style), drawn)
			same(t, fmt.Sprintf("frame %d, face after drawing", i), imageOf(face), imageOf(cut))
			copy(f.Pixels.Pix, before)
		}
	}
}

func imageOf(f *annotate.Face) *image.RGBA {
	if f == nil {
		return new(image.RGBA)
	}
	return f.Image
}

func same(t *testing.T, what string, got, want *image.RGBA) {
	t.Helper()
	if got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) {
		t.Errorf("%s: got other pixels (%v) than without a painter (%v)", what, got.Rect, want.Rect)
	}
}

// TestPainterReuse holds that a painter makes no second canvas.
func TestPainterReuse(t *testing.T) {
	var painter annotate.Painter
	f := figure("audit-0", 320, 240, box("-0.2", "-0.1", "0.5", "0.6"))
	p := annotate.Place(f.Box, f.Size(), annotate.Auto)
	first := painter.Draw(f, p, annotate.Style{})
	if second := painter.Draw(f, p, annotate.Style{}); &first.Pix[0] != &second.Pix[0] {
		t.Error("got a new canvas for the second picture of the same size")
	}
}

func ExamplePainter() {
	f := figure("reference", 480, 640, &decode.Box{Left: "0.25", Top: "0.25", Width: "0.5", Height: "0.5"})
	place := annotate.Place(f.Box, f.Size(), annotate.Auto)
	var painter annotate.Painter
	face, err := painter.Crop(f, place, annotate.DefaultCrop())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(face.Image.Rect.Size(), painter.Draw(f, place, annotate.Style{}).Rect)
	// Output: (312,416) (0,0)-(480,640)
}
