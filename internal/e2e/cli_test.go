package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	picture "image"
	"image/png"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// program builds lvtool, once, in the folder that TestMain has made.
var program = sync.OnceValues(func() (string, error) {
	name := filepath.Join(os.Getenv(programVariable), "lvtool")
	build := exec.Command("go", "build", "-o", name, "./cmd/lvtool")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return name, nil
})

// A user is whom lvtool runs as; "" means without credentials.
type user struct {
	name, endpoint string
}

// A ran is what became of a command.
type ran struct {
	stdout, stderr string
	code           int
}

// lvtool runs the program.
func (u user) lvtool(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	name, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = u.environment(t)
	cmd.Stdin = strings.NewReader(stdin)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err = cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return ran{out.String(), complaints.String(), cmd.ProcessState.ExitCode()}
}

// environment is that of the program.
func (u user) environment(t *testing.T) []string {
	t.Helper()
	home := t.TempDir()
	all := []string{
		"HOME=" + home, "USERPROFILE=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + home,
		"AWS_ENDPOINT_URL_S3=" + u.endpoint, "AWS_REGION=" + region, "AWS_EC2_METADATA_DISABLED=true",
	}
	if u.name != "" {
		all = append(all, "AWS_ACCESS_KEY_ID="+u.name, "AWS_SECRET_ACCESS_KEY="+u.name+"secret")
	}
	return all
}

// want fails the test where the exit code is another, or standard error lacks
// one of these texts.
func (r ran) want(t *testing.T, code int, texts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("got exit code %d, want %d; standard error:\n%s", r.code, code, r.stderr)
	}
	for _, text := range texts {
		if !strings.Contains(r.stderr, text) {
			t.Errorf("got standard error\n%swant %q in it", r.stderr, text)
		}
	}
}

// A frame is what a report says of one.
type frame struct {
	SHA256   string
	Origin   struct{ Version string }
	Problems []struct{ Code string }
}

// inspect returns the only frame of a result, and the codes of its problems.
func (u user) inspect(t *testing.T, result string, args ...string) (frame, string) {
	t.Helper()
	got := u.lvtool(t, result, append([]string{"inspect", "--json", "-"}, args...)...)
	var report struct{ Frames []frame }
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil || len(report.Frames) != 1 {
		t.Fatalf("%v\n%s%s", err, got.stdout, got.stderr)
	}
	var codes []string
	for _, p := range report.Frames[0].Problems {
		codes = append(codes, p.Code)
	}
	return report.Frames[0], strings.Join(codes, " ")
}

func sessionID(n int) string { return fmt.Sprintf("5f3c1a20-8d4e-4b7a-9c11-%012d", n) }

// result is a session whose reference image lies in S3.
func result(bucket, key, version string) string {
	object := map[string]string{"Bucket": bucket, "Name": key}
	if version != "" {
		object["Version"] = version
	}
	text, err := json.Marshal(map[string]any{
		"SessionId": sessionID(1), "Status": "SUCCEEDED", "Confidence": 97.5,
		"ReferenceImage": map[string]any{"S3Object": object},
	})
	if err != nil {
		panic(err) // cannot happen: these are strings
	}
	return string(text)
}

