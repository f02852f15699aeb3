package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/need"
	"github.com/lvtool/lvtool/internal/s3fault"
)

// inspectOne returns the report of the only session of a result.
func inspectOne(t *testing.T, result string, args ...string) (*export.Report, ran) {
	t.Helper()
	got := lvtoolWith(t, result, append([]string{"inspect", "--json", "-"}, args...)...)
	r, err := export.ParseReport(strings.NewReader(got.stdout))
	if err != nil {
		t.Fatalf("%v\n%s", err, got.stderr)
	}
	return r, got
}

// problemCodes returns the codes of what is wrong with a report, with spaces
// between them.
func problemCodes(r *export.Report) string {
	var codes []string
	for _, p := range r.AllProblems() {
		codes = append(codes, p.Code)
	}
	return strings.Join(codes, " ")
}

// Whoever writes a result does not thereby get to see what the caller may read.
func TestImagesOfOtherSessions(t *testing.T) {
	srv := s3Server(t)
	related := "liveness/" + fetchID(1) + "/reference.png"
	for _, key := range []string{related, "passport.png"} {
		srv.Set("bucket", key, pixel(t, 1))
	}
	for _, tt := range []struct {
		id, key string
		args    []string
		want    string
	}{
		{fetchID(1), related, nil, ""},
		{fetchID(2), related, nil, "s3_unrelated"},
		{fetchID(1), "passport.png", nil, "s3_unrelated"},
		{"passport.png", "passport.png", nil, "s3_unrelated"},
		{fetchID(1), "passport.png", []string{"--s3-bucket", "bucket"}, ""},
		{fetchID(1), "passport.png", []string{"--s3-bucket", "a-bucket", "--s3-bucket", "bucket"}, ""},
		{fetchID(1), "passport.png", []string{"--s3-bucket", "*"}, ""},
		{fetchID(1), related, []string{"--s3-bucket", "a-bucket"}, "s3_bucket_refused"},
	} {
		before := len(srv.Log())
		r, _ := inspectOne(t, inS3(tt.id, tt.key), tt.args...)
		if got := problemCodes(r); got != tt.want {
			t.Errorf("%s of %s, %q: got problems %q, want %q", tt.key, tt.id, tt.args, got, tt.want)
		}
		if asked := len(srv.Log()) > before; asked != (tt.want == "") {
			t.Errorf("%s of %s, %q: request made: %v", tt.key, tt.id, tt.args, asked)
		}
	}
	lvtoolWith(t, inS3(fetchID(1), "passport.png"), "convert", "-", "-o", t.TempDir()).
		want(t, 4, "does not hold the session's id", "--s3-bucket BUCKET")
}

// Every request names the account that must own the bucket.
func TestOwner(t *testing.T) {
	srv := s3Server(t)
	srv.Set("bucket", "in/a.json", []byte(s3Sessions(t, srv, 1)))
	lvtool(t, "convert", "s3://bucket/in/", "-o", "s3://bucket/out", "--s3-owner", "123456789012",
		"--s3-kms-key", "alias/faces").want(t, 0)
	for _, r := range srv.Log() {
		if got := r.Header.Get("x-amz-expected-bucket-owner"); got != "123456789012" {
			t.Errorf("%s %s: got owner %q", r.Method, r.URL, got)
		}
		key := r.Header.Get("x-amz-server-side-encryption-aws-kms-key-id")
		if (key == "alias/faces") != (r.Method == http.MethodPut) {
			t.Errorf("%s %s: got key %q", r.Method, r.URL, key)
		}
	}
}

