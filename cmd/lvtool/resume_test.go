package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// verboseEvents counts the events of a run's log, and returns the reasons why
// sessions were made again.
func verboseEvents(t *testing.T, stderr string) (count map[string]int, again []string) {
	t.Helper()
	count = map[string]int{}
	for line := range strings.Lines(stderr) {
		var m struct{ Event, Msg string }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		count[m.Event]++
		if m.Event == "again" {
			again = append(again, m.Msg)
		}
	}
	return count, again
}

// TestResume holds what is made again by the same command, and that the result
// is that of a run from the start.
func TestResume(t *testing.T) {
	b := newBatch(t, 5)
	clean := filepath.Join(t.TempDir(), "clean")
	want := convertTo(t, clean, b.file)
	wantTree := tree(t, clean)
	folder := func(dir, name string) string { return filepath.Join(dir, b.ids[2], name) }
	for _, tt := range []struct {
		name   string
		change func(dir string)
		args   []string
		again  int
		reason string
	}{
		{name: "nothing"},
		{name: "force", args: []string{"--force"}},
		{name: "file gone", again: 1, reason: "annotated/audit-0.png: no such file", change: func(dir string) {
			check(t, os.Remove(folder(dir, "annotated/audit-0.png")))
		}},
		{name: "file cut", again: 1, reason: "it has 10 bytes", change: func(dir string) {
			check(t, os.Truncate(folder(dir, "sheet.png"), 10))
		}},
		{name: "file a link", again: 1, reason: "not a regular file", change: func(dir string) {
			check(t, os.Rename(folder(dir, "sheet.png"), folder(dir, "real.png")))
			check(t, os.Symlink("real.png", folder(dir, "sheet.png")))
		}},
		{name: "bytes changed", args: []string{"--check"}, again: 1, reason: "digest", change: func(dir string) {
			data, err := os.ReadFile(folder(dir, "sheet.png"))
			check(t, err)
			data[len(data)/2]++
			check(t, os.WriteFile(folder(dir, "sheet.png"), data, 0o600))
		}},
		{name: "report edited", again: 1, reason: "not as it would be", change: func(dir string) {
			data, err := os.ReadFile(folder(dir, "report.json"))
			check(t, err)
			edited := bytes.Replace(data, []byte(`"status": "SUCCEEDED"`), []byte(`"status": "FAILED"`), 1)
			check(t, os.WriteFile(folder(dir, "report.json"), edited, 0o600))
		}},
		{name: "hostile report", again: 1, reason: "escapes from parent", change: func(dir string) {
			data, err := os.ReadFile(folder(dir, "report.json"))
			check(t, err)
			edited := bytes.Replace(data, []byte(`"file": "sheet.png"`), []byte(`"file": "../../index.json"`), 1)
			check(t, os.WriteFile(folder(dir, "report.json"), edited, 0o600))
		}},
		{name: "folder gone", change: func(dir string) {
			check(t, os.RemoveAll(folder(dir, "")))
		}},
		{name: "index gone", change: func(dir string) {
			check(t, os.Remove(filepath.Join(dir, "index.json")))
			check(t, os.Remove(filepath.Join(dir, "overview.png")))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			check(t, os.CopyFS(dir, os.DirFS(clean)))
			if tt.change != nil {
				tt.change(dir)
			}
			got := convertTo(t, dir, append(tt.args, b.file, "--log-format", "json", "-v")...)
			if strings.ReplaceAll(got.stdout, dir, clean) != want.stdout || got.code != want.code {
				t.Errorf("got %+v, want %+v", got, want)
			}
			events, again := verboseEvents(t, got.stderr)
			if len(again) != tt.again || tt.again > 0 && !strings.Contains(again[0], tt.reason) {
				t.Errorf("made again: %q, want %d for %q", again, tt.again, tt.reason)
			}
			if tt.name == "force" && events["kept"] > 0 {
				t.Errorf("%d sessions were kept in spite of --force", events["kept"])
			}
			sameTree(t, dir, wantTree)
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestResumeChanged holds that other options or another input make sessions
// again, and that a folder of somebody else stays.
func TestResumeChanged(t *testing.T) {
	b := newBatch(t, 3)
	dir := filepath.Join(t.TempDir(), "out")
	convertTo(t, dir, b.file)
	events := func(args ...string) map[string]int {
		got := convertTo(t, dir, append(args, b.file, "--log-format", "json", "-v")...)
		count, _ := verboseEvents(t, got.stderr)
		return count
	}
	if got := events("--jobs", "3", "--json"); got["kept"] != 3 {
		t.Errorf("the same: got %v, want 3 kept", got)
	}
	if got := events("--padding", "0.5"); got["again"] != 3 {
		t.Errorf("another option: got %v, want 3 made again", got)
	}
	if got := events("--padding", "0.5", "--threshold", "95"); got["again"] != 3 {
		t.Errorf("a threshold: got %v, want 3 made again", got)
	}
	// A line in the middle becomes another session's.
	data, err := os.ReadFile(b.file)
	check(t, err)
	lines := bytes.SplitAfter(data, []byte("\n"))
	lines[1] = sessionLine(t, b.ids[1], 77)
	check(t, os.WriteFile(b.file, bytes.Join(lines, nil), 0o600))
	if got := events("--padding", "0.5", "--threshold", "95"); got["again"] != 1 || got["kept"] != 2 {
		t.Errorf("another input: got %v, want 1 made again, 2 kept", got)
	}
	mine := filepath.Join(dir, b.ids[0], "report.json")
	check(t, os.WriteFile(mine, []byte("mine"), 0o600))
	if got := events("--force"); got["failed"] != 1 {
		t.Errorf("a folder of somebody else: got %v, want 1 failed", got)
	}
	if data, err := os.ReadFile(mine); string(data) != "mine" {
		t.Errorf("got %q, %v, want that it stays", data, err)
	}
}

// TestSameObjects holds which images in S3 are looked at again.
func TestSameObjects(t *testing.T) {
	in := func(version string) *decode.Session {
		o := &decode.S3Object{Bucket: "b", Name: "k", Version: version}
		return &decode.Session{Images: []decode.Image{{Name: "reference", S3: o}}}
	}
	data := []byte("image")
	then := decode.DirObjects(fstest.MapFS{"b/k": {Data: data}})
	now := decode.DirObjects(fstest.MapFS{"b/k": {Data: []byte("other")}})
	gone := decode.DirObjects(fstest.MapFS{})
	report := func(objects decode.Objects, s *decode.Session) *export.Report {
		r, err := export.Inspect(t.Context(), s, &export.Options{Load: decode.LoadOptions{Objects: objects}})
		check(t, err)
		return r
	}
	for _, tt := range []struct {
		name    string
		was, is decode.Objects
		version string
		local   bool
		same    bool
	}{
		{name: "same", was: then, is: then, same: true},
		{name: "other bytes", was: then, is: now},
		{name: "gone", was: then, is: gone},
		{name: "come", was: gone, is: then},
		{name: "no objects", same: true},
		{name: "no longer any", was: then},
		{name: "now some", is: then},
		{name: "version", was: then, is: gone, version: "1", same: true},
		{name: "version of a copy", was: then, is: now, version: "1", local: true},
	} {
		v := &converter{source: &source{}}
		if tt.local {
			v.source.root = new(os.Root)
		}
		s := in(tt.version)
		err := v.sameObjects(t.Context(), s, report(tt.was, s), &decode.LoadOptions{Objects: tt.is})
		if (err == nil) != tt.same {
			t.Errorf("%s: got %v, want same %t", tt.name, err, tt.same)
		}
	}
}

// TestFailedList holds that what failed can be given back until nothing does.
func TestFailedList(t *testing.T) {
	in := t.TempDir()
	write := func(name string, data []byte) {
		check(t, os.MkdirAll(filepath.Dir(filepath.Join(in, name)), 0o700))
		check(t, os.WriteFile(filepath.Join(in, name), data, 0o600))
	}
	line := func(id string, seed int) []byte { return sessionLine(t, id, seed) }
	write("good.json", line("good", 1))
	write("sub/new\nline.json", []byte(`{"SessionId":`))
	write("many.jsonl", bytes.Join([][]byte{line("first", 2), []byte("{\"SessionId\": \"cut\n"), line("last", 3)}, nil))
	write("s3.json", []byte(`{"SessionId":"in-s3","Status":"SUCCEEDED","Confidence":99,"ReferenceImage":`+
		`{"S3Object":{"Bucket":"b","Name":"k"},"BoundingBox":{"Left":0.1,"Top":0.1,"Width":0.5,"Height":0.5}}}`))
	bucket := t.TempDir()
	dir := filepath.Join(t.TempDir(), "out")
	list := filepath.Join(t.TempDir(), "failed.jsonl")

	got := convertTo(t, dir, in, "--s3-root", bucket, "--failed", list)
	if got.code != exitSomeFailed {
		t.Fatalf("got %+v, want that some failed", got)
	}
	var inputs []string
	data, err := os.ReadFile(list)
	check(t, err)
	for text := range strings.Lines(string(data)) {
		var e failedEntry
		check(t, json.Unmarshal([]byte(text), &e))
		name, err := filepath.Rel(in, e.Input)
		check(t, err)
		if e.Schema != failedSchema || e.Error == "" || e.Label != filepath.ToSlash(name) {
			t.Errorf("got %+v", e)
		}
		inputs = append(inputs, e.Label)
	}
	if want := "many.jsonl s3.json sub/new\nline.json"; strings.Join(inputs, " ") != want {
		t.Errorf("the list names %q, want %q", inputs, want)
	}

	write("sub/new\nline.json", line("mended", 4))
	write("many.jsonl", bytes.Join([][]byte{line("first", 2), line("cut", 5), line("last", 3)}, nil))
	write("../"+filepath.Base(bucket)+"/b/k", portrait(t, 6))
	again := convertTo(t, dir, "@"+list, "--s3-root", bucket, "--failed", list, "--log-format", "json", "-v")
	if again.code != 0 {
		t.Errorf("got %+v, want that nothing fails", again)
	}
	if events, _ := verboseEvents(t, again.stderr); events["kept"] != 2 || events["again"] != 1 {
		t.Errorf("got %v, want 2 kept, 1 made again", events)
	}
	if data, err := os.ReadFile(list); len(data) != 0 || err != nil {
		t.Errorf("got the list %q, %v, want an empty one", data, err)
	}
	convertTo(t, dir, "@"+list).want(t, exitFailed, "the list is empty")

	// All of it, in one go, is the same as in two.
	clean := filepath.Join(t.TempDir(), "clean")
	all := convertTo(t, clean, in, "--s3-root", bucket)
	convertTo(t, dir, in, "--s3-root", bucket)
	if all.code != 0 {
		t.Errorf("got %+v", all)
	}
	sameTree(t, dir, tree(t, clean))
}

func TestReadList(t *testing.T) {
	for _, tt := range []struct{ text, want, err string }{
		{"", "", ""},
		{"a.json\r\n\nb.json\na.json\n", "a.json b.json a.json", ""},
		{
			`{"Bucket":"b","Key":"k ?","VersionId":"v"}` + "\n" + `{"bucket":"b","key":"k"}`,
			"s3://b/k ??versionId=v s3://b/k", "",
		},
		{`{"schema":"lvtool.entry/1","input":"x","label":"y"}`, "x", ""},
		{`{"Bucket":"b"}`, "", `line 1: neither "input" nor "bucket" and "key"`},
		{`{"schema":"lvtool.failed/1","input":"x\ny"}` + "\n{\n", "", "line 2: neither a name nor"},
		{`{"schema":"lvtool.index/1"}`, "", `line 1: a line of "lvtool.index/1", not of lvtool.failed/1`},
		{`{"schema":"lvtool.failed/1","input":"stdin"}`, "", "cannot be read again"},
		{strings.Repeat("x", listLine+1), "", "it is longer than"},
	} {
		var names []string
		var err error
		for e, failed := range listLines(strings.NewReader(tt.text)) {
			if err = failed; err == nil {
				names = append(names, e.Input)
			}
		}
		if err != nil {
			names = nil
		}
		if strings.Join(names, " ") != tt.want || (err == nil) != (tt.err == "") ||
			err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%.40q: got %q, %v, want %q, %q", tt.text, names, err, tt.want, tt.err)
		}
	}
}

// TestInterrupt holds that an interrupted run says what is left, leaves whole
// folders only, and is gone on with by the same command.
func TestInterrupt(t *testing.T) {
	b := newBatch(t, 30)
	clean := filepath.Join(t.TempDir(), "clean")
	convertTo(t, clean, b.file)
	dir := filepath.Join(t.TempDir(), "out")
	list := filepath.Join(t.TempDir(), "failed")
	before := `{"schema":"lvtool.failed/1","input":"before.json"}` + "\n"
	check(t, os.WriteFile(list, []byte(before), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	now := func() time.Time { // it is asked once a session
		if steps++; steps == 12 {
			cancel()
		}
		return time.Unix(int64(steps), 0)
	}
	got := convertWith(withClock(ctx, now), dir, b.file, "--failed", list)
	got.want(t, exitInterrupted,
		"lvtool: stopped after 1", "the same command again goes on", "lvtool: interrupted")
	if data, err := os.ReadFile(list); string(data) != before {
		t.Errorf("got the list %q, %v, want the one before", data, err)
	}
	done := 0
	for name := range tree(t, dir) {
		if filepath.Base(name) == "report.json" {
			done++
		}
	}
	if done < 10 || done == len(b.ids) {
		t.Errorf("%d sessions are done, want 10 at least, and not all", done)
	}
	again := convertTo(t, dir, b.file, "--log-format", "json", "-v")
	if events, _ := verboseEvents(t, again.stderr); events["kept"] != done {
		t.Errorf("got %v, want %d kept", events, done)
	}
	sameTree(t, dir, tree(t, clean))
}

// TestInterruptStdin holds that waiting for standard input can be interrupted.
func TestInterruptStdin(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	in, out := io.Pipe()
	defer out.Close()
	var stdout, stderr bytes.Buffer
	dir := filepath.Join(t.TempDir(), "out")
	if code := run(ctx, []string{"lvtool", "convert", "-o", dir, "-"}, in, &stdout, &stderr); code != exitInterrupted {
		t.Errorf("got %d, want %d\n%s", code, exitInterrupted, &stderr)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want no output", err)
	}
}

// TestTwoRuns holds that runs into one folder at the same time do not damage
// each other.
func TestTwoRuns(t *testing.T) {
	b := newBatch(t, 8)
	clean := filepath.Join(t.TempDir(), "clean")
	convertTo(t, clean, b.file)
	dir := filepath.Join(t.TempDir(), "out")
	for range 2 {
		var runs sync.WaitGroup
		for range 3 {
			runs.Go(func() {
				cmd := exec.CommandContext(t.Context(), "lvtool", "convert", "-o", dir, b.file, "--force")
				if said, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("got %v: %s", err, said)
				}
			})
		}
		runs.Wait()
		sameTree(t, dir, tree(t, clean))
	}
}
