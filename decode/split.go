package decode

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// A splitter takes an input apart into texts.
type splitter struct {
	in     *input
	w      *window
	limits Limits
	name   string
	// text and fail take what is found. They report whether to go on.
	text func(text) bool
	fail func(error) bool
	// found says that there was a text, or an error in the place of one.
	found bool
	// torn says that the last text was broken, so that what stands next may be
	// anywhere.
	torn bool
}

// between is what may stand between JSON texts: white space, byte order marks
// of files that were joined, the record separators of RFC 7464, and commas, as
// in an array that has lost its brackets.
var between = setOf(" \t\r\n\ufeff\x1e,")

// json splits a stream of JSON texts, and of the elements of arrays.
func (s *splitter) json() bool {
	for {
		switch c := s.w.next(&between); c {
		case 0:
			if len(s.w.rest()) == 0 {
				return s.end()
			}
			fallthrough
		default:
			if !s.stranger() {
				return false
			}
		case '[':
			if !s.array() {
				return false
			}
		case '{', '"':
			if !s.one("", s.last) {
				return false
			}
		}
	}
}

// end reports that the input could not be read to its end.
func (s *splitter) end() bool {
	if err := s.w.failed(); err != nil {
		return s.failHere(err)
	}
	return true
}

// array splits a top-level array into its elements.
func (s *splitter) array() bool {
	s.w.skip(1)
	for i := 0; ; i++ {
		if s.w.next(&inSpace) == ']' && i == 0 {
			s.w.skip(1)
			return true
		}
		s.torn = false
		if !s.element("/" + strconv.Itoa(i)) {
			return false
		}
		switch c := s.w.next(&inSpace); {
		case len(s.w.rest()) == 0:
			return s.w.failed() != nil || // which is reported at the end
				s.failHere(fmt.Errorf("%w: the array ends before it is complete", ErrTruncated))
		case c == ',' || c == ']':
			s.w.skip(1)
			if c == ']' {
				return true
			}
		case s.torn:
		case !s.failHere(fmt.Errorf("%w: a comma or the end of the array is missing", ErrSyntax)):
			return false
		}
	}
}

// element takes the next element of a top-level array.
func (s *splitter) element(pointer string) bool {
	switch c := s.w.next(&inSpace); {
	case len(s.w.rest()) == 0:
		return true // which the array reports
	case c == '{' || c == '[' || c == '"':
		return s.one(pointer, s.lastElement)
	case inScalar[c] && c != ',' && c != ':':
		return s.scalar(pointer)
	}
	return s.stranger()
}

// one takes the text that starts here. last reports whether nothing follows
// the n bytes of it.
func (s *splitter) one(pointer string, last func(n int) bool) bool {
	t := text{line: s.w.line, column: s.w.column, pointer: pointer}
	n, err := s.frame(&framer{depth: s.limits.Depth})
	if err != nil {
		return s.broken(t, n, err)
	}
	only := !s.found && last(n)
	s.found = true
	if only && !s.in.recorder.off {
		t.whole = s.in.recorder.data
	} else {
		s.in.recorder.stop()
		t.pointer = ""
	}
	t.data = s.take(n, t.whole)
	return s.text(t)
}

// take passes over the n bytes of a text and returns them: where they are a
// part of the whole input, that part, else a copy.
func (s *splitter) take(n int, whole []byte) []byte {
	from := s.w.offset
	data := s.w.rest()[:n]
	if whole != nil && s.in.encoding == "" {
		data = whole[from : from+int64(n) : from+int64(n)]
	} else {
		data = bytes.Clone(data)
	}
	s.w.skip(n)
	return data
}

// frame reads until a whole text is there, and returns its length; with an
// error, that of the part before its place.
func (s *splitter) frame(f *framer) (int, error) {
	for {
		n, err := f.feed(s.w.rest())
		if err != nil {
			return f.at, err
		}
		if n > 0 {
			return n, within(LimitDocument, int64(n), s.limits.Document)
		}
		if err := within(LimitDocument, int64(f.at), s.limits.Document); err != nil {
			return f.at, err
		}
		if !s.w.more() {
			if err := s.w.failed(); err != nil {
				return len(s.w.rest()), err
			}
			return len(s.w.rest()), ErrTruncated
		}
	}
}

