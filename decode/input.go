package decode

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

// An input is a document as a stream of UTF-8, whatever it was wrapped in.
type input struct {
	io.Reader
	// encoding names the wrappings, the outermost first.
	encoding string
	recorder *recorder
	closers  []func()
}

// open finds out how r, of about size bytes, is wrapped.
func open(r io.Reader, limits Limits, size int) (*input, error) {
	in := &input{recorder: &recorder{r: r, limit: limits.Document, data: make([]byte, 0, size)}}
	in.Reader = in.recorder
	// Nobody compresses twice on purpose, but a download may do so by mistake.
	for range 2 {
		if err := in.unpack(limits); err != nil {
			return in, err
		}
	}
	return in, in.transcode()
}

func (in *input) close() {
	for _, f := range in.closers {
		f()
	}
}

// wrap replaces the stream by one that undoes an encoding.
func (in *input) wrap(encoding string, r io.Reader) {
	if in.encoding != "" {
		encoding = in.encoding + " " + encoding
	}
	in.encoding, in.Reader = encoding, r
}

// unpack undoes gzip or zstd, if the stream starts like it.
func (in *input) unpack(limits Limits) error {
	packed := &counter{r: in.Reader}
	b := bufio.NewReader(packed)
	in.Reader = b
	head, _ := b.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(b)
		if err != nil {
			return fmt.Errorf("gzip: %w", cut(err))
		}
		in.wrap("gzip", &unpacker{"gzip", counter{r: z}, packed, limits})
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return fmt.Errorf("zstd: %w", cut(err))
		}
		in.closers = append(in.closers, z.Close)
		in.wrap("zstd", &unpacker{"zstd", counter{r: z}, packed, limits})
	}
	return nil
}

// transcode turns UTF-16 into UTF-8.
func (in *input) transcode() error {
	b := bufio.NewReader(in.Reader)
	in.Reader = b
	head, _ := b.Peek(4)
	endian, name := unicode.LittleEndian, "utf-16le"
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return errUTF32
	case bytes.HasPrefix(head, []byte("\xfe\xff")), len(head) > 1 && head[0] == 0 && head[1] != 0:
		endian, name = unicode.BigEndian, "utf-16be"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), len(head) > 1 && head[0] != 0 && head[1] == 0:
	default:
		return nil
	}
	in.wrap(name, unicode.UTF16(endian, unicode.UseBOM).NewDecoder().Reader(b))
	return nil
}

// cut says in words what the readers mean by an unexpected end.
func cut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: the compressed data ends before it is complete", ErrTruncated)
	}
	return err
}

// A recorder keeps the bytes that are read through it, as long as they are not
// more than its limit.
type recorder struct {
	r     io.Reader
	data  []byte
	limit int64
	off   bool
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if !r.off {
		r.data = append(r.data, p[:n]...)
	}
	if int64(len(r.data)) > r.limit {
		r.stop()
	}
	return n, err
}

// stop forgets what was recorded.
func (r *recorder) stop() { r.off, r.data = true, nil }

// A counter counts the bytes that are read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// An unpacker bounds how much larger than its packed form a stream may be, so
// that reading takes time in proportion to what was given.
type unpacker struct {
	name string
	counter
	packed *counter
	limits Limits
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.counter.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, fmt.Errorf("%s: %w", u.name, cut(err))
	}
	most := u.limits.Document + u.packed.n*int64(u.limits.Expansion)
	if u.n > most {
		return n, within(LimitExpansion, u.n, most)
	}
	return n, err
}
