package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lvtool/lvtool/decode"
)

// fetchID is the id of the n-th session of these tests.
func fetchID(n int) string { return fmt.Sprintf("5f3c1a20-8d4e-4b7a-9c11-%012d", n) }

// fetchService answers for sessions by id; others are not found.
func fetchService(t *testing.T, sessions map[string]func(call int) string) (endpoint string) {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "AWS_CONFIG_FILE": home + "/none", "AWS_SHARED_CREDENTIALS_FILE": home + "/none",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hush", "AWS_REGION": "eu-west-1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	for _, name := range []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_DEFAULT_OUTPUT", "AWS_SESSION_TOKEN", "AWS_RETRY_MODE",
	} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ SessionID string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		w.Header().Set("X-Amzn-Requestid", "request-1")
		w.Header().Set("Date", "Tue, 29 Sep 2026 10:00:00 GMT")
		answer := sessions[in.SessionID]
		if answer == nil {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"SessionNotFoundException","Message":"Session not found."}`)
			return
		}
		_, _ = io.WriteString(w, answer(int(calls.Add(1))))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func always(body string) func(int) string { return func(int) string { return body } }

// fetchRun runs lvtool fetch in this process.
func fetchRun(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, complaints bytes.Buffer
	code = run(t.Context(), append([]string{"lvtool", "fetch"}, args...), strings.NewReader(""), &out, &complaints)
	return out.String(), complaints.String(), code
}

const fetchBody = `{"SessionId": "x",  "Status":"SUCCEEDED","Confidence":97.50,"Later":[1.0]}` + "\n"

func TestFetchRawAndEvidence(t *testing.T) {
	endpoint := fetchService(t, map[string]func(int) string{fetchID(1): always(fetchBody)})
	dir := t.TempDir()
	raw, record := filepath.Join(dir, "raw.json"), filepath.Join(dir, "record.json")
	stdout, stderr, code := fetchRun(t, "--session-id", fetchID(1), "--endpoint-url", endpoint,
		"--raw", raw, "--evidence", record)
	if code != 0 || stderr != "" {
		t.Fatalf("got code %d, %s", code, stderr)
	}
	want := `{
    "SessionId": "x",
    "Status": "SUCCEEDED",
    "Confidence": 97.5,
    "Later": [
        1.0
    ]
}
`
	if stdout != want {
		t.Errorf("stdout: got %s, want %s", stdout, want)
	}
	if got, err := os.ReadFile(raw); string(got) != fetchBody || err != nil {
		t.Errorf("raw: got %q, %v, want %q", got, err, fetchBody)
	}
	got, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	wantRecord := fmt.Sprintf(`{
  "schema": "lvtool.fetch/1",
  "operation": "rekognition:GetFaceLivenessSessionResults",
  "session_id": %q,
  "session_status": "SUCCEEDED",
  "endpoint": %q,
  "region": "eu-west-1",
  "access_key_id": "AKIDEXAMPLE",
  "http_status": 200,
  "request_id": "request-1",
  "date": "Tue, 29 Sep 2026 10:00:00 GMT",
  "attempts": 1,
  "body": {
    "bytes": %d,
    "sha256": "%x"
  },
  "tool": {
    "name": "lvtool",
    "version": %q,
    "go": %q
  }
}
`, fetchID(1), endpoint+"/", len(fetchBody), sha256.Sum256([]byte(fetchBody)), version, runtime.Version())
	if string(got) != wantRecord {
		t.Errorf("evidence: got %s, want %s", got, wantRecord)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 || err != nil {
		t.Errorf("left over: %q, %v", left, err)
	}
}

// TestFetchEvidenceOfRefusal holds that a refusal is kept too: it may be all that there ever is.
func TestFetchEvidenceOfRefusal(t *testing.T) {
	endpoint := fetchService(t, nil)
	record := filepath.Join(t.TempDir(), "record.json")
	_, _, code := fetchRun(t, "--session-id", fetchID(1), "--endpoint-url", endpoint, "--evidence", record)
	got, err := os.ReadFile(record)
	if code != 254 || err != nil || !strings.Contains(string(got), `"http_status": 400`) {
		t.Errorf("got code %d, %v, %s, want 254 and the status", code, err, got)
	}
}

func TestFetchUnwritable(t *testing.T) {
	endpoint := fetchService(t, map[string]func(int) string{fetchID(1): always(fetchBody)})
	name := filepath.Join(t.TempDir(), "no", "raw.json")
	_, stderr, code := fetchRun(t, "--session-id", fetchID(1), "--endpoint-url", endpoint, "--raw", name)
	if code != 255 || !strings.Contains(stderr, "raw.json: no such file or directory") {
		t.Errorf("got code %d, %s, want 255 and the file", code, stderr)
	}
}

func TestFetchWait(t *testing.T) {
	statuses := []string{"CREATED", "IN_PROGRESS", "FAILED"}
	endpoint := fetchService(t, map[string]func(int) string{
		fetchID(1): func(call int) string {
			return fmt.Sprintf(`{"SessionId":"x","Status":%q}`, statuses[min(call, 3)-1])
		},
		fetchID(2): always(`{"SessionId":"x","Status":"CREATED"}`),
	})
	stdout, _, code := fetchRun(t, fetchID(1), "--endpoint-url", endpoint, "--wait", "--query", "Status")
	if code != 0 || stdout != "\"FAILED\"\n" {
		t.Errorf("got code %d, %s, want FAILED", code, stdout)
	}
	stdout, stderr, code := fetchRun(t, fetchID(2), "--endpoint-url", endpoint, "--wait", "--wait-timeout", "300ms")
	if code != 255 || stdout != "" || stderr != "\nSession has not ended after 300ms: status CREATED\n" {
		t.Errorf("got code %d, %q, %q, want the deadline", code, stdout, stderr)
	}
}

func TestFetchMany(t *testing.T) {
	sessions := map[string]func(int) string{}
	var ids []string
	for n := range 12 {
		id := fetchID(n)
		ids = append(ids, id)
		sessions[id] = always(fmt.Sprintf("{ \"SessionId\":%q,\n\"Status\":\"CREATED\",\"Confidence\":%d.50}", id, n))
	}
	delete(sessions, ids[5])
	endpoint := fetchService(t, sessions)
	dir := t.TempDir()
	list := filepath.Join(dir, "ids.txt")
	text := "# sessions\n\n " + strings.Join(ids[3:], "\n") + "\r\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := fetchRun(t, ids[0], "--endpoint-url", endpoint, "--rate", "100", ids[1],
		"--session-id", ids[2], "@"+list, "--raw", dir+"/raw", "--evidence", dir+"/evidence")
	if code != 254 {
		t.Errorf("code: got %d, want 254", code)
	}
	var want strings.Builder
	for _, n := range []int{2, 0, 1, 3, 4, 6, 7, 8, 9, 10, 11} { // --session-id counts before arguments
		fmt.Fprintf(&want, "{\"SessionId\":%q,\"Status\":\"CREATED\",\"Confidence\":%d.50}\n", fetchID(n), n)
	}
	if stdout != want.String() {
		t.Errorf("stdout: got\n%s\nwant\n%s", stdout, want.String())
	}
	for _, part := range []string{
		ids[5] + ": An error occurred (SessionNotFoundException)", "11 of 12 sessions fetched, 1 failed",
	} {
		if !strings.Contains(stderr, part) {
			t.Errorf("stderr: got %s, want %q", stderr, part)
		}
	}
	for folder, n := range map[string]int{"raw": 12, "evidence": 12} {
		files, err := os.ReadDir(filepath.Join(dir, folder))
		if err != nil || len(files) != n {
			t.Errorf("%s: got %d files, %v, want %d", folder, len(files), err, n)
		}
	}
	checkLines(t, stdout, 11)
}

// checkLines holds that convert can read what fetch printed.
func checkLines(t *testing.T, stdout string, want int) {
	t.Helper()
	n := 0
	for s, err := range decode.Sessions(strings.NewReader(stdout), nil) {
		if err != nil || s.Status != "CREATED" {
			t.Errorf("session %d: got %+v, %v", n, s, err)
		}
		n++
	}
	if n != want {
		t.Errorf("got %d sessions, want %d", n, want)
	}
}

func TestFetchManyQuery(t *testing.T) {
	answer := always(fetchBody)
	endpoint := fetchService(t, map[string]func(int) string{fetchID(1): answer, fetchID(2): answer})
	stdout, stderr, code := fetchRun(t, fetchID(1), fetchID(2), "--endpoint-url", endpoint,
		"--query", "[Status,Confidence]")
	if want := "[\"SUCCEEDED\",97.5]\n[\"SUCCEEDED\",97.5]\n"; code != 0 || stdout != want {
		t.Errorf("got code %d, %s%s, want %s", code, stdout, stderr, want)
	}
}

func TestFetchManyMisuse(t *testing.T) {
	endpoint := fetchService(t, nil)
	bad := filepath.Join(t.TempDir(), "bad.txt")
	if err := os.WriteFile(bad, []byte("../../etc/passwd\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{fetchID(1), fetchID(2), "--output", "yaml"}, "leave out --output yaml"},
		{[]string{"@" + bad}, `not a session id: "../../etc/passwd"`},
		{[]string{"@" + bad + "x"}, "No such file or directory"},
		{[]string{"@-"}, "no session ids in it"},
		{[]string{fetchID(1), fetchID(2), "--cli-input-json", "{}"}, "cannot be combined"},
		{[]string{fetchID(1), "--rate", "0"}, "Bad value for --rate 0"},
		{[]string{fetchID(1), "--wait-timeout", "soon"}, "Bad value for --wait-timeout soon"},
	} {
		_, stderr, code := fetchRun(t, slices.Concat(test.args, []string{"--endpoint-url", endpoint})...)
		if code != 252 || !strings.Contains(stderr, test.want) {
			t.Errorf("%q: got code %d, %s, want 252 and %q", test.args, code, stderr, test.want)
		}
	}
}

// TestFetchOne holds that one id is enough of an argument, and that a fetch of one is as the CLI's.
func TestFetchOne(t *testing.T) {
	endpoint := fetchService(t, map[string]func(int) string{fetchID(1): always(fetchBody)})
	stdout, _, code := fetchRun(t, fetchID(1), fetchID(1), "--endpoint-url", endpoint,
		"--query", "Confidence", "--output", "text")
	if code != 0 || stdout != "97.5\n" {
		t.Errorf("got code %d, %q, want 97.5", code, stdout)
	}
}

func TestFetchVariables(t *testing.T) {
	endpoint := fetchService(t, map[string]func(int) string{fetchID(1): always(fetchBody)})
	raw := filepath.Join(t.TempDir(), "raw.json")
	t.Setenv("LVTOOL_RAW", raw)
	t.Setenv("LVTOOL_VERSION", "not for fetch")
	if _, stderr, code := fetchRun(t, fetchID(1), "--endpoint-url", endpoint); code != 0 {
		t.Errorf("got code %d, %s", code, stderr)
	}
	if got, err := os.ReadFile(raw); string(got) != fetchBody || err != nil {
		t.Errorf("raw: got %q, %v, want %q", got, err, fetchBody)
	}
	t.Setenv("LVTOOL_WAIT", "maybe")
	if _, stderr, code := fetchRun(t, fetchID(1), "--endpoint-url", endpoint); code != 252 {
		t.Errorf("got code %d, %s, want 252", code, stderr)
	}
}

func TestFetchDebug(t *testing.T) {
	body := `{"SessionId":"x","Status":"SUCCEEDED","ReferenceImage":{"Bytes":"c2VjcmV0IHBpY3R1cmU="}}`
	endpoint := fetchService(t, map[string]func(int) string{fetchID(1): always(body)})
	t.Setenv("AWS_SESSION_TOKEN", "tokentoken")
	_, stderr, code := fetchRun(t, "--session-id", fetchID(1), "--endpoint-url", endpoint, "--debug")
	if code != 0 || !strings.Contains(stderr, "attempt 1 of 1: HTTP status 200") {
		t.Errorf("got code %d, %s", code, stderr)
	}
	for _, secret := range []string{"c2VjcmV0", "hush", "tokentoken"} {
		if strings.Contains(stderr, secret) {
			t.Errorf("got %s, want nothing of %q", stderr, secret)
		}
	}
}

func TestFetchInterrupted(t *testing.T) {
	endpoint := fetchService(t, map[string]func(int) string{
		fetchID(1): func(int) string { time.Sleep(time.Second); return fetchBody },
		fetchID(2): always(`{"SessionId":"x","Status":"CREATED"}`),
	})
	for _, args := range [][]string{{fetchID(1)}, {fetchID(2), "--wait"}, {fetchID(1), fetchID(2), "--wait"}} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		var stdout, stderr bytes.Buffer
		args = slices.Concat([]string{"lvtool", "fetch", "--endpoint-url", endpoint}, args)
		code := run(ctx, args, strings.NewReader(""), &stdout, &stderr)
		if code != 130 || stderr.String() != "lvtool: interrupted\n" || stdout.Len() > 0 {
			t.Errorf("%q: got code %d, %s%s, want 130", args, code, &stdout, &stderr)
		}
	}
}

func TestFetchHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help"}, {"--session-id", "x", "--help"}} {
		stdout, _, code := fetchRun(t, args...)
		if code != 0 || !strings.Contains(stdout, "lvtool fetch --session-id ID [OPTIONS]") {
			t.Errorf("%q: got code %d, %s", args, code, stdout)
		}
	}
}

// TestFetchFlags holds that help names every option that the parser takes.
func TestFetchFlags(t *testing.T) {
	stdout, _, _ := fetchRun(t, "--help")
	_, stderr, _ := fetchRun(t, "--")
	if !strings.Contains(stderr, "--session-id") {
		t.Fatalf("got %s", stderr)
	}
	for _, prefix := range []string{"--c", "--no", "--cli-input"} {
		_, stderr, code := fetchRun(t, prefix)
		_, list, found := strings.Cut(stderr, "could match ")
		if code != 252 || !found {
			t.Fatalf("%s: got %s", prefix, stderr)
		}
		for name := range strings.SplitSeq(strings.TrimSpace(list), ", ") {
			if !strings.Contains(stdout, "\n   "+name+" ") {
				t.Errorf("help lacks %s", name)
			}
		}
	}
}

// TestTame holds that what comes from outside cannot drive a terminal.
func TestTame(t *testing.T) {
	if got, want := tameText("é写\t\x1b[31m\u202e\u009b\n"), "é写\t\\x1b[31m\\u202e\\u009b\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := harmless("\nab\x1b[2J\ncd\n"), "\nab\\x1b[2J\ncd\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
