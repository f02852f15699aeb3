package s3source_test

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

var force = &s3source.PutOptions{Force: true}

func TestPut(t *testing.T) {
	for name, put := range map[string]func(*s3source.Store, decode.S3Object, string, *s3source.PutOptions) error{
		"Put": func(s *s3source.Store, o decode.S3Object, data string, opts *s3source.PutOptions) error {
			return s.Put(t.Context(), o, []byte(data), opts)
		},
		"PutFile": func(s *s3source.Store, o decode.S3Object, data string, opts *s3source.PutOptions) error {
			file := strings.NewReader(data + "what is behind it")
			return s.PutFile(t.Context(), o, file, int64(len(data)), opts)
		},
	} {
		t.Run(name, func(t *testing.T) { testPut(t, put) })
	}
}

func testPut(t *testing.T, put func(*s3source.Store, decode.S3Object, string, *s3source.PutOptions) error) {
	t.Helper()
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	o := decode.S3Object{Bucket: "bucket", Name: "out/report.json"}
	for _, tt := range []struct {
		what     string
		data     string
		opts     *s3source.PutOptions
		want     error
		then     string
		requests int
	}{
		{"new", "one", nil, nil, "one", 1},
		{"the same", "one", nil, nil, "one", 2},
		{"the same, forced", "one", force, nil, "one", 2},
		{"other, as long", "two", nil, s3source.ErrExists, "one", 2},
		{"other, longer", "longer", nil, s3source.ErrExists, "one", 2},
		{"other, forced", "two", force, nil, "two", 3},
	} {
		before := s.Stats().Requests
		err := put(s, o, tt.data, tt.opts)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.what, err, tt.want)
		}
		if got, kind := srv.Get("bucket", o.Name); string(got) != tt.then || kind != "application/json" {
			t.Errorf("%s: got %q of type %s, want %q", tt.what, got, kind, tt.then)
		}
		if got := int(s.Stats().Requests - before); got != tt.requests {
			t.Errorf("%s: got %d requests, want %d", tt.what, got, tt.requests)
		}
	}
	first := srv.Log()[0]
	if first.Header.Get("x-amz-checksum-sha256") == "" || first.Header.Get("If-None-Match") != "*" {
		t.Errorf("got header %v, want a checksum and a condition", first.Header)
	}
}

func TestPutFaults(t *testing.T) {
	for _, tt := range []struct {
		name     string
		requests int
		want     error
	}{
		{"once-503", 2, nil},
		{"twice-500", 3, nil},
		{"once-409", 2, nil},
		{"once-301", 2, nil},
		{"once-reset", 2, nil},
		{"403", 1, s3source.ErrDenied},
		{"409", 4, s3source.ErrServer},
		{"404-bucket", 1, s3source.ErrNoSuchBucket},
	} {
		srv := s3fault.New(t)
		s := s3source.New(srv.Config(), quick())
		o := decode.S3Object{Bucket: "bucket", Name: tt.name}
		err := s.Put(t.Context(), o, []byte("data"), nil)
		if n := srv.Requests(tt.name); !errors.Is(err, tt.want) || n != tt.requests {
			t.Errorf("%s: got %v after %d requests, want %v after %d", tt.name, err, n, tt.want, tt.requests)
		}
		if got, _ := srv.Get("bucket", tt.name); (string(got) == "data") != (tt.want == nil) {
			t.Errorf("%s: got %q in the bucket", tt.name, got)
		}
	}
}

// An answer that is lost is not taken for somebody else's object.
func TestPutAnswerLost(t *testing.T) {
	srv := s3fault.New(t)
	cfg := srv.Config()
	cfg.HTTPClient = &http.Client{Transport: &losing{}}
	s := s3source.New(cfg, quick())
	o := decode.S3Object{Bucket: "bucket", Name: "a.png"}
	if err := s.Put(t.Context(), o, []byte("data"), nil); err != nil {
		t.Error(err)
	}
	if got := srv.Requests("a.png"); got != 3 {
		t.Errorf("got %d requests, want put, put again, compare", got)
	}
}

