package decode

import (
	"bytes"
	"errors"
)

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
		var err error
		switch c := text[f.at]; {
		case !f.quoted && inSpace[c]:
		case !f.quoted:
			err = f.structure(c)
		case c == '\n' && !f.escape:
			if f.at+1 == len(text) {
				return 0, nil
			}
			err = f.lineBreak(text[f.at+1])
		default:
			f.quoted = f.escape || c != '"'
			f.escape = c == '\\' && !f.escape
			if f.quoted && !f.escape {
				f.at += plain(text[f.at+1:])
			}
		}
		if err != nil {
			return 0, err
		}
		f.at++
		if len(f.stack) == 0 && !f.quoted {
			return f.at, nil
		}
	}
	return 0, nil
}

// plain returns how many bytes of a string there are, at least, before one that
// means something. It looks at so few at a time that looking again costs little.
func plain(text []byte) int {
	const most = 256
	text = text[:min(len(text), most)]
	for _, c := range []byte{'"', '\\', '\n'} {
		if i := bytes.IndexByte(text, c); i >= 0 {
			text = text[:i]
		}
	}
	return len(text)
}

// lineBreak takes a line break in a string, with the byte after it.
func (f *framer) lineBreak(next byte) error {
	if f.strict || !inBase64[next] && next != '"' {
		return errCut
	}
	return nil
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
