package annotate_test

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// grid returns a frame whose every pixel tells where it is.
func grid(w, h int) *decode.Frame {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x>>8<<4 | y>>8), 0xff})
		}
	}
	return &decode.Frame{Name: "audit-0", Pixels: m}
}

func TestCropRect(t *testing.T) {
	middle := box("0.2", "0.2", "0.4", "0.4")
	tall := box("0.2", "0.2", "0.2", "0.4")
	leaving := box("-0.1", "0.5", "0.4", "0.6")
	for _, tt := range []struct {
		name string
		box  *decode.Box
		opts annotate.CropOptions
		want image.Rectangle
	}{
		{"the box", middle, annotate.CropOptions{}, image.Rect(20, 20, 60, 60)},
		{"0.15 of 40 is 6", middle, annotate.DefaultCrop(), image.Rect(14, 14, 66, 66)},
		{
			"24.5 and 35.5 round away from zero", box("0.25", "0.25", "0.1", "0.1"),
			annotate.CropOptions{Padding: "0.05"},
			image.Rect(25, 25, 36, 36),
		},
		{
			"exact edges are padded, not rounded ones", box("0.254", "0.254", "0.102", "0.102"),
			annotate.CropOptions{Padding: "1"},
			image.Rect(15, 15, 46, 46),
		},
		{"grows to a square", tall, annotate.CropOptions{Aspect: image.Pt(1, 1)}, image.Rect(10, 20, 50, 60)},
		{"grows to 4:5", middle, annotate.CropOptions{Aspect: image.Pt(4, 5)}, image.Rect(20, 15, 60, 65)},
		{"has the shape already", tall, annotate.CropOptions{Aspect: image.Pt(5, 10)}, image.Rect(20, 20, 40, 60)},
		{"35:45 of 40 is 51.43", middle, annotate.CropOptions{Aspect: image.Pt(35, 45)}, image.Rect(20, 14, 60, 66)},
		{"the size's shape", tall, annotate.CropOptions{Size: image.Pt(80, 80)}, image.Rect(10, 20, 50, 60)},

		{"ends with the frame", leaving, annotate.CropOptions{}, image.Rect(0, 50, 30, 100)},
		{"goes on beyond it", leaving, annotate.CropOptions{Edge: annotate.Pad}, image.Rect(-10, 50, 30, 110)},
		{"moves into it", leaving, annotate.CropOptions{Edge: annotate.Shift}, image.Rect(0, 40, 40, 100)},
		{
			"stays in it", middle,
			annotate.CropOptions{Edge: annotate.Shift, Padding: "0.15"},
			image.Rect(14, 14, 66, 66),
		},
		{
			"too wide to move: as wide as the frame", box("-0.4", "0.3", "1.6", "0.4"),
			annotate.CropOptions{Edge: annotate.Shift},
			image.Rect(0, 30, 100, 70),
		},
		{
			"too wide to move, with a shape: smaller about its middle", box("-0.4", "0.1", "1.6", "0.4"),
			annotate.CropOptions{Edge: annotate.Shift, Aspect: image.Pt(2, 1)},
			image.Rect(0, 5, 100, 55),
		},
		{
			"never more than half a frame beyond it", box("-1", "-1", "2", "2"),
			annotate.CropOptions{Edge: annotate.Pad, Padding: "10"},
			image.Rect(-50, -50, 150, 150),
		},
		{
			"a billion pixels away", box("-999999999", "0", "1999999998", "100"),
			annotate.CropOptions{Padding: "10"},
			image.Rect(0, 0, 100, 100),
		},
		{"of a pixel", box("0.991", "0.991", "0.01", "0.01"), annotate.CropOptions{}, image.Rect(99, 99, 100, 100)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := grid(100, 100)
			face, err := annotate.Crop(f, annotate.Place(tt.box, f.Size(), ""), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			if face.Rect != tt.want {
				t.Fatalf("got %v, want %v", face.Rect, tt.want)
			}
			if tt.opts.Size == (image.Point{}) {
				checkCut(t, f, face)
			}
		})
	}
}

// checkCut compares a crop that was not resized with what its rectangle says.
func checkCut(t *testing.T, f *decode.Frame, face *annotate.Face) {
	t.Helper()
	if want := (image.Rectangle{Max: face.Rect.Size()}); face.Image.Rect != want {
		t.Fatalf("picture of %v, want %v", face.Image.Rect, want)
	}
	for y := range face.Rect.Dy() {
		for x := range face.Rect.Dx() {
			at := face.Rect.Min.Add(image.Pt(x, y))
			got := face.Image.RGBAAt(x, y)
			if at.In(f.Pixels.Rect) {
				if want := f.Pixels.NRGBAAt(at.X, at.Y); got != color.RGBA(want) {
					t.Fatalf("pixel %v of the frame: got %v, want %v", at, got, want)
				}
			} else if got.A != 0xff || got.R < 0xc0 || got.G < got.R || got.B < got.G {
				t.Fatalf("void at %v: got %v, want the light hatch", at, got)
			}
		}
	}
}

