package pyval

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// words are the values that have a name. NaN and the infinities are Python's addition to JSON.
var words = []struct {
	word  string
	value any
}{
	{"null", nil},
	{"true", true},
	{"false", false},
	{"NaN", math.NaN()},
	{"Infinity", math.Inf(1)},
	{"-Infinity", math.Inf(-1)},
}

// text reads a string behind its opening quote.
func (p *parser) text() (string, error) {
	start := p.i - 1
	var b []byte
	for {
		run := strings.IndexFunc(p.s[p.i:], func(r rune) bool { return r == '"' || r == '\\' || r < ' ' })
		if run < 0 {
			return "", p.fail("Unterminated string starting at", start)
		}
		b = append(b, p.s[p.i:p.i+run]...)
		p.i += run
		switch c := p.s[p.i]; {
		case c == '"':
			p.i++
			return string(b), nil
		case c != '\\':
			return "", p.fail("Invalid control character at", p.i)
		}
		r, err := p.escape(start)
		if err != nil {
			return "", err
		}
		b = appendRune(b, r)
	}
}

// escape reads what a backslash introduces. Two \u escapes that make a surrogate pair are one
// character; a half on its own is kept.
func (p *parser) escape(start int) (rune, error) {
	at := p.i
	p.i++
	if p.i >= len(p.s) {
		return 0, p.fail("Unterminated string starting at", start)
	}
	c := p.s[p.i]
	p.i++
	if c != 'u' {
		k := strings.IndexByte(`"\/bfnrt`, c)
		if k < 0 {
			return 0, p.fail(`Invalid \escape`, at)
		}
		return rune("\"\\/\b\f\n\r\t"[k]), nil
	}
	r, ok := p.hex(p.i)
	if !ok {
		return 0, p.fail(`Invalid \uXXXX escape`, at+1)
	}
	p.i += 4
	if utf16.IsSurrogate(r) && strings.HasPrefix(p.s[p.i:], `\u`) {
		if low, ok := p.hex(p.i + 2); ok {
			if pair := utf16.DecodeRune(r, low); pair != '\ufffd' {
				p.i += 6
				return pair, nil
			}
		}
	}
	return r, nil
}

func (p *parser) hex(at int) (rune, bool) {
	if at+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[at:at+4], 16, 16)
	return rune(n), err == nil
}