// broken reports a text that is not whole and goes on where another may start.
func (s *splitter) broken(t text, n int, err error) bool {
	s.found, s.torn = true, true
	s.in.recorder.stop()
	part := s.w.rest()[:min(n+1, len(s.w.rest()))]
	var strange error
	if errors.Is(err, errEnded) || errors.Is(err, errStranger) {
		t.json = part
		strange = s.strange(&t)
	}
	s.w.skip(n)
	ended := errors.Is(err, errEnded) && s.w.column == 1
	place := &DocumentError{Name: s.name, Line: s.w.line, Column: s.w.column, Err: err}
	switch {
	case s.w.failed() != nil:
		return true // which is reported at the end
	case errors.Is(err, ErrTooLarge):
		place.Line, place.Column, err = t.line, t.column, place
	case errors.Is(err, ErrTruncated), errors.Is(err, errCut), ended:
		place.Err = fmt.Errorf("%w: the JSON text from line %d ends before it is complete; save it again in full",
			ErrTruncated, t.line)
		err = place
	default:
		err = strange
	}
	if !s.fail(err) {
		return false
	}
	if !ended {
		s.resync()
	}
	return true
}

// strange says what the parser thinks of a text that ends with the first
// character that cannot be.
func (s *splitter) strange(t *text) error {
	values := 0
	_, err := parse(t.json, s.limits, &values)
	if err == nil { // cannot happen, as far as anybody knows: the framer is no stricter than the parser
		err = errStranger
	}
	if refusal := refuseDocument(s.w.rest()[:min(len(s.w.rest()), len(t.json)+100, 16<<10)], false); refusal != nil {
		return &DocumentError{Name: s.name, Line: t.line, Column: t.column, Err: refusal}
	}
	return t.syntaxError(s.name, err)
}

// resync passes over the rest of a broken text: up to a line that starts as a
// text does.
func (s *splitter) resync() {
	for {
		s.w.skipLine()
		rest := s.w.peek(1)
		if len(rest) == 0 || rest[0] == '{' || rest[0] == '[' {
			return
		}
	}
}

// last reports whether nothing but white space follows the next n bytes. It
// looks no further than a document may be long.
func (s *splitter) last(n int) bool {
	for i := n; ; i++ {
		if i == len(s.w.rest()) && (int64(i) > s.limits.Document || !s.w.more()) {
			return i == len(s.w.rest()) && s.w.err != nil && s.w.failed() == nil
		}
		if !between[s.w.rest()[i]] {
			return false
		}
	}
}

// lastElement reports whether nothing but the end of the array follows the
// next n bytes.
func (s *splitter) lastElement(n int) bool {
	for i := n; i < len(s.w.rest()) || int64(i) <= s.limits.Document && s.w.more(); i++ {
		if c := s.w.rest()[i]; c == ']' {
			return s.last(i + 1)
		} else if !inSpace[c] {
			return false
		}
	}
	return false
}

// scalar takes a number, true, false or null out of an array.
func (s *splitter) scalar(pointer string) bool {
	t := text{line: s.w.line, column: s.w.column, pointer: pointer}
	rest := s.w.peek(2 * maxDigits)
	n := 0
	for n < len(rest) && n < 2*maxDigits && inScalar[rest[n]] && rest[n] != ',' {
		n++
	}
	t.data = s.take(n, nil)
	return s.text(t)
}

// stranger reports something that cannot start a text, and passes over it.
func (s *splitter) stranger() bool {
	rest := s.w.peek(1)
	if !s.failHere(fmt.Errorf("%w: %q where a text should start", ErrSyntax, rest[0])) {
		return false
	}
	s.resync()
	return true
}

func (s *splitter) failHere(err error) bool {
	s.found = true
	return s.fail(&DocumentError{Name: s.name, Line: s.w.line, Column: s.w.column, Err: err})
}

// packed takes an input that is all Base64, of JSON.
func (s *splitter) packed() bool {
	t := text{line: s.w.line, column: s.w.column}
	for s.w.more() {
		if err := within(LimitDocument, int64(len(s.w.rest())), s.limits.Document); err != nil {
			return s.failHere(err)
		}
	}
	if !s.in.recorder.off {
		t.whole = s.in.recorder.data
	}
	raw := s.take(len(s.w.rest()), nil)
	t.data = append(append([]byte{'"'}, bytes.TrimRight(raw, " \t\r\n\x00")...), '"')
	s.found = true
	return s.text(t) && s.end()
}
