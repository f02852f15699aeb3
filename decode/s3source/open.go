package s3source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lvtool/lvtool/decode"
)

// resumeBytes is how many bytes of a large object earn one more try.
const resumeBytes = 64 << 20

// A Reader reads an object from its first byte to its last. It is not safe for
// concurrent use.
//
// Where the connection breaks, the Reader goes on from where it stopped, in
// the same version of the object and no other; at the end it compares the
// checksum of everything it handed out.
type Reader struct {
	// Origin says which bytes these are.
	Origin decode.Origin
	// Problems are the doubts about the object.
	Problems []decode.Problem

	store  *Store
	ctx    context.Context //nolint:containedctx // As in http.Request: Read takes none.
	object decode.S3Object
	limit  int64

	body   io.ReadCloser
	etag   *string
	size   int64 // -1 where S3 did not say
	off    int64 // how many bytes have been handed out
	sum    checksum
	hash   hash.Hash // of what has been handed out; nil where sum cannot be taken
	breaks int       // how often the connection broke
	err    error     // what every Read from now on returns
}

// Open opens an object of at most limit bytes; a larger one is a
// [decode.ErrTooLarge], at once where S3 says how large it is. Up to 16 MiB are
// got and checked before Open returns; the bytes of a larger object can turn
// out to be damaged as late as its end, with an [ErrChecksum] in place of
// [io.EOF]. ctx holds until Close.
func (s *Store) Open(ctx context.Context, o decode.S3Object, limit int64) (*Reader, error) {
	r := &Reader{store: s, ctx: ctx, object: o, limit: limit}
	err := s.do(ctx, call{op: OpGet, object: o, send: func(ctx context.Context, region func(*s3.Options)) error {
		return r.connect(ctx, nil, region, r.begin)
	}})
	if err != nil {
		r.drop()
		return nil, err
	}
	r.Problems = s.problems(o, r.Origin)
	return r, nil
}

// connect sends a request and begins with its answer, which outlives the try
// that it is part of.
func (r *Reader) connect(try context.Context, rest *part, region func(*s3.Options),
	begin func(*s3.GetObjectOutput) error,
) error {
	r.drop()
	ctx, cancel := context.WithCancelCause(r.ctx)
	stop := context.AfterFunc(try, func() { cancel(context.Cause(try)) })
	defer stop()
	out, err := r.store.get(ctx, r.object, rest, region)
	if err != nil {
		cancel(nil)
		return err
	}
	r.body = &stream{ctx: ctx, cancel: cancel, body: out.Body, patience: r.store.opts.TryTimeout}
	out.Body = r.body
	return begin(out)
}

// begin starts to read the answer to the first request.
func (r *Reader) begin(out *s3.GetObjectOutput) error {
	r.Origin, r.etag, r.size = origin(r.object, out), out.ETag, -1
	if out.ContentLength != nil {
		r.size = *out.ContentLength
	}
	if err := within(decode.LimitDocument, r.size, r.limit); err != nil {
		return err
	}
	if r.size >= 0 && r.size <= wholeBytes {
		data, err := readAll(out, decode.LimitDocument, r.size)
		if err != nil {
			return err
		}
		_ = r.body.Close() // it has been read to its end
		r.body = io.NopCloser(bytes.NewReader(data))
		return nil
	}
	if r.sum = checksumOf(out); r.sum.hash != nil {
		r.hash = r.sum.hash()
	}
	return nil
}

// Read implements [io.Reader]. Its errors are of type [*Error], but for
// [io.EOF].
func (r *Reader) Read(p []byte) (int, error) {
	// One byte over the limit tells that it is exceeded.
	if most := r.limit - r.off; int64(len(p)) > most {
		p = p[:most+1]
	}
	for r.err == nil {
		n, err := r.body.Read(p)
		if r.off+int64(n) > r.limit {
			n, err = n-1, within(decode.LimitDocument, r.limit+1, r.limit)
		}
		r.off += int64(n)
		if r.hash != nil {
			r.hash.Write(p[:n])
		}
		if err != nil {
			r.err = r.goOn(err)
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	return 0, r.err
}

// goOn decides what the end of a connection means. It returns nil where
// another goes on from here.
func (r *Reader) goOn(err error) error {
	if errors.Is(err, io.EOF) && r.size >= 0 && r.off < r.size {
		err = io.ErrUnexpectedEOF
	}
	if r.off == r.size && r.hash != nil {
		err = io.EOF // however the connection ended, the checksum tells
	}
	if errors.Is(err, io.EOF) && r.hash != nil && !r.sum.fits(r.hash) {
		err = ErrChecksum
	}
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	r.breaks++
	failure := newError(r.ctx, call{op: OpGet, object: r.object}, err)
	failure.Tries = r.breaks
	again := errors.Is(failure, ErrNetwork) || errors.Is(failure, ErrTimeout)
	if !again || r.etag == nil || r.breaks >= r.store.opts.Tries+int(r.off/resumeBytes) {
		return failure
	}
	if !r.store.pause(r.ctx, r.breaks, failure) {
		return failure
	}
	r.store.retries.Add(1)
	return r.resume()
}

// resume asks for the bytes that have not come.
func (r *Reader) resume() error {
	rest := &part{from: r.off, etag: r.etag}
	begin := func(out *s3.GetObjectOutput) error {
		if got := aws.ToString(out.ContentRange); !strings.HasPrefix(got, fmt.Sprintf("bytes %d-", r.off)) {
			return fmt.Errorf("%w: the range %.40q came instead", ErrChanged, got)
		}
		return nil
	}
	send := func(ctx context.Context, region func(*s3.Options)) error { return r.connect(ctx, rest, region, begin) }
	return r.store.do(r.ctx, call{op: OpGet, object: r.object, send: send})
}

// drop closes the connection, which has nothing to say that matters.
func (r *Reader) drop() {
	if r.body != nil {
		_ = r.body.Close()
	}
}

// Close closes the connection. It returns nil.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = &Error{Op: OpGet, Object: r.object, Err: fs.ErrClosed}
	}
	r.drop()
	return nil
}
