package jmespath

import (
	"fmt"
	"math/big"

	"github.com/lvtool/lvtool/internal/pyval"
)

func (n comparison) eval(value any) (any, error) {
	left, err := n.left.eval(value)
	if err != nil {
		return nil, err
	}
	right, err := n.right.eval(value)
	if err != nil {
		return nil, err
	}
	switch n.kind {
	case tEq:
		return equal(left, right), nil
	case tNe:
		return !equal(left, right), nil
	}
	if !sortable(left) || !sortable(right) {
		return nil, nil
	}
	return ordered(n.kind, left, right)
}

// equal is Python's ==, but that true is not 1 and false not 0.
func equal(a, b any) bool {
	_, boolA := a.(bool)
	_, boolB := b.(bool)
	if boolA != boolB && (actualNumber(a) || actualNumber(b)) {
		return false
	}
	return pyval.Equal(a, b)
}

func actualNumber(v any) bool {
	switch v.(type) {
	case *big.Int, float64:
		return true
	}
	return false
}

func sortable(v any) bool {
	_, text := v.(string)
	return text || actualNumber(v)
}

func ordered(k kind, a, b any) (any, error) {
	if actualNumber(a) != actualNumber(b) {
		sign := map[kind]string{tLt: "<", tLte: "<=", tGt: ">", tGte: ">="}[k]
		return nil, fmt.Errorf("'%s' not supported between instances of '%s' and '%s'",
			sign, pyval.TypeName(a), pyval.TypeName(b))
	}
	order, ok := pyval.Compare(a, b)
	if !ok { // NaN
		return false, nil
	}
	switch k {
	case tLt:
		return order < 0, nil
	case tLte:
		return order <= 0, nil
	case tGt:
		return order > 0, nil
	}
	return order >= 0, nil
}
