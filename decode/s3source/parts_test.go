package s3source_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

var index = decode.S3Object{Bucket: "bucket", Name: "run/index.json"}

// inParts returns options with which 12 MiB are three parts.
func inParts() *s3source.Options {
	opts := quick()
	opts.PartSize = s3source.MinPart
	return opts
}

// bytesOf returns 12 MiB that differ by a letter.
func bytesOf(c byte) []byte {
	data := bytes.Repeat([]byte{c, 'x', 'y'}, 4<<20)
	data[0] = 'A'
	return data
}

// sent counts the parts that were sent so far.
func sent(srv *s3fault.Server) (n int) {
	for _, r := range srv.Log() {
		if r.URL.Query().Has("partNumber") {
			n++
		}
	}
	return n
}

// What is too large for one request is written in parts, whole or not at all, and
// on the same conditions; what is there already is not sent again.
func TestPutParts(t *testing.T) {
	for _, fault := range []string{"", "503", "reset", "half-cut"} {
		srv := s3fault.New(t)
		s := s3source.New(srv.Config(), inParts())
		id := ""
		srv.Fault = func(n int, r *http.Request) string {
			this := r.URL.Query().Get("uploadId")
			switch {
			case fault == "half-cut" && r.Method == http.MethodPost && this != "" && this != id:
				id = this
				return fault // it is done, and the answer is lost
			case n%3 == 0 && !strings.Contains(fault, "cut"):
				return fault
			}
			return ""
		}
		put := func(c byte, force bool) error {
			data := bytesOf(c)
			opts := &s3source.PutOptions{Force: force}
			return s.PutFile(t.Context(), index, bytes.NewReader(data), int64(len(data)), opts)
		}
		if err := put('a', false); err != nil {
			t.Fatalf("%q: %v", fault, err)
		}
		parts := sent(srv)
		if err := put('a', false); err != nil || sent(srv) != parts || parts < 3 {
			t.Errorf("%q: again: %v, %d parts were sent, before %d", fault, err, sent(srv)-parts, parts)
		}
		if err := put('b', false); !errors.Is(err, s3source.ErrExists) || sent(srv) != parts {
			t.Errorf("%q: others: got %v, want ErrExists", fault, err)
		}
		if got, kind := srv.Get("bucket", index.Name); !bytes.Equal(got, bytesOf('a')) || kind != "application/json" {
			t.Errorf("%q: got %d bytes, %s", fault, len(got), kind)
		}
		if err := put('b', true); err != nil {
			t.Errorf("%q: by force: %v", fault, err)
		}
		if got, _ := srv.Get("bucket", index.Name); !bytes.Equal(got, bytesOf('b')) || srv.Uploads() != 0 {
			t.Errorf("%q: got %d bytes, and %d uploads are left", fault, len(got), srv.Uploads())
		}
	}
}

// The same bytes are known to be there, whether in the same parts, in others, or in
// one.
func TestPutPartsSame(t *testing.T) {
	srv := s3fault.New(t)
	for _, size := range []int64{s3source.MinPart, 6 << 20, 64 << 20, s3source.MinPart} {
		opts := inParts()
		opts.PartSize = size
		if err := s3source.New(srv.Config(), opts).Put(t.Context(), index, bytesOf('a'), nil); err != nil {
			t.Errorf("in parts of %d: %v", size, err)
		}
	}
	if srv.Version("bucket", index.Name) != 1 {
		t.Errorf("it was written %d times", srv.Version("bucket", index.Name))
	}
}

// Where a part cannot be written, or somebody else is quicker, no part is left.
func TestPutPartsAborted(t *testing.T) {
	isPart := func(r *http.Request) bool { return r.URL.Query().Get("partNumber") == "2" }
	for _, tt := range []struct {
		name  string
		fault func(srv *s3fault.Server, cancel func()) func(int, *http.Request) string
		want  error
	}{
		{"denied", func(*s3fault.Server, func()) func(int, *http.Request) string {
			return func(_ int, r *http.Request) string {
				if isPart(r) {
					return "403"
				}
				return ""
			}
		}, s3source.ErrDenied},
		{"interrupted", func(_ *s3fault.Server, cancel func()) func(int, *http.Request) string {
			return func(_ int, r *http.Request) string {
				if isPart(r) {
					cancel()
				}
				return ""
			}
		}, context.Canceled},
		{"another", func(srv *s3fault.Server, _ func()) func(int, *http.Request) string {
			return func(_ int, r *http.Request) string {
				if isPart(r) {
					srv.Set("bucket", index.Name, []byte("of another"))
				}
				return ""
			}
		}, s3source.ErrExists},
	} {
		srv := s3fault.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		srv.Fault = tt.fault(srv, cancel)
		err := s3source.New(srv.Config(), inParts()).Put(ctx, index, bytesOf('a'), nil)
		if !errors.Is(err, tt.want) || srv.Uploads() != 0 {
			t.Errorf("%s: got %v, and %d uploads are left", tt.name, err, srv.Uploads())
		}
		if got, _ := srv.Get("bucket", index.Name); len(got) > 100 {
			t.Errorf("%s: got %d bytes", tt.name, len(got))
		}
		cancel()
	}
}

// A server that knows no condition for parts has been asked before they were sent.
func TestPutPartsUnconditional(t *testing.T) {
	srv := s3fault.New(t)
	srv.Fault = func(_ int, r *http.Request) string {
		if r.Method == http.MethodPost && r.Header.Get("If-None-Match") != "" {
			return "501"
		}
		return ""
	}
	s := s3source.New(srv.Config(), inParts())
	if err := s.Put(t.Context(), index, bytesOf('a'), nil); err != nil {
		t.Error(err)
	}
	if err := s.Put(t.Context(), index, bytesOf('b'), nil); !errors.Is(err, s3source.ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	if got, _ := srv.Get("bucket", index.Name); !bytes.Equal(got, bytesOf('a')) {
		t.Errorf("got %d bytes", len(got))
	}
}

// Replace overwrites just the object that was read.
func TestReplace(t *testing.T) {
	for _, data := range [][]byte{[]byte("small"), bytesOf('a')} {
		srv := s3fault.New(t)
		srv.Set("bucket", index.Name, []byte("old"))
		s := s3source.New(srv.Config(), inParts())
		old, err := s.Object(t.Context(), index, 100)
		if err != nil {
			t.Fatal(err)
		}
		replace := func() error {
			return s.Replace(t.Context(), index, bytes.NewReader(data), int64(len(data)), old.Origin.ETag)
		}
		srv.Fault = func(n int, r *http.Request) string {
			if n == 2 && r.Method == http.MethodPut {
				return "half-cut" // it is done, and the answer is lost
			}
			return ""
		}
		if err := replace(); err != nil {
			t.Error(err)
		}
		srv.Set("bucket", index.Name, []byte("of another"))
		if err := replace(); !errors.Is(err, s3source.ErrChanged) {
			t.Errorf("got %v, want ErrChanged", err)
		}
		if got, _ := srv.Get("bucket", index.Name); string(got) != "of another" {
			t.Errorf("got %d bytes", len(got))
		}
		srv.Delete("bucket", index.Name)
		if err := replace(); !errors.Is(err, s3source.ErrChanged) || srv.Uploads()+len(srv.Keys("bucket")) != 0 {
			t.Errorf("deleted: got %v, want ErrChanged", err)
		}
	}
}
