package leak

import (
	"bytes"
	"iter"
	"strconv"
	"unicode/utf8"
)

// peelEscapes undoes percent escapes (RFC 3986), those of strings in JSON and
// programs and PDF, and character references of HTML, all at once, however they are
// mixed, in every run of text.
func peelEscapes(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !bytes.ContainsAny(data, "%\\&") {
			return
		}
		for run := range bytes.FieldsFuncSeq(data, control) {
			if len(run) <= prefix || !utf8.Valid(run) {
				continue // chance, in what is no text
			}
			if out := unescape(run); len(out) < len(run) && !yield(out) {
				return
			}
		}
	}
}

func control(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }

// unescape returns text without its escapes, each of which is longer than what
// it stands for.
func unescape(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := escape(text)
		switch {
		case n == 0:
			out = append(out, text[0])
			n = 1
		case n == 3 && r < 0x100: // a byte, not a character
			out = append(out, byte(r)) //nolint:gosec // below 256
		default:
			out = utf8.AppendRune(out, r)
		}
		text = text[n:]
	}
	return out
}

// escape returns the character that an escape at the beginning of data stands
// for, and the length of the escape; zero for none.
func escape(data []byte) (r rune, n int) {
	switch data[0] {
	case '%':
		return hexEscape(data, 1, 2)
	case '\\':
		return backslash(data)
	case '&':
		return reference(data)
	}
	return 0, 0
}

func backslash(data []byte) (r rune, n int) {
	if len(data) < 2 {
		return 0, 0
	}
	switch data[1] {
	case 'u':
		return hexEscape(data, 2, 4)
	case 'x':
		return hexEscape(data, 2, 2)
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case '/', '\\', '"', '\'', '(', ')':
		return rune(data[1]), 2
	case '0', '1', '2', '3':
		return octal(data)
	}
	return 0, 0
}

// octal reads an escape of three octal digits, as PDF and C have it.
func octal(data []byte) (r rune, n int) {
	const length = 4
	if len(data) < length {
		return 0, 0
	}
	v, err := strconv.ParseUint(string(data[1:length]), 8, 8)
	if err != nil {
		return 0, 0
	}
	return rune(v), length
}

func hexEscape(data []byte, from, digits int) (r rune, n int) {
	if len(data) < from+digits {
		return 0, 0
	}
	v, err := strconv.ParseUint(string(data[from:from+digits]), 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(v), from + digits
}

var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// reference reads a character reference of HTML.
func reference(data []byte) (r rune, n int) {
	const longest = 10
	end := bytes.IndexByte(data[:min(len(data), longest)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(data[1:end])
	if r, ok := entities[name]; ok {
		return r, end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	digits, base := name[1:], 10
	if len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 20)
	if err != nil {
		return 0, 0
	}
	return rune(v), end + 1
}
