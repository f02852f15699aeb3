package annotate

import (
	"errors"
	"fmt"
	"image"
	"math/big"

	"github.com/lvtool/lvtool/decode"
)

// maxEdge is the farthest, in pixels, that an edge may lie from the frame's
// origin: far beyond any picture, and such that no difference of two edges
// overflows an int of 32 bits.
const maxEdge = 1_000_000_000

// Place returns where box lies in a frame of the given size. It never fails:
// the State says what there is, and the Reason what is wrong with a box that
// is none.
//
// The four edges are computed exactly from the digits of the source, and each
// is rounded half away from zero: 0.285 of 100 pixels is 28.5 and becomes 29,
// where a product of floats gives 28; -0.5 becomes -1. A nil box is Absent. A
// box is Invalid where a member is missing or not a finite decimal number, its
// width or height is not above zero, or an edge lies more than a billion
// pixels away; so is every box of a frame whose width or height is zero, for
// there is nothing to place it in. The unit "" means [Auto].
func Place(box *decode.Box, size image.Point, unit Unit) Placement {
	if box == nil {
		return Placement{State: Absent, Frame: size}
	}
	p, err := place(box, size, unit)
	if err != nil {
		return Placement{State: Invalid, Reason: err.Error(), Frame: size}
	}
	return p
}

func place(box *decode.Box, size image.Point, unit Unit) (Placement, error) {
	m, err := parse(box)
	if err != nil {
		return Placement{}, err
	}
	if size.X <= 0 || size.Y <= 0 {
		return Placement{}, fmt.Errorf("frame of %d × %d pixels has no room for a box", size.X, size.Y)
	}
	unit, err = m.unit(unit)
	if err != nil {
		return Placement{}, err
	}
	b := m.bounds(unit, size)
	pixels, err := b.round()
	if err != nil {
		return Placement{}, err
	}
	exact, err := b.edges()
	if err != nil {
		return Placement{}, err
	}
	p := Placement{
		Frame:     size,
		Unit:      unit,
		Exact:     exact,
		Pixels:    pixels,
		Clipped:   pixels.Intersect(image.Rectangle{Max: size}),
		Visible:   b.visible(size),
		Overshoot: overshoot(pixels, size),
	}
	p.State = p.state(b, size)
	return p, nil
}

func (p *Placement) state(b bounds, size image.Point) State {
	switch {
	case b.within(size).empty():
		return Outside
	case p.Clipped.Empty():
		return Empty
	case p.Overshoot != Overshoot{}:
		return Clipped
	}
	return Inside
}

func overshoot(r image.Rectangle, size image.Point) Overshoot {
	return Overshoot{
		Left:   max(0, -r.Min.X),
		Top:    max(0, -r.Min.Y),
		Right:  max(0, r.Max.X-size.X),
		Bottom: max(0, r.Max.Y-size.Y),
	}
}

// members are the numbers of a box.
type members struct{ left, top, width, height *big.Rat }

// parse reads the numbers of a box. Its error names the first member that
// cannot be used.
func parse(box *decode.Box) (members, error) {
	var m members
	for _, member := range []struct {
		name string
		from decode.Number
		to   **big.Rat
	}{
		{"left", box.Left, &m.left},
		{"top", box.Top, &m.top},
		{"width", box.Width, &m.width},
		{"height", box.Height, &m.height},
	} {
		r, err := finite(member.from)
		if err != nil {
			return members{}, fmt.Errorf("%s %w", member.name, err)
		}
		*member.to = r
	}
	for _, side := range []struct {
		name string
		size *big.Rat
	}{{"width", m.width}, {"height", m.height}} {
		switch side.size.Sign() {
		case 0:
			return members{}, fmt.Errorf("%s is zero", side.name)
		case -1:
			return members{}, fmt.Errorf("%s is negative", side.name)
		}
	}
	return m, nil
}

func finite(n decode.Number) (*big.Rat, error) {
	switch n {
	case "":
		return nil, errors.New("is missing")
	case "NaN", "Infinity", "-Infinity":
		return nil, fmt.Errorf("is %s", string(n))
	}
	r, err := n.Rat()
	if err != nil {
		return nil, fmt.Errorf("is not a usable number: %+.40q", string(n))
	}
	return r, nil
}

// unit returns the unit of m where the caller asks for u.
func (m members) unit(u Unit) (Unit, error) {
	switch u {
	case Ratio, Pixel:
		return u, nil
	case Auto, "":
		two := big.NewRat(2, 1)
		if m.width.Cmp(two) > 0 || m.height.Cmp(two) > 0 {
			return Pixel, nil
		}
		return Ratio, nil
	}
	return "", fmt.Errorf("unit is unknown: %+.40q", string(u))
}

// bounds returns the edges of m, in pixels of a frame.
func (m members) bounds(u Unit, frame image.Point) bounds {
	b := bounds{
		left:   m.left,
		top:    m.top,
		right:  new(big.Rat).Add(m.left, m.width),
		bottom: new(big.Rat).Add(m.top, m.height),
	}
	if u == Pixel {
		return b
	}
	w, h := whole(frame.X), whole(frame.Y)
	return bounds{
		left:   new(big.Rat).Mul(b.left, w),
		top:    new(big.Rat).Mul(b.top, h),
		right:  new(big.Rat).Mul(b.right, w),
		bottom: new(big.Rat).Mul(b.bottom, h),
	}
}

func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }
