package jmespath

import (
	"errors"
	"math/big"

	"github.com/lvtool/lvtool/internal/pyval"
)

func (n index) eval(value any) (any, error) {
	l, ok := value.(*pyval.List)
	if !ok || !n.n.IsInt64() {
		return nil, nil
	}
	i, size := n.n.Int64(), int64(len(l.Items))
	if i < 0 {
		i += size
	}
	if i < 0 || i >= size {
		return nil, nil
	}
	return l.Items[i], nil
}

func (n slice) eval(value any) (any, error) {
	l, ok := value.(*pyval.List)
	if !ok {
		return nil, nil
	}
	size := len(l.Items)
	step := bound(n.step, 1, size+1)
	if step == 0 {
		return nil, errors.New("slice step cannot be zero")
	}
	first, last := 0, size // where a slice without bounds begins and ends
	if step < 0 {
		first, last = size-1, -1
	}
	start, stop := edge(n.start, first, size, step), edge(n.stop, last, size, step)
	out := &pyval.List{}
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		out.Items = append(out.Items, l.Items[i])
	}
	return out, nil
}

// bound is n cut to ±limit, or otherwise where n is not given.
func bound(n *big.Int, otherwise, limit int) int {
	switch {
	case n == nil:
		return otherwise
	case n.IsInt64() && n.Int64() <= int64(limit) && n.Int64() >= int64(-limit):
		return int(n.Int64())
	case n.Sign() < 0:
		return -limit
	}
	return limit
}

// edge is a bound of a slice as an index: from the end where negative, and cut to the list.
func edge(n *big.Int, otherwise, size, step int) int {
	if n == nil {
		return otherwise
	}
	i := bound(n, 0, size+1)
	if i < 0 {
		i += size
	}
	if step < 0 {
		return min(max(i, -1), size-1)
	}
	return min(max(i, 0), size)
}
