package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// An IndexWriter writes index.json, of the shape of [Index], while the sessions
// come: a line for each. It holds what failed, since that stands behind the
// sessions, but none of these. After an error every call returns it.
type IndexWriter struct {
	w        *bufio.Writer
	sessions int
	failed   []Failure
	// streamed is how many failures have been written, -1 for that none was yet.
	streamed int
	line     bytes.Buffer
	err      error
}

// NewIndexWriter returns a writer of the index of a run of tool. The index is
// whole after Close.
func NewIndexWriter(w io.Writer, tool Tool) *IndexWriter {
	x := &IndexWriter{w: bufio.NewWriter(w), streamed: -1}
	x.member("{\n  ", "schema", IndexSchema)
	x.member(",\n  ", "tool", tool)
	x.text(",\n  \"sessions\": [")
	return x
}

// Add adds a session.
func (x *IndexWriter) Add(e *IndexEntry) error {
	x.item(x.sessions, e)
	x.sessions++
	return x.err
}

// Fail adds a document or session that could not be read.
func (x *IndexWriter) Fail(f Failure) { x.failed = append(x.failed, f) }

// FailLast adds what could not be read as [IndexWriter.Fail] does, for when all
// sessions have been added: it holds nothing.
func (x *IndexWriter) FailLast(f Failure) error {
	if x.streamed < 0 {
		x.end(x.sessions)
		x.text(",\n  \"failed\": [")
		x.streamed = 0
	}
	x.item(x.streamed, f)
	x.streamed++
	return x.err
}

// Close writes the rest: what failed, and the files of the overview and of the
// page to decide from. It does not close the writer below.
func (x *IndexWriter) Close(overview, pages []string) error {
	for _, f := range x.failed {
		_ = x.FailLast(f) // its error is kept
	}
	if x.streamed < 0 {
		x.end(x.sessions)
		x.text(",\n  \"failed\": [")
	}
	x.end(max(0, x.streamed))
	x.member(",\n  ", "overview", append([]string{}, overview...))
	x.member(",\n  ", "pages", append([]string{}, pages...))
	x.text("\n}\n")
	if err := x.w.Flush(); x.err == nil && err != nil {
		x.err = fmt.Errorf("writing index: %w", err)
	}
	return x.err
}

func (x *IndexWriter) member(before, name string, v any) {
	x.text(before + `"` + name + `": `)
	x.value(v)
}

// item writes the element i of a list, on a line of its own.
func (x *IndexWriter) item(i int, v any) {
	x.text(strings.Repeat(",", min(i, 1)) + "\n    ")
	x.value(v)
}

// end ends a list of n elements.
func (x *IndexWriter) end(n int) { x.text(strings.Repeat("\n  ", min(n, 1)) + "]") }

func (x *IndexWriter) value(v any) {
	if x.err != nil {
		return
	}
	x.line.Reset()
	e := json.NewEncoder(&x.line)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		x.err = fmt.Errorf("writing index: %w", err)
		return
	}
	x.text(strings.TrimSuffix(x.line.String(), "\n"))
}

func (x *IndexWriter) text(s string) {
	if x.err != nil {
		return
	}
	if _, err := x.w.WriteString(s); err != nil {
		x.err = fmt.Errorf("writing index: %w", err)
	}
}
