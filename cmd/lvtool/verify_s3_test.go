package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// s3Pack puts a pack into S3, below packs/, and returns its prefix.
func s3Pack(t *testing.T) string {
	t.Helper()
	t.Setenv("SOURCE_DATE_EPOCH", "1795370400")
	lvtool(t, "pack", "-q", "-o", "s3://bucket/packs", "../../samples/tiny.json").want(t, exitDone)
	return "packs/58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d/"
}

// TestVerifyS3 verifies packs where they lie in S3: one, several, and archives.
func TestVerifyS3(t *testing.T) {
	srv := s3Server(t)
	pack := s3Pack(t)
	const passed = "  passed: an evidence pack\n"
	for _, address := range []string{"s3://bucket/" + pack, "s3://bucket/" + strings.TrimSuffix(pack, "/")} {
		r := lvtool(t, "verify", "--rederive", address)
		r.want(t, exitDone)
		if !strings.HasPrefix(r.stdout, address+passed) {
			t.Errorf("got\n%s", r.stdout)
		}
	}
	zip := filepath.Join(t.TempDir(), "one.zip")
	lvtool(t, "pack", "-q", "-o", zip, "../../samples/created.json").want(t, exitDone)
	data, err := os.ReadFile(zip)
	check(t, err)
	srv.Set("bucket", "packs/one.zip", data)
	srv.Set("bucket", "packs/note.txt", []byte("no pack"))
	r := lvtool(t, "verify", "-j", "2", "s3://bucket/packs/")
	r.want(t, exitDone)
	second := strings.Index(r.stdout, "s3://bucket/packs/one.zip"+passed)
	if first := strings.Index(r.stdout, "s3://bucket/"+pack+passed); first != 0 || second < first {
		t.Errorf("got\n%s", r.stdout)
	}
	srv.Set("bucket", pack+"extra", []byte("x"))
	srv.Set("bucket", pack+"data/../escape", []byte("x"))
	r = lvtool(t, "verify", "s3://bucket/"+pack)
	r.want(t, exitVerify)
	for _, code := range []string{"extra: not listed in tagmanifest-sha256.txt [extra]", "[out-of-scope]"} {
		if !strings.Contains(r.stdout, code) {
			t.Errorf("got\n%swant %q in it", r.stdout, code)
		}
	}
	lvtool(t, "verify", "s3://bucket/packs/none.zip").want(t, exitFailed, "packs/none.zip: object not found")
	lvtool(t, "verify", "s3://bucket/nothing/").want(t, exitVerify, "1 of 1 pack did not pass")
}

// TestVerifyS3Changed holds that an object which becomes another between the
// listing and the reading, with the same number of bytes, is found.
func TestVerifyS3Changed(t *testing.T) {
	for _, tt := range []struct{ name, file string }{{"payload", "data/sheet.png"}, {"tag file", "custody.jsonl"}} {
		t.Run(tt.name, func(t *testing.T) {
			srv := s3Server(t)
			key := s3Pack(t) + tt.file
			data, _ := srv.Get("bucket", key)
			other := append([]byte("x"), data[1:]...)
			srv.Fault = func(_ int, r *http.Request) string {
				if strings.HasSuffix(r.URL.Path, tt.file) {
					srv.Set("bucket", key, other)
				}
				return ""
			}
			r := lvtool(t, "verify", "s3://bucket/packs/")
			r.want(t, exitVerify)
			if !strings.Contains(r.stdout, tt.file+": changed while the bag was verified [changed]") {
				t.Errorf("got\n%s", r.stdout)
			}
		})
	}
}