// Nothing of AWS is touched where nothing is in S3: neither its files, which
// are broken here, nor the network.
func TestOffline(t *testing.T) {
	var requests atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	defer srv.Close()
	awsEnvironment(t, map[string]string{
		"AWS_CONFIG_FILE": save(t, "config", "not a setting"), "AWS_PROFILE": "nobody",
		"AWS_EC2_METADATA_DISABLED":         "false",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": srv.URL, "AWS_ENDPOINT_URL": srv.URL, "AWS_ACCESS_KEY_ID": "half",
	})
	samples := filepath.Join("..", "..", "samples")
	for _, args := range [][]string{
		{filepath.Join(samples, "created.json")},
		{filepath.Join(samples, "s3.json"), "--s3-root", filepath.Join(samples, "s3"), "--check-s3", "--region", "a-1"},
	} {
		lvtool(t, append([]string{"inspect"}, args...)...).want(t, 0)
		lvtool(t, append([]string{"convert", "-o", t.TempDir()}, args...)...).want(t, 0)
	}
	if n := requests.Load(); n > 0 {
		t.Errorf("got %d requests", n)
	}
	// What needs AWS says what is wrong with its files, once for each image.
	got := lvtool(t, "convert", "-o", t.TempDir(), filepath.Join(samples, "s3.json"))
	got.want(t, 4, "unable to parse config file: ")
	lvtool(t, "convert", "s3://bucket/a.json").want(t, 1, "s3://bucket/a.json: unable to parse config file: ")
	lvtool(t, "convert", "-o", "s3://bucket/", filepath.Join(samples, "s3.json")).
		want(t, 1, "s3://bucket/: unable to parse config file: ")
}

// A metadata service that does not answer does not keep anybody waiting.
func TestMetadataServiceSilent(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Second):
		}
	}))
	defer srv.CloseClientConnections()
	awsEnvironment(t, map[string]string{
		"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": srv.URL,
	})
	start := time.Now()
	var results strings.Builder
	for i := range 20 {
		results.WriteString(inS3(fetchID(i), fetchID(i)+"/reference.png") + "\n")
	}
	lvtool(t, "convert", "--sheet-tile", "80", "-o", t.TempDir(), save(t, "all.jsonl", results.String())).
		want(t, 4, "no AWS credentials", "hint: run aws configure", "--s3-root DIR")
	if took := time.Since(start); took > 12*time.Second {
		t.Errorf("took %s", took)
	}
}

// Where a result holds an image and names its object, the bytes are taken, and
// the object compared with them where that is asked for.
func TestCheckS3(t *testing.T) {
	srv := s3Server(t)
	same, other := fetchID(1)+"/same.png", fetchID(1)+"/other.png"
	srv.Set("bucket", same, pixel(t, 1))
	srv.Set("bucket", other, pixel(t, 2))
	for _, tt := range []struct{ key, args, want string }{
		{same, "", ""},
		{same, "--check-s3", ""},
		{other, "--check-s3", "s3_differs"},
		{fetchID(1) + "/404", "--check-s3", "s3_unchecked"},
	} {
		var result map[string]any
		if err := json.Unmarshal([]byte(inS3(fetchID(1), tt.key)), &result); err != nil {
			t.Fatal(err)
		}
		result["ReferenceImage"].(map[string]any)["Bytes"] = base64.StdEncoding.EncodeToString(pixel(t, 1))
		text, err := json.Marshal(result)
		if err != nil {
			t.Fatal(err)
		}
		before := len(srv.Log())
		r, got := inspectOne(t, string(text), strings.Fields(tt.args)...)
		got.want(t, 0)
		sum := r.Frames[0].SHA256
		if got := problemCodes(r); got != tt.want || sum == nil || *sum != digest(pixel(t, 1)) {
			t.Errorf("%s %s: got problems %q, want %q, and the bytes of the result", tt.key, tt.args, got, tt.want)
		}
		if asked := len(srv.Log()) > before; asked != (tt.args != "") {
			t.Errorf("%s %s: request made: %v", tt.key, tt.args, asked)
		}
	}
}

// A bucket elsewhere is followed, and the report says so: the service would not
// have stored there what it showed here.
func TestBucketRegion(t *testing.T) {
	s3Server(t)
	for fault, want := range map[string]string{
		"301": "bucket_region format", "400-region": "bucket_region format", "400-location": "bucket_region format",
		"400-region-text": "s3_region", "400-region-silent": "s3_region", // wherever the request goes
	} {
		r, _ := inspectOne(t, inS3(fetchID(1), fetchID(1)+"/"+fault))
		if got := problemCodes(r); got != want {
			t.Errorf("%s: got problems %q, want %q", fault, got, want)
		}
	}
}

