package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// liveService answers for sessions by id, and has the objects of their images.
func liveService(t *testing.T, answers map[string]func(int) string) *s3fault.Server {
	t.Helper()
	endpoint := fetchService(t, answers)
	srv := s3fault.New(t)
	t.Setenv("AWS_ENDPOINT_URL_REKOGNITION", endpoint)
	t.Setenv("AWS_ENDPOINT_URL_S3", srv.URL)
	return srv
}

// A session is fetched and converted in one go, and what the service answered
// is kept as it came: nobody can ask for it again.
func TestConvertLive(t *testing.T) {
	key := "liveness/" + fetchID(1) + "/reference.png"
	body := " " + inS3(fetchID(1), key) + "\n"
	srv := liveService(t, map[string]func(int) string{fetchID(1): always(body)})
	srv.Set("bucket", key, pixel(t, 1))
	out, record := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "record.json")
	lvtool(t, "convert", "--session-id", fetchID(1), "-o", out, "--evidence", record).want(t, 0)
	files := readAll(t, filepath.Join(out, fetchID(1)))
	if got := string(files["source.json"]); got != body {
		t.Errorf("source.json: got %q, want %q", got, body)
	}
	if !bytes.Equal(files["originals/reference.png"], pixel(t, 1)) {
		t.Error("the picture is another")
	}
	report := string(files["report.json"])
	for _, want := range []string{
		`"name": "rekognition:` + fetchID(1) + `"`, digest([]byte(body)), `"file": "source.json"`,
	} {
		if !strings.Contains(report, want) {
			t.Errorf("no %s in the report\n%s", want, report)
		}
	}
	evidence, err := os.ReadFile(record)
	if err != nil || !strings.Contains(string(evidence), digest([]byte(body))) {
		t.Errorf("evidence: %v\n%s", err, evidence)
	}
	// What was kept converts again, to the same pictures.
	again := filepath.Join(t.TempDir(), "out")
	lvtool(t, "convert", "-o", again, filepath.Join(out, fetchID(1), "source.json")).want(t, 0)
	const picture = "annotated/reference.png"
	if got := readAll(t, again); !bytes.Equal(got[fetchID(1)+"/"+picture], files[picture]) {
		t.Error("converted again, the picture is another")
	}
}

// live is an answer with an image in it.
func live(t *testing.T, n int, status string) string {
	t.Helper()
	return fmt.Sprintf(`{"SessionId":%q,"Status":%q,"Confidence":97.5,"ReferenceImage":{"Bytes":%q}}`,
		fetchID(n), status, base64.StdEncoding.EncodeToString(pixel(t, n)))
}

// Of several sessions each is told of in the order of the ids, one that failed
// too, and the others go on.
func TestConvertLiveMany(t *testing.T) {
	liveService(t, map[string]func(int) string{
		fetchID(1): always(live(t, 1, "SUCCEEDED")), fetchID(3): always(live(t, 3, "SUCCEEDED")),
		fetchID(4): always(`{}`),
	})
	failed := filepath.Join(t.TempDir(), "failed")
	ids := save(t, "ids", "# three\n"+fetchID(2)+"\n"+fetchID(1)+"\n"+fetchID(4)+"\n")
	out, records := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "records")
	got := lvtool(t, "convert", "--session-id", fetchID(3), "--session-id", "@"+ids, "--rate", "100",
		"-o", out, "--evidence", records, "--failed", failed, filepath.Join("..", "..", "samples", "created.json"))
	got.want(t, 4,
		"lvtool: rekognition:"+fetchID(2)+": SessionNotFoundException: Session not found.",
		"hint: results last three minutes", "rekognition:"+fetchID(4))
	lines := strings.Split(got.stdout, "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], fetchID(3)) || !strings.Contains(lines[1], fetchID(1)) {
		t.Errorf("got\n%swant sessions 3, 1 and that of the file", got.stdout)
	}
	if got := readAll(t, records); len(got) != 4 {
		t.Errorf("got %d records, want 4: what the service refuses is evidence too", len(got))
	}
}

