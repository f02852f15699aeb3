package pyval

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Float is Python's repr of f: the fewest digits that read back as f, with a point or an exponent.
func Float(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// Str is Python's str(v): text as it is, anything else as [Repr].
func Str(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return Repr(v)
}

// Repr is Python's repr(v), as its error texts show values.
func Repr(v any) string {
	var b strings.Builder
	writeRepr(&b, v)
	return b.String()
}

func writeRepr(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("None")
	case bool:
		b.WriteString(map[bool]string{true: "True", false: "False"}[v])
	case *big.Int:
		b.WriteString(v.String())
	case float64:
		b.WriteString(Float(v))
	case string:
		writeReprString(b, v)
	case *List:
		b.WriteByte('[')
		for i, item := range v.Items {
			separate(b, i)
			writeRepr(b, item)
		}
		b.WriteByte(']')
	case *Dict:
		b.WriteByte('{')
		for i, key := range v.keys {
			separate(b, i)
			writeReprString(b, key)
			b.WriteString(": ")
			writeRepr(b, v.values[key])
		}
		b.WriteByte('}')
	default:
		fmt.Fprintf(b, "%v", v)
	}
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteString(", ")
	}
}

// writeReprString quotes s in single quotes, in double ones where only single ones are inside.
func writeReprString(b *strings.Builder, s string) {
	quote := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	b.WriteRune(quote)
	for _, r := range Runes(s) {
		switch {
		case r == quote || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r) && !surrogate(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			fmt.Fprintf(b, `\U%08x`, r)
		}
	}
	b.WriteRune(quote)
}

// Runes is the code points of s, surrogate halves included.
func Runes(s string) []rune {
	runes := make([]rune, 0, len(s))
	for i := 0; i < len(s); {
		r, n := decodeRune(s[i:])
		runes = append(runes, r)
		i += n
	}
	return runes
}

// Text is the string of the code points, the reverse of [Runes].
func Text(runes []rune) string {
	var b []byte
	for _, r := range runes {
		b = appendRune(b, r)
	}
	return string(b)
}

// decodeRune reads one code point, a surrogate half too.
func decodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) >= 3 && s[0] == 0xed && s[1] >= 0xa0 {
		return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
	}
	return r, n
}

func appendRune(b []byte, r rune) []byte {
	if surrogate(r) {
		return append(b, 0xed, 0x80|byte(r>>6&0x3f), 0x80|byte(r&0x3f))
	}
	return utf8.AppendRune(b, r)
}

func surrogate(r rune) bool { return 0xd800 <= r && r <= 0xdfff }

// CheckText refuses text that UTF-8 cannot carry, in the words of Python's encoder.
func CheckText(s string) error {
	if utf8.ValidString(s) {
		return nil
	}
	runes := Runes(s)
	start := 0
	for start < len(runes) && !surrogate(runes[start]) {
		start++
	}
	if start == len(runes) {
		return errors.New("'utf-8' codec can't encode text: invalid bytes")
	}
	end := start + 1
	for end < len(runes) && surrogate(runes[end]) {
		end++
	}
	if end-start > 1 {
		return fmt.Errorf("'utf-8' codec can't encode characters in position %d-%d: surrogates not allowed",
			start, end-1)
	}
	return fmt.Errorf(`'utf-8' codec can't encode character '\u%04x' in position %d: surrogates not allowed`,
		runes[start], start)
}