// The service's own example of images in S3 gives the same files from S3 as
// from a copy of the bucket, and as from this run to the next, but for what
// only S3 knows of an object.
func TestConvertS3Wire(t *testing.T) {
	dir := need.Data(t, "wire")
	const bucket = "example-liveness-evidence"
	root, result := filepath.Join(dir, "s3"), filepath.Join(dir, "s3-objects.wire.json")
	srv := s3Server(t)
	for name, data := range readAll(t, filepath.Join(root, bucket)) {
		srv.Set(bucket, name, data)
	}
	want := convertInto(t, "--s3-root", root, result)
	got := convertInto(t, result)
	again := convertInto(t, result)
	if len(got) != len(want) {
		t.Errorf("got %d files, want %d", len(got), len(want))
	}
	for name, data := range want {
		if !bytes.Equal(again[name], got[name]) {
			t.Errorf("%s differs the second time", name)
		}
		if !strings.HasSuffix(name, ".json") && !bytes.Equal(got[name], data) {
			t.Errorf("%s is another from S3 than from the copy", name)
		}
	}
	for name, data := range got {
		if filepath.Base(name) == "report.json" {
			checkReport(t, got, filepath.ToSlash(filepath.Dir(name)), result)
			if !bytes.Equal(withoutOrigins(t, data), withoutOrigins(t, want[name])) {
				t.Errorf("%s differs in more than origins", name)
			}
		}
	}
}

// readAll returns the files below a folder by their slashed names.
func readAll(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func withoutOrigins(t *testing.T, report []byte) []byte {
	t.Helper()
	r, err := export.ParseReport(bytes.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Frames {
		if f.Origin == nil || f.Origin.Bucket == "" {
			t.Errorf("%s has origin %+v", f.Name, f.Origin)
		}
		f.Origin = nil
	}
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The options of the AWS CLI lead where they do there.
func TestAmazonOptions(t *testing.T) {
	srv := s3fault.New(t)
	srv.Set("bucket", "a.json", []byte(`{"SessionId":"a","Status":"CREATED"}`))
	awsEnvironment(t, nil)
	credentials := save(t, "credentials", "[me]\naws_access_key_id = mine\naws_secret_access_key = secret\n")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", credentials)
	for _, tt := range []struct {
		args []string
		want string // in the authorization
	}{
		{[]string{"--profile", "me", "--region", "eu-west-1"}, "Credential=mine/"},
		{[]string{"--no-sign-request"}, ""},
		{[]string{"--profile", "me"}, "/us-east-1/s3/"},
	} {
		args := append([]string{"inspect", "s3://bucket/a.json", "--endpoint-url", srv.URL}, tt.args...)
		lvtool(t, args...).want(t, 0)
		requests := srv.Log()
		got := requests[len(requests)-1].Header.Get("Authorization")
		if !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%q: got authorization %q, want %q", tt.args, got, tt.want)
		}
	}
	t.Setenv("LVTOOL_ENDPOINT_URL", srv.URL)
	t.Setenv("LVTOOL_PROFILE", "me")
	lvtool(t, "inspect", "s3://bucket/a.json").want(t, 0)
	lvtool(t, "inspect", "s3://bucket/a.json", "--profile", "you").want(t, 1, "the config profile (you) could not")
}

func TestAmazonOptionsTLS(t *testing.T) {
	plain := s3fault.New(t)
	plain.Set("bucket", "a.json", []byte(`{"SessionId":"a","Status":"CREATED"}`))
	srv := httptest.NewUnstartedServer(plain)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	awsEnvironment(t, nil)
	args := []string{"inspect", "s3://bucket/a.json", "--endpoint-url", srv.URL, "--no-sign-request"}
	authority := save(t, "ca.pem", string(pemOf(srv)))
	lvtool(t, append(args, "--ca-bundle", authority)...).want(t, 0)
	lvtool(t, append(args, "--no-verify-ssl")...).want(t, 0)
	lvtool(t, args...).want(t, 1, "certificate not accepted", "hint: give the certificate authority with --ca-bundle")
	lvtool(t, append(args, "--ca-bundle", fmt.Sprint(authority, "-not"))...).want(t, 1, "CA bundle: ")
}

func pemOf(srv *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
}
