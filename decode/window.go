package decode

import (
	"bytes"
	"errors"
	"io"
)

// A window is the part of a stream that is being looked at. It knows which
// line and column its first byte lies in.
type window struct {
	r   io.Reader
	buf []byte
	// pos is where the unread part of buf starts, offset how many bytes of the
	// stream lie before it.
	pos    int
	offset int64
	line   int
	column int
	// err is why there is no more to read, io.EOF at the end.
	err error
}

// room is how many bytes are read at a time, if they are there.
const room = 64 << 10

// newWindow returns a window on r, which has about size bytes.
func newWindow(r io.Reader, size int) *window {
	w := &window{r: r, line: 1, column: 1}
	if size > 0 {
		w.buf = make([]byte, 0, size+room)
	}
	return w
}

// rest returns the bytes that have been read from the stream and not been
// skipped. They stay as they are until the next call of more.
func (w *window) rest() []byte { return w.buf[w.pos:] }

// more reads on. It reports false where the stream has ended.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.pos > 0 && cap(w.buf)-len(w.buf) < room {
		w.buf = w.buf[:copy(w.buf, w.buf[w.pos:])]
		w.pos = 0
	}
	if cap(w.buf)-len(w.buf) < room {
		grown := make([]byte, len(w.buf), 2*cap(w.buf)+2*room)
		copy(grown, w.buf)
		w.buf = grown
	}
	n := 0
	for range 100 {
		if n, w.err = w.r.Read(w.buf[len(w.buf):cap(w.buf)]); n > 0 || w.err != nil {
			w.buf = w.buf[:len(w.buf)+n]
			return n > 0
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// failed returns why the stream could not be read to its end, nil where it
// could.
func (w *window) failed() error {
	if errors.Is(w.err, io.EOF) {
		return nil
	}
	return w.err
}

// peek reads until n bytes are there, or fewer at the end, and returns what is.
func (w *window) peek(n int) []byte {
	for len(w.rest()) < n && w.more() {
	}
	return w.rest()
}

// skip passes over the next n bytes, which must have been read.
func (w *window) skip(n int) {
	passed := w.buf[w.pos : w.pos+n]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		w.line += bytes.Count(passed, []byte("\n"))
		w.column = 1
		passed = passed[i+1:]
	}
	w.column += len(passed)
	w.pos += n
	w.offset += int64(n)
}

// skipWhile passes over the bytes of set.
func (w *window) skipWhile(set *[256]bool) {
	for {
		rest := w.rest()
		n := 0
		for n < len(rest) && set[rest[n]] {
			n++
		}
		w.skip(n)
		if n < len(rest) || !w.more() {
			return
		}
	}
}

// skipLine passes over the rest of the line, its end included.
func (w *window) skipLine() {
	for {
		rest := w.rest()
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			w.skip(i + 1)
			return
		}
		w.skip(len(rest))
		if !w.more() {
			return
		}
	}
}

// next returns the next byte that is not in set, which it skips; zero at the
// end.
func (w *window) next(set *[256]bool) byte {
	w.skipWhile(set)
	if rest := w.rest(); len(rest) > 0 {
		return rest[0]
	}
	return 0
}