// losing is a connection that loses its first answer.
type losing struct{ lost bool }

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && !l.lost {
		l.lost = true
		return nil, errors.Join(errors.New("connection reset"), answer.Body.Close())
	}
	return answer, err
}

func TestPutRefused(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	for _, o := range []decode.S3Object{
		{Bucket: "bucket"},
		{Bucket: "bucket", Name: "folder/"},
		{Bucket: "bucket", Name: "key", Version: "1"},
	} {
		if err := s.Put(t.Context(), o, nil, nil); !errors.Is(err, s3source.ErrAddress) {
			t.Errorf("%+v: got %v, want ErrAddress", o, err)
		}
	}
	if n := len(srv.Log()); n > 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestPutKMSKey(t *testing.T) {
	srv := s3fault.New(t)
	opts := quick()
	opts.KMSKey = "alias/evidence"
	o := decode.S3Object{Bucket: "bucket", Name: "key"}
	if err := s3source.New(srv.Config(), opts).Put(t.Context(), o, nil, nil); err != nil {
		t.Fatal(err)
	}
	h := srv.Log()[0].Header
	if h.Get("x-amz-server-side-encryption") != "aws:kms" ||
		h.Get("x-amz-server-side-encryption-aws-kms-key-id") != opts.KMSKey {
		t.Errorf("got header %v, want the key", h)
	}
}

// puts returns the keys of the objects that were written, in their order.
func puts(srv *s3fault.Server) []string {
	var keys []string
	for _, r := range srv.Log() {
		if r.Method == http.MethodPut {
			keys = append(keys, strings.TrimPrefix(r.URL.Path, "/bucket/"))
		}
	}
	return keys
}

func TestFolder(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	f := s.Folder(decode.S3Object{Bucket: "bucket", Name: "out/id"}, "report.json", nil)
	for _, name := range []string{"report.json", "sheet.png", "faces/audit-0.png"} {
		if err := f.Put(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if whole, err := f.Whole(t.Context()); whole || err != nil || len(puts(srv)) > 0 {
		t.Errorf("got whole %v, %v, and %v before Commit", whole, err, puts(srv))
	}
	if err := f.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"out/id/faces/audit-0.png", "out/id/sheet.png", "out/id/report.json"}
	if got := puts(srv); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if whole, err := f.Whole(t.Context()); !whole || err != nil {
		t.Errorf("got whole %v, %v after Commit", whole, err)
	}
	if err := f.Commit(t.Context()); err != nil {
		t.Errorf("again: %v", err)
	}
}

// A folder that could not be written whole has no mark, and is completed by
// the same call.
func TestFolderInterrupted(t *testing.T) {
	srv := s3fault.New(t)
	down := true
	srv.Fault = func(_ int, r *http.Request) string {
		if down && strings.HasSuffix(r.URL.Path, "/b") {
			return "403"
		}
		return ""
	}
	f := s3source.New(srv.Config(), quick()).Folder(decode.S3Object{Bucket: "bucket"}, "mark", nil)
	for _, name := range []string{"a", "b", "c", "mark"} {
		if err := f.Put(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Commit(t.Context()); !errors.Is(err, s3source.ErrDenied) {
		t.Errorf("got %v, want denied", err)
	}
	if got := srv.Keys("bucket"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("got %v, want what came before the failure", got)
	}
	down = false
	if err := f.Commit(t.Context()); err != nil {
		t.Error(err)
	}
	if got := srv.Keys("bucket"); !slices.Equal(got, []string{"a", "b", "c", "mark"}) {
		t.Errorf("got %v, want all", got)
	}
}

// Who may write but neither read nor list can make a folder, and cannot
// overwrite one.
func TestFolderWriteOnly(t *testing.T) {
	srv := s3fault.New(t)
	srv.Fault = func(_ int, r *http.Request) string {
		if r.Method == http.MethodGet {
			return "403"
		}
		return ""
	}
	for _, want := range []error{nil, s3source.ErrDenied} {
		f := s3source.New(srv.Config(), quick()).Folder(decode.S3Object{Bucket: "bucket", Name: "id/"}, "mark", force)
		err := errors.Join(f.Put("mark", []byte("data")), f.Commit(t.Context()))
		if got, _ := srv.Get("bucket", "id/mark"); !errors.Is(err, want) || string(got) != "data" {
			t.Errorf("got %v and %q, want %v", err, got, want)
		}
	}
}

// A folder that is overwritten has no mark meanwhile.
func TestFolderForce(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	commit := func(data string, opts *s3source.PutOptions) error {
		f := s.Folder(decode.S3Object{Bucket: "bucket", Name: "id/"}, "mark", opts)
		return errors.Join(f.Put("a", []byte(data)), f.Put("mark", []byte(data)), f.Commit(t.Context()))
	}
	if err := commit("one", force); err != nil {
		t.Fatal(err)
	}
	before := len(srv.Log())
	if err := commit("two", nil); !errors.Is(err, s3source.ErrExists) || len(srv.Log()) != before+1 {
		t.Errorf("got %v after %d requests, want exists before anything is written", err, len(srv.Log())-before)
	}
	before = len(srv.Log())
	if err := commit("two", force); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range srv.Log()[before:] {
		got = append(got, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/bucket/id/"))
	}
	want := []string{"GET mark", "DELETE mark", "PUT a", "GET a", "PUT a", "PUT mark"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if data, _ := srv.Get("bucket", "id/mark"); !bytes.Equal(data, []byte("two")) {
		t.Errorf("got %q, want two", data)
	}
}

func TestFolderNames(t *testing.T) {
	f := s3source.New(s3fault.New(t).Config(), quick()).Folder(decode.S3Object{Bucket: "bucket"}, "mark", nil)
	for _, name := range []string{"", ".", "/a", "../a", "a/../b", "a//b", "a/", "\xff", strings.Repeat("n", 1025)} {
		if err := f.Put(name, nil); !errors.Is(err, s3source.ErrAddress) {
			t.Errorf("%q: got %v, want ErrAddress", name, err)
		}
	}
	if err := f.Commit(t.Context()); err == nil {
		t.Error("committed without a mark")
	}
}

func TestContentType(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	for name, want := range map[string]string{
		"a.json": "application/json", "a.PNG": "image/png", "b/reference.jpg": "image/jpeg",
		"c.webp": "image/webp", "d.html": "text/html; charset=utf-8", "e": "application/octet-stream",
		"f.ndjson": "application/x-ndjson", "g.zip": "application/zip",
	} {
		if err := s.Put(t.Context(), decode.S3Object{Bucket: "bucket", Name: name}, []byte(name), nil); err != nil {
			t.Fatal(err)
		}
		if _, got := srv.Get("bucket", name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestOwner(t *testing.T) {
	srv := s3fault.New(t)
	opts := quick()
	opts.Owner = "123456789012"
	s := s3source.New(srv.Config(), opts)
	o := decode.S3Object{Bucket: "bucket", Name: "ok"}
	_, err := s.Object(t.Context(), o, limit)
	if err = errors.Join(err, s.Put(t.Context(), o, nil, nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.List(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range srv.Log() {
		if got := r.Header.Get("x-amz-expected-bucket-owner"); got != opts.Owner {
			t.Errorf("%s %s: got owner %q, want %q", r.Method, r.URL, got, opts.Owner)
		}
	}
	srv.Fault = func(int, *http.Request) string { return "403" }
	_, err = s.Object(t.Context(), o, limit)
	if err == nil || !strings.Contains(err.Error(), "or account 123456789012 does not own the bucket") {
		t.Errorf("got %v, want that the bucket may be another's", err)
	}
}

// A delete marker that a server takes for an object is none.
func TestPutOverDeleteMarker(t *testing.T) {
	srv := s3fault.New(t)
	srv.Fault = func(_ int, r *http.Request) string {
		switch {
		case r.Header.Get("If-None-Match") != "":
			return "412"
		case r.Method == http.MethodGet:
			return "404-marker"
		}
		return ""
	}
	o := decode.S3Object{Bucket: "bucket", Name: "a.json"}
	if err := s3source.New(srv.Config(), quick()).Put(t.Context(), o, []byte("{}"), nil); err != nil {
		t.Error(err)
	}
	if got, _ := srv.Get("bucket", "a.json"); string(got) != "{}" {
		t.Errorf("got %q", got)
	}
}
