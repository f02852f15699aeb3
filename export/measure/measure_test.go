package measure_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/measure"
)

// grey makes a picture of rows of luma.
func grey(rows ...[]uint8) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, len(rows[0]), len(rows)))
	for y, row := range rows {
		for x, v := range row {
			m.SetNRGBA(x, y, color.NRGBA{R: v, G: v, B: v, A: 255})
		}
	}
	return m
}

func TestInside(t *testing.T) {
	whole := image.Rect(0, 0, 100, 100)
	for _, test := range []struct {
		name string
		m    *image.NRGBA
		r    image.Rectangle
		want measure.Values
	}{
		{
			"flat", grey([]uint8{7, 7, 7}, []uint8{7, 7, 7}, []uint8{7, 7, 7}), whole,
			measure.Values{Size: image.Pt(3, 3), Mean: 7},
		},
		{
			"limits", grey([]uint8{0, 5, 6, 249, 250, 255}), whole,
			measure.Values{Size: image.Pt(6, 1), Mean: 765.0 / 6, Shadows: 2.0 / 6, Highlights: 2.0 / 6},
		},
		{
			// Laplacians by hand: 10+10+10+10 - 4·20 = -40 and 20+0+0+0 - 4·10 = -20;
			// the variance of two numbers is the square of half their distance.
			"laplacian", grey([]uint8{0, 10, 0, 0}, []uint8{10, 20, 10, 0}, []uint8{0, 10, 0, 0}), whole,
			measure.Values{Size: image.Pt(4, 3), Mean: 60.0 / 12, Shadows: 7.0 / 12, Sharpness: 100},
		},
		{
			"part", grey([]uint8{0, 0, 0}, []uint8{0, 100, 200}), image.Rect(1, 1, 9, 9),
			measure.Values{Size: image.Pt(2, 1), Mean: 150},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := measure.Inside(test.m, test.r); !ok || got != test.want {
				t.Errorf("got %+v, %t, want %+v", got, ok, test.want)
			}
		})
	}
	if got, ok := measure.Inside(grey([]uint8{1}), image.Rect(5, 5, 9, 9)); ok {
		t.Errorf("got %+v of nothing", got)
	}
}

func TestLuma(t *testing.T) {
	for c, want := range map[color.NRGBA]float64{
		{R: 255, A: 255}:                 76,
		{G: 255, A: 255}:                 150,
		{B: 255, A: 255}:                 29,
		{R: 255, G: 255, B: 255, A: 255}: 255,
	} {
		m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
		m.SetNRGBA(0, 0, c)
		if got, _ := measure.Inside(m, m.Rect); got.Mean != want {
			t.Errorf("%v: got luma %v, want %v", c, got.Mean, want)
		}
	}
}

// TestBlur holds that what is blurred measures less sharp.
func TestBlur(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sharp := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range sharp.Pix {
		sharp.Pix[i] = uint8(r.Uint32())
	}
	blurred := image.NewNRGBA(sharp.Rect)
	for y := 1; y < 63; y++ {
		for x := 1; x < 63; x++ {
			for c := range 4 {
				sum := 0
				for _, d := range []int{-260, -256, -252, -4, 0, 4, 252, 256, 260} {
					sum += int(sharp.Pix[y*256+4*x+c+d])
				}
				blurred.Pix[y*256+4*x+c] = uint8(sum / 9)
			}
		}
	}
	inner := image.Rect(2, 2, 62, 62)
	a, _ := measure.Inside(sharp, inner)
	b, _ := measure.Inside(blurred, inner)
	if b.Sharpness*10 > a.Sharpness {
		t.Errorf("got sharpness %v after blurring, %v before", b.Sharpness, a.Sharpness)
	}
}

func place(l, t, w, h decode.Number, size image.Point) *annotate.Placement {
	return new(annotate.Place(&decode.Box{Left: l, Top: t, Width: w, Height: h}, size, annotate.Ratio))
}

