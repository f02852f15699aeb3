package s3source_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

func TestList(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	for i := range 2500 {
		srv.Set("bucket", fmt.Sprintf("in/%04d.json", i), []byte("{}"))
	}
	odd := []string{"in/é+%41&#日本/ .json", "in//.json", "in/\x01\u2028.json"}
	for _, key := range append(odd, "in/", "in/folder/", "in/a.png", "in.json", "inner/a.json") {
		srv.Set("bucket", key, nil)
	}
	prefix := decode.S3Object{Bucket: "bucket", Name: "in"}
	json := func(name string) bool { return strings.HasSuffix(name, ".json") }
	got, err := s.List(t.Context(), prefix, &s3source.ListOptions{Match: json})
	if err != nil || len(got) != 2503 {
		t.Fatalf("got %d objects, %v, want 2503", len(got), err)
	}
	keys := make([]string, len(got))
	for i, e := range got {
		keys[i] = e.Object.Name
	}
	if !slices.IsSorted(keys) {
		t.Error("not sorted")
	}
	for _, key := range odd {
		if !slices.Contains(keys, key) {
			t.Errorf("no %q", key)
		}
	}
	if e := got[slices.Index(keys, "in/0000.json")]; e.Size != 2 || e.ETag != "99914b932bd37a50b983c5e7c90ae93b" ||
		e.LastModified != "2026-11-01T12:00:00Z" || e.Archived {
		t.Errorf("got %+v", e)
	}
	if n := srv.Requests("bucket"); n != 3 {
		t.Errorf("got %d requests, want 3", n)
	}
	if _, err := s.List(t.Context(), prefix, &s3source.ListOptions{Max: 2000}); !errors.Is(err, s3source.ErrTooMany) {
		t.Errorf("got %v, want too many", err)
	}
	none, err := s.List(t.Context(), decode.S3Object{Bucket: "bucket", Name: "nothing/"}, nil)
	if err != nil || len(none) > 0 {
		t.Errorf("got %v, %v, want nothing", none, err)
	}
}

func TestListFaults(t *testing.T) {
	for _, tt := range []struct {
		faults []string
		want   error
	}{
		{[]string{"503", "502-html", "reset"}, nil},
		{[]string{"503", "503", "503", "503"}, s3source.ErrThrottled},
		{[]string{"403"}, s3source.ErrDenied},
		{[]string{"404-bucket"}, s3source.ErrNoSuchBucket},
		{[]string{"list-loop", "list-loop"}, s3source.ErrServer},
		{[]string{"list-stuck"}, s3source.ErrServer},
		{[]string{"list-outside"}, s3source.ErrServer},
		{[]string{"list-escape"}, s3source.ErrServer},
	} {
		srv := s3fault.New(t)
		srv.Fault = func(n int, _ *http.Request) string {
			if n <= len(tt.faults) {
				return tt.faults[n-1]
			}
			return ""
		}
		srv.Set("bucket", "a/b.json", nil)
		s := s3source.New(srv.Config(), quick())
		got, err := s.List(t.Context(), decode.S3Object{Bucket: "bucket", Name: "a"}, nil)
		if !errors.Is(err, tt.want) || (len(got) == 1) != (tt.want == nil) {
			t.Errorf("%v: got %v, %v, want %v", tt.faults, got, err, tt.want)
		}
	}
}

// A server that never comes to an end of pages without a match is left.
func TestListEndless(t *testing.T) {
	srv := s3fault.New(t)
	srv.Fault = func(n int, _ *http.Request) string { return [2]string{"list-loop", "list-loop-2"}[n%2] }
	s := s3source.New(srv.Config(), quick())
	_, err := s.List(t.Context(), decode.S3Object{Bucket: "bucket"}, &s3source.ListOptions{Max: 10})
	if n := srv.Requests("bucket"); !errors.Is(err, s3source.ErrTooMany) || n > 20 {
		t.Errorf("got %v after %d requests, want too many", err, n)
	}
}
