package decode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A text is one of the JSON or YAML texts that a document consists of.
type text struct {
	data []byte
	// line and column are where it starts in the document.
	line, column int
	// whole is the whole document as it came, where it holds nothing else; nil
	// otherwise.
	whole []byte
	// pointer is where the text lies in whole.
	pointer string
	yaml    bool
	// log says that the text was found among other text.
	log bool

	// json is the text as JSON, marks say where its parts were where that is
	// not data, and repaired that it had to be changed to be JSON.
	json     []byte
	marks    []mark
	repaired bool
	// seen is a place that has been looked up, from which the search for the
	// next goes on.
	seen struct{ at, line, column int }
}

// position returns the line and column of the byte at offset at of the JSON.
func (t *text) position(at int) (line, column int) {
	if t.marks != nil {
		i := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].json > at }) - 1
		m := t.marks[max(i, 0)]
		return t.line + m.line - 1, m.column
	}
	// Sessions come in their order, so each byte is counted once.
	if t.seen.line == 0 || at < t.seen.at {
		t.seen.at, t.seen.line, t.seen.column = 0, t.line, t.column
	}
	at = min(at, len(t.json))
	passed := t.json[t.seen.at:at]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		t.seen.line += bytes.Count(passed, []byte("\n"))
		t.seen.column = 1
		passed = passed[i+1:]
	}
	t.seen.at, t.seen.column = at, t.seen.column+len(passed)
	return t.seen.line, t.seen.column
}

// encoding says what had to be undone to read the text, where that was wrapped
// as outer says.
func (t *text) encoding(outer string) string {
	if t.yaml {
		return strings.TrimSpace(outer + " yaml")
	}
	return outer
}

// syntaxError says where and why the text could not be parsed.
func (t *text) syntaxError(name string, err error) error {
	e := &DocumentError{Name: name, Line: t.line, Column: t.column, Err: err}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return e
	}
	e.Line, e.Column = t.position(int(syntax.ByteOffset))
	e.Pointer = string(syntax.JSONPointer)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Err = fmt.Errorf("%w: the JSON text ends before it is complete; save it again in full", ErrTruncated)
	case errors.Is(err, jsontext.ErrDuplicateName):
		e.Err = fmt.Errorf("%w: the same name twice in one object", ErrSyntax)
	default:
		e.Err = fmt.Errorf("%w: %w", ErrSyntax, syntax.Err)
	}
	return e
}

// startsJSON reports whether a document that starts with head is JSON, or was
// meant to be.
func startsJSON(head []byte) bool {
	if len(head) == 0 {
		return false
	}
	inner := bytes.TrimLeft(head[1:], " \t\r\n")
	switch head[0] {
	case '{':
		return len(inner) == 0 || inner[0] == '"' && !bytes.HasPrefix(inner, []byte(`""`)) || inner[0] == '}'
	case '[':
		return len(inner) == 0 || inner[0] == ']' || opens(inner[0]) && !bytes.HasPrefix(inner, []byte("{'")) ||
			startsTokens(head)
	case '"':
		return len(inner) > 0 && !bytes.HasPrefix(inner, []byte(`{""`)) &&
			(inner[0] == '{' || inner[0] == '[' || inner[0] == '\\' || packedJSON(inner))
	}
	return false
}

// startsTokens reports whether the first line of head is JSON as far as it
// goes, and no "[INFO] …" or "[2026-11-22T…] …".
func startsTokens(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	d := jsontext.NewDecoder(bytes.NewReader(line))
	for range 8 {
		if _, err := d.ReadToken(); err != nil {
			return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
		}
		if d.StackDepth() == 0 {
			return len(bytes.TrimSpace(line[d.InputOffset():])) == 0
		}
	}
	return true
}
