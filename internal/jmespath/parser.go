package jmespath

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/lvtool/lvtool/internal/pyval"
)

const (
	// projectionStop is the power below which a token ends what is applied to each element.
	projectionStop = 10

	// maxNesting bounds the recursion on hostile expressions.
	maxNesting = 250
)

type parser struct {
	expression string
	tokens     []token
	i          int
	depth      int
}

func (p *parser) parse() (node, error) {
	root, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if p.kind() != tEOF {
		return nil, p.fail(p.peek(), "Unexpected token: "+pyval.Str(p.peek().value))
	}
	return root, nil
}

// peek is the next token; the end repeats.
func (p *parser) peek() token { return p.tokens[min(p.i, len(p.tokens)-1)] }

func (p *parser) kind() kind { return p.peek().kind }

// second is the kind of the token after the next.
func (p *parser) second() kind { return p.tokens[min(p.i+1, len(p.tokens)-1)].kind }

func (p *parser) fail(t token, message string) error {
	return &parseError{expression: p.expression, token: t, message: message}
}

// match steps over a token of one of the kinds.
func (p *parser) match(kinds ...kind) error {
	t := p.peek()
	if slices.Contains(kinds, t.kind) {
		p.i++
		return nil
	}
	if t.kind == tEOF {
		return &incompleteError{expression: p.expression}
	}
	want := string(kinds[0])
	if len(kinds) > 1 {
		want = quoteKinds(kinds)
	}
	return p.fail(t, fmt.Sprintf("Expecting: %s, got: %s", want, t.kind))
}

func quoteKinds(kinds []kind) string {
	list := &pyval.List{}
	for _, k := range kinds {
		list.Items = append(list.Items, string(k))
	}
	return pyval.Repr(list)
}

// expr reads an expression up to the first token that binds no stronger than power.
func (p *parser) expr(power int) (node, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, errors.New("maximum recursion depth exceeded")
	}
	defer func() { p.depth-- }()
	t := p.peek()
	p.i++
	left, err := p.prefix(t)
	for err == nil && power < p.kind().power() {
		t := p.peek()
		p.i++
		left, err = p.infix(left, t)
	}
	return left, err
}

// prefix reads what a token begins.
func (p *parser) prefix(t token) (node, error) {
	switch t.kind {
	case tEOF:
		return nil, &incompleteError{expression: p.expression}
	case tLiteral:
		return literal{t.value}, nil
	case tUnquoted:
		return field{t.value.(string)}, nil
	case tQuoted:
		if p.kind() == tLeftParen {
			bad := p.peek()
			bad.start = 0
			return nil, p.fail(bad, "Quoted identifier not allowed for function names.")
		}
		return field{t.value.(string)}, nil
	case tCurrent:
		return current{}, nil
	case tStar:
		if p.kind() == tRightSq {
			return valueProjection{current{}, current{}}, nil
		}
		return p.projected(tStar.power(), func(right node) node { return valueProjection{current{}, right} })
	case tFilter:
		return p.filter(current{})
	case tFlatten:
		return p.projected(tFlatten.power(), func(right node) node { return projection{flatten{current{}}, right} })
	case tLeftBrace:
		return p.multiHash()
	case tLeftSq:
		return p.bracket()
	case tLeftParen:
		inner, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		return inner, p.match(tRightParen)
	case tNot:
		inner, err := p.expr(tNot.power())
		return not{inner}, err
	case tExpref:
		inner, err := p.expr(tExpref.power())
		return reference{inner}, err
	}
	return nil, p.fail(t, "invalid token")
}

// infix reads what a token makes of the expression to its left.
func (p *parser) infix(left node, t token) (node, error) {
	switch t.kind {
	case tDot:
		return p.dot(left)
	case tPipe, tOr, tAnd, tEq, tNe, tLt, tLte, tGt, tGte:
		right, err := p.expr(t.kind.power())
		return binary(t.kind, left, right), err
	case tFlatten:
		return p.projected(tFlatten.power(), func(right node) node { return projection{flatten{left}, right} })
	case tFilter:
		return p.filter(left)
	case tLeftSq:
		return p.subscript(left)
	case tLeftParen:
		return p.call(left)
	}
	return nil, p.fail(t, "invalid token")
}

func binary(k kind, left, right node) node {
	switch k {
	case tPipe:
		return chain{left, right}
	case tOr:
		return or{left, right}
	case tAnd:
		return and{left, right}
	}
	return comparison{k, left, right}
}

// dot reads what follows a point.
func (p *parser) dot(left node) (node, error) {
	if p.kind() == tStar {
		p.i++
		return p.projected(tDot.power(), func(right node) node { return valueProjection{left, right} })
	}
	right, err := p.afterDot(tDot.power())
	return chain{left, right}, err
}

func (p *parser) afterDot(power int) (node, error) {
	switch p.kind() {
	case tQuoted, tUnquoted, tStar:
		return p.expr(power)
	case tLeftSq:
		p.i++
		return p.multiList()
	case tLeftBrace:
		p.i++
		return p.multiHash()
	}
	allowed := quoteKinds([]kind{tQuoted, tUnquoted, tLeftSq, tLeftBrace})
	return nil, p.fail(p.peek(), fmt.Sprintf("Expecting: %s, got: %s", allowed, p.kind()))
}

// projected reads what is applied to each element and hands it to build.
func (p *parser) projected(power int, build func(node) node) (node, error) {
	var right node
	var err error
	switch {
	case p.kind().power() < projectionStop:
		right = current{}
	case p.kind() == tLeftSq, p.kind() == tFilter:
		right, err = p.expr(power)
	case p.kind() == tDot:
		p.i++
		right, err = p.afterDot(power)
	default:
		err = p.fail(p.peek(), "syntax error")
	}
	if err != nil {
		return nil, err
	}
	return build(right), nil
}

func (p *parser) filter(left node) (node, error) {
	condition, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if err := p.match(tRightSq); err != nil {
		return nil, err
	}
	if p.kind() == tFlatten {
		return filter{left, current{}, condition}, nil
	}
	return p.projected(tFilter.power(), func(right node) node { return filter{left, right, condition} })
}

// call reads the arguments of a function. The commas between them may be left out, as in the CLI.
func (p *parser) call(left node) (node, error) {
	name, ok := left.(field)
	if !ok {
		t := p.tokens[max(p.i-2, 0)]
		return nil, p.fail(t, "Invalid function name '"+pyval.Str(t.value)+"'")
	}
	var args []node
	for p.kind() != tRightParen {
		arg, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		if p.kind() == tComma {
			p.i++
		}
		args = append(args, arg)
	}
	p.i++
	return call{name.name, args}, nil
}

func number(t token) *big.Int { return t.value.(*big.Int) }
