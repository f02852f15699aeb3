package annotate

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/text"
)

// randomCase returns a frame of noise, from one pixel to a few hundred a side,
// and a box near it.
func randomCase(rnd *rand.Rand) (*decode.Frame, Placement, Style) {
	side := func() int { return 1 + rnd.IntN([...]int{4, 40, 140, 260}[rnd.IntN(4)]) }
	m := image.NewNRGBA(image.Rect(0, 0, side(), side()))
	for i := range m.Pix {
		m.Pix[i] = uint8(rnd.Uint32()) | 0xff*uint8(i%4/3)
	}
	number := func(low, high float64) decode.Number {
		return decode.Number(strconv.FormatFloat(low+rnd.Float64()*(high-low), 'f', 6, 64))
	}
	reach := [...]float64{0.2, 1, 3, 1e6}[rnd.IntN(4)]
	b := &decode.Box{
		Left: number(-reach, 1), Top: number(-reach, 1),
		Width: number(0, 1+reach), Height: number(0, 1+reach),
	}
	if rnd.IntN(20) == 0 {
		b.Width = "NaN"
	}
	f := &decode.Frame{Name: [...]string{"reference", "audit-0", "audit-写真-of-a-long-name"}[rnd.IntN(3)], Pixels: m}
	return f, Place(b, f.Size(), Ratio), Style{Canvas: [...]Canvas{Extend, FrameOnly}[rnd.IntN(2)]}
}

// ink returns all that is painted on the picture and the void, as rectangles
// that are no larger than need be, but for leaders.
func (pl *plan) ink(k look) []image.Rectangle {
	var ink []image.Rectangle
	for _, r := range pl.outline(k.brackets) {
		if !r.Empty() {
			ink = append(ink, r.Inset(-pl.casing))
		}
	}
	ink = append(ink, pl.taken()...)
	ink = append(ink, pl.label.rect, pl.words.rect)
	for _, m := range pl.marks {
		tip := m.side.beyond(pl.frame, middle(m.band), 0)
		head := pl.arrowhead() + pl.casing
		ink = append(ink, m.band, image.Rectangle{Min: tip, Max: tip}.Inset(-head))
	}
	if pl.leader[0] != pl.leader[1] {
		leader := image.Rectangle{Min: pl.leader[0], Max: pl.leader[1]}.Canon()
		ink = append(ink, leader.Inset(-2*pl.line-2*pl.casing))
	}
	return ink
}

func TestDrawRandom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		f, p, style := randomCase(rnd)
		got := Draw(f, p, style)
		pl := new(Painter).plan(f.Name, &p, f.Pixels.Rect, style.Canvas)
		grown := got.Rect != f.Pixels.Rect
		if got.Rect != pl.canvas || !f.Pixels.Rect.In(got.Rect) || (style.Canvas == FrameOnly && grown) {
			t.Fatalf("%+v: canvas %v of frame %v", p, got.Rect, f.Pixels.Rect)
		}
		// Paint the same over both, and they must be the same all over.
		want := image.NewRGBA(f.Pixels.Rect)
		copy(want.Pix, f.Pixels.Pix)
		picture, _ := got.SubImage(want.Rect).(*image.RGBA)
		for _, r := range pl.ink(lookOf(f.Name)) {
			fill(want, r, tagColor())
			fill(picture, r, tagColor())
		}
		for y := range want.Rect.Dy() {
			row := picture.Pix[picture.PixOffset(0, y):][:want.Stride]
			if !bytes.Equal(row, want.Pix[y*want.Stride:][:want.Stride]) {
				t.Fatalf("%+v in %s: pixels of row %d, under no mark, are not the frame's", p, style.Canvas, y)
			}
		}
		if !got.Opaque() {
			t.Fatalf("%+v: not opaque", p)
		}
	}
}

// TestLayout checks where words lie: in the canvas, clear of each other, and
// clear of the face wherever that can be.
func TestLayout(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	labelled, onFace, led, inStrip := 0, 0, 0, 0
	for range 1500 {
		f, p, style := randomCase(rnd)
		pl := new(Painter).plan(f.Name, &p, f.Pixels.Rect, style.Canvas)
		words := append(pl.taken(), pl.label.rect, pl.words.rect)
		for i, r := range words {
			if !r.In(pl.canvas) {
				t.Fatalf("%+v: words at %v, canvas %v", p, r, pl.canvas)
			}
			if meetsAny(r, words[i+1:]) {
				t.Fatalf("%+v: words overlap: %v", p, words)
			}
		}
		if pl.face.Empty() {
			continue
		}
		if !pl.words.rect.Empty() {
			inStrip++
		}
		if pl.leader[0] != pl.leader[1] {
			led++
		}
		if pl.label.rect.Empty() || pl.label.rect.Overlaps(pl.face) {
			onFace++
			mustHaveNoPlace(t, pl, f.Name, &p)
			continue
		}
		labelled++
	}
	if labelled < 100 || onFace < 50 || led < 10 || inStrip < 50 {
		t.Errorf("too few of a kind: %d beside, %d on the face or none, %d with a leader, %d in a strip",
			labelled, onFace, led, inStrip)
	}
}

