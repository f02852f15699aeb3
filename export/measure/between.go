package measure

import (
	"math"
	"math/big"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/rational"
)

// A Move says how a box moved from one frame to another, each measured in its
// own frame, so that frames of different sizes can be compared.
type Move struct {
	// X and Y are how far the middle of the box went to the right and down, in
	// shares of the frame's width and height.
	X, Y float64
	// Scale is the size of the later box over that of the earlier: the square
	// root of the ratio of their shares of the frame's area.
	Scale float64
	// Overlap is the area that both boxes cover over the area that either does,
	// 0 to 1 (intersection over union, the Jaccard index).
	Overlap float64
}

// Between compares the boxes of two frames; it returns false where either has
// none that could be placed. It takes their exact edges, beyond the frame too.
func Between(a, b *annotate.Placement) (Move, bool) {
	p, ok := sharesOf(a)
	if !ok {
		return Move{}, false
	}
	q, ok := sharesOf(b)
	if !ok {
		return Move{}, false
	}
	half := big.NewRat(1, 2)
	m := Move{
		X: float(times(minus(plus(q.left, q.right), plus(p.left, p.right)), half)),
		Y: float(times(minus(plus(q.top, q.bottom), plus(p.top, p.bottom)), half)),
	}
	m.Scale = math.Sqrt(float(new(big.Rat).Quo(q.area(), p.area())))
	both := p.and(q).area()
	m.Overlap = float(new(big.Rat).Quo(both, minus(plus(p.area(), q.area()), both)))
	return m, true
}

// shares are the edges of a box in shares of its frame.
type shares struct{ left, top, right, bottom *big.Rat }

func sharesOf(p *annotate.Placement) (shares, bool) {
	if p == nil || p.State == annotate.Absent || p.State == annotate.Invalid {
		return shares{}, false
	}
	var s shares
	for _, e := range []struct {
		of   decode.Number
		side int
		to   **big.Rat
	}{
		{p.Exact.Left, p.Frame.X, &s.left},
		{p.Exact.Top, p.Frame.Y, &s.top},
		{p.Exact.Right, p.Frame.X, &s.right},
		{p.Exact.Bottom, p.Frame.Y, &s.bottom},
	} {
		r, err := e.of.Rat()
		if err != nil || e.side <= 0 {
			return shares{}, false
		}
		*e.to = r.Quo(r, big.NewRat(int64(e.side), 1))
	}
	return s, s.area().Sign() > 0
}

// area is zero where a side is not above zero.
func (s shares) area() *big.Rat {
	w, h := minus(s.right, s.left), minus(s.bottom, s.top)
	if w.Sign() <= 0 || h.Sign() <= 0 {
		return new(big.Rat)
	}
	return times(w, h)
}

// and returns what lies in both.
func (s shares) and(t shares) shares {
	return shares{
		left: rational.Larger(s.left, t.left), top: rational.Larger(s.top, t.top),
		right: rational.Smaller(s.right, t.right), bottom: rational.Smaller(s.bottom, t.bottom),
	}
}

func plus(a, b *big.Rat) *big.Rat  { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

func float(r *big.Rat) float64 {
	v, _ := r.Float64()
	return v
}
