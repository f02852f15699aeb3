package decode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// What can be wrong with a document or an image. Test with [errors.Is].
var (
	// ErrNumber says that a number is absent, not finite or out of bounds.
	ErrNumber = errors.New("not a usable number")
	// ErrTooLarge says that a limit of [Limits] was reached; the error is a
	// [LimitError].
	ErrTooLarge = errors.New("over the limit")
	// ErrEmpty says that a document holds nothing.
	ErrEmpty = errors.New("empty file")
	// ErrTruncated says that a document or an image ends too early.
	ErrTruncated = errors.New("truncated")
	// ErrSyntax says that a document is not JSON.
	ErrSyntax = errors.New("not valid JSON")
	// ErrNotSession says that a document is not a liveness result.
	ErrNotSession = errors.New("not a Face Liveness result")
	// ErrFormat says that an image is not JPEG, PNG or WebP.
	ErrFormat = errors.New("not a JPEG, PNG or WebP image")
	// ErrPixels says that an image is JPEG, PNG or WebP by its first bytes, but
	// cannot be decoded.
	ErrPixels = errors.New("broken image")
	// ErrNoImage says that the result names an image but neither holds its
	// bytes nor says where they are.
	ErrNoImage = errors.New("no image bytes")
	// ErrEncoding says that the bytes of an image are written in a way that
	// cannot be read.
	ErrEncoding = errors.New("unreadable image bytes")
	// ErrNoObjects says that an image lies in S3 and the caller supplied no
	// [Objects] to get it with.
	ErrNoObjects = errors.New("image is in S3")
	// ErrNotFound says that an object is not where the result says.
	ErrNotFound = errors.New("object not found")
)

// A DocumentError says where in a document something is wrong, and what.
type DocumentError struct {
	// Name is what the caller called the document.
	Name string
	// Line and Column are where, from 1, zero where that is not known. Columns
	// count bytes.
	Line, Column int
	// Pointer is the JSON pointer (RFC 6901) of the value, "" for the whole
	// document or where that is not known.
	Pointer string
	// Err is what is wrong.
	Err error
}

// Error returns what is wrong, after name:line:column as editors know it, and
// before the pointer; what is not known is left out.
func (e *DocumentError) Error() string {
	var b strings.Builder
	if e.Name != "" {
		b.WriteString(printable(e.Name) + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(e.Err.Error())
	if e.Pointer != "" {
		b.WriteString(" (at " + printable(e.Pointer) + ")")
	}
	return b.String()
}

// Unwrap returns e.Err.
func (e *DocumentError) Unwrap() error { return e.Err }

// A FrameError says which image of a session could not be loaded, and why.
type FrameError struct {
	// Session is the session's id, "" where it has none.
	Session string
	// Frame is the frame's name.
	Frame string
	// Err is what is wrong.
	Err error
}

// Error returns session, frame and what is wrong.
func (e *FrameError) Error() string {
	if e.Session == "" {
		return e.Frame + ": " + e.Err.Error()
	}
	return printable(e.Session) + ": " + e.Frame + ": " + e.Err.Error()
}

// Unwrap returns e.Err.
func (e *FrameError) Unwrap() error { return e.Err }

// printable returns s, which comes from outside, fit for a terminal and no
// longer than a line: what does not print is escaped, the middle of a long s
// left out.
func printable(s string) string {
	const longest = 100
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest/2]) + "…" + string(r[len(r)-longest/2:])
	}
	q := strconv.QuoteToGraphic(s)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(q[1 : len(q)-1])
}