// mustHaveNoPlace tries every place of every label.
func mustHaveNoPlace(t *testing.T, pl *plan, name string, p *Placement) {
	t.Helper()
	room := pl.canvas
	if pl.extends {
		room.Max.Y -= pl.words.rect.Dy()
	}
	keep := append(pl.taken(), pl.face)
	for _, lines := range labels(name, p) {
		size := pl.set.size(lines)
		for y := room.Min.Y; y+size.Y <= room.Max.Y; y++ {
			for x := room.Min.X; x+size.X <= room.Max.X; x++ {
				if r := rectAt(image.Pt(x, y), size); !meetsAny(r, keep) {
					t.Fatalf("%+v: label at %v, but %v is free for %q", *p, pl.label.rect, r, lines)
				}
			}
		}
	}
}

func TestSeat(t *testing.T) {
	room := image.Rect(0, 0, 100, 100)
	about := image.Rect(30, 30, 70, 70)
	size := image.Pt(20, 10)
	for _, tt := range []struct {
		name string
		keep []image.Rectangle
		want image.Rectangle
		ok   bool
	}{
		{"above, flush left", nil, image.Rect(30, 18, 50, 28), true},
		{"above, flush right", []image.Rectangle{image.Rect(30, 18, 31, 28)}, image.Rect(50, 18, 70, 28), true},
		{"below", []image.Rectangle{image.Rect(0, 0, 100, 30)}, image.Rect(30, 72, 50, 82), true},
		{
			"to the right",
			[]image.Rectangle{image.Rect(0, 0, 100, 30), image.Rect(0, 70, 100, 100)},
			image.Rect(72, 30, 92, 40), true,
		},
		{
			"in the last corner there is",
			[]image.Rectangle{image.Rect(0, 0, 100, 89), image.Rect(0, 0, 79, 100)},
			image.Rect(79, 89, 99, 99), true,
		},
		{"nowhere", []image.Rectangle{image.Rect(0, 5, 100, 95)}, image.Rectangle{}, false},
	} {
		got, ok := seatBeside(room, size, about, 2, append(tt.keep, about))
		if !ok {
			got, ok = seatAnywhere(room, size, about, append(tt.keep, about))
		}
		if got != tt.want || ok != tt.ok {
			t.Errorf("%s: got %v, %v, want %v, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

// Of the two colours of a line, one at least stands out from any grey, by the
// contrast that WCAG 2.2 asks of graphics (3:1); words by that asked of text.
func TestContrast(t *testing.T) {
	for _, frame := range []string{"reference", "audit-0"} {
		for v := range 256 {
			ground := color.Gray{Y: uint8(v)}
			core, casing := text.Contrast(ground, lookOf(frame).core), text.Contrast(ground, casingColor())
			if max(core, casing) < 3 {
				t.Errorf("%s on grey %d: line %.2f, casing %.2f, want 3", frame, v, core, casing)
			}
		}
		if got := text.Contrast(lookOf(frame).core, casingColor()); got < 3 {
			t.Errorf("%s: line on its casing %.2f, want 3", frame, got)
		}
	}
	for _, ground := range []color.Color{labelColor(), tagColor()} {
		if got := text.Contrast(ground, text.On(ground)); got < 4.5 {
			t.Errorf("words on %v: %.2f, want 4.5", ground, got)
		}
	}
}

func TestWords(t *testing.T) {
	frame := image.Pt(480, 640)
	for _, tt := range []struct{ got, want string }{
		{shareWords(0.924999), "92.4 %"},
		{shareWords(0.999999), "99.9 %"},
		{shareWords(1), "100.0 %"},
		{shareWords(0.1), "10.0 %"},
		{shareWords(0.001), "0.1 %"},
		{shareWords(0.000999), "under 0.1 %"},
		{tags(left, 34, frame)[0][0], "34 px beyond left (7.1 %)"},
		{tags(bottom, 64, frame)[0][0], "64 px beyond bottom (10.0 %)"},
		{tags(top, 1, image.Pt(1, 8000))[0][0], "1 px beyond top (under 0.1 %)"},
		{tags(right, 1_000_000_000, frame)[0][0], "1000000000 px beyond right (208333333 %)"},
		{notice("audit-0", &Placement{State: Absent}), "audit-0: no box in the result"},
		{
			notice("audit-0", &Placement{State: Invalid, Reason: "width is NaN"}),
			"audit-0: box is not usable: width is NaN",
		},
		{notice("audit-0", &Placement{State: Empty}), "audit-0: box covers no whole pixel of the frame"},
		{
			notice("audit-0", &Placement{State: Outside, Frame: frame, Pixels: image.Rect(600, -90, 700, -30)}),
			"audit-0: box lies outside the frame: 120 px to the right, 30 px above",
		},
		{
			notice("audit-0", &Placement{State: Outside, Frame: frame, Pixels: image.Rect(-90, 640, 10, 700)}),
			"audit-0: box lies outside the frame: directly below",
		},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// Marks grow with the picture: thin on a small one, seen on a large one.
func TestMetrics(t *testing.T) {
	for _, tt := range []struct {
		frame    image.Point
		line, em int
	}{
		{image.Pt(1, 1), 1, 11},
		{image.Pt(320, 240), 1, 11},
		{image.Pt(480, 640), 2, 13},
		{image.Pt(1920, 1080), 5, 34},
		{image.Pt(3840, 2160), 10, 68},
	} {
		if m := metricsOf(tt.frame); m.line != tt.line || m.em != tt.em {
			t.Errorf("%v: line %d, em %d, want %d, %d", tt.frame, m.line, m.em, tt.line, tt.em)
		}
	}
}
