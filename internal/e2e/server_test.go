// Package e2e runs lvtool against a real S3 server, versitygw. It is a module
// of its own, so that lvtool itself does not depend on the server. The first
// build takes two minutes of one processor; after that the tests take seconds.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	region = "us-east-1" // where the server says it is

	dirVariable     = "LVTOOL_E2E_S3_DIR"
	addressVariable = "LVTOOL_E2E_S3_ADDRESS"
	programVariable = "LVTOOL_E2E_PROGRAM_DIR"
)

// TestMain runs the test binary as the server where it is told to: the gateway
// changes the working directory, and a process can have one only.
func TestMain(m *testing.M) {
	dir := os.Getenv(dirVariable)
	if dir == "" {
		os.Exit(runTests(m))
	}
	if err := serve(dir, os.Getenv(addressVariable)); err != nil {
		fmt.Fprintln(os.Stderr, "S3 server:", err)
		os.Exit(1)
	}
}

// runTests runs the tests with a folder for the program.
func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "lvtool-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv(programVariable, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// serve runs until standard input closes: when the test ends, or dies.
func serve(dir, address string) error {
	for _, d := range []string{"data", "versions", "iam"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	// Policies do not bind root, so that there must be another user.
	users, err := json.Marshal(map[string]any{"accessAccounts": map[string]any{
		"bob": map[string]any{"access": "bob", "secret": "bobsecret", "role": "user"},
	}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "iam", "users.json"), users, 0o600); err != nil {
		return err
	}
	backend, err := posix.New(filepath.Join(dir, "data"), meta.XattrMeta{}, posix.PosixOpts{
		VersioningDir: filepath.Join(dir, "versions"),
		NewDirPerm:    0o755,
		NewFilePerm:   0o644,
		Concurrency:   100,
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess:    "root",
		RootUserSecret:    "rootsecret",
		Region:            region,
		Ports:             []string{address},
		MaxConnections:    1000,
		MaxRequests:       1000,
		MultipartMaxParts: 10000,
		HealthPath:        "/health",
		IAMDir:            filepath.Join(dir, "iam"),
		IAMCacheDisable:   true,
		Quiet:             true,
	})
}

// A server is a running S3 server with one bucket.
type server struct {
	url    string
	data   string // the folder that holds BUCKET/KEY as plain files
	bucket string
	root   *s3.Client
}

// start returns a fresh server, which ends with the test.
func start(tb testing.TB) *server {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address, dir := l.Addr().String(), tb.TempDir()
	l.Close()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(tb.Context()), self)
	cmd.Env = append(os.Environ(), dirVariable+"="+dir, addressVariable+"="+address)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		close(ended)
	}()
	tb.Cleanup(func() {
		stdin.Close()
		if err := <-ended; err != nil {
			tb.Logf("the S3 server ended: %v: %s", err, log.Bytes())
		}
	})
	srv := &server{url: "http://" + address, data: filepath.Join(dir, "data"), bucket: "evidence"}
	if err := srv.wait(tb.Context(), ended); err != nil {
		tb.Fatalf("the S3 server did not start: %v: %s", err, log.Bytes())
	}
	srv.root = s3.NewFromConfig(srv.config("root"), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := srv.root.CreateBucket(tb.Context(), &s3.CreateBucketInput{Bucket: &srv.bucket}); err != nil {
		tb.Fatal(err)
	}
	return srv
}

// wait returns when the server answers.
func (s *server) wait(ctx context.Context, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/health", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-ended:
			return fmt.Errorf("ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// config returns the settings of a user of the server, whose secret is its name
// and "secret".
func (s *server) config(user string) aws.Config {
	return aws.Config{
		Region:                     region,
		BaseEndpoint:               &s.url,
		Credentials:                credentials.NewStaticCredentialsProvider(user, user+"secret", ""),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
}
