package main

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/need"
)

// A pack in S3, its folder or its archive, gets a timestamp where it lies; nothing
// that is there is overwritten, also where somebody writes at the same moment.
func TestAttachS3(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	now := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	tsa := newAuthority(t, now)
	server := httptest.NewServer(tsa)
	defer server.Close()
	srv, dir := s3Server(t), t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	check(t, exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-N", "", "-f", at("key")).Run())
	check(t, os.WriteFile(at("root.pem"),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tsa.root.Raw}), 0o600))
	const sample = "../../samples/tiny.json"
	atTime(t, now, 0, "pack", "-q", "--sign", at("key"), "-o", "s3://bucket/packs", sample)
	atTime(t, now, 0, "pack", "-q", "--sign", at("key"), "-o", at("one.zip"), sample)
	zip, err := os.ReadFile(at("one.zip"))
	check(t, err)
	srv.Set("bucket", "packs/one.zip", zip)
	const folder = "s3://bucket/packs/58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d"
	const stamp = "/tagmanifest-sha256.txt.sig.tsr"
	attach := []string{"pack", "attach-timestamp", "--tsa", server.URL, "--tsa-ca", at("root.pem")}
	for _, pack := range []string{folder, folder + "/", "s3://bucket/packs/one.zip"} {
		key := strings.TrimPrefix(pack, "s3://bucket/")
		if !strings.HasSuffix(key, ".zip") {
			key = strings.TrimSuffix(key, "/") + stamp
		}
		before, _ := srv.Get("bucket", key)
		// Somebody else is quicker.
		srv.SetFault(func(_ int, r *http.Request) string {
			if r.Method == http.MethodPut {
				srv.Set("bucket", key, []byte("of another"))
			}
			return ""
		})
		if got := atTime(t, now, 1, append(attach, pack)...); !strings.Contains(got, key+": ") {
			t.Errorf("%s: got %s", pack, got)
		}
		srv.SetFault(nil)
		if is, _ := srv.Get("bucket", key); string(is) != "of another" {
			t.Errorf("%s: %s was overwritten", pack, key)
		}
		srv.Delete("bucket", key)
		if before != nil {
			srv.Set("bucket", key, before)
		}
		want := strings.TrimSuffix(pack, "/") + stamp + "  2026-11-22T16:00:00Z by "
		if got := atTime(t, now, 0, append(attach, pack)...); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
		got := atTime(t, now, 0, "verify", "--tsa-ca", at("root.pem"), pack)
		if !strings.Contains(got, "timestamp    passed: signed before 2026-11-22T16:00:00Z by ") {
			t.Errorf("%s: got %s", pack, got)
		}
		got = atTime(t, now, 1, append(attach, pack)...)
		if !strings.Contains(got, "every signature has a timestamp") {
			t.Errorf("%s: got %s", pack, got)
		}
		srv.Delete("bucket", key)
	}
	for pack, want := range map[string]string{
		"s3://bucket/nothing/":   "s3://bucket/nothing/: no pack there",
		"s3://bucket/none.zip":   "s3://bucket/none.zip: object not found",
		"s3://bucket/no.zip.age": "--encrypt-to",
	} {
		code := exitFailed
		if strings.HasSuffix(pack, ".age") {
			code = exitUsage
		}
		if got := atTime(t, now, code, append(attach, pack)...); !strings.Contains(got, want) {
			t.Errorf("%s: got %s", pack, got)
		}
	}
}
