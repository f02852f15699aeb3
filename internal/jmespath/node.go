package jmespath

import (
	"math/big"

	"github.com/lvtool/lvtool/internal/pyval"
)

// node is a part of a parsed expression.
type node interface {
	eval(value any) (any, error)
}

type (
	current         struct{}
	literal         struct{ value any }
	field           struct{ name string }
	index           struct{ n *big.Int }
	slice           struct{ start, stop, step *big.Int }
	chain           struct{ left, right node }
	subscript       struct{ left, right node }
	projection      struct{ left, right node }
	valueProjection struct{ left, right node }
	filter          struct{ left, right, condition node }
	flatten         struct{ inner node }
	reference       struct{ inner node }
	not             struct{ inner node }
	or              struct{ left, right node }
	and             struct{ left, right node }
	comparison      struct {
		kind        kind
		left, right node
	}
	multiList []node
	pair      struct {
		key   string
		value node
	}
	multiHash []pair
)

func (current) eval(value any) (any, error) { return value, nil }

func (n literal) eval(any) (any, error) { return n.value, nil }

func (n reference) eval(any) (any, error) { return &expression{n.inner}, nil }

func (n field) eval(value any) (any, error) {
	d, ok := value.(*pyval.Dict)
	if !ok {
		return nil, nil
	}
	v, _ := d.Get(n.name)
	return v, nil
}

func (n chain) eval(value any) (any, error) {
	left, err := n.left.eval(value)
	if err != nil {
		return nil, err
	}
	return n.right.eval(left)
}

func (n subscript) eval(value any) (any, error) { return chain(n).eval(value) }

func (n projection) eval(value any) (any, error) {
	base, err := n.left.eval(value)
	l, ok := base.(*pyval.List)
	if err != nil || !ok {
		return nil, err
	}
	return project(l.Items, n.right)
}

func (n valueProjection) eval(value any) (any, error) {
	base, err := n.left.eval(value)
	d, ok := base.(*pyval.Dict)
	if err != nil || !ok {
		return nil, err
	}
	return project(valuesOf(d).Items, n.right)
}

// project applies right to each item and drops what comes out as null.
func project(items []any, right node) (any, error) {
	out := &pyval.List{}
	for _, item := range items {
		v, err := right.eval(item)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out.Items = append(out.Items, v)
		}
	}
	return out, nil
}

func (n filter) eval(value any) (any, error) {
	base, err := n.left.eval(value)
	l, ok := base.(*pyval.List)
	if err != nil || !ok {
		return nil, err
	}
	var kept []any
	for _, item := range l.Items {
		v, err := n.condition.eval(item)
		if err != nil {
			return nil, err
		}
		if !isFalse(v) {
			kept = append(kept, item)
		}
	}
	return project(kept, n.right)
}

func (n flatten) eval(value any) (any, error) {
	base, err := n.inner.eval(value)
	l, ok := base.(*pyval.List)
	if err != nil || !ok {
		return nil, err
	}
	out := &pyval.List{}
	for _, item := range l.Items {
		if inner, ok := item.(*pyval.List); ok {
			out.Items = append(out.Items, inner.Items...)
		} else {
			out.Items = append(out.Items, item)
		}
	}
	return out, nil
}

func (n multiList) eval(value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	out := &pyval.List{}
	for _, item := range n {
		v, err := item.eval(value)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

func (n multiHash) eval(value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	out := &pyval.Dict{}
	for _, p := range n {
		v, err := p.value.eval(value)
		if err != nil {
			return nil, err
		}
		out.Set(p.key, v)
	}
	return out, nil
}

func (n or) eval(value any) (any, error) {
	left, err := n.left.eval(value)
	if err != nil || !isFalse(left) {
		return left, err
	}
	return n.right.eval(value)
}

func (n and) eval(value any) (any, error) {
	left, err := n.left.eval(value)
	if err != nil || isFalse(left) {
		return left, err
	}
	return n.right.eval(value)
}

func (n not) eval(value any) (any, error) {
	v, err := n.inner.eval(value)
	if err != nil {
		return nil, err
	}
	return !actualNumber(v) && !pyval.Truth(v), nil
}

// isFalse is JMESPath's falsehood: a number, even zero, is true.
func isFalse(v any) bool {
	return !actualNumber(v) && !pyval.Truth(v)
}

func valuesOf(d *pyval.Dict) *pyval.List {
	out := &pyval.List{}
	for _, key := range d.Keys() {
		v, _ := d.Get(key)
		out.Items = append(out.Items, v)
	}
	return out
}
