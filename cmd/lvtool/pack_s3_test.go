package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/pack"
)

// TestPackIntoS3 packs into S3, where the tag manifest comes last, so that a
// prefix that has it is whole; what was written verifies when it is copied back.
func TestPackIntoS3(t *testing.T) {
	srv := s3Server(t)
	t.Setenv("SOURCE_DATE_EPOCH", "1795370400")
	const sample = "../../samples/created.json"
	r := lvtool(t, "pack", sample, "-o", "s3://bucket/packs")
	if r.code != exitSomeFailed && r.code != exitDone {
		t.Fatalf("got exit code %d\n%s", r.code, r.stderr)
	}
	last := ""
	for _, request := range srv.Log() {
		if request.Method == http.MethodPut {
			last = request.URL.Path
		}
	}
	if !strings.HasSuffix(last, "/"+pack.TagManifest) {
		t.Errorf("%s is written last, want %s", last, pack.TagManifest)
	}
	dir := t.TempDir()
	for _, key := range srv.Keys("bucket") {
		data, _ := srv.Get("bucket", key)
		name := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(key, "packs/")))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if r := lvtool(t, "verify", dir); r.code != exitDone || strings.Count(r.stdout, "passed: an evidence pack") != 1 {
		t.Errorf("got exit code %d\n%s", r.code, r.stdout)
	}
	// The same command again finds the pack; another, that it is in the way.
	t.Setenv("SOURCE_DATE_EPOCH", "1795370999")
	if r := lvtool(t, "pack", "-v", sample, "-o", "s3://bucket/packs"); !strings.Contains(r.stderr, "packed already") {
		t.Errorf("got\n%s", r.stderr)
	}
	if r := lvtool(t, "pack", "--case", "other", sample, "-o", "s3://bucket/packs"); r.code != exitFailed {
		t.Errorf("got exit code %d for another pack of the name, want %d\n%s", r.code, exitFailed, r.stderr)
	}
}
