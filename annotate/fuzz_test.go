package annotate_test

import (
	"image"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// FuzzPlace checks what holds of every placement.
func FuzzPlace(f *testing.F) {
	f.Add("0.28", "0.1178846", "0.4399999976158142", "0.4442307651042938", 480, 640, "")
	f.Add("-0.0700000003", "0.9", "1.2", "0.2", 480, 640, "auto")
	f.Add("218.52", "1e2", "113.7", "283.93", 640, 480, "pixel")
	f.Add("NaN", "", "1e1000000000", "-0", 0, -1, "ratio")
	f.Add("0.995", "0.995", "0.001", "1e-300", 100, 100, "ratio")
	f.Fuzz(func(t *testing.T, left, top, width, height string, w, h int, unit string) {
		b := box(decode.Number(left), decode.Number(top), decode.Number(width), decode.Number(height))
		size := image.Pt(w, h)
		checkPlacement(t, annotate.Place(b, size, annotate.Unit(unit)), size)
	})
}

func checkPlacement(t *testing.T, p annotate.Placement, size image.Point) {
	t.Helper()
	if p.State == annotate.Invalid {
		if want := (annotate.Placement{State: annotate.Invalid, Reason: p.Reason, Frame: size}); p != want {
			t.Errorf("an invalid box has more than a reason: %+v", p)
		}
		if p.Reason == "" || len(p.Reason) > 500 {
			t.Errorf("reason %q", p.Reason)
		}
		return
	}
	frame := image.Rectangle{Max: size}
	crossed := p.Overshoot != annotate.Overshoot{}
	whole := !p.Clipped.Empty()
	holds := map[annotate.State]bool{
		annotate.Inside:  p.Pixels.In(frame) && p.Clipped == p.Pixels && whole && !crossed,
		annotate.Clipped: crossed && whole && p.Visible < 1,
		annotate.Outside: p.Visible == 0 && !whole,
		annotate.Empty:   !whole,
	}
	if !holds[p.State] {
		t.Errorf("state does not fit: %+v", p)
	}
	if !p.Clipped.In(frame) || !p.Clipped.In(p.Pixels) {
		t.Errorf("clipped is not inside of frame and box: %+v", p)
	}
	if p.Pixels.Min.X > p.Pixels.Max.X || p.Pixels.Min.Y > p.Pixels.Max.Y || p.Visible < 0 || p.Visible > 1 {
		t.Errorf("impossible: %+v", p)
	}
	for _, n := range []decode.Number{p.Exact.Left, p.Exact.Top, p.Exact.Right, p.Exact.Bottom} {
		if _, err := n.Rat(); err != nil {
			t.Errorf("edge %q: %v", n, err)
		}
	}
}
