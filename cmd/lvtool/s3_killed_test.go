package main

import (
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A convert that was killed when it had written a session in place of another, but
// before it had deleted the rest of that, is completed by the same command.
func TestConvertS3ReplaceKilled(t *testing.T) {
	srv := s3Server(t)
	sample := filepath.Join("..", "..", "samples", "tiny.json")
	convert := func(to string, more ...string) ran {
		return lvtool(t, append([]string{"convert", "-q", "-o", "s3://bucket/" + to, sample}, more...)...)
	}
	outputs := []string{"--outputs", "report"}
	convert("fresh/", outputs...).want(t, exitDone)
	convert("out/").want(t, exitDone)
	deleted := 0
	srv.SetFault(func(_ int, r *http.Request) string {
		if r.Method == http.MethodDelete {
			if deleted++; deleted > 1 { // the first is the mark
				return "403"
			}
		}
		return ""
	})
	if got := convert("out/", outputs...); got.code == exitDone || deleted < 2 {
		t.Fatalf("got exit code %d after %d deletions", got.code, deleted)
	}
	srv.SetFault(nil)
	if left := keysWith(srv.Keys("bucket"), "report.json.replacing"); len(left) != 1 {
		t.Fatalf("got the notes %q, want one", left)
	}
	convert("out/", outputs...).want(t, exitDone)
	fresh, got := filesBelow(t, srv, "fresh/"), filesBelow(t, srv, "out/")
	if !maps.EqualFunc(got, fresh, slices.Equal) {
		t.Errorf("got %q, want %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(fresh)))
	}
}

// keysWith returns the keys that end so.
func keysWith(keys []string, end string) []string {
	return slices.DeleteFunc(keys, func(key string) bool { return !strings.HasSuffix(key, end) })
}
