package pyval

import (
	"math/big"
	"slices"
)

// List is an array. Two lists with equal items are still two lists.
type List struct {
	Items []any
}

// NewList returns a list of the items.
func NewList(items ...any) *List {
	return &List{Items: items}
}

// Dict is an object: keys in the order of their first Set. The zero value is empty and usable.
type Dict struct {
	keys   []string
	values map[string]any
}

// Set gives key a value; a key that was there keeps its place.
func (d *Dict) Set(key string, value any) {
	if d.values == nil {
		d.values = map[string]any{}
	}
	if _, ok := d.values[key]; !ok {
		d.keys = append(d.keys, key)
	}
	d.values[key] = value
}

// Get returns the value of key, nil where there is none, and whether there is one.
func (d *Dict) Get(key string) (any, bool) {
	v, ok := d.values[key]
	return v, ok
}

// Len is the number of keys.
func (d *Dict) Len() int { return len(d.keys) }

// Keys returns the keys in order. The caller must not change the slice.
func (d *Dict) Keys() []string { return d.keys }

// Sorted returns the keys sorted by code point.
func (d *Dict) Sorted() []string { return slices.Sorted(slices.Values(d.keys)) }

// Int returns n as the values hold whole numbers.
func Int(n int) *big.Int { return big.NewInt(int64(n)) }

// Scalar says whether v is neither a list nor an object.
func Scalar(v any) bool {
	switch v.(type) {
	case *List, *Dict:
		return false
	}
	return true
}

// Truth is Python's bool(v): false for None, false, zero, and what is empty.
func Truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case *big.Int:
		return v.Sign() != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case *List:
		return len(v.Items) > 0
	case *Dict:
		return v.Len() > 0
	}
	return true
}

// TypeName is Python's name for the type of v, as its error texts have it.
func TypeName(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case *big.Int:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case *List:
		return "list"
	case *Dict:
		return "dict"
	}
	return "_Expression"
}
