package annotate_test

import (
	"image"
	"math/big"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// places is how many decimal places the oracle's numbers have.
const places = 60

// scaled returns n times 10^places, which must be whole, by moving its point.
func scaled(n decode.Number) *big.Int {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(string(n)), "e")
	shift := places
	if exponent != "" {
		e, err := strconv.Atoi(exponent)
		if err != nil {
			panic(err)
		}
		shift += e
	}
	ones, fraction, _ := strings.Cut(mantissa, ".")
	zeros := shift - len(fraction)
	if zeros < 0 {
		panic("oracle: more digits than it has places: " + n)
	}
	v, ok := new(big.Int).SetString(ones+fraction+strings.Repeat("0", zeros), 10)
	if !ok {
		panic("oracle: no number: " + n)
	}
	return v
}

// unscaled writes v / 10^places in decimal, by placing the point.
func unscaled(v *big.Int) decode.Number {
	digits := new(big.Int).Abs(v).String()
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - places
	s := strings.TrimSuffix(strings.TrimRight(digits[:point]+"."+digits[point:], "0"), ".")
	if v.Sign() < 0 {
		s = "-" + s
	}
	return decode.Number(s)
}

// nearest rounds v / 10^places: it cuts, then looks at what was cut.
func nearest(v *big.Int) int {
	one := new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil)
	q, rest := new(big.Int).QuoRem(v, one, new(big.Int))
	rest.Abs(rest).Mul(rest, big.NewInt(2))
	if rest.Cmp(one) >= 0 {
		return int(q.Int64()) + v.Sign()
	}
	return int(q.Int64())
}

func clamp(v *big.Int, most int) *big.Int {
	one := new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil)
	if v.Sign() < 0 {
		return new(big.Int)
	}
	if limit := one.Mul(one, big.NewInt(int64(most))); v.Cmp(limit) > 0 {
		return limit
	}
	return v
}

// oracle is Place for boxes of usable numbers and positive size, in Auto.
func oracle(b *decode.Box, size image.Point) annotate.Placement {
	l, t, w, h := scaled(b.Left), scaled(b.Top), scaled(b.Width), scaled(b.Height)
	if w.Sign() <= 0 || h.Sign() <= 0 {
		return annotate.Place(b, size, annotate.Auto) // the table has these
	}
	r, m := new(big.Int).Add(l, w), new(big.Int).Add(t, h)
	p := annotate.Placement{Frame: size, Unit: annotate.Pixel}
	two := scaled("2")
	if w.Cmp(two) <= 0 && h.Cmp(two) <= 0 {
		p.Unit = annotate.Ratio
		for _, x := range []*big.Int{l, r} {
			x.Mul(x, big.NewInt(int64(size.X)))
		}
		for _, y := range []*big.Int{t, m} {
			y.Mul(y, big.NewInt(int64(size.Y)))
		}
	}
	p.Exact = annotate.Edges{Left: unscaled(l), Top: unscaled(t), Right: unscaled(r), Bottom: unscaled(m)}
	p.Pixels = image.Rectangle{Min: image.Pt(nearest(l), nearest(t)), Max: image.Pt(nearest(r), nearest(m))}

	// What is visible, counted in steps of 10^-places pixels.
	inW := new(big.Int).Sub(clamp(r, size.X), clamp(l, size.X))
	inH := new(big.Int).Sub(clamp(m, size.Y), clamp(t, size.Y))
	part := new(big.Int).Mul(inW, inH)
	all := new(big.Int).Mul(new(big.Int).Sub(r, l), new(big.Int).Sub(m, t))
	share := new(big.Int).Div(new(big.Int).Mul(part, big.NewInt(1e6)), all)
	p.Visible = float64(share.Int64()) / 1e6

	o := &p.Overshoot
	o.Left, o.Right = max(-p.Pixels.Min.X, 0), max(p.Pixels.Max.X-size.X, 0)
	o.Top, o.Bottom = max(-p.Pixels.Min.Y, 0), max(p.Pixels.Max.Y-size.Y, 0)
	columns := min(p.Pixels.Max.X, size.X) - max(p.Pixels.Min.X, 0)
	rows := min(p.Pixels.Max.Y, size.Y) - max(p.Pixels.Min.Y, 0)
	if columns > 0 && rows > 0 {
		p.Clipped.Min = image.Pt(max(p.Pixels.Min.X, 0), max(p.Pixels.Min.Y, 0))
		p.Clipped.Max = p.Clipped.Min.Add(image.Pt(columns, rows))
	}
	switch {
	case part.Sign() == 0 || inW.Sign() < 0:
		p.State = annotate.Outside
	case columns <= 0 || rows <= 0:
		p.State = annotate.Empty
	case *o != annotate.Overshoot{}:
		p.State = annotate.Clipped
	default:
		p.State = annotate.Inside
	}
	return p
}
