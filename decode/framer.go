package decode

import "errors"

// A framer finds where a JSON text ends before it has been parsed, so that
// texts can be taken one by one from a stream of any length. It looks no closer
// than that needs; the parser looks at the rest.
type framer struct {
	// strict refuses a line break in a string, which a text wrapped by hand
	// has and a broken one too.
	strict bool
	depth  int
	stack  []byte
	// prev is the last byte outside strings that was not white space.
	prev   byte
	quoted bool
	escape bool
	// at is how far the text has been looked at.
	at int
}

var (
	errEnded    = errors.New("the next text starts before this one is complete")
	errCut      = errors.New("the line ends inside a string")
	errStranger = errors.New("a character that JSON does not have here")
)

// feed looks on, at a text of which more has been read. It returns the length
// of the text, or 0 where more is needed. After an error, at is its place.
func (f *framer) feed(text []byte) (int, error) {
	for f.at < len(text) {
		c := text[f.at]
		switch {
		case f.escape:
			f.escape = false
		case f.quoted && c == '\n':
			if f.at+1 == len(text) {
				return 0, nil
			}
			if f.strict || !inBase64[text[f.at+1]] && text[f.at+1] != '"' {
				return 0, errCut
			}
		case f.quoted:
			f.escape, f.quoted = c == '\\', c != '"'
			if !f.quoted && len(f.stack) == 0 {
				return f.at + 1, nil
			}
		case inSpace[c]:
		default:
			if err := f.structure(c); err != nil {
				return 0, err
			}
			if len(f.stack) == 0 && !f.quoted {
				return f.at + 1, nil
			}
		}
		f.at++
	}
	return 0, nil
}

// structure takes a byte that is outside strings and not white space.
func (f *framer) structure(c byte) error {
	prev := f.prev
	f.prev = c
	switch c {
	case '{', '[':
		if !f.mayOpen(prev) {
			return errEnded
		}
		f.stack = append(f.stack, c)
		return within(LimitDepth, len(f.stack), f.depth)
	case '"':
		if prev != '{' && prev != ',' && prev != 0 && !f.mayOpen(prev) {
			return errStranger
		}
		f.quoted = true
		return nil
	case '}', ']':
		// An opening bracket is two before its closing one in ASCII.
		if f.stack[len(f.stack)-1] != c-2 {
			return errStranger
		}
		f.stack = f.stack[:len(f.stack)-1]
		return nil
	}
	if !inScalar[c] {
		return errStranger
	}
	return nil
}

// mayOpen reports whether an object or array may follow prev.
func (f *framer) mayOpen(prev byte) bool {
	if len(f.stack) == 0 {
		return prev == 0
	}
	return prev == ':' || f.stack[len(f.stack)-1] == '[' && (prev == '[' || prev == ',')
}

var (
	inSpace  = setOf(" \t\r\n")
	inBase64 = setOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
	// inScalar has the bytes of numbers, true, false, null, NaN and Infinity,
	// and what stands between values.
	inScalar = setOf("0123456789+-.eEtrufalsnNaIity,:")
)
