package jmespath

import (
	"errors"
	"math/big"
	"strings"

	"github.com/lvtool/lvtool/internal/pyval"
)

// maxNumber bounds the digits of an index, as Python bounds those of any number.
const maxNumber = 4300

type lexer struct {
	expression string
	runes      []rune
	i          int
}

// tokenize splits an expression; the last token is the end.
func tokenize(expression string) ([]token, error) {
	if expression == "" {
		return nil, failf("Invalid JMESPath expression: cannot be empty.")
	}
	l := lexer{expression: expression, runes: pyval.Runes(expression)}
	var tokens []token
	for {
		for strings.ContainsRune(" \t\n\r", l.peek()) {
			l.i++
		}
		if l.i == len(l.runes) {
			return append(tokens, token{kind: tEOF, value: "", start: len(l.runes)}), nil
		}
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
}

// peek is the next character, or one that no expression holds at the end.
func (l *lexer) peek() rune {
	if l.i < len(l.runes) {
		return l.runes[l.i]
	}
	return -1
}

func (l *lexer) fail(start int, message string) error {
	return &lexError{expression: l.expression, start: start, message: message}
}

var simple = map[rune]kind{
	'.': tDot, '*': tStar, ']': tRightSq, ',': tComma, ':': tColon, '@': tCurrent,
	'(': tLeftParen, ')': tRightParen, '{': tLeftBrace, '}': tRightBrace,
}

func (l *lexer) next() (token, error) {
	start, c := l.i, l.peek()
	switch k, ok := simple[c]; {
	case ok:
		l.i++
		return token{k, string(c), start}, nil
	case letter(c):
		return token{tUnquoted, l.run(func(r rune) bool { return letter(r) || digit(r) }), start}, nil
	case digit(c) || c == '-':
		return l.number()
	case strings.ContainsRune("[|&<>!=", c):
		return l.operator()
	case c == '\'':
		return l.raw()
	case c == '`':
		return l.literal()
	case c == '"':
		return l.quoted()
	}
	return token{}, l.fail(start, "Unknown token "+pyval.Text([]rune{c}))
}

func letter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

// run takes the first character and those after it that belong.
func (l *lexer) run(belongs func(rune) bool) string {
	start := l.i
	for l.i++; belongs(l.peek()); l.i++ {
	}
	return string(l.runes[start:l.i])
}

func (l *lexer) number() (token, error) {
	start := l.i
	text := l.run(digit)
	if text == "-" {
		return token{}, l.fail(start, "Unknown token '-'")
	}
	if len(text) > maxNumber {
		return token{}, failf("Exceeds the limit (4300 digits) for integer string conversion")
	}
	n, _ := new(big.Int).SetString(text, 10)
	return token{tNumber, n, start}, nil
}

// operator takes one of the tokens whose second character decides.
func (l *lexer) operator() (token, error) {
	start, c := l.i, l.peek()
	l.i++
	both := string([]rune{c, l.peek()})
	switch both {
	case "[]", "[?", "||", "&&", "<=", ">=", "!=", "==":
		l.i++
		kinds := map[string]kind{
			"[]": tFlatten, "[?": tFilter, "||": tOr, "&&": tAnd, "<=": tLte, ">=": tGte, "!=": tNe, "==": tEq,
		}
		return token{kinds[both], both, start}, nil
	}
	if c == '=' {
		return token{}, l.fail(start, "Unknown token '='")
	}
	kinds := map[rune]kind{'[': tLeftSq, '|': tPipe, '&': tExpref, '<': tLt, '>': tGt, '!': tNot}
	return token{kinds[c], string(c), start}, nil
}

// until takes what lies between two delimiters. A backslash keeps the character behind it.
func (l *lexer) until(delimiter rune) (string, error) {
	start := l.i
	l.i++
	from := l.i
	for l.peek() != delimiter {
		if l.peek() == '\\' {
			l.i++
		}
		if l.i >= len(l.runes) {
			return "", l.fail(start, "Unclosed "+string(delimiter)+" delimiter")
		}
		l.i++
	}
	l.i++
	return pyval.Text(l.runes[from : l.i-1]), nil
}

func (l *lexer) raw() (token, error) {
	start := l.i
	text, err := l.until('\'')
	return token{tLiteral, strings.ReplaceAll(text, `\'`, `'`), start}, err
}

// literal takes JSON between backquotes; text that is no JSON is a string, as in old expressions.
func (l *lexer) literal() (token, error) {
	start := l.i
	text, err := l.until('`')
	if err != nil {
		return token{}, err
	}
	text = strings.ReplaceAll(text, "\\`", "`")
	v, err := pyval.Parse(text)
	if err != nil {
		v, err = pyval.Parse(`"` + strings.TrimLeft(text, " \t\n\r\v\f") + `"`)
	}
	if err != nil {
		return token{}, l.fail(start, "Bad token "+text)
	}
	return token{tLiteral, v, start}, nil
}

func (l *lexer) quoted() (token, error) {
	start := l.i
	text, err := l.until('"')
	if err != nil {
		return token{}, err
	}
	v, err := pyval.Parse(`"` + text + `"`)
	if bad, ok := errors.AsType[*pyval.SyntaxError](err); ok {
		return token{}, l.fail(start, bad.Message)
	}
	return token{tQuoted, v, start}, err
}
