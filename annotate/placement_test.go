package annotate_test

import (
	"fmt"
	"image"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

func box(left, top, width, height decode.Number) *decode.Box {
	return &decode.Box{Left: left, Top: top, Width: width, Height: height}
}

// The rows are bugs that tools nearby have, and the edges of every state.
func TestPlace(t *testing.T) {
	hundred := image.Pt(100, 100)
	vga := image.Pt(480, 640)
	for _, tt := range []struct {
		name  string
		box   *decode.Box
		frame image.Point
		want  annotate.Placement
	}{
		{"no box", nil, vga, annotate.Placement{State: annotate.Absent}},
		{
			"the digits are what counts: 0.285 as a float, times 100, is below 28.5",
			box("0.285", "0.1", "0.5", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Inside, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "28.5", Top: "10", Right: "78.5", Bottom: "60"},
				Pixels: image.Rect(29, 10, 79, 60), Clipped: image.Rect(29, 10, 79, 60), Visible: 1,
			},
		},
		{
			"negative halves round away from zero, and the width stays what it is: truncating would give 0",
			box("-0.005", "-0.006", "0.5", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Clipped, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "-0.5", Top: "-0.6", Right: "49.5", Bottom: "49.4"},
				Pixels: image.Rect(-1, -1, 50, 49), Clipped: image.Rect(0, 0, 50, 49), Visible: 0.978120,
				Overshoot: annotate.Overshoot{Left: 1, Top: 1},
			},
		},
		{
			"left is not clamped with the width kept: the right edge is at 0.4, not 0.5 (sharp #1444)",
			box("-0.1", "0.1", "0.5", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Clipped, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "-10", Top: "10", Right: "40", Bottom: "60"},
				Pixels: image.Rect(-10, 10, 40, 60), Clipped: image.Rect(0, 10, 40, 60), Visible: 0.8,
				Overshoot: annotate.Overshoot{Left: 10},
			},
		},
		{
			"edges are rounded, not position and size: 0.4 + 50.4 is 50.8, not 0 + 50",
			box("0.004", "0.004", "0.504", "0.504"), hundred,
			annotate.Placement{
				State: annotate.Inside, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "0.4", Top: "0.4", Right: "50.8", Bottom: "50.8"},
				Pixels: image.Rect(0, 0, 51, 51), Clipped: image.Rect(0, 0, 51, 51), Visible: 1,
			},
		},
		{
			"as the service writes it: float32 digits, beyond the top",
			box("0.2750000059604645", "-0.08716346323490143", "0.44999998807907104", "0.45432692766189575"), vga,
			annotate.Placement{
				State: annotate.Clipped, Unit: annotate.Ratio,
				Exact: annotate.Edges{
					Left: "132.00000286102296", Top: "-55.7846164703369152",
					Right: "347.9999971389770592", Bottom: "234.9846172332763648",
				},
				Pixels: image.Rect(132, -56, 348, 235), Clipped: image.Rect(132, 0, 348, 235), Visible: 0.808148,
				Overshoot: annotate.Overshoot{Top: 56},
			},
		},
		{
			"the whole frame",
			box("0", "0", "1", "1"), vga,
			annotate.Placement{
				State: annotate.Inside, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "0", Top: "0", Right: "480", Bottom: "640"},
				Pixels: image.Rect(0, 0, 480, 640), Clipped: image.Rect(0, 0, 480, 640), Visible: 1,
			},
		},
		{
			"less than half a pixel beyond counts as inside, though not all is visible",
			box("-0.004", "0", "1.008", "1.0"), hundred,
			annotate.Placement{
				State: annotate.Inside, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "-0.4", Top: "0", Right: "100.4", Bottom: "100"},
				Pixels: image.Rect(0, 0, 100, 100), Clipped: image.Rect(0, 0, 100, 100), Visible: 0.992063,
			},
		},
		{
			"twice the frame, exponents, signs of zero",
			box("-5e-1", "-0.0", "2E0", "1.0e+0"), hundred,
			annotate.Placement{
				State: annotate.Clipped, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "-50", Top: "0", Right: "150", Bottom: "100"},
				Pixels: image.Rect(-50, 0, 150, 100), Clipped: image.Rect(0, 0, 100, 100), Visible: 0.5,
				Overshoot: annotate.Overshoot{Left: 50, Right: 50},
			},
		},
		{
			"touching the right edge is outside",
			box("1", "0.25", "0.5", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Outside, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "100", Top: "25", Right: "150", Bottom: "75"},
				Pixels: image.Rect(100, 25, 150, 75), Overshoot: annotate.Overshoot{Right: 50},
			},
		},
		{
			"touching the top edge is outside",
			box("0.2", "-0.5", "0.5", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Outside, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "20", Top: "-50", Right: "70", Bottom: "0"},
				Pixels: image.Rect(20, -50, 70, 0), Overshoot: annotate.Overshoot{Top: 50},
			},
		},
		{
			"meets the frame by less than half a pixel",
			box("0.996", "0.25", "0.1", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Empty, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "99.6", Top: "25", Right: "109.6", Bottom: "75"},
				Pixels: image.Rect(100, 25, 110, 75), Visible: 0.04, Overshoot: annotate.Overshoot{Right: 10},
			},
		},
		{
			"thinner than a pixel",
			box("0.501", "0.25", "0.003", "0.5"), hundred,
			annotate.Placement{
				State: annotate.Empty, Unit: annotate.Ratio,
				Exact:  annotate.Edges{Left: "50.1", Top: "25", Right: "50.4", Bottom: "75"},
				Pixels: image.Rect(50, 25, 50, 75), Visible: 1,
			},
		},
		{
			"pixels, as one vendor writes them",
			box("218.5244140625", "203.1", "213.1", "283.93"), vga,
			annotate.Placement{
				State: annotate.Inside, Unit: annotate.Pixel,
				Exact:  annotate.Edges{Left: "218.5244140625", Top: "203.1", Right: "431.6244140625", Bottom: "487.03"},
				Pixels: image.Rect(219, 203, 432, 487), Clipped: image.Rect(219, 203, 432, 487), Visible: 1,
			},
		},
		{
			"one side above 2 is enough for pixels",
			box("0", "0", "2.0000001", "1"), hundred,
			annotate.Placement{
				State: annotate.Inside, Unit: annotate.Pixel,
				Exact:  annotate.Edges{Left: "0", Top: "0", Right: "2.0000001", Bottom: "1"},
				Pixels: image.Rect(0, 0, 2, 1), Clipped: image.Rect(0, 0, 2, 1), Visible: 1,
			},
		},
		{
			"as far as an edge may go",
			box("-10000000", "0", "20000000", "0.000000000001"), hundred,
			annotate.Placement{
				State: annotate.Empty, Unit: annotate.Pixel,
				Exact:  annotate.Edges{Left: "-10000000", Top: "0", Right: "10000000", Bottom: "0.000000000001"},
				Pixels: image.Rect(-10000000, 0, 10000000, 0), Visible: 0.000005,
				Overshoot: annotate.Overshoot{Left: 10000000, Right: 9999900},
			},
		},
	} {
		tt.want.Frame = tt.frame
		if got := annotate.Place(tt.box, tt.frame, annotate.Auto); got != tt.want {
			t.Errorf("%s:\n got %+v\nwant %+v", tt.name, got, tt.want)
		}
	}
}

