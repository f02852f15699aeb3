// Package rational has what the packages of Go lack for shares and rational numbers.
package rational

import (
	"fmt"
	"math"
	"math/big"
)

// Percent returns a share, 0 to 1, in per cent, cut to one decimal so that it never
// says more than there is.
func Percent(share float64) string {
	millionths := int64(math.Round(share * 1e6))
	switch {
	case share == 0:
		return "0 %"
	case millionths < 1e3:
		return "less than 0.1 %"
	case millionths == 1e6:
		return "100 %"
	}
	return fmt.Sprintf("%d.%d %%", millionths/1e4, millionths/1e3%10)
}

// Larger returns the larger of two numbers.
func Larger(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}

// Smaller returns the smaller of two numbers.
func Smaller(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}
