package annotate_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"sync"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

func draw(f *decode.Frame, canvas annotate.Canvas) *image.RGBA {
	p := annotate.Place(f.Box, f.Size(), annotate.Auto)
	return annotate.Draw(f, p, annotate.Style{Canvas: canvas})
}

// The frame lies at (0, 0) of every canvas, and the canvas holds as much of the
// box as it may.
func TestDrawCanvas(t *testing.T) {
	for _, tt := range []struct {
		name string
		box  *decode.Box
		hold image.Rectangle // what the canvas must hold
		most image.Rectangle // what it may not go beyond
	}{
		{"inside", box("0.3", "0.3", "0.4", "0.4"), image.Rect(0, 0, 480, 640), image.Rect(0, 0, 480, 640)},
		{"left", box("-0.1", "0.3", "0.4", "0.4"), image.Rect(-48, 0, 480, 640), image.Rect(-240, 0, 480, 640)},
		{"corner", box("0.9", "0.9", "0.2", "0.2"), image.Rect(0, 0, 528, 704), image.Rect(0, 0, 720, 960)},
		{"far", box("0.9", "0.3", "1.1", "0.2"), image.Rect(0, 0, 720, 640), image.Rect(0, 0, 720, 640)},
		{"outside", box("0.1", "-0.3", "0.2", "0.2"), image.Rect(0, -192, 480, 650), image.Rect(0, -320, 480, 680)},
		{"far outside", box("0.1", "-2", "0.2", "0.2"), image.Rect(0, 0, 480, 650), image.Rect(0, 0, 480, 680)},
		{"absent", nil, image.Rect(0, 0, 480, 650), image.Rect(0, 0, 480, 680)},
	} {
		f := grid(480, 640)
		f.Box = tt.box
		if got := draw(f, annotate.Extend).Rect; !tt.hold.In(got) || !got.In(tt.most) {
			t.Errorf("%s: canvas %v does not hold %v or is beyond %v", tt.name, got, tt.hold, tt.most)
		}
		if got := draw(f, annotate.FrameOnly).Rect; got != f.Pixels.Rect {
			t.Errorf("%s: canvas %v, want the frame's", tt.name, got)
		}
	}
}

// The outer edge of the line is the edge of the box.
func TestDrawOnTheEdge(t *testing.T) {
	f := grid(480, 640)
	f.Box = box("0.3", "0.3", "0.4", "0.4") // (144,192)-(336,448)
	m := draw(f, annotate.Extend)
	orange := color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	for _, tt := range []struct {
		outer, inner image.Point
	}{
		{image.Pt(143, 300), image.Pt(144, 300)},
		{image.Pt(336, 300), image.Pt(335, 300)},
		{image.Pt(240, 191), image.Pt(240, 192)},
		{image.Pt(240, 448), image.Pt(240, 447)},
	} {
		if got := m.RGBAAt(tt.inner.X, tt.inner.Y); got != orange {
			t.Errorf("last pixel of the box at %v: got %v, want %v", tt.inner, got, orange)
		}
		if got := m.RGBAAt(tt.outer.X, tt.outer.Y); got == orange {
			t.Errorf("pixel beyond the box at %v is orange", tt.outer)
		}
	}
}

func TestDrawNothing(t *testing.T) {
	for _, f := range []*decode.Frame{
		{Name: "audit-0"},
		{Name: "audit-0", Pixels: image.NewNRGBA(image.Rectangle{})},
	} {
		if m := draw(f, annotate.Extend); m != nil {
			t.Errorf("got a picture of %v, want none", m.Rect)
		}
	}
}

// What shows through is chequered; what is opaque beside it stays as it was.
func TestDrawTransparent(t *testing.T) {
	f := grid(64, 64)
	f.Pixels.SetNRGBA(3, 3, color.NRGBA{200, 100, 0, 0x80})
	f.Pixels.SetNRGBA(9, 3, color.NRGBA{1, 2, 3, 0})
	m := draw(f, annotate.FrameOnly)
	for at, want := range map[image.Point]color.RGBA{
		{3, 3}: {227, 177, 127, 0xff}, // half of the way to white
		{9, 3}: {0xcc, 0xcc, 0xcc, 0xff},
		{4, 3}: {4, 3, 0, 0xff},
	} {
		if got := m.RGBAAt(at.X, at.Y); got != want {
			t.Errorf("%v: got %v, want %v", at, got, want)
		}
	}
}

// A frame may be a part of a larger picture.
func TestDrawPartOfPicture(t *testing.T) {
	f := grid(100, 80)
	whole, _ := f.Pixels.SubImage(image.Rect(20, 10, 90, 70)).(*image.NRGBA)
	part := image.NRGBA{Pix: whole.Pix, Stride: whole.Stride, Rect: image.Rect(0, 0, 70, 60)}
	m := draw(&decode.Frame{Name: "audit-0", Pixels: &part}, annotate.FrameOnly)
	if got, want := m.RGBAAt(5, 6), (color.RGBA{25, 16, 0, 0xff}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The same frame may be drawn by many at once, and always gives the same.
func TestDrawAlike(t *testing.T) {
	f := figure("reference", 160, 120, box("-0.1", "0.3", "0.5", "0.5"))
	want := draw(f, annotate.Extend)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := draw(f, annotate.Extend); got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) {
				t.Error("two pictures of the same frame differ")
			}
		})
	}
	wg.Wait()
}

func BenchmarkDraw(b *testing.B) {
	for _, size := range []image.Point{{480, 640}, {1280, 720}} {
		for name, bx := range map[string]*decode.Box{
			"inside": box("0.3", "0.3", "0.4", "0.4"),
			"left":   box("-0.1", "0.3", "0.4", "0.4"),
		} {
			f := grid(size.X, size.Y)
			p := annotate.Place(bx, size, annotate.Auto)
			b.Run(fmt.Sprintf("%s-%dx%d", name, size.X, size.Y), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(f.Pixels.Pix)))
				for b.Loop() {
					annotate.Draw(f, p, annotate.Style{})
				}
			})
		}
	}
}

func ExampleDraw() {
	f := &decode.Frame{Name: "audit-0", Pixels: image.NewNRGBA(image.Rect(0, 0, 480, 640))}
	f.Box = &decode.Box{Left: "-0.1", Top: "0.3", Width: "0.4", Height: "0.4"}
	p := annotate.Place(f.Box, f.Size(), annotate.Auto)

	m := annotate.Draw(f, p, annotate.Style{})
	fmt.Println("holds the whole box:", p.Pixels.In(m.Rect))
	m = annotate.Draw(f, p, annotate.Style{Canvas: annotate.FrameOnly})
	fmt.Println("holds the frame:", m.Rect)
	// Output:
	// holds the whole box: true
	// holds the frame: (0,0)-(480,640)
}
