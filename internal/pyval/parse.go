package pyval

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds on hostile input: Python's own limit on the digits of a whole number, and a depth below
// the one at which Python gives up.
const (
	maxDigits = 4300
	maxDepth  = 900
)

// SyntaxError is JSON that Python's json module refuses, in its words.
type SyntaxError struct {
	Message string
	Offset  int // in code points
}

// Error says what is wrong and where.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: char %d", e.Message, e.Offset)
}

// DepthError is JSON nested deeper than Python's json module follows.
type DepthError struct{}

// Error is what Python says.
func (*DepthError) Error() string {
	return "maximum recursion depth exceeded while decoding a JSON object"
}

// Parse reads one JSON value as Python's json.loads does: NaN and the infinities are numbers, the
// last of equal keys wins, and control characters in strings are refused. The error is a
// [*SyntaxError] or a [*DepthError].
func Parse(text string) (any, error) {
	p := parser{s: text}
	if strings.HasPrefix(text, "\ufeff") {
		return nil, &SyntaxError{Message: "Unexpected UTF-8 BOM (decode using utf-8-sig)"}
	}
	p.space()
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.i < len(p.s) {
		return nil, p.fail("Extra data", p.i)
	}
	return v, nil
}

type parser struct {
	s string
	i int
}

func (p *parser) fail(message string, at int) error {
	return &SyntaxError{Message: message, Offset: utf8.RuneCountInString(p.s[:min(at, len(p.s))])}
}

func (p *parser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\n\r", p.s[p.i]) >= 0 {
		p.i++
	}
}

// next says whether c comes, and steps over it.
func (p *parser) next(c byte) bool {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *parser) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, &DepthError{}
	}
	switch {
	case p.next('"'):
		return p.text()
	case p.next('{'):
		return p.object(depth)
	case p.next('['):
		return p.array(depth)
	}
	for _, w := range words {
		if strings.HasPrefix(p.s[p.i:], w.word) {
			p.i += len(w.word)
			return w.value, nil
		}
	}
	return p.number()
}

func (p *parser) object(depth int) (any, error) {
	d := &Dict{}
	p.space()
	if p.next('}') {
		return d, nil
	}
	for {
		if !p.next('"') {
			return nil, p.fail("Expecting property name enclosed in double quotes", p.i)
		}
		key, err := p.text()
		if err != nil {
			return nil, err
		}
		p.space()
		if !p.next(':') {
			return nil, p.fail("Expecting ':' delimiter", p.i)
		}
		p.space()
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		d.Set(key, v)
		if done, err := p.more('}'); done || err != nil {
			return d, err
		}
	}
}

func (p *parser) array(depth int) (any, error) {
	l := &List{}
	p.space()
	if p.next(']') {
		return l, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, v)
		if done, err := p.more(']'); done || err != nil {
			return l, err
		}
	}
}

// more reads what follows a member: the end of its container, or a comma and the space behind it.
func (p *parser) more(end byte) (done bool, err error) {
	p.space()
	if p.next(end) {
		return true, nil
	}
	if !p.next(',') {
		return false, p.fail("Expecting ',' delimiter", p.i)
	}
	p.space()
	return false, nil
}

// number reads an integer of any size, or a float.
func (p *parser) number() (any, error) {
	start := p.i
	p.next('-')
	whole := p.digits()
	if whole == "" {
		p.i = start
		return nil, p.fail("Expecting value", start)
	}
	if whole[0] == '0' && len(whole) > 1 { // a leading zero ends the number
		p.i -= len(whole) - 1
	}
	end, float := p.i, false
	if p.next('.') && p.digits() != "" {
		end, float = p.i, true
	}
	p.i = end
	if p.next('e') || p.next('E') {
		if !p.next('+') {
			p.next('-')
		}
		if p.digits() != "" {
			end, float = p.i, true
		}
	}
	p.i = end
	if float {
		f, _ := strconv.ParseFloat(p.s[start:end], 64) // out of range is infinite, as in Python
		return f, nil
	}
	if len(whole) > maxDigits {
		return nil, p.fail("Exceeds the limit (4300 digits) for integer string conversion", start)
	}
	n, _ := new(big.Int).SetString(p.s[start:end], 10)
	return n, nil
}

func (p *parser) digits() string {
	start := p.i
	for p.i < len(p.s) && '0' <= p.s[p.i] && p.s[p.i] <= '9' {
		p.i++
	}
	return p.s[start:p.i]
}
