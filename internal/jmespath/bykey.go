package jmespath

import (
	"fmt"
	"slices"

	"github.com/lvtool/lvtool/internal/pyval"
)

var (
	orderable = one("array-number", "array-string")
	keyed     = [][]string{{"array"}, {"expref"}}
)

var byKey = map[string]function{
	"map":     {[][]string{{"expref"}, {"array"}}, false, mapItems},
	"max":     {orderable, false, func(args []any) (any, error) { return extreme(args[0], self, 1) }},
	"max_by":  {keyed, false, func(args []any) (any, error) { return extremeBy("max_by", args, 1) }},
	"min":     {orderable, false, func(args []any) (any, error) { return extreme(args[0], self, -1) }},
	"min_by":  {keyed, false, func(args []any) (any, error) { return extremeBy("min_by", args, -1) }},
	"sort":    {one("array-string", "array-number"), false, sortItems},
	"sort_by": {keyed, false, sortBy},
}

// key is what an item is ordered by.
type key func(item any) (any, error)

func self(item any) (any, error) { return item, nil }

func mapItems(args []any) (any, error) {
	out := &pyval.List{}
	for _, item := range args[1].(*pyval.List).Items {
		v, err := args[0].(*expression).node.eval(item)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// keyOf evaluates an expression per item and refuses what can not be ordered.
func keyOf(name string, ref any, allowed ...string) key {
	return func(item any) (any, error) {
		v, err := ref.(*expression).node.eval(item)
		if err == nil && !slices.Contains(allowed, typeName(v)) {
			err = typeError(name, v, typeName(v), allowed)
		}
		return v, err
	}
}

// extreme is the first item whose key is the largest (sign 1) or the smallest (sign -1).
func extreme(list any, k key, sign int) (any, error) {
	var best, bestKey any
	for i, item := range list.(*pyval.List).Items {
		v, err := k(item)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			if actualNumber(v) != actualNumber(bestKey) {
				return nil, unordered(sign, v, bestKey)
			}
			if order, ok := pyval.Compare(v, bestKey); !ok || order*sign <= 0 {
				continue
			}
		}
		best, bestKey = item, v
	}
	return best, nil
}

func unordered(sign int, a, b any) error {
	operator := map[int]string{1: ">", -1: "<"}[sign]
	return fmt.Errorf("'%s' not supported between instances of '%s' and '%s'",
		operator, pyval.TypeName(a), pyval.TypeName(b))
}

func extremeBy(name string, args []any, sign int) (any, error) {
	return extreme(args[0], keyOf(name, args[1], "number", "string"), sign)
}

// sorted is a stable sort into a new list.
func sorted(list any, k key) (any, error) {
	type pair struct{ key, item any }
	items := list.(*pyval.List).Items
	pairs := make([]pair, len(items))
	for i, item := range items {
		v, err := k(item)
		if err != nil {
			return nil, err
		}
		pairs[i] = pair{v, item}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		order, _ := pyval.Compare(a.key, b.key)
		return order
	})
	out := &pyval.List{}
	for _, p := range pairs {
		out.Items = append(out.Items, p.item)
	}
	return out, nil
}

func sortItems(args []any) (any, error) { return sorted(args[0], self) }

// sortBy orders by a key whose type the first item sets. An empty list is returned itself.
func sortBy(args []any) (any, error) {
	items := args[0].(*pyval.List).Items
	if len(items) == 0 {
		return args[0], nil
	}
	first, err := args[1].(*expression).node.eval(items[0])
	if err != nil {
		return nil, err
	}
	kind := typeName(first)
	if kind != "number" && kind != "string" {
		return nil, typeError("sort_by", items[0], kind, []string{"string", "number"})
	}
	return sorted(args[0], keyOf("sort_by", args[1], kind))
}
