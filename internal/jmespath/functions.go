package jmespath

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/internal/pyval"
)

// lookup finds a function by its name.
func lookup(name string) (function, bool) {
	f, ok := numeric[name]
	if !ok {
		f, ok = general[name]
	}
	if !ok {
		f, ok = byKey[name]
	}
	return f, ok
}

func one(types ...string) [][]string { return [][]string{types} }

var general = map[string]function{
	"contains":    {[][]string{{"array", "string"}, {}}, false, contains},
	"ends_with":   {[][]string{{"string"}, {"string"}}, false, endsWith},
	"join":        {[][]string{{"string"}, {"array-string"}}, false, join},
	"keys":        {one("object"), false, keys},
	"length":      {one("string", "array", "object"), false, length},
	"merge":       {one("object"), true, merge},
	"not_null":    {one(), true, notNull},
	"reverse":     {one("array", "string"), false, reverse},
	"starts_with": {[][]string{{"string"}, {"string"}}, false, startsWith},
	"to_array":    {one(), false, toArray},
	"to_string":   {one(), false, toString},
	"type":        {one(), false, typeOf},
	"values":      {one("object"), false, values},
}

func contains(args []any) (any, error) {
	if l, ok := args[0].(*pyval.List); ok {
		return slices.ContainsFunc(l.Items, func(item any) bool { return pyval.Equal(item, args[1]) }), nil
	}
	part, ok := args[1].(string)
	if !ok {
		return nil, fmt.Errorf("'in <string>' requires string as left operand, not %s", pyval.TypeName(args[1]))
	}
	return strings.Contains(args[0].(string), part), nil
}

func startsWith(args []any) (any, error) {
	return strings.HasPrefix(args[0].(string), args[1].(string)), nil
}

func endsWith(args []any) (any, error) {
	return strings.HasSuffix(args[0].(string), args[1].(string)), nil
}

func join(args []any) (any, error) {
	var parts []string
	for _, item := range args[1].(*pyval.List).Items {
		parts = append(parts, item.(string))
	}
	return strings.Join(parts, args[0].(string)), nil
}

func keys(args []any) (any, error) {
	out := &pyval.List{}
	for _, key := range args[0].(*pyval.Dict).Keys() {
		out.Items = append(out.Items, key)
	}
	return out, nil
}

func values(args []any) (any, error) {
	return valuesOf(args[0].(*pyval.Dict)), nil
}

func length(args []any) (any, error) {
	switch v := args[0].(type) {
	case *pyval.List:
		return pyval.Int(len(v.Items)), nil
	case *pyval.Dict:
		return pyval.Int(v.Len()), nil
	}
	return pyval.Int(len(pyval.Runes(args[0].(string)))), nil
}

func merge(args []any) (any, error) {
	out := &pyval.Dict{}
	for _, arg := range args {
		d, ok := arg.(*pyval.Dict)
		if !ok && !emptySequence(arg) { // only the type of the first is checked, as in the CLI
			return nil, fmt.Errorf("'%s' object is not a mapping", pyval.TypeName(arg))
		}
		if !ok {
			continue
		}
		for _, key := range d.Keys() {
			v, _ := d.Get(key)
			out.Set(key, v)
		}
	}
	return out, nil
}

// emptySequence says whether v is one of the values that Python merges without a word.
func emptySequence(v any) bool {
	switch v.(type) {
	case string, *pyval.List:
		return !pyval.Truth(v)
	}
	return false
}

func notNull(args []any) (any, error) {
	for _, arg := range args {
		if arg != nil {
			return arg, nil
		}
	}
	return nil, nil
}

func reverse(args []any) (any, error) {
	if l, ok := args[0].(*pyval.List); ok {
		items := slices.Clone(l.Items)
		slices.Reverse(items)
		return &pyval.List{Items: items}, nil
	}
	runes := pyval.Runes(args[0].(string))
	slices.Reverse(runes)
	return pyval.Text(runes), nil
}

func toArray(args []any) (any, error) {
	if l, ok := args[0].(*pyval.List); ok {
		return l, nil
	}
	return pyval.NewList(args[0]), nil
}

func toString(args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		return s, nil
	}
	if holdsExpression(args[0]) {
		return nil, errExpression
	}
	return pyval.Compact(args[0]), nil
}

func typeOf(args []any) (any, error) {
	if name := typeName(args[0]); name != "expref" {
		return name, nil
	}
	return nil, nil
}
