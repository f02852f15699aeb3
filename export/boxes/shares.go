package boxes

import (
	"math/big"
	"strings"
)

// digits is how many decimals the edges of a box have as shares of the picture:
// half of the last is less than a ten-thousandth of a pixel of the largest
// picture that package decode takes.
const digits = 8

// A share is a share of a picture's width or height, in units of 10^-digits/2.
type share int64

// shares returns the share that lies between two edges of a picture of a size,
// and that of their middle. Both come from the same two rounded edges, so that
// what a reader adds up again is those edges, and never lies beyond the picture.
func shares(from, to, size int) (middle, length share) {
	a, b := rounded(from, size), rounded(to, size)
	return share(a + b), share(2 * (b - a))
}

// edgeShare returns how much of the picture lies before an edge.
func edgeShare(at, size int) share { return share(2 * rounded(at, size)) }

// rounded returns at/size in units of 10^-digits, to the nearest.
func rounded(at, size int) int64 {
	const unit = 100_000_000
	n := new(big.Int).Mul(big.NewInt(int64(at)), big.NewInt(2*unit))
	n.Add(n, big.NewInt(int64(size)))
	return n.Quo(n, big.NewInt(2*int64(size))).Int64()
}

// times returns s·factor as a plain decimal number without trailing zeros.
func (s share) times(factor int64) string {
	r := big.NewRat(int64(s)*factor, 200_000_000)
	text := r.FloatString(digits + 1)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