// image.Rect would swap the corners of a box of negative size.
func TestPlaceInvalid(t *testing.T) {
	for _, tt := range []struct {
		box   *decode.Box
		frame image.Point
		unit  annotate.Unit
		want  string
	}{
		{box("", "0", "1", "1"), image.Pt(9, 9), "", "left is missing"},
		{box("0", "", "1", "1"), image.Pt(9, 9), "", "top is missing"},
		{box("0", "0", "", "1"), image.Pt(9, 9), "", "width is missing"},
		{box("0", "0", "1", ""), image.Pt(9, 9), "", "height is missing"},
		{box("0", "0", "NaN", "1"), image.Pt(9, 9), "", "width is NaN"},
		{box("-Infinity", "0", "1", "1"), image.Pt(9, 9), "", "left is -Infinity"},
		{box("0", "0", "0", "1"), image.Pt(9, 9), "", "width is zero"},
		{box("0", "0", "1", "-0.0"), image.Pt(9, 9), "", "height is zero"},
		{box("0.5", "0.5", "-0.2", "0.2"), image.Pt(9, 9), "", "width is negative"},
		{box("0.5", "0.5", "0.2", "-1e-9"), image.Pt(9, 9), "", "height is negative"},
		{box("0", "0", "1e1000000000", "1"), image.Pt(9, 9), "", `width is not a usable number: "1e1000000000"`},
		{box("1/3", "0", "1", "1"), image.Pt(9, 9), "", `left is not a usable number: "1/3"`},
		{box("\x1b[2J写", "0", "1", "1"), image.Pt(9, 9), "", `left is not a usable number: "\x1b[2J\u5199"`},
		{box("0", "0", "1000000001", "1"), image.Pt(9, 9), "", "right edge is more than 1000000000 pixels away"},
		{box("0", "-1e300", "1", "1"), image.Pt(9, 9), "", "top edge is more than 1000000000 pixels away"},
		{box("-111111112", "0", "1", "1"), image.Pt(9, 9), "", "left edge is more than 1000000000 pixels away"},
		{
			box("0", decode.Number("0."+strings.Repeat("3", 390)+"e-390"), "1", "1"), image.Pt(9, 9), "",
			"edges have too many digits",
		},
		{box("0", "0", "1", "1"), image.Pt(0, 9), "", "frame of 0 × 9 pixels has no room for a box"},
		{box("0", "0", "1", "1"), image.Pt(9, 9), "furlong", `unit is unknown: "furlong"`},
	} {
		want := annotate.Placement{State: annotate.Invalid, Reason: tt.want, Frame: tt.frame}
		if got := annotate.Place(tt.box, tt.frame, tt.unit); got != want {
			t.Errorf("%+v:\n got %+v\nwant %+v", *tt.box, got, want)
		}
	}
}

