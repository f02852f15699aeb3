package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// awsEnvironment gives this process settings of AWS, and none of the user's.
func awsEnvironment(t *testing.T, settings map[string]string) {
	t.Helper()
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "LVTOOL_") && name != "LVTOOL_SHARED" {
			t.Setenv(name, "") // so that it comes back
			os.Unsetenv(name)
		}
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for name, value := range settings {
		t.Setenv(name, value)
	}
}

// s3Server starts a server that the environment leads to.
func s3Server(t *testing.T) *s3fault.Server {
	t.Helper()
	srv := s3fault.New(t)
	awsEnvironment(t, map[string]string{
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_REGION": s3fault.Region, "AWS_ENDPOINT_URL_S3": srv.URL,
	})
	return srv
}

// A ran is what became of a command.
type ran struct {
	stdout, stderr string
	code           int
}

func lvtool(t *testing.T, args ...string) ran {
	t.Helper()
	return lvtoolWith(t, "", args...)
}

// lvtoolWith runs a command with something on its standard input.
func lvtoolWith(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	var out, complaints bytes.Buffer
	code := run(t.Context(), append([]string{"lvtool"}, args...), strings.NewReader(stdin), &out, &complaints)
	return ran{out.String(), complaints.String(), code}
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

// pixel is a picture that differs from all others in its only pixel.
func pixel(t *testing.T, i int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	copy(m.Pix, []byte{byte(i), byte(i >> 8), 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inS3 is a result whose reference image lies in S3.
func inS3(id, key string) string {
	return fmt.Sprintf(`{"SessionId":%q,"Status":"SUCCEEDED","Confidence":97.5,"ReferenceImage":{"S3Object":`+
		`{"Bucket":"bucket","Name":%q},"BoundingBox":{"Left":0,"Top":0,"Width":1,"Height":1}}}`, id, key)
}

func save(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// faultEvery gives every nth request a fault, each kind in turn.
func faultEvery(n int, kinds []string) func(int, *http.Request) string {
	return func(i int, _ *http.Request) string {
		if i%n != 0 {
			return ""
		}
		return kinds[i/n%len(kinds)]
	}
}

// s3Sessions puts n sessions with a picture each into a server, and returns
// their results, one a line.
func s3Sessions(t *testing.T, srv *s3fault.Server, n int) string {
	t.Helper()
	var lines strings.Builder
	for i := range n {
		key := "liveness/" + fetchID(i) + "/reference.png"
		srv.Set("bucket", key, pixel(t, i))
		lines.WriteString(inS3(fetchID(i), key) + "\n")
	}
	return lines.String()
}

// Of many sessions whose images lie in S3, where a tenth of all requests fail
// in every way there is, none is lost and none is wrong, wherever they go, and
// how often S3 had to be asked again is said.
func TestConvertS3Faults(t *testing.T) {
	const n = 24
	for _, out := range []string{"s3://bucket/out/", filepath.Join(t.TempDir(), "out")} {
		srv := s3Server(t)
		results := save(t, "all.jsonl", s3Sessions(t, srv, n))
		images := faultEvery(10, []string{
			"503", "500", "502-html", "429", "reset", "cut", "cut-chunked", "crc32", "crc64", "short", "stall",
		})
		others := faultEvery(10, []string{"503", "500", "502-html", "429", "reset", "409", "silent"})
		srv.SetFault(func(i int, r *http.Request) string {
			if strings.Contains(r.URL.Path, "/liveness/") {
				return images(i, r)
			}
			return others(i, r)
		})
		lvtool(t, "convert", "--jobs", "8", "--sheet-tile", "80", "--cli-read-timeout", "1", "-o", out, results).
			want(t, 0, "repeated after a failure")
		srv.SetFault(nil)
		for i := range n {
			name := fetchID(i) + "/originals/reference.png"
			data, _ := srv.Get("bucket", "out/"+name)
			if !isS3(out) {
				data, _ = os.ReadFile(filepath.Join(out, filepath.FromSlash(name)))
			}
			if !bytes.Equal(data, pixel(t, i)) {
				t.Errorf("%s: session %d has %d bytes, or another's picture", out, i, len(data))
			}
		}
	}
}

// filesBelow returns the files below a prefix of a server by name.
func filesBelow(t *testing.T, srv *s3fault.Server, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, key := range srv.Keys("bucket") {
		if name, ok := strings.CutPrefix(key, dir); ok {
			files[name], _ = srv.Get("bucket", key)
		}
	}
	return files
}

// Results below a prefix are read, those that lvtool wrote there itself passed
// over, and nothing else is; what is made of them is written to S3, once.
func TestConvertS3Prefix(t *testing.T) {
	srv := s3Server(t)
	for i, key := range []string{
		"in/a.json", "in/sub/b.jsonl", "in/sub/c.JSON.gz", "in/.d/e.json", "in/f.png", "inner/g.json",
	} {
		image := "liveness/" + fetchID(i) + "/reference.png"
		srv.Set("bucket", image, pixel(t, i))
		srv.Set("bucket", key, []byte(inS3(fetchID(i), image)))
	}
	args := []string{"convert", "s3://bucket/in/", "-o", "s3://bucket/in/out/"}
	for range 2 {
		got := lvtool(t, args...)
		got.want(t, 0)
		if want := "s3://bucket/in/out/" + fetchID(0) + "  SUCCEEDED"; strings.Count(got.stdout, "\n") != 3 ||
			!strings.HasPrefix(got.stdout, want) {
			t.Fatalf("got\n%swant three lines, the first beginning %q", got.stdout, want)
		}
	}
	files := filesBelow(t, srv, "in/out/")
	report := string(files[fetchID(1)+"/"+markFile])
	if !strings.Contains(report, `"s3://bucket/in/sub/b.jsonl?versionId=v1"`) {
		t.Errorf("the report does not say which version of the result was read:\n%s", report)
	}
	if files["index.json"] == nil || files["overview.png"] == nil {
		t.Error("no index.json or no overview.png")
	}
	lvtool(t, append(args, "--threshold", "90")...).want(t, 0)
	if again := filesBelow(t, srv, "in/out/"); bytes.Equal(again["index.json"], files["index.json"]) {
		t.Error("index.json is as it was")
	}
	lvtool(t, "convert", "s3://bucket/nothing/").want(t, 1, "s3://bucket/nothing/: no result in the folder")
	created := filepath.Join("..", "..", "samples", "created.json")
	lvtool(t, "convert", "s3://bucket/in/nothing.json", created, "-o", t.TempDir()).
		want(t, 4, "s3://bucket/in/nothing.json: object not found", "hint: check the key")
}

// What lvtool wrote to S3 it replaces, as in a folder: sessions and what belongs to
// the run, and files that are no longer made go. What it did not write stays.
func TestConvertS3Again(t *testing.T) {
	sample := filepath.Join("..", "..", "samples", "tiny.json")
	created := filepath.Join("..", "..", "samples", "created.json")
	const id = "58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d"
	srv := s3Server(t)
	convert := func(to string, more ...string) ran {
		return lvtool(t, append([]string{"convert", "-q", "-o", "s3://bucket/" + to, sample, created}, more...)...)
	}
	outputs := []string{"--outputs", "sheet,overview", "--threshold", "90"}
	convert("fresh/", outputs...).want(t, exitDone)
	convert("out/").want(t, exitDone)
	srv.Set("bucket", "out/"+id+"/note.txt", []byte("mine"))
	puts := 0
	srv.SetFault(func(_ int, r *http.Request) string {
		if r.Method == http.MethodPut {
			puts++
		}
		if r.Method == http.MethodPut && puts > 2 {
			return "403"
		}
		return ""
	})
	convert("out/", "--threshold", "95") // stopped in the middle of a session
	srv.SetFault(nil)
	convert("out/", outputs...).want(t, exitDone)
	fresh, got := filesBelow(t, srv, "fresh/"), filesBelow(t, srv, "out/")
	fresh[id+"/note.txt"] = []byte("mine")
	for name, data := range fresh {
		if !bytes.Equal(got[name], data) {
			t.Errorf("%s is not that of a fresh run", name)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is left over", name)
	}
	for _, name := range []string{"index.json", "overview.png", id + "/report.json", id + "/sheet.png"} {
		was, _ := srv.Get("bucket", "fresh/"+name)
		srv.Set("bucket", "fresh/"+name, []byte("mine"))
		convert("fresh/").want(t, exitOf(name), "fresh/"+name, "exists with other content")
		if data, _ := srv.Get("bucket", "fresh/"+name); string(data) != "mine" {
			t.Errorf("%s was overwritten", name)
		}
		srv.Set("bucket", "fresh/"+name, was)
		convert("fresh/", outputs...)
	}
}

// exitOf is the exit code where something else has the name of a file: a session
// alone fails, and without what belongs to the run all does.
func exitOf(name string) int {
	if strings.Contains(name, "/") {
		return exitSomeFailed
	}
	return exitFailed
}

// How often S3 was asked is said where it went well too, for those who want to
// know, and as a line of JSON.
func TestS3Traffic(t *testing.T) {
	srv := s3Server(t)
	results := save(t, "a.json", s3Sessions(t, srv, 1))
	out := filepath.Join(t.TempDir(), "out")
	if got := lvtool(t, "convert", "-o", out, results); got.stderr != "" {
		t.Errorf("got standard error %s", got.stderr)
	}
	lvtool(t, "convert", "-o", out, "--force", "--verbose", results).want(t, 0, "lvtool: S3: 1 request, 0 of them")
	srv.SetFault(faultEvery(3, []string{"503"})) // two have been made
	got := lvtool(t, "convert", "-o", out, "--force", "--log-format", "json", results)
	got.want(t, 0, `"event":"s3","requests":2,"retries":1,"redirects":0,"received":`)
	lvtool(t, "inspect", results).want(t, 0)
}
