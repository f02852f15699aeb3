package jmespath

import (
	"math/big"
	"slices"

	"github.com/lvtool/lvtool/internal/pyval"
)

// call is a function with its arguments.
type call struct {
	name string
	args []node
}

// function is what a name stands for: the types it takes, one set per argument (an empty set takes
// anything), whether the last may repeat, and what it does.
type function struct {
	takes    [][]string
	variadic bool
	do       func(args []any) (any, error)
}

func (n call) eval(value any) (any, error) {
	args := make([]any, len(n.args))
	for i, arg := range n.args {
		v, err := arg.eval(value)
		if err != nil {
			return nil, err
		}
		args[i] = v
	}
	f, ok := lookup(n.name)
	if !ok {
		return nil, failf("Unknown function: %s()", n.name)
	}
	if err := f.check(n.name, args); err != nil {
		return nil, err
	}
	return f.do(args)
}

func (f function) check(name string, args []any) error {
	want := len(f.takes)
	if len(args) < want || len(args) > want && !f.variadic {
		atLeast, plural := "", "s"
		if f.variadic {
			atLeast = "at least "
		}
		if want == 1 {
			plural = ""
		}
		return failf("Expected %s%d argument%s for function %s(), received %d",
			atLeast, want, plural, name, len(args))
	}
	for i, types := range f.takes {
		if err := checkType(name, args[i], types); err != nil {
			return err
		}
	}
	return nil
}

// checkType refuses v unless it is of one of the types; "array-number" is an array of numbers.
func checkType(name string, v any, types []string) error {
	if len(types) == 0 || slices.Contains(types, typeName(v)) {
		return nil
	}
	var elements []string
	for _, t := range types {
		if len(t) > 6 && t[:6] == "array-" {
			elements = append(elements, t[6:])
		}
	}
	l, ok := v.(*pyval.List)
	if !ok || elements == nil {
		return typeError(name, v, typeName(v), types)
	}
	allowed := elements
	for i, item := range l.Items {
		if !slices.Contains(allowed, typeName(item)) {
			return typeError(name, item, pyval.TypeName(item), types)
		}
		if i == 0 {
			allowed = []string{typeName(item)} // all of one type, whichever it is
		}
	}
	return nil
}

func typeError(name string, v any, got string, types []string) error {
	list := &pyval.List{}
	for _, t := range types {
		list.Items = append(list.Items, t)
	}
	return failf("In function %s(), invalid type for value: %s, expected one of: %s, received: \"%s\"",
		name, pyval.Str(v), pyval.Repr(list), got)
}

// typeName is JMESPath's name for the type of v.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case *big.Int, float64:
		return "number"
	case string:
		return "string"
	case *pyval.List:
		return "array"
	case *pyval.Dict:
		return "object"
	}
	return "expref"
}
