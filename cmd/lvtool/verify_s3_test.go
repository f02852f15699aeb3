package main

import (
	"bytes"
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
	srv.SetFault(func(_ int, r *http.Request) string {
		if strings.HasSuffix(r.URL.Path, ".zip") {
			return "huge"
		}
		return ""
	})
	const large = "lvtool: s3://bucket/packs/one.zip: an archive of more than 1 GiB is not read in S3:" +
		" copy it here first\n"
	for _, args := range [][]string{
		{"verify"},
		{"pack", "diff", "s3://bucket/" + pack},
		{"pack", "attach-timestamp", "--tsa", "http://127.0.0.1:1/"},
	} {
		if r := lvtool(t, append(args, "s3://bucket/packs/one.zip")...); r.code != exitFailed || r.stderr != large {
			t.Errorf("%q: got exit code %d, %s", args, r.code, r.stderr)
		}
	}
	srv.SetFault(nil)
	lvtool(t, "verify", "s3://bucket/nothing/").want(t, exitVerify, "1 of 1 pack did not pass")
}

// TestReceivedS3 holds that the log beside a pack is looked for in S3 too.
func TestReceivedS3(t *testing.T) {
	srv := s3Server(t)
	prefix := strings.TrimSuffix(s3Pack(t), "/")
	dir := t.TempDir()
	local := filepath.Join(dir, "tiny")
	for _, key := range srv.Keys("bucket") {
		data, _ := srv.Get("bucket", key)
		file := filepath.Join(local, filepath.FromSlash(strings.TrimPrefix(key, prefix+"/")))
		check(t, os.MkdirAll(filepath.Dir(file), 0o755))
		check(t, os.WriteFile(file, data, 0o644))
	}
	decisions := filepath.Join(dir, "review.json")
	check(t, os.WriteFile(decisions, decisionsOn(t, local, "approve"), 0o600))
	lvtool(t, "review", "import", decisions, local).want(t, exitDone)
	log, err := os.ReadFile(local + ".custody.jsonl")
	check(t, err)
	srv.Set("bucket", prefix+".custody.jsonl", log)
	r := lvtool(t, "verify", "s3://bucket/"+prefix+"/")
	r.want(t, exitDone)
	if !strings.Contains(r.stdout, "received     passed: 1 event since the pack was sealed") {
		t.Errorf("got\n%s", r.stdout)
	}
	srv.Set("bucket", prefix+".custody.jsonl", bytes.Replace(log, []byte(`"prev":"`), []byte(`"prev":"0`), 1))
	lvtool(t, "verify", "s3://bucket/"+prefix).want(t, exitVerify)
	srv.SetFault(func(_ int, r *http.Request) string {
		if strings.HasSuffix(r.URL.Path, ".custody.jsonl") {
			return "403"
		}
		return ""
	})
	r = lvtool(t, "verify", "s3://bucket/"+prefix)
	if !strings.Contains(r.stdout, "received     skipped: it cannot be seen") {
		t.Errorf("got\n%s", r.stdout)
	}
}

// TestDiffS3 compares a pack in S3 with its copy.
func TestDiffS3(t *testing.T) {
	s3Server(t)
	address := "s3://bucket/" + s3Pack(t)
	dir := t.TempDir()
	lvtool(t, "pack", "-q", "-o", dir, "../../samples/tiny.json").want(t, exitDone)
	local := filepath.Join(dir, "58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d")
	lvtool(t, "pack", "diff", local, address).want(t, exitDone)
	lvtool(t, "pack", "-q", "--case", "other", "-o", dir+"/other", "../../samples/tiny.json").want(t, exitDone)
	r := lvtool(t, "pack", "diff", address, filepath.Join(dir, "other", filepath.Base(local)))
	r.want(t, exitVerify, "the packs differ")
	if !strings.Contains(r.stdout, "- "+address+"  passed") {
		t.Errorf("got\n%s", r.stdout)
	}
	lvtool(t, "pack", "diff", local, "s3://bucket/none.zip").want(t, exitFailed, "object not found")
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
			srv.SetFault(func(_ int, r *http.Request) string {
				if strings.HasSuffix(r.URL.Path, "/"+tt.file) {
					srv.Set("bucket", key, other)
				}
				return ""
			})
			r := lvtool(t, "verify", "s3://bucket/packs/")
			r.want(t, exitVerify)
			if !strings.Contains(r.stdout, tt.file+": changed while the bag was verified [changed]") {
				t.Errorf("got\n%s", r.stdout)
			}
		})
	}
}
