package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// tunnel is a proxy that leads every connection to one server, whatever the name
// of the host.
func tunnel(t *testing.T, to string) *httptest.Server {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "CONNECT alone", http.StatusMethodNotAllowed)
			return
		}
		server, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", to)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		client, rest, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() {
			_, _ = io.Copy(server, rest)
			_ = server.Close()
		}()
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}))
	t.Cleanup(proxy.Close)
	return proxy
}

// TestBucketDots holds, from the command line on, that a certificate which does not
// fit because the bucket has dots is said to be that, for a result and for an image.
func TestBucketDots(t *testing.T) {
	s3 := s3Server(t)
	image := "liveness/" + fetchID(0) + "/reference.png"
	s3.Set("my.bucket", image, pixel(t, 0))
	result := bytes.ReplaceAll([]byte(inS3(fetchID(0), image)), []byte(`"bucket"`), []byte(`"my.bucket"`))
	s3.Set("my.bucket", "in.json", result)
	srv := httptest.NewUnstartedServer(s3)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS() // with a certificate of example.com and *.example.com
	defer srv.Close()
	proxy := tunnel(t, srv.Listener.Addr().String())
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	check(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600))
	file := filepath.Join(dir, "in.json")
	check(t, os.WriteFile(file, result, 0o600))
	for _, tt := range []struct {
		name, input, host string
		code              int
		want              string
	}{
		{"result", "s3://my.bucket/in.json", "my.bucket.example.com", exitFailed, "bucket name with dots"},
		{"image", file, "my.bucket.example.com", exitSomeFailed, "hint: the certificate covers one level of names"},
		{"in the path", "s3://my.bucket/in.json", "s3.example.com", exitDone, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			cmd := exec.CommandContext(t.Context(), "lvtool", "convert", "--ca-bundle", ca,
				"--endpoint-url", "https://"+tt.host, "-o", out, tt.input)
			cmd.Env = append(os.Environ(),
				"AWS_ENDPOINT_URL_S3=", "HTTPS_PROXY="+proxy.URL, "AWS_REGION="+s3fault.Region)
			said, err := cmd.CombinedOutput()
			code := 0
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				code = exit.ExitCode()
			}
			if code != tt.code || !strings.Contains(string(said), tt.want) {
				t.Errorf("got exit code %d, want %d\n%swant %q", code, tt.code, said, tt.want)
			}
			if tt.name != "image" {
				return
			}
			report, err := os.ReadFile(filepath.Join(out, fetchID(0), markFile))
			check(t, err)
			if !json.Valid(report) || !bytes.Contains(report, []byte(`"s3_bucket_dots"`)) {
				t.Errorf("got the report\n%s", report)
			}
		})
	}
}

// TestPresigned holds that presigned addresses are refused by the name of the
// object they are of, and without their signature, wherever they are given.
func TestPresigned(t *testing.T) {
	const address = "https://bucket.s3.eu-west-1.amazonaws.com/a/x.json?X-Amz-Signature=secret"
	t.Setenv("SOURCE_DATE_EPOCH", "1795370400")
	list := save(t, "list", address+"\n")
	for _, args := range [][]string{
		{"convert", address},
		{"inspect", address},
		{"convert", "-o", address, "../../samples/tiny.json"},
		{"pack", "-o", address, "../../samples/tiny.json"},
		{"verify", address},
		{"convert", "@" + list},
	} {
		r := lvtool(t, args...)
		r.want(t, exitUsage,
			"bucket.s3.eu-west-1.amazonaws.com/a/x.json: a web address", "hint: give s3://bucket/a/x.json")
		if strings.Contains(r.stderr+r.stdout, "secret") {
			t.Errorf("%q: the signature is repeated: %s", args, r.stderr)
		}
	}
	lvtool(t, "convert", "http://example.com/x.json").want(t, exitUsage, "hint: download it")
}