func TestBetween(t *testing.T) {
	size := image.Pt(480, 640)
	for _, test := range []struct {
		name string
		a, b *annotate.Placement
		want measure.Move
	}{
		{
			"same, other resolution",
			place("0.1", "0.2", "0.3", "0.4", size), place("0.1", "0.2", "0.3", "0.4", image.Pt(100, 50)),
			measure.Move{Scale: 1, Overlap: 1},
		},
		{
			"right and down", place("0", "0", "0.5", "0.5", size), place("0.25", "0.5", "0.5", "0.5", size),
			measure.Move{X: 0.25, Y: 0.5, Scale: 1},
		},
		{
			"half over", place("0", "0", "0.5", "0.5", size), place("0.25", "0", "0.5", "0.5", size),
			measure.Move{X: 0.25, Scale: 1, Overlap: 1.0 / 3},
		},
		{
			"closer, beyond the frame",
			place("0.25", "0.25", "0.5", "0.5", size), place("-0.25", "-0.25", "1.5", "1.5", size),
			measure.Move{Scale: 3, Overlap: 1.0 / 9},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := measure.Between(test.a, test.b)
			if !ok || !near(got, test.want) {
				t.Errorf("got %+v, %t, want %+v", got, ok, test.want)
			}
		})
	}
	if _, ok := measure.Between(place("0", "0", "1", "1", size), new(annotate.Place(nil, size, ""))); ok {
		t.Error("a frame without a box was compared")
	}
	if _, ok := measure.Between(nil, place("0", "0", "1", "1", size)); ok {
		t.Error("no placement was compared")
	}
}

func near(a, b measure.Move) bool {
	const most = 1e-12
	return math.Abs(a.X-b.X) < most && math.Abs(a.Y-b.Y) < most &&
		math.Abs(a.Scale-b.Scale) < most && math.Abs(a.Overlap-b.Overlap) < most
}

func ExampleInside() {
	m := grey([]uint8{0, 10, 0}, []uint8{10, 255, 10}, []uint8{0, 10, 0})
	v, _ := measure.Inside(m, m.Rect)
	fmt.Printf("%v px, mean luma %.1f, %.0f %% shadows, %.0f %% highlights\n",
		v.Size, v.Mean, 100*v.Shadows, 100*v.Highlights)
	// Output: (3,3) px, mean luma 32.8, 44 % shadows, 11 % highlights
}

func ExampleBetween() {
	size := image.Pt(480, 640)
	far := place("0.4", "0.4", "0.2", "0.2", size)
	near := place("0.35", "0.3", "0.4", "0.4", size)
	m, _ := measure.Between(far, near)
	fmt.Printf("%.2f to the right, %.2f down, %.1f times as large, overlap %.2f\n", m.X, m.Y, m.Scale, m.Overlap)
	// Output: 0.05 to the right, 0.00 down, 2.0 times as large, overlap 0.25
}

func FuzzInside(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 0, 0, 3, 3)
	f.Fuzz(func(t *testing.T, pix []byte, w, x0, y0, x1, y1 int) {
		if w < 1 || len(pix) < w || len(pix) > 1<<12 {
			return
		}
		var rows [][]uint8
		for len(pix) >= w {
			rows, pix = append(rows, pix[:w]), pix[w:]
		}
		v, ok := measure.Inside(grey(rows...), image.Rect(x0, y0, x1, y1))
		switch {
		case !ok && v != measure.Values{}:
			t.Errorf("got %+v of nothing", v)
		case !ok:
		case v.Mean < 0 || v.Mean > 255 || v.Shadows < 0 || v.Shadows+v.Highlights > 1 || v.Sharpness < 0 ||
			v.Sharpness > 1020*1020 || v.Size.X > w || v.Size.Y > len(rows):
			t.Errorf("got %+v", v)
		}
	})
}

func BenchmarkInside(b *testing.B) {
	m := image.NewNRGBA(image.Rect(0, 0, 1280, 720))
	b.ReportAllocs()
	for b.Loop() {
		measure.Inside(m, image.Rect(400, 100, 800, 600))
	}
}
