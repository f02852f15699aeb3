package rational_test

import (
	"math/big"
	"testing"

	"github.com/lvtool/lvtool/internal/rational"
)

// A share is never said to be more than it is, and 100 % only where it is all.
func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{
		0: "0 %", 0.0000001: "less than 0.1 %", 0.00099: "less than 0.1 %", 0.001: "0.1 %",
		0.78999: "78.9 %", 0.79: "79.0 %", 0.999999: "99.9 %", 1: "100 %",
	} {
		if got := rational.Percent(share); got != want {
			t.Errorf("%v: got %s, want %s", share, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	third, half := big.NewRat(1, 3), big.NewRat(1, 2)
	if rational.Larger(third, half) != half || rational.Larger(half, third) != half ||
		rational.Smaller(third, half) != third || rational.Smaller(half, third) != third {
		t.Error("a third is not smaller than a half")
	}
}
