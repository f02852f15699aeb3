package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/lvtool/lvtool/internal/need"
	"github.com/lvtool/lvtool/internal/pipeline"
)

// recording is runs of the real AWS CLI 2.9.19 against a local endpoint.
type recording struct {
	Table map[string]answers // by session id
	Cases []recordedCase
}

type recordedCase struct {
	Name   string
	Args   []string           // {endpoint} is the endpoint's URL, {home} the home folder
	Env    map[string]*string // null removes a variable
	Files  map[string]string  // below the home folder
	Stdout string
	Stderr string
	Exit   int
}

// answers is what the endpoint says to one session in turn, and its last answer for ever.
type answers []struct {
	Status  int
	Body    string
	Headers map[string]string
}

func (a *answers) UnmarshalJSON(text []byte) error {
	if text[0] != '[' {
		text = slices.Concat([]byte("["), text, []byte("]"))
	}
	return json.Unmarshal(text, (*[]struct {
		Status  int
		Body    string
		Headers map[string]string
	})(a))
}

func readRecording(t *testing.T, name string) *recording {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{}
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// handler answers as the endpoint did. What the table does not have, the service had not found.
func (r *recording) handler() http.Handler {
	var mu sync.Mutex
	count := map[string]int{}
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		var in struct{ SessionID string }
		_ = json.NewDecoder(q.Body).Decode(&in)
		mu.Lock()
		n := count[in.SessionID]
		count[in.SessionID]++
		mu.Unlock()
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Requestid", "00000000-0000-4000-8000-000000000000")
		list := r.Table[in.SessionID]
		if len(list) == 0 {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"SessionNotFoundException","Message":"Session not found."}`)
			return
		}
		answer := list[min(n, len(list)-1)]
		for name, value := range answer.Headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(answer.Status)
		_, _ = io.WriteString(w, answer.Body)
	})
}

// played is what became of a case.
type played struct {
	stdout, stderr string
	code           int
	err            error
}

// play runs a case as a program of its own, in the environment in which it was recorded.
func (c *recordedCase) play(ctx context.Context, home, endpoint string) played {
	put := strings.NewReplacer("{endpoint}", endpoint, "{home}", home).Replace
	for name, text := range c.Files {
		name = filepath.Join(home, filepath.FromSlash(name))
		err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(text), 0o600))
		if err != nil {
			return played{err: err}
		}
	}
	program, err := os.Executable()
	if err != nil {
		return played{err: err}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program)
	cmd.Args = []string{"lvtool", "fetch"}
	for _, a := range c.Args {
		cmd.Args = append(cmd.Args, put(a))
	}
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = c.environment(home, put), home, &stdout, &stderr
	err = cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		err = nil
	}
	unput := strings.NewReplacer(endpoint, "{endpoint}", home, "{home}").Replace
	return played{stdout.String(), unput(stderr.String()), cmd.ProcessState.ExitCode(), err}
}

func (c *recordedCase) environment(home string, put func(string) string) []string {
	env := map[string]string{
		"HOME": home, "PATH": os.Getenv("PATH"), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true",
	}
	for name, value := range c.Env {
		delete(env, name)
		if value != nil {
			env[name] = put(*value)
		}
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	return list
}

// TestRecordedShared holds every output and exit code of the recordings that came with the task.
func TestRecordedShared(t *testing.T) {
	playAll(t, need.Data(t, "awscli", "cases.json"))
}

// TestRecorded holds recordings of lvtool's own, of what is odd: values, bodies, errors, retries,
// options, files. See testdata/fetch/README.md.
func TestRecorded(t *testing.T) {
	playAll(t, "testdata/fetch/recorded.json")
}

// playAll plays many cases at a time: most of them wait between attempts.
func playAll(t *testing.T, name string) {
	t.Helper()
	r := readRecording(t, name)
	server := httptest.NewServer(r.handler())
	t.Cleanup(server.Close)
	root, i := t.TempDir(), 0
	for got := range pipeline.Map(t.Context(), 32, r.Cases, func(ctx context.Context, i int, c recordedCase) played {
		home := filepath.Join(root, strconv.Itoa(i))
		if err := os.Mkdir(home, 0o700); err != nil {
			return played{err: err}
		}
		return c.play(ctx, home, server.URL)
	}) {
		c := r.Cases[i]
		t.Run(fmt.Sprint(i, "-", c.Name), func(t *testing.T) { c.compare(t, got) })
		i++
	}
}

func (c *recordedCase) compare(t *testing.T, got played) {
	t.Helper()
	if got.err != nil {
		t.Fatal(got.err)
	}
	if got.code != c.Exit {
		t.Errorf("exit code: got %d, want %d\n%s", got.code, c.Exit, got.stderr)
	}
	if got.stdout != c.Stdout {
		t.Errorf("stdout: got\n%s\nwant\n%s", got.stdout, c.Stdout)
	}
	ownWarning := strings.HasPrefix(got.stderr, "lvtool: warning: ")
	if got.stderr != c.Stderr && !ownWarning {
		t.Errorf("stderr: got\n%s\nwant\n%s", got.stderr, c.Stderr)
	}
}
