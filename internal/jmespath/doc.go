// Package jmespath evaluates JMESPath queries on [pyval] values as the AWS CLI does.
//
// The libraries for Go turn every number into a float and every object into an unordered map. The
// CLI keeps whole numbers whole, objects in order, and has a few habits of its own, such as commas
// between arguments that may be left out; scripts see all of that in its output. [Compile] checks a
// query before anything is asked of a service, [Query.Search] applies it.
package jmespath

import (
	"fmt"
	"slices"

	"github.com/lvtool/lvtool/internal/pyval"
)

// Query is a compiled expression, safe for use by several goroutines.
type Query struct {
	root node
}

// Compile parses an expression. The error's text is the CLI's: what is wrong, the expression and a
// mark below the place.
func Compile(expression string) (*Query, error) {
	tokens, err := tokenize(expression)
	if err != nil {
		return nil, err
	}
	p := parser{expression: expression, tokens: tokens}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Query{root: root}, nil
}

// Search applies the query to a value. What it finds in the value is returned itself, not a copy.
// The error says which function was given what it does not take.
func (q *Query) Search(value any) (any, error) {
	result, err := q.root.eval(value)
	if err != nil {
		return nil, err
	}
	if holdsExpression(result) {
		return nil, errExpression
	}
	return result, nil
}

const errExpression = searchError("an expression reference (&) is an argument for functions, not a result")

// searchError is a refusal in the words of the AWS CLI, which are not those of this project's errors.
type searchError string

func (e searchError) Error() string { return string(e) }

func failf(format string, args ...any) error { return searchError(fmt.Sprintf(format, args...)) }

// expression is the value of &expr: an argument for functions, never a result.
type expression struct {
	node node
}

func holdsExpression(v any) bool {
	switch v := v.(type) {
	case *expression:
		return true
	case *pyval.List:
		return slices.ContainsFunc(v.Items, holdsExpression)
	case *pyval.Dict:
		for _, key := range v.Keys() {
			if item, _ := v.Get(key); holdsExpression(item) {
				return true
			}
		}
	}
	return false
}
