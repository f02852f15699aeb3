package pipeline

import (
	"context"
	"io"
)

// Reader returns r such that the end of ctx ends a Read that waits, with the
// context's error. The Read of r goes on behind it until it returns, which for
// a terminal or a pipe may be at the end of the program; r is not read again.
func Reader(ctx context.Context, r io.Reader) io.Reader {
	return &reader{ctx: ctx, r: r, done: make(chan chunk, 1)}
}

type reader struct {
	ctx  context.Context // it is what Reader is about
	r    io.Reader
	buf  []byte
	done chan chunk
}

type chunk struct {
	n   int
	err error
}

// Read reads from the reader below, into a buffer of its own: the caller's may
// be in other use by the time that a Read left behind returns.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	if len(r.buf) < len(p) {
		r.buf = make([]byte, len(p))
	}
	buf := r.buf[:len(p)]
	go func() {
		n, err := r.r.Read(buf)
		r.done <- chunk{n, err}
	}()
	select {
	case c := <-r.done:
		return copy(p, buf[:c.n]), c.err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}
