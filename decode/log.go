package decode

import (
	"bytes"
	"errors"
)

// log splits a log: lines with all kinds of text, some with JSON in them. What
// is not JSON is passed over.
func (s *splitter) log() bool {
	s.in.recorder.stop()
	var prev byte
	for {
		rest := s.w.rest()
		i := bytes.IndexByte(rest, '{')
		if i < 0 {
			s.w.skip(len(rest))
			if !s.w.more() {
				return s.end()
			}
			continue
		}
		if i > 0 {
			prev = rest[i-1]
		}
		s.w.skip(i)
		if !s.logText(prev) {
			return false
		}
		prev = '{'
	}
}

// logText takes the JSON text that may start at the brace here, after prev.
func (s *splitter) logText(prev byte) bool {
	t := text{line: s.w.line, column: s.w.column, log: true}
	head := s.w.peek(16)
	switch opening(head) {
	case `"`:
		n, err := s.frame(&framer{strict: true, depth: s.limits.Depth})
		return s.logFound(t, n, err, s.take)
	case `\"`:
		if prev != '"' {
			break
		}
		n, err := s.frame(&framer{strict: true, depth: s.limits.Depth, quoted: true})
		return s.logFound(t, n, err, func(n int, _ []byte) []byte {
			return append([]byte{'"'}, s.take(n, nil)...)
		})
	case `""`:
		if prev != '"' {
			break
		}
		n, err := s.frameCSV()
		return s.logFound(t, n, err, func(n int, _ []byte) []byte {
			return bytes.ReplaceAll(s.take(n, nil), []byte(`""`), []byte(`"`))
		})
	}
	s.w.skip(1)
	return true
}

// opening returns how the first name of the object that starts at head is
// quoted, "" where no name is to be seen.
func opening(head []byte) string {
	inner := bytes.TrimLeft(head[1:], " \t\r\n")
	for _, quote := range []string{`\"`, `""`, `"`} {
		if bytes.HasPrefix(inner, []byte(quote)) {
			return quote
		}
	}
	return ""
}

// logFound hands on a text of n bytes. One that is not whole is no news in a
// log, unless it is of a session.
func (s *splitter) logFound(t text, n int, err error, take func(int, []byte) []byte) bool {
	if err == nil {
		t.data = take(n, nil)
		return s.text(t)
	}
	n = max(n, 1)
	if mentionsSession(s.w.rest()[:n]) {
		s.w.skip(n)
		s.found = true
		return s.fail(&DocumentError{Name: s.name, Line: t.line, Column: t.column, Err: logCut(err)})
	}
	s.w.skip(n)
	return true
}

// frameCSV returns the length of the quoted field of a CSV file that starts
// here, without its closing quote.
func (s *splitter) frameCSV() (int, error) {
	for i := 1; ; i++ {
		if i+1 >= len(s.w.rest()) && !s.w.more() && i >= len(s.w.rest()) {
			return i, ErrTruncated
		}
		if err := within(LimitDocument, int64(i), s.limits.Document); err != nil {
			return i, err
		}
		rest := s.w.rest()
		if rest[i] != '"' {
			continue
		}
		if i+1 == len(rest) || rest[i+1] != '"' {
			return i, nil
		}
		i++
	}
}

// logTexts calls found with every JSON object in a text.
func logTexts(data []byte, limits Limits, found func([]byte)) {
	s := &splitter{
		in:     &input{recorder: &recorder{}},
		w:      newWindow(bytes.NewReader(data), 0),
		limits: limits,
		text:   func(t text) bool { found(t.data); return true },
		fail:   func(error) bool { return true },
	}
	s.log()
}

// logCut says of a session in a log why it could not be read.
func logCut(err error) error {
	if errors.Is(err, ErrTooLarge) {
		return err
	}
	return &RefusalError{
		"log-cut", "a result that the log has cut off or broken (truncated)",
		"take the result from where it was not logged, or raise the length that the logger keeps", ErrTruncated,
	}
}
