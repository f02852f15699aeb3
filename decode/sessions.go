package decode

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// Options say how [Sessions] reads a document. Nil means the zero Options.
type Options struct {
	// Name is what the document is called in sessions and messages.
	Name string
	// Limits bound the document.
	Limits Limits
}

// Sessions reads the sessions of a document. What cannot be read comes as a
// [*DocumentError] in its place, and the sessions after it still come.
func Sessions(r io.Reader, opts *Options) iter.Seq2[*Session, error] {
	if opts == nil {
		opts = &Options{}
	}
	return func(yield func(*Session, error) bool) {
		yield(readSession(r, opts))
	}
}

// readSession reads a document that is one session.
func readSession(r io.Reader, opts *Options) (*Session, error) {
	limits := opts.Limits.orDefault()
	fail := func(err error) (*Session, error) { return nil, &DocumentError{Name: opts.Name, Err: err} }
	data, err := io.ReadAll(io.LimitReader(r, limits.Document+1))
	if err != nil {
		return fail(err)
	}
	if err := within(LimitDocument, int64(len(data)), limits.Document); err != nil {
		return fail(err)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return fail(ErrEmpty)
	}
	root, err := parse(data, limits)
	if err != nil {
		return nil, syntaxError(opts.Name, data, err)
	}
	line, column := position(data, root.at)
	if !isResult(root) {
		return nil, &DocumentError{Name: opts.Name, Line: line, Column: column, Err: ErrNotSession}
	}
	s, err := (&reader{limits: limits}).session(root)
	if err != nil {
		return nil, &DocumentError{Name: opts.Name, Line: line, Column: column, Err: err}
	}
	s.Source = Source{Name: opts.Name, Data: data, SHA256: sha256.Sum256(data), Line: line, Pointer: root.pointer()}
	return s, nil
}

// syntaxError says where and why data could not be parsed.
func syntaxError(name string, data []byte, err error) error {
	e := &DocumentError{Name: name, Err: err}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return e
	}
	e.Line, e.Column = position(data, int(syntax.ByteOffset))
	e.Pointer = string(syntax.JSONPointer)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Line, e.Column = position(data, len(data))
		e.Err = fmt.Errorf("%w: the JSON text ends before it is complete", ErrTruncated)
	case errors.Is(err, jsontext.ErrDuplicateName):
		e.Err = fmt.Errorf("%w: the same name twice in one object", ErrSyntax)
	default:
		e.Err = fmt.Errorf("%w: %v", ErrSyntax, syntax.Err)
	}
	return e
}

// position returns the line and column, from 1, of the byte at offset.
func position(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}
