package annotate

import (
	"errors"
	"fmt"
	"image"
	"math/big"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/rational"
)

// maxDigits is how long an exact edge may be, for a [decode.Number] may not be
// longer.
const maxDigits = 400

// bounds are the edges of a box in pixels of its frame, exact. No method
// changes the numbers.
type bounds struct{ left, top, right, bottom *big.Rat }

// exact reads the edges of a placement back.
func (e Edges) exact() (bounds, error) {
	var b bounds
	var err error
	for _, edge := range []struct {
		from decode.Number
		to   **big.Rat
	}{{e.Left, &b.left}, {e.Top, &b.top}, {e.Right, &b.right}, {e.Bottom, &b.bottom}} {
		if *edge.to, err = edge.from.Rat(); err != nil {
			return bounds{}, err
		}
	}
	return b, nil
}

// edges writes b in decimal. It fails where that takes more digits than a
// [decode.Number] may have.
func (b bounds) edges() (Edges, error) {
	e := Edges{
		Left:   decimal(b.left),
		Top:    decimal(b.top),
		Right:  decimal(b.right),
		Bottom: decimal(b.bottom),
	}
	for _, n := range []decode.Number{e.Left, e.Top, e.Right, e.Bottom} {
		if len(n) > maxDigits {
			return Edges{}, errors.New("edges have too many digits")
		}
	}
	return e, nil
}

// decimal writes r without exponent and without trailing zeros. Every product
// and sum of decimal numbers is one, so nothing is lost.
func decimal(r *big.Rat) decode.Number {
	digits, _ := r.FloatPrec()
	return decode.Number(r.FloatString(digits))
}

// round returns b with every edge rounded half away from zero. It fails where
// an edge lies beyond maxEdge.
func (b bounds) round() (image.Rectangle, error) {
	var r image.Rectangle
	for _, edge := range []struct {
		name string
		from *big.Rat
		to   *int
	}{
		{"left", b.left, &r.Min.X},
		{"top", b.top, &r.Min.Y},
		{"right", b.right, &r.Max.X},
		{"bottom", b.bottom, &r.Max.Y},
	} {
		n := roundHalfAway(edge.from)
		if n.CmpAbs(big.NewInt(maxEdge)) > 0 {
			return image.Rectangle{}, fmt.Errorf("%s edge is more than %d pixels away", edge.name, maxEdge)
		}
		*edge.to = int(n.Int64())
	}
	return r, nil
}

// roundHalfAway returns the whole number nearest to r, and of two the one
// farther from zero: the whole part of (2 |r| + 1) / 2, with r's sign.
func roundHalfAway(r *big.Rat) *big.Int {
	n := new(big.Int).Abs(r.Num())
	n.Lsh(n, 1).Add(n, r.Denom())
	n.Quo(n, new(big.Int).Lsh(r.Denom(), 1))
	if r.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

// near returns b with no edge beyond maxEdge.
func (b bounds) near() bounds {
	low, high := whole(-maxEdge), whole(maxEdge)
	limit := func(r *big.Rat) *big.Rat { return rational.Larger(low, rational.Smaller(high, r)) }
	return bounds{limit(b.left), limit(b.top), limit(b.right), limit(b.bottom)}
}

// padded returns b with each edge moved outwards by a share of b's width or
// height.
func (b bounds) padded(share *big.Rat) bounds {
	return b.widened(new(big.Rat).Mul(b.width(), share), new(big.Rat).Mul(b.height(), share))
}

// grown returns the smallest bounds about b, with the same middle, whose width
// is aspect times their height.
func (b bounds) grown(aspect *big.Rat) bounds {
	half := big.NewRat(1, 2)
	wide := new(big.Rat).Mul(b.height(), aspect)
	if more := wide.Sub(wide, b.width()); more.Sign() >= 0 {
		return b.widened(more.Mul(more, half), new(big.Rat))
	}
	high := new(big.Rat).Quo(b.width(), aspect)
	more := high.Sub(high, b.height())
	return b.widened(new(big.Rat), more.Mul(more, half))
}

// widened returns b with dx more on the left and right, and dy more at the top
// and bottom.
func (b bounds) widened(dx, dy *big.Rat) bounds {
	return bounds{
		left:   new(big.Rat).Sub(b.left, dx),
		top:    new(big.Rat).Sub(b.top, dy),
		right:  new(big.Rat).Add(b.right, dx),
		bottom: new(big.Rat).Add(b.bottom, dy),
	}
}

// within returns the part of b that lies in a frame. It is empty, and its
// edges mean nothing, where there is none.
func (b bounds) within(frame image.Point) bounds {
	zero := new(big.Rat)
	return bounds{
		left:   rational.Larger(b.left, zero),
		top:    rational.Larger(b.top, zero),
		right:  rational.Smaller(b.right, whole(frame.X)),
		bottom: rational.Smaller(b.bottom, whole(frame.Y)),
	}
}

func (b bounds) empty() bool { return b.left.Cmp(b.right) >= 0 || b.top.Cmp(b.bottom) >= 0 }

func (b bounds) width() *big.Rat  { return new(big.Rat).Sub(b.right, b.left) }
func (b bounds) height() *big.Rat { return new(big.Rat).Sub(b.bottom, b.top) }
func (b bounds) area() *big.Rat   { return new(big.Rat).Mul(b.width(), b.height()) }

// visible returns the share of b's area that lies in a frame, cut to six
// decimals.
func (b bounds) visible(frame image.Point) float64 {
	in := b.within(frame)
	if in.empty() {
		return 0
	}
	share := in.area()
	share.Quo(share, b.area())
	share.Mul(share, big.NewRat(millionths, 1))
	n := new(big.Int).Quo(share.Num(), share.Denom())
	return float64(n.Int64()) / millionths
}

const millionths = 1_000_000