// The unit that is asked for wins over the guess.
func TestPlaceUnit(t *testing.T) {
	b := box("0", "0", "1.5", "1.5")
	if got := annotate.Place(b, image.Pt(100, 100), annotate.Pixel).Pixels; got != image.Rect(0, 0, 2, 2) {
		t.Errorf("pixels: got %v, want (0,0)-(2,2)", got)
	}
	b = box("0", "0", "3", "3")
	if got := annotate.Place(b, image.Pt(100, 100), annotate.Ratio).Pixels; got != image.Rect(0, 0, 300, 300) {
		t.Errorf("ratios: got %v, want (0,0)-(300,300)", got)
	}
}

// TestPlaceExact compares 12,000 boxes with an oracle that shares nothing with
// Place: whole numbers scaled by a power of ten, in place of fractions.
func TestPlaceExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	states := map[annotate.State]int{}
	for range 12_000 {
		b, size := randomBox(rnd)
		got := annotate.Place(b, size, annotate.Auto)
		if want := oracle(b, size); got != want {
			t.Fatalf("%+v in %v:\n got %+v\nwant %+v", *b, size, got, want)
		}
		states[got.State]++
	}
	for _, s := range []annotate.State{annotate.Inside, annotate.Clipped, annotate.Outside, annotate.Empty} {
		if states[s] < 100 {
			t.Errorf("only %d boxes were %s", states[s], s)
		}
	}
}

// randomBox returns a box as it may come: the digits of float32 values, halves
// of pixels, few digits, edges at 0 and 1, exponents, pixels.
func randomBox(rnd *rand.Rand) (*decode.Box, image.Point) {
	size := [...]image.Point{{480, 640}, {640, 480}, {100, 100}, {1, 1}, {7, 13}, {1920, 1080}, {320, 240}}[rnd.IntN(7)]
	kind := rnd.IntN(6)
	number := func(v float64, side int) decode.Number {
		switch kind {
		case 0: // a float32, printed as the float64 that it equals
			return decode.Number(strconv.FormatFloat(float64(float32(v)), 'f', -1, 64))
		case 1: // k halves of a pixel, where they can be written
			return decode.Number(strconv.FormatFloat(float64(int(v*100))/200, 'f', -1, 64))
		case 2:
			return decode.Number(strconv.FormatFloat(v, 'f', 2, 64))
		case 3:
			return decode.Number(strconv.FormatFloat(float64(int(v*2)), 'f', 0, 64))
		case 4:
			return decode.Number(strconv.FormatFloat(v/50, 'e', rnd.IntN(20), 64))
		}
		return decode.Number(strconv.FormatFloat(v*float64(side), 'f', 3, 64))
	}
	w, h := 0.001+rnd.Float64(), 0.001+rnd.Float64()
	x, y := rnd.Float64()*3-1.5, rnd.Float64()*3-1.5
	b := box(number(x, size.X), number(y, size.Y), number(w, size.X), number(h, size.Y))
	switch rnd.IntN(12) { // edges at 0 and at 1
	case 0:
		b.Left = "0"
	case 1:
		b.Top, b.Height = "-0", "1"
	case 2:
		b.Left, b.Width = "0.5", "0.5"
	case 3:
		b.Top = "1"
	}
	return b, size
}

func BenchmarkPlace(b *testing.B) {
	bx := box("0.2750000059604645", "-0.08716346323490143", "0.44999998807907104", "0.45432692766189575")
	b.ReportAllocs()
	for b.Loop() {
		annotate.Place(bx, image.Pt(480, 640), annotate.Auto)
	}
}

func ExamplePlace() {
	box := &decode.Box{Left: "-0.07", Top: "0.285", Width: "0.42", Height: "0.4"}
	p := annotate.Place(box, image.Pt(100, 100), annotate.Auto)
	fmt.Println(p.State, p.Exact, p.Pixels, p.Clipped)
	fmt.Println(p.Visible, "visible,", p.Overshoot.Left, "pixels beyond the left edge")
	// Output:
	// clipped {-7 28.5 35 68.5} (-7,29)-(35,69) (0,29)-(35,69)
	// 0.833333 visible, 7 pixels beyond the left edge
}