func TestConvertLiveWait(t *testing.T) {
	liveService(t, map[string]func(int) string{fetchID(1): func(call int) string {
		if call == 1 {
			return live(t, 1, "IN_PROGRESS")
		}
		return live(t, 1, "SUCCEEDED")
	}})
	got := lvtool(t, "inspect", "--session-id", fetchID(1), "--wait")
	got.want(t, 0)
	if !strings.Contains(got.stdout, "SUCCEEDED") {
		t.Errorf("got %s", got.stdout)
	}
	liveService(t, map[string]func(int) string{fetchID(1): always(live(t, 1, "IN_PROGRESS"))})
	lvtool(t, "inspect", "--session-id", fetchID(1), "--wait", "--wait-timeout", "100ms").
		want(t, 1, "session has not ended after 100ms: status IN_PROGRESS", "hint: the session goes on")
}

func TestConvertLiveMisuse(t *testing.T) {
	endpoint := fetchService(t, nil)
	missing := filepath.Join(t.TempDir(), "none")
	for _, tt := range []struct {
		args string
		want string
		code int
	}{
		{"--session-id x", "--session-id x: want the 36 characters", exitUsage},
		{"--session-id @" + missing, "Unable to load paramfile", exitUsage},
		{"--session-id " + fetchID(1) + " --rate 0", "bad value for --rate 0: must be", exitUsage},
		{"--session-id " + fetchID(1) + " --wait-timeout soon", "bad value for --wait-timeout soon", exitUsage},
		{"--session-id " + fetchID(1) + " --endpoint-url " + endpoint, "SessionNotFoundException", exitFailed},
	} {
		out := filepath.Join(t.TempDir(), "out")
		lvtool(t, append([]string{"convert", "-o", out}, strings.Fields(tt.args)...)...).want(t, tt.code, tt.want)
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: the output folder was made", tt.args)
		}
	}
	t.Setenv("AWS_REGION", "")
	lvtool(t, "convert", "--session-id", fetchID(1), "-o", t.TempDir()).want(t, 1, "lvtool: you must specify a region.")
	awsEnvironment(t, map[string]string{"AWS_REGION": "eu-west-1"})
	lvtool(t, "convert", "--session-id", fetchID(1), "-o", t.TempDir()).
		want(t, 1, "lvtool: no AWS credentials", "hint: run aws configure")
}

// What fetch prints, convert reads: one session or many.
func TestFetchIntoConvert(t *testing.T) {
	srv := liveService(t, map[string]func(int) string{
		fetchID(1): always(inS3(fetchID(1), fetchID(1)+"/a.png")), fetchID(2): always(live(t, 2, "SUCCEEDED")),
	})
	srv.Set("bucket", fetchID(1)+"/a.png", pixel(t, 1))
	for n, ids := range [][]string{{fetchID(1)}, {fetchID(2), fetchID(1)}} {
		for _, format := range []string{"json", "yaml"} {
			if n == 1 && format == "yaml" {
				continue // several are lines of JSON
			}
			stdout, stderr, code := fetchRun(t, append(ids, "--output", format)...)
			if code != 0 {
				t.Fatalf("got exit code %d: %s", code, stderr)
			}
			out := filepath.Join(t.TempDir(), "out")
			lvtoolWith(t, stdout, "convert", "-", "-o", out).want(t, 0)
			for _, id := range ids {
				if got := readAll(t, filepath.Join(out, id, "originals")); len(got) != 1 {
					t.Errorf("%s: got %d originals of %s", format, len(got), id)
				}
			}
		}
	}
}

// What the list of failures says of a session, or of S3, can be tried again.
func TestConvertLiveAgain(t *testing.T) {
	found := false
	srv := liveService(t, map[string]func(int) string{fetchID(1): func(int) string {
		if !found {
			return `{}`
		}
		return live(t, 1, "SUCCEEDED")
	}})
	failed, out := filepath.Join(t.TempDir(), "failed"), filepath.Join(t.TempDir(), "out")
	lvtool(t, "convert", "--session-id", fetchID(1), "s3://bucket/in/", "s3://bucket/a.json", "-o", out,
		"--failed", failed).
		want(t, 1, "rekognition:"+fetchID(1), "s3://bucket/in/: no result", "s3://bucket/a.json: object not found")
	found = true
	srv.Set("bucket", "in/a.json", []byte(live(t, 2, "SUCCEEDED")))
	srv.Set("bucket", "a.json", []byte(live(t, 3, "SUCCEEDED")))
	lvtool(t, "convert", "@"+failed, "-o", out, "--failed", failed).want(t, 0)
	for _, file := range []string{
		fetchID(1) + "/source.json", fetchID(2) + "/" + markFile, fetchID(3) + "/" + markFile,
	} {
		if readAll(t, out)[file] == nil {
			t.Errorf("no %s", file)
		}
	}
}
