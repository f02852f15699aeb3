package pyval

import (
	"math"
	"math/big"
	"slices"
	"strings"
)

// Equal is Python's a == b: numbers and booleans by value whatever their type, the rest by content.
func Equal(a, b any) bool {
	if number(a) && number(b) {
		c, ok := compareNumbers(a, b)
		return ok && c == 0
	}
	switch a := a.(type) {
	case nil:
		return b == nil
	case string:
		s, ok := b.(string)
		return ok && a == s
	case *List:
		l, ok := b.(*List)
		return ok && slices.EqualFunc(a.Items, l.Items, Equal)
	case *Dict:
		d, ok := b.(*Dict)
		return ok && equalDicts(a, d)
	}
	return a == b
}

func equalDicts(a, b *Dict) bool {
	if a.Len() != b.Len() {
		return false
	}
	for _, key := range a.keys {
		other, ok := b.Get(key)
		if !ok || !Equal(a.values[key], other) {
			return false
		}
	}
	return true
}

// Compare orders two strings by code point or two numbers by value. It is not ok for any other pair
// and for NaN.
func Compare(a, b any) (order int, ok bool) {
	if number(a) && number(b) {
		return compareNumbers(a, b)
	}
	s, ok1 := a.(string)
	t, ok2 := b.(string)
	return strings.Compare(s, t), ok1 && ok2
}

func number(v any) bool {
	switch v.(type) {
	case bool, *big.Int, float64:
		return true
	}
	return false
}

// compareNumbers is exact: a large integer is not rounded to meet a float.
func compareNumbers(a, b any) (int, bool) {
	x, okX := exact(a)
	y, okY := exact(b)
	if !okX || !okY {
		return 0, false
	}
	return x.Cmp(y), true
}

func exact(v any) (*big.Float, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return big.NewFloat(1), true
		}
		return new(big.Float), true
	case *big.Int:
		return new(big.Float).SetInt(v), true
	case float64:
		if math.IsNaN(v) {
			return nil, false
		}
		return big.NewFloat(v), true
	}
	return nil, false
}