func TestCropSize(t *testing.T) {
	leaving := box("-0.1", "0.5", "0.4", "0.4") // clipped to 30 × 40
	for _, tt := range []struct {
		opts annotate.CropOptions
		want image.Point
	}{
		{annotate.CropOptions{}, image.Pt(30, 40)},
		{annotate.CropOptions{Size: image.Pt(60, 0)}, image.Pt(60, 80)},
		{annotate.CropOptions{Size: image.Pt(0, 60)}, image.Pt(45, 60)},
		{annotate.CropOptions{Size: image.Pt(1, 0)}, image.Pt(1, 1)},
		{annotate.CropOptions{Size: image.Pt(64, 64)}, image.Pt(64, 64)},
		{annotate.CropOptions{Size: image.Pt(64, 64), Edge: annotate.Pad}, image.Pt(64, 64)},
		{
			annotate.CropOptions{Size: image.Pt(413, 531), Aspect: image.Pt(35, 45), Edge: annotate.Shift},
			image.Pt(413, 531),
		},
	} {
		f := grid(100, 100)
		face, err := annotate.Crop(f, annotate.Place(leaving, f.Size(), ""), tt.opts)
		if err != nil {
			t.Errorf("%+v: %v", tt.opts, err)
			continue
		}
		if got := face.Image.Rect; got != (image.Rectangle{Max: tt.want}) {
			t.Errorf("%+v: got %v, want %v", tt.opts, got, tt.want)
		}
	}
}

// A face that the frame's edge cut into is never squeezed into the size: the
// ground shows at its sides.
func TestCropKeepsShape(t *testing.T) {
	f := figure("audit-0", 100, 100, nil)
	draw := image.NewNRGBA(f.Pixels.Rect)
	for i := range draw.Pix {
		draw.Pix[i] = 0xff
	}
	for i := 0; i < len(draw.Pix); i += 4 {
		draw.Pix[i], draw.Pix[i+2] = 0, 0 // green
	}
	f.Pixels = draw
	p := annotate.Place(box("-0.2", "0.3", "0.4", "0.4"), f.Size(), "") // 20 × 40 in the frame
	face, err := annotate.Crop(f, p, annotate.CropOptions{Size: image.Pt(80, 80)})
	if err != nil {
		t.Fatal(err)
	}
	for x := range 80 {
		green := face.Image.RGBAAt(x, 40) == color.RGBA{0, 0xff, 0, 0xff}
		if want := x >= 20 && x < 60; green != want {
			t.Errorf("column %d is picture: %v, want %v", x, green, want)
		}
	}
}

func TestCropNothing(t *testing.T) {
	f := grid(100, 100)
	for _, b := range []*decode.Box{
		nil,
		box("0", "0", "NaN", "1"),
		box("1.1", "0", "0.5", "1"),
		box("0.501", "0", "0.001", "1"),
	} {
		p := annotate.Place(b, f.Size(), "")
		if face, err := annotate.Crop(f, p, annotate.DefaultCrop()); face != nil || err != nil {
			t.Errorf("%s: got %v, %v, want nothing", p.State, face, err)
		}
	}
	p := annotate.Place(box("0", "0", "1", "1"), image.Pt(100, 100), "")
	if face, err := annotate.Crop(&decode.Frame{}, p, annotate.DefaultCrop()); face != nil || err != nil {
		t.Errorf("frame without pixels: got %v, %v, want nothing", face, err)
	}
}

