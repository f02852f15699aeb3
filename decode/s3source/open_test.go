package s3source_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

func readAll(t *testing.T, r io.ReadCloser) []byte {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

// Opening an object fails as getting it does.
func TestOpenFaults(t *testing.T) {
	for _, tt := range faults {
		if tt.name == "endless" || tt.name == "cut-chunked" || tt.name == "twice-cut-chunked" {
			continue // without a Content-Length they are streams: see TestReader
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := quick
			if tt.opts != nil {
				opts = tt.opts
			}
			srv := s3fault.New(t)
			s := s3source.New(srv.Config(), opts())
			o := decode.S3Object{Bucket: "bucket", Name: "a/b/" + tt.name}
			got, err := s.Open(t.Context(), o, limit)
			if n := srv.Requests(o.Name); n != tt.requests && !reset(tt.name, n, tt.requests) {
				t.Errorf("got %d requests, want %d", n, tt.requests)
			}
			if !errors.Is(err, tt.want) || (got == nil) != (tt.want != nil) {
				t.Fatalf("got %v, %v, want %v", got, err, tt.want)
			}
			if tt.want != nil {
				return
			}
			if data := readAll(t, got); string(data) != s3fault.Body {
				t.Errorf("got %d bytes, want %d", len(data), len(s3fault.Body))
			}
		})
	}
}

// large is an object that Open streams, of bytes that do not repeat.
func large() []byte {
	data := make([]byte, 17<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data)
	return data
}

func TestReader(t *testing.T) {
	t.Parallel()
	data := large()
	for _, tt := range []struct {
		key      string
		tries    int
		timeout  time.Duration
		requests int
		want     error
	}{
		{key: "whole", tries: 1, requests: 1},
		{key: "once-half-cut", tries: 2, requests: 2},
		{key: "twice-half-cut", tries: 3, requests: 3},
		{key: "once-half-stall", tries: 2, timeout: time.Second, requests: 2},
		{key: "once-half-cut", tries: 1, requests: 1, want: s3source.ErrNetwork},
		{key: "half-cut", tries: 4, requests: 4, want: s3source.ErrNetwork},
	} {
		t.Run(tt.key, func(t *testing.T) {
			t.Parallel()
			srv := s3fault.New(t)
			srv.Set("bucket", tt.key, data)
			opts := quick()
			opts.Tries = tt.tries
			if tt.timeout > 0 {
				opts.TryTimeout = tt.timeout
			}
			s := s3source.New(srv.Config(), opts)
			r, err := s.Open(t.Context(), decode.S3Object{Bucket: "bucket", Name: tt.key}, math.MaxInt64)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			got, err := io.ReadAll(r)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if tt.want == nil && !bytes.Equal(got, data) || !bytes.HasPrefix(data, got) {
				t.Errorf("got %d other bytes than were put", len(got))
			}
			if n := srv.Requests(tt.key); n != tt.requests {
				t.Errorf("got %d requests, want %d", n, tt.requests)
			}
			if r.Origin.Version != "v1" || r.Origin.Checksum == "" {
				t.Errorf("got origin %+v", r.Origin)
			}
		})
	}
}

// Every checksum that can be taken of a stream is: the SDK takes it of the
// first answer, this package of what came over two.
func TestReaderSums(t *testing.T) {
	t.Parallel()
	data := large()
	for _, sum := range []string{"sha256", "sha1", "crc64nvme", "crc32c", "crc32"} {
		srv := s3fault.New(t)
		srv.Sum = sum
		for _, key := range []string{"whole", "once-half-cut"} {
			srv.Set("bucket", key, data)
			s := s3source.New(srv.Config(), quick())
			r, err := s.Open(t.Context(), decode.S3Object{Bucket: "bucket", Name: key}, math.MaxInt64)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, data) || !strings.HasPrefix(r.Origin.Checksum, sum+":") {
				t.Errorf("%s, %s: got %d bytes, %s, %v", sum, key, len(got), r.Origin.Checksum, err)
			}
			r.Close()
		}
	}
}

// An object that is replaced while it is read is not patched together from both.
func TestReaderChanged(t *testing.T) {
	t.Parallel()
	srv, o := s3fault.New(t), decode.S3Object{Bucket: "bucket", Name: "once-half-cut"}
	srv.Set(o.Bucket, o.Name, large())
	opts := quick()
	opts.Backoff = func(int) time.Duration {
		srv.Set(o.Bucket, o.Name, []byte("something else"))
		return 0
	}
	r, err := s3source.New(srv.Config(), opts).Open(t.Context(), o, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n, err := io.Copy(io.Discard, r); !errors.Is(err, s3source.ErrChanged) {
		t.Errorf("got %d bytes, %v, want changed", n, err)
	}
}

// Bytes that do not add up to the checksum are found out even where they came
// over two connections, so that the SDK saw neither whole.
func TestReaderChecksum(t *testing.T) {
	t.Parallel()
	data := large()
	srv, o := s3fault.New(t), decode.S3Object{Bucket: "bucket", Name: "once-half-cut"}
	srv.Set(o.Bucket, o.Name, data)
	cfg := srv.Config()
	cfg.HTTPClient = &http.Client{Transport: &corrupting{at: 16 << 20}}
	r, err := s3source.New(cfg, quick()).Open(t.Context(), o, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n, err := io.Copy(io.Discard, r); !errors.Is(err, s3source.ErrChecksum) || n != int64(len(data)) {
		t.Errorf("got %d bytes, %v, want a checksum mismatch at the end", n, err)
	}
}

// corrupting is a connection that changes one byte of all it carries.
type corrupting struct{ at, off int }

func (c *corrupting) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{&corruptBody{c, answer.Body}, answer.Body}
	}
	return answer, err
}

type corruptBody struct {
	c *corrupting
	r io.Reader
}

func (b *corruptBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if i := b.c.at - b.c.off; i >= 0 && i < n {
		p[i] ^= 1
	}
	b.c.off += n
	return n, err
}

// A body without an end that is known is read as far as the limit.
func TestReaderEndless(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	r, err := s.Open(t.Context(), decode.S3Object{Bucket: "bucket", Name: "endless"}, limit)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, r)
	if !errors.Is(err, decode.ErrTooLarge) || n != limit {
		t.Errorf("got %d bytes, %v, want %d", n, err, limit)
	}
}

func TestReaderContract(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	o := decode.S3Object{Bucket: "bucket", Name: "ok"}
	r, err := s.Open(t.Context(), o, limit)
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(r, []byte(s3fault.Body)); err != nil {
		t.Error(err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
	r, err = s.Open(t.Context(), o, limit)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("got %v, want closed", err)
	}
}

// The caller's context ends a stream, and is said to have.
func TestReaderCanceled(t *testing.T) {
	t.Parallel()
	srv, o := s3fault.New(t), decode.S3Object{Bucket: "bucket", Name: "half-stall"}
	srv.Set(o.Bucket, o.Name, large())
	ctx, cancel := context.WithCancel(t.Context())
	r, err := s3source.New(srv.Config(), quick()).Open(ctx, o, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}
