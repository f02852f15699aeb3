package jmespath

import "math/big"

// bracket reads what an opening bracket begins: an index, a slice, [*] or a list of expressions.
func (p *parser) bracket() (node, error) {
	switch {
	case p.kind() == tNumber || p.kind() == tColon:
		right, err := p.index()
		if err != nil {
			return nil, err
		}
		return p.projectSlice(subscript{current{}, right}, right)
	case p.kind() == tStar && p.second() == tRightSq:
		p.i += 2
		return p.projected(tStar.power(), func(right node) node { return projection{current{}, right} })
	}
	return p.multiList()
}

// subscript reads an index, a slice or [*] behind an expression. A slice directly behind another
// subscript is not projected: so the CLI has it.
func (p *parser) subscript(left node) (node, error) {
	if p.kind() == tNumber || p.kind() == tColon {
		right, err := p.index()
		if err != nil {
			return nil, err
		}
		if _, ok := left.(subscript); ok {
			return subscript{left, right}, nil
		}
		return p.projectSlice(subscript{left, right}, right)
	}
	if err := p.match(tStar); err != nil {
		return nil, err
	}
	if err := p.match(tRightSq); err != nil {
		return nil, err
	}
	return p.projected(tStar.power(), func(right node) node { return projection{left, right} })
}

func (p *parser) projectSlice(whole, right node) (node, error) {
	if _, ok := right.(slice); !ok {
		return whole, nil
	}
	return p.projected(tStar.power(), func(right node) node { return projection{whole, right} })
}

// index reads a number or a slice, and the closing bracket.
func (p *parser) index() (node, error) {
	if p.kind() == tColon || p.second() == tColon {
		return p.slice()
	}
	n := number(p.peek())
	p.i++
	return index{n}, p.match(tRightSq)
}

func (p *parser) slice() (node, error) {
	var parts [3]*big.Int
	k := 0
	for p.kind() != tRightSq && k < 3 {
		switch t := p.peek(); t.kind {
		case tColon:
			if k++; k == 3 {
				return nil, p.fail(t, "syntax error")
			}
		case tNumber:
			parts[k] = number(t)
		default:
			return nil, p.fail(t, "syntax error")
		}
		p.i++
	}
	return slice{parts[0], parts[1], parts[2]}, p.match(tRightSq)
}

func (p *parser) multiList() (node, error) {
	var items multiList
	for {
		item, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if p.kind() == tRightSq {
			p.i++
			return items, nil
		}
		if err := p.match(tComma); err != nil {
			return nil, err
		}
	}
}

// multiHash reads the pairs of a {…}. The comma between them must be there only because the next
// key has to be one.
func (p *parser) multiHash() (node, error) {
	var pairs multiHash
	for {
		key := p.peek()
		if err := p.match(tQuoted, tUnquoted); err != nil {
			return nil, err
		}
		if err := p.match(tColon); err != nil {
			return nil, err
		}
		value, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair{key.value.(string), value})
		switch p.kind() {
		case tComma:
			p.i++
		case tRightBrace:
			p.i++
			return pairs, nil
		}
	}
}