// pixel is a picture that differs from all others in its only pixel.
func pixel(t *testing.T, i int) []byte {
	t.Helper()
	m := picture.NewNRGBA(picture.Rect(0, 0, 1, 1))
	copy(m.Pix, []byte{byte(i), byte(i >> 8), 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const imageKey = "liveness/5f3c1a20-8d4e-4b7a-9c11-000000000001/reference.png"

// as returns a user of the server.
func (s *server) as(name string) user { return user{name, s.url} }

// filesBelow returns the files below a folder by their slashed names.
func filesBelow(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
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

// The sample in S3 gives the same pictures from a copy of the bucket, from S3,
// and where results and output are in S3 too; and the same bytes each time.
func TestConvert(t *testing.T) {
	t.Parallel()
	srv := start(t)
	samples := filepath.Join("..", "..", "samples")
	const bucket = "example-bucket"
	if _, err := srv.root.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	for name, data := range filesBelow(t, filepath.Join(samples, "s3", bucket)) {
		srv.putIn(t, bucket, name, data)
	}
	document, err := os.ReadFile(filepath.Join(samples, "s3.json"))
	if err != nil {
		t.Fatal(err)
	}
	srv.put(t, "results/s3.json", document)
	srv.put(t, "results/notes.txt", []byte("not a result"))

	copied, fetched := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "out")
	u := srv.as("root")
	offline := user{}
	offline.lvtool(t, "", "convert", filepath.Join(samples, "s3.json"), "-o", copied, "--s3-root",
		filepath.Join(samples, "s3")).want(t, 0)
	u.lvtool(t, "", "convert", filepath.Join(samples, "s3.json"), "-o", fetched).want(t, 0)
	for range 2 {
		u.lvtool(t, "", "convert", "s3://evidence/results/", "-o", "s3://evidence/results/out").want(t, 0)
	}
	want := filesBelow(t, copied)
	written := filesBelow(t, filepath.Join(srv.data, "evidence", "results", "out"))
	for from, got := range map[string]map[string][]byte{"S3": filesBelow(t, fetched), "S3 to S3": written} {
		names := slices.Sorted(maps.Keys(got))
		if wantNames := slices.Sorted(maps.Keys(want)); !slices.Equal(names, wantNames) {
			t.Errorf("%s: got files %q, want %q", from, names, wantNames)
		}
		for name, data := range want {
			picture := strings.Contains(name, "/annotated/") || strings.Contains(name, "/faces/") ||
				strings.Contains(name, "/originals/")
			if picture && !bytes.Equal(got[name], data) {
				t.Errorf("%s: %s is another than from the copy", from, name)
			}
		}
	}
	other := []string{"convert", "s3://evidence/results/", "-o", "s3://evidence/results/out", "--threshold", "1"}
	u.lvtool(t, "", other...).want(t, 0) // it is what lvtool wrote
	srv.put(t, "elsewhere/index.json", []byte("mine"))
	other[3] = "s3://evidence/elsewhere"
	u.lvtool(t, "", other...).want(t, 1, "exists with other content", "--force")
	u.lvtool(t, "", append(other, "--force")...).want(t, 0)
	u.lvtool(t, "", "inspect", "s3://evidence/results/s3.json").want(t, 0)
	u.lvtool(t, "", "inspect", "s3://evidence/results").want(t, 1, "object not found", "a folder ends with a slash")
}

// putIn writes an object behind the Store's back to any bucket.
func (s *server) putIn(t *testing.T, bucket, key string, data []byte) {
	t.Helper()
	_, err := s.root.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: bytes.NewReader(data),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A user who may not is told what is missing; one who may has it.
func TestConvertPermissions(t *testing.T) {
	t.Parallel()
	srv := start(t)
	srv.put(t, imageKey, pixel(t, 1))
	doc, bob := result(srv.bucket, imageKey, ""), srv.as("bob")
	out := filepath.Join(t.TempDir(), "out")
	bob.lvtool(t, doc, "convert", "-", "-o", out).want(t, 4, "access denied", "hint: the caller needs s3:GetObject")
	user{"root", srv.url}.lvtool(t, doc, "convert", "-", "-o", out, "--profile", "nobody").
		want(t, 4, "the config profile (nobody) could not be found")
	srv.policy(t, `{"Effect":"Allow","Principal":{"AWS":["bob"]},"Action":"s3:GetObject",`+
		`"Resource":"arn:aws:s3:::evidence/*"}`)
	bob.lvtool(t, doc, "convert", "-", "-o", out).want(t, 0)
	if got := filesBelow(t, out)[sessionID(1)+"/originals/reference.png"]; !bytes.Equal(got, pixel(t, 1)) {
		t.Errorf("got %d bytes, want the picture", len(got))
	}
	bob.lvtool(t, doc, "convert", "-", "-o", "s3://evidence/out/").
		want(t, 1, "s3://evidence/out/", "access denied", "hint: the caller needs s3:PutObject")
	bob.lvtool(t, "", "convert", "s3://evidence/liveness/").want(t, 1, "hint: the caller needs s3:ListBucket")
}

func (s *server) policy(t *testing.T, statement string) {
	t.Helper()
	policy := `{"Version":"2012-10-17","Statement":[` + statement + `]}`
	_, err := s.root.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &s.bucket, Policy: &policy})
	if err != nil {
		t.Fatal(err)
	}
}

// The version that a result names is got, or none.
func TestConvertVersions(t *testing.T) {
	t.Parallel()
	srv := start(t)
	_, err := srv.root.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket:                  &srv.bucket,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := srv.put(t, imageKey, pixel(t, 1)), srv.put(t, imageKey, pixel(t, 2))
	u := srv.as("root")
	for i, version := range []string{first, second, ""} {
		f, codes := u.inspect(t, result(srv.bucket, imageKey, version))
		want := []string{first, second, second}[i]
		digest := fmt.Sprintf("%x", sha256.Sum256(pixel(t, min(i+1, 2))))
		if codes != "" || f.Origin.Version != want || f.SHA256 != digest {
			t.Errorf("version %q: got origin %+v, problems %q", version, f.Origin, codes)
		}
	}
	deleted, err := srv.root.DeleteObject(t.Context(), &s3.DeleteObjectInput{
		Bucket: &srv.bucket, Key: aws.String(imageKey),
	})
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{
		first: "", aws.ToString(deleted.VersionId): "s3_deleted", "01KAAAAAAAAAAAAAAAAAAAAAAA": "s3_no_version",
	} {
		if _, codes := u.inspect(t, result(srv.bucket, imageKey, version)); codes != want {
			t.Errorf("version %q: got problems %q, want %q", version, codes, want)
		}
	}
	if _, codes := u.inspect(t, result(srv.bucket, imageKey, "")); codes != "not_found" && codes != "s3_deleted" {
		t.Errorf("deleted: got problems %q", codes)
	}
}

// A byte that changed on the server's disk does not become evidence.
func TestConvertTampered(t *testing.T) {
	t.Parallel()
	srv := start(t)
	data := pixel(t, 1)
	srv.put(t, imageKey, data)
	data[len(data)-1] ^= 1
	file := filepath.Join(srv.data, srv.bucket, filepath.FromSlash(imageKey))
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	srv.as("root").lvtool(t, result(srv.bucket, imageKey, ""), "convert", "-", "-o", out).
		want(t, 4, "checksum mismatch", "3 tries", "hint: the object is damaged where it lies")
	for name := range filesBelow(t, out) {
		if strings.Contains(name, "/originals/") {
			t.Errorf("%s was written", name)
		}
	}
}

// A public bucket needs no credentials, but the option that says so.
func TestConvertPublic(t *testing.T) {
	t.Parallel()
	srv := start(t)
	srv.put(t, imageKey, pixel(t, 1))
	srv.policy(t, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::evidence/*"}`)
	stranger, doc := srv.as(""), result(srv.bucket, imageKey, "")
	stranger.lvtool(t, doc, "inspect", "-", "--no-sign-request").want(t, 0)
	if _, codes := stranger.inspect(t, doc); codes != "s3_no_credentials" {
		t.Errorf("got problems %q", codes)
	}
}

// A bucket elsewhere is followed, and the report says so.
func TestConvertRegion(t *testing.T) {
	t.Parallel()
	srv := start(t)
	srv.put(t, imageKey, pixel(t, 1))
	_, codes := srv.as("root").inspect(t, result(srv.bucket, imageKey, ""), "--region", "eu-west-1")
	if codes != "bucket_region" {
		t.Errorf("got problems %q, want bucket_region", codes)
	}
}

// Of a thousand sessions whose images lie in S3, where one request in a hundred
// fails in each of ten ways, none is lost and none is wrong, and how often S3
// had to be asked again is said.
func TestConvertThousand(t *testing.T) {
	t.Parallel()
	const n = 1000
	srv := s3fault.New(t)
	kinds := []string{"503", "500", "502-html", "429", "reset", "cut", "cut-chunked", "crc32", "short", "stall"}
	srv.Fault = func(i int, _ *http.Request) string {
		if i%10 != 0 {
			return ""
		}
		return kinds[i/10%len(kinds)]
	}
	var results strings.Builder
	for i := range n {
		key := "liveness/" + sessionID(i) + "/reference.png"
		srv.Set("bucket", key, pixel(t, i))
		one := strings.ReplaceAll(result("bucket", key, ""), `"SessionId":"`+sessionID(1), `"SessionId":"`+sessionID(i))
		results.WriteString(one + "\n")
	}
	out := filepath.Join(t.TempDir(), "out")
	got := user{"root", srv.URL}.lvtool(t, results.String(), "convert", "-", "-o", out,
		"--jobs", "8", "--sheet-tile", "80", "--cli-read-timeout", "1")
	got.want(t, 0, "requests, ", "of them repeated after a failure")
	if lines := strings.Count(got.stdout, "\n"); lines != n {
		t.Errorf("got %d lines, want %d", lines, n)
	}
	for i := range n {
		data, err := os.ReadFile(filepath.Join(out, sessionID(i), "originals", "reference.png"))
		if err != nil || !bytes.Equal(data, pixel(t, i)) {
			t.Errorf("session %d: %v, or another's picture", i, err)
		}
	}
	t.Log(got.stderr)
}
