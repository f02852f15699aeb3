package s3source_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

var below = decode.S3Object{Bucket: "bucket", Name: "p/"}

// Versions goes through all pages, and each version can be deleted, the latest
// last; the others of a key come to light where it is deleted first.
func TestVersions(t *testing.T) {
	for _, fault := range []string{"", "503"} {
		srv := s3fault.New(t)
		srv.Versioned, srv.PageSize = true, 2
		for _, key := range []string{"p/a b+c", "p/a b+c", "p/a b+c", "p/é", "p/é", "q"} {
			srv.Set("bucket", key, []byte(key))
		}
		srv.SetFault(func(n int, _ *http.Request) string {
			if n%3 == 1 {
				return fault
			}
			return ""
		})
		s := s3source.New(srv.Config(), quick())
		if err := s.Delete(t.Context(), decode.S3Object{Bucket: "bucket", Name: "p/é"}); err != nil {
			t.Fatal(err)
		}
		all, err := s.Versions(t.Context(), below, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range all {
			text := v.Object.Name + " " + v.Object.Version
			if v.Marker {
				text += " marker"
			} else if v.ETag == "" || v.Size == 0 {
				t.Errorf("got %+v", v)
			}
			if v.Latest {
				text += " latest"
			}
			got = append(got, text)
		}
		want := "p/a b+c v2|p/a b+c v1|p/a b+c v3 latest|p/é v2|p/é v1|p/é v3 marker latest"
		if text := strings.Join(got, "|"); text != want {
			t.Fatalf("got %s, want %s", text, want)
		}
		for _, v := range append(all, all...) { // what is gone is no error
			if err := s.DeleteVersion(t.Context(), v.Object); err != nil {
				t.Error(err)
			}
		}
		if left := srv.Versions("bucket", ""); left != 1 {
			t.Errorf("%d versions are left, want 1", left)
		}
	}
}

// A bucket that keeps no versions has one of each object.
func TestVersionsUnversioned(t *testing.T) {
	srv := s3fault.New(t)
	srv.Set("bucket", "p/a", []byte("a"))
	s := s3source.New(srv.Config(), quick())
	all, err := s.Versions(t.Context(), below, 10)
	if err != nil || len(all) != 1 || all[0].Object.Version != "null" || !all[0].Latest {
		t.Fatalf("got %+v, %v", all, err)
	}
	if err := s.DeleteVersion(t.Context(), all[0].Object); err != nil || len(srv.Keys("bucket")) != 0 {
		t.Errorf("got %v, and %v is left", err, srv.Keys("bucket"))
	}
}

func TestVersionsRefused(t *testing.T) {
	srv := s3fault.New(t)
	srv.Versioned, srv.PageSize = true, 1
	for range 3 {
		srv.Set("bucket", "p/a", []byte("a"))
	}
	s := s3source.New(srv.Config(), quick())
	if _, err := s.Versions(t.Context(), below, 2); !errors.Is(err, s3source.ErrTooMany) {
		t.Errorf("got %v, want too many", err)
	}
	srv.SetFault(func(int, *http.Request) string { return "403" })
	_, err := s.Versions(t.Context(), below, 10)
	if !errors.Is(err, s3source.ErrDenied) || s3source.Advice(err) != "the caller needs s3:ListBucketVersions" {
		t.Errorf("got %v: %s", err, s3source.Advice(err))
	}
	if err := s.DeleteVersion(t.Context(), decode.S3Object{Bucket: "bucket", Name: "p/a"}); err == nil {
		t.Error("a version without an id was deleted")
	}
}

func TestLocks(t *testing.T) {
	srv := s3fault.New(t)
	s := s3source.New(srv.Config(), quick())
	if lock, err := s.BucketLock(t.Context(), "bucket"); err != nil || lock.On {
		t.Errorf("got %+v, %v, want no lock", lock, err)
	}
	until := time.Date(2031, 11, 22, 0, 0, 0, 0, time.UTC)
	srv.Versioned, srv.LockNew, srv.Locked = true, true, map[string]time.Time{"/bucket/p/a": until}
	srv.Set("bucket", "p/a", []byte("a"))
	if lock, err := s.BucketLock(t.Context(), "bucket"); err != nil || !lock.On || !lock.Default {
		t.Errorf("got %+v, %v, want a lock of all that is new", lock, err)
	}
	for _, tt := range []struct {
		key  string
		want s3source.Lock
	}{
		{"p/a", s3source.Lock{Mode: "COMPLIANCE", Until: until}},
		{"p/b", s3source.Lock{}},
	} {
		lock, err := s.LockOf(t.Context(), decode.S3Object{Bucket: "bucket", Name: tt.key, Version: "v1"})
		if err != nil || lock != tt.want || lock.Holds(until.Add(-1)) != (tt.key == "p/a") || lock.Holds(until) {
			t.Errorf("%s: got %+v, %v", tt.key, lock, err)
		}
	}
	err := s.DeleteVersion(t.Context(), decode.S3Object{Bucket: "bucket", Name: "p/a", Version: "v1"})
	if !errors.Is(err, s3source.ErrDenied) {
		t.Errorf("got %v, want that it is denied", err)
	}
	srv.SetFault(func(int, *http.Request) string { return "501" })
	if lock, err := s.BucketLock(t.Context(), "bucket"); err != nil || lock.On {
		t.Errorf("not implemented: got %+v, %v", lock, err)
	}
	srv.SetFault(func(int, *http.Request) string { return "403" })
	if _, err := s.BucketLock(t.Context(), "bucket"); !errors.Is(err, s3source.ErrDenied) {
		t.Errorf("got %v, want that it is denied", err)
	}
}