func TestCropOptions(t *testing.T) {
	for _, c := range []annotate.CropOptions{
		{},
		annotate.DefaultCrop(),
		{Padding: "0"},
		{Padding: "10.0", Aspect: image.Pt(100, 1), Edge: annotate.Shift},
		{Aspect: image.Pt(35, 45), Size: image.Pt(413, 531)},
		{Size: image.Pt(8192, 0)},
		{Size: image.Pt(4000, 4000)},
	} {
		if err := c.Validate(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, tt := range []struct {
		opts annotate.CropOptions
		want string
	}{
		{annotate.CropOptions{Padding: "-0.1"}, `crop padding is not a number from 0 to 10: "-0.1"`},
		{annotate.CropOptions{Padding: "10.01"}, `crop padding is not a number from 0 to 10: "10.01"`},
		{annotate.CropOptions{Padding: "15%"}, `crop padding is not a number from 0 to 10: "15%"`},
		{annotate.CropOptions{Aspect: image.Pt(4, 0)}, "crop aspect 4:0 is not between 1:100 and 100:1"},
		{annotate.CropOptions{Aspect: image.Pt(-4, -5)}, "crop aspect -4:-5 is not between 1:100 and 100:1"},
		{annotate.CropOptions{Aspect: image.Pt(101, 1)}, "crop aspect 101:1 is not between 1:100 and 100:1"},
		{annotate.CropOptions{Aspect: image.Pt(1, 199)}, "crop aspect 1:199 is not between 1:100 and 100:1"},
		{annotate.CropOptions{Size: image.Pt(-1, 5)}, "crop size is negative"},
		{
			annotate.CropOptions{Size: image.Pt(8193, 0)},
			"crop size 8193 × 0 is over the limit of 8192 pixels a side and 16000000 in all",
		},
		{
			annotate.CropOptions{Size: image.Pt(4001, 4000)},
			"crop size 4001 × 4000 is over the limit of 8192 pixels a side and 16000000 in all",
		},
		{
			annotate.CropOptions{Size: image.Pt(100, 100), Aspect: image.Pt(4, 5)},
			"crop size 100 × 100 does not have the aspect 4:5",
		},
		{annotate.CropOptions{Edge: "mirror"}, `crop edge is unknown: "mirror"`},
	} {
		if err := tt.opts.Validate(); err == nil || err.Error() != tt.want {
			t.Errorf("%+v: got %v, want %s", tt.opts, err, tt.want)
		}
		if _, err := annotate.Crop(grid(2, 2), annotate.Placement{}, tt.opts); err == nil {
			t.Errorf("Crop takes %+v", tt.opts)
		}
	}
}

// A size of which one side is given may turn out too large for a box of an
// extreme shape.
func TestCropTooLarge(t *testing.T) {
	f := grid(300, 3)
	p := annotate.Place(box("0", "0", "1", "0.4"), f.Size(), "")
	face, err := annotate.Crop(f, p, annotate.CropOptions{Size: image.Pt(0, 8192)})
	want := "crop size 2457600 × 8192 is over the limit of 8192 pixels a side and 16000000 in all"
	if face != nil || err == nil || err.Error() != want {
		t.Errorf("got %v, %v, want %s", face, err, want)
	}
}

// Whatever the box and the options, a crop holds the visible face or says why
// not, and the picture is as large as asked for.
func TestCropRandom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	f := grid(64, 48)
	for range 2000 {
		b, _ := randomBox(rnd)
		p := annotate.Place(b, f.Size(), annotate.Auto)
		c := annotate.CropOptions{
			Padding: [...]decode.Number{"", "0.15", "1", "9.75"}[rnd.IntN(4)],
			Aspect:  [...]image.Point{{}, {1, 1}, {4, 5}, {16, 9}}[rnd.IntN(4)],
			Edge:    [...]annotate.Edge{"", annotate.Clip, annotate.Pad, annotate.Shift}[rnd.IntN(4)],
		}
		if rnd.IntN(4) == 0 {
			c.Size = c.Aspect.Mul(3)
		}
		face, err := annotate.Crop(f, p, c)
		if err != nil {
			t.Fatalf("%+v %+v: %v", *b, c, err)
		}
		if placed := p.State == annotate.Inside || p.State == annotate.Clipped; placed != (face != nil) {
			t.Fatalf("%s: got %v", p.State, face)
		}
		if face == nil {
			continue
		}
		frame := f.Pixels.Rect
		if c.Edge != annotate.Pad && !face.Rect.In(frame) || face.Rect.Empty() {
			t.Errorf("%+v %+v: cut %v of %v", *b, c, face.Rect, frame)
		}
		if c.Edge != annotate.Shift && !p.Clipped.In(face.Rect) {
			t.Errorf("%+v %+v: cut %v does not hold the face %v", *b, c, face.Rect, p.Clipped)
		}
		if c.Size == (image.Point{}) {
			checkCut(t, f, face)
		} else if face.Image.Rect.Max != c.Size {
			t.Errorf("%+v: picture of %v", c, face.Image.Rect)
		}
		if !face.Image.Opaque() {
			t.Errorf("%+v %+v: not opaque", *b, c)
		}
	}
}

func BenchmarkCrop(b *testing.B) {
	f := grid(480, 640)
	p := annotate.Place(box("0.3", "0.3", "0.44", "0.444"), f.Size(), annotate.Auto)
	for name, c := range map[string]annotate.CropOptions{
		"plain":   annotate.DefaultCrop(),
		"resized": {Padding: "0.15", Size: image.Pt(400, 500)},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(f.Pixels.Pix)))
			for b.Loop() {
				if _, err := annotate.Crop(f, p, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleCrop() {
	f := &decode.Frame{Name: "audit-0", Pixels: image.NewNRGBA(image.Rect(0, 0, 480, 640))}
	f.Box = &decode.Box{Left: "-0.07", Top: "0.3", Width: "0.42", Height: "0.4"}
	p := annotate.Place(f.Box, f.Size(), annotate.Auto)

	face, err := annotate.Crop(f, p, annotate.DefaultCrop())
	if err != nil {
		panic(err)
	}
	fmt.Println(face.Rect, face.Image.Rect.Size())

	face, err = annotate.Crop(f, p, annotate.CropOptions{
		Padding: "0.15",
		Aspect:  image.Pt(35, 45),
		Size:    image.Pt(413, 531),
		Edge:    annotate.Pad,
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(face.Rect, face.Image.Rect.Size())
	// Output:
	// (0,154)-(198,486) (198,332)
	// (-64,152)-(198,488) (413,531)
}
