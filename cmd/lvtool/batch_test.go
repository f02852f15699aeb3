package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// portrait returns a small JPEG that no other seed gives.
func portrait(t *testing.T, seed int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 48, 64))
	for y := range 64 {
		for x := range 48 {
			m.SetRGBA(x, y, color.RGBA{uint8(x*5 + seed), uint8(y*4 + seed>>8), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A batch is a file of many sessions, JSON Lines.
type batch struct {
	dir, file string
	ids       []string
}

// newBatch writes a batch of n sessions of two small images.
func newBatch(t *testing.T, n int) *batch {
	t.Helper()
	b := &batch{dir: t.TempDir()}
	b.file = filepath.Join(b.dir, "batch.jsonl")
	f, err := os.Create(b.file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		id := fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i*i)
		b.ids = append(b.ids, id)
		if _, err := f.Write(sessionLine(t, id, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b
}

func sessionLine(t *testing.T, id string, seed int) []byte {
	t.Helper()
	picture := func(left float64, seed int) map[string]any {
		return map[string]any{
			"Bytes":       base64.StdEncoding.EncodeToString(portrait(t, seed)),
			"BoundingBox": map[string]any{"Left": left, "Top": 0.25, "Width": 0.5, "Height": 0.5},
		}
	}
	line, err := json.Marshal(map[string]any{
		"SessionId": id, "Status": "SUCCEEDED", "Confidence": 90 + float64(seed%100)/10,
		"ReferenceImage": picture(0.25, seed), "AuditImages": []any{picture(0.7, seed+1)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(line, '\n')
}

// convertTo runs convert with its output in dir.
func convertTo(t *testing.T, dir string, args ...string) ran {
	t.Helper()
	return convertWith(t.Context(), dir, args...)
}

func convertWith(ctx context.Context, dir string, args ...string) ran {
	var stdout, stderr bytes.Buffer
	code := run(ctx, append([]string{"lvtool", "convert", "-o", dir}, args...), nil, &stdout, &stderr)
	return ran{stdout.String(), stderr.String(), code}
}

// tree returns the files below dir by name.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameTree holds a folder to what another run made.
func sameTree(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := tree(t, dir)
	for name, data := range want {
		if got, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if got != data {
			t.Errorf("%s has %d bytes that differ from the %d wanted", name, len(got), len(data))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is too much", name)
		}
	}
}

// mixed is an input in which much goes wrong: broken lines, sessions that lack
// an image, ids given twice, ids that are no names, images that are none.
func mixed(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var lines []byte
	for i := range 40 {
		switch i % 8 {
		case 1:
			lines = append(lines, `{"SessionId": "cut", "Status": "SUC`+"\n"...)
		case 3:
			lines = append(lines, sessionLine(t, "twice", i)...)
		case 5:
			lines = append(lines, sessionLine(t, "../\x1b[31mevil", i)...)
		case 6:
			lines = append(lines, `{"SessionId":"broken","Status":"SUCCEEDED","Confidence":99,`+
				`"ReferenceImage":{"Bytes":"R0lGODlh"},"AuditImages":[]}`+"\n"...)
		default:
			lines = append(lines, sessionLine(t, fmt.Sprint("session-", i), i)...)
		}
	}
	files := []string{filepath.Join(dir, "a.jsonl"), filepath.Join(dir, "none.json"), filepath.Join(dir, "b.jsonl")}
	for i, data := range [][]byte{lines, []byte("{}"), sessionLine(t, "twice", 99)} {
		if err := os.WriteFile(files[i], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestJobs holds that nothing of the output depends on how many sessions are
// worked on at a time.
func TestJobs(t *testing.T) {
	files := mixed(t)
	dir := filepath.Join(t.TempDir(), "out")
	list := filepath.Join(t.TempDir(), "failed.jsonl")
	var want ran
	var wantTree map[string]string
	var wantList []byte
	for _, n := range []string{"1", "2", "7"} {
		got := convertTo(t, dir, append(files, "--jobs", n, "--failed", list, "-v")...)
		gotList, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		if n == "1" {
			want, wantTree, wantList = got, tree(t, dir), gotList
			checkMixed(t, want, wantTree)
		}
		if got != want {
			t.Errorf("%s jobs: got %+v\nwant %+v", n, got, want)
		}
		if !bytes.Equal(gotList, wantList) {
			t.Errorf("%s jobs: got the list\n%s\nwant\n%s", n, gotList, wantList)
		}
		sameTree(t, dir, wantTree)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// checkMixed holds that what [mixed] is about took place.
func checkMixed(t *testing.T, got ran, files map[string]string) {
	t.Helper()
	if got.code != exitSomeFailed {
		t.Errorf("exit code %d, want %d\n%s", got.code, exitSomeFailed, got.stderr)
	}
	for _, name := range []string{"twice", "twice~2", "twice~5", "twice~6", "session-0", "broken~5"} {
		if _, ok := files[name+"/report.json"]; !ok {
			t.Errorf("no folder %s", name)
		}
	}
	if strings.Contains(got.stderr+got.stdout, "\x1b") {
		t.Error("an escape character comes through")
	}
	if !strings.Contains(got.stderr, "none.json:1:1: ") {
		t.Errorf("nothing said of none.json:\n%s", got.stderr)
	}
}

func TestJobsMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"--jobs", "-1"},
		{"--jobs", "1025"},
		{"--log-format", "xml"},
		{"--quiet", "--verbose"},
		{"--failed", filepath.Join(t.TempDir(), "no", "folder")},
		{"@" + filepath.Join(t.TempDir(), "nothing")},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		got := convertTo(t, dir, append(args, "../../samples/created.json")...)
		if got.code != exitUsage && got.code != exitFailed || strings.Count(got.stderr, "\n") > 2 {
			t.Errorf("%q: got %+v, want one error", args, got)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q: there is an output", args)
		}
	}
}

// ticking is a clock that goes on by a step whenever it is asked.
func ticking(step time.Duration) func() time.Time {
	now := time.Unix(1_000_000_000, 0).UTC()
	return func() time.Time {
		now = now.Add(step)
		return now
	}
}

// TestProgressLines holds that long runs say now and then how far they are, and
// short ones do not.
func TestProgressLines(t *testing.T) {
	b := newBatch(t, 40)
	for _, tt := range []struct {
		step time.Duration
		args []string
		want int
		line string
	}{
		{step: 100 * time.Millisecond},
		{step: 5 * time.Second, want: 6, line: "lvtool: 36 sessions, 0.2/s, 100 % of the input, 0s left\n"},
		{step: 5 * time.Second, args: []string{"--quiet"}},
		{
			step: 5 * time.Second, args: []string{"--log-format", "json"}, want: 7,
			line: `"level":"INFO","msg":"36 sessions, 0.2/s, 100 % of the input, 0s left","event":"progress",` +
				`"sessions":36,"rate":0.1`,
		},
	} {
		ctx := withClock(t.Context(), ticking(tt.step))
		args := append(tt.args, "-j=1", "--outputs=report", b.file)
		got := convertWith(ctx, filepath.Join(t.TempDir(), "out"), args...)
		if got.code != 0 || strings.Count(got.stderr, "\n") != tt.want || !strings.Contains(got.stderr, tt.line) {
			t.Errorf("%v %q: got %d and\n%swant %d lines, one with\n%s",
				tt.step, tt.args, got.code, got.stderr, tt.want, tt.line)
		}
	}
}

// TestProgress holds what is said at every point of a batch of 1000 bytes, in
// which a session of 10 bytes takes a second, and from the half on two.
func TestProgress(t *testing.T) {
	now := time.Unix(0, 0)
	p := newProgress(&console{now: func() time.Time { return now }, err: io.Discard}, 1000)
	var got []string
	p.show = func(n progressNote) { got = append(got, n.String()) }
	for i := range 100 {
		now = now.Add(time.Second)
		if i >= 50 {
			now = now.Add(time.Second)
		}
		p.step(int64(10 * (i + 1)))
	}
	want := []string{
		"30 sessions, 1.0/s, 30 % of the input, 1m10s left",
		"55 sessions, 0.8/s, 55 % of the input, 54s left",
		"70 sessions, 0.5/s, 70 % of the input, 1m0s left",
		"85 sessions, 0.5/s, 85 % of the input, 30s left",
		"100 sessions, 0.5/s, 100 % of the input, 0s left",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestQuiet holds what --quiet leaves.
func TestQuiet(t *testing.T) {
	files := mixed(t)
	got := convertTo(t, filepath.Join(t.TempDir(), "out"), append(files, "--quiet", "--outputs=report")...)
	if got.stdout != "" || strings.Contains(got.stderr, "no_reference") || strings.Count(got.stderr, "\n") != 7 {
		t.Errorf("got %q and\n%s, want 6 failures and their sum", got.stdout, got.stderr)
	}
	got = convertTo(t, filepath.Join(t.TempDir(), "out"), append(files, "--quiet", "--json", "--outputs=report")...)
	if n := strings.Count(got.stdout, "\n"); n != 36 {
		t.Errorf("got %d lines of JSON, want 36", n)
	}
}

// TestLogJSON holds that every line of --log-format json is one of JSON with
// the fields that stand for all, also that of the end, and harmless on a
// terminal.
func TestLogJSON(t *testing.T) {
	files := mixed(t)
	ctx := withClock(t.Context(), ticking(time.Second))
	args := append(files, "--log-format=json", "-v", "--json", "--outputs=report")
	got := convertWith(ctx, filepath.Join(t.TempDir(), "out"), args...)
	events := map[string]int{}
	for line := range strings.Lines(got.stderr) {
		var m struct {
			Time                      time.Time
			Level, Msg, Event, Source string
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if m.Time.Year() != 2001 || m.Level == "" || m.Msg == "" || m.Event == "" {
			t.Errorf("a field is missing: %s", line)
		}
		events[m.Event]++
	}
	for event, want := range map[string]int{"failed": 6, "problem": 5, "outcome": 1, "end": 1} {
		if events[event] < want {
			t.Errorf("got %d %s, want at least %d: %v", events[event], event, want, events)
		}
	}
	wild := func(r rune) bool { return r != '\n' && printable(string(r)) != string(r) }
	if i := strings.IndexFunc(got.stdout+got.stderr, wild); i >= 0 {
		t.Errorf("an unprintable character comes through at %d", i)
	}
	if !strings.Contains(got.stdout, `"id":"../\u001b[31mevil"`) {
		t.Error("the id is not as it was given")
	}
}

// TestASCIIControls holds that JSON keeps its meaning.
func TestASCIIControls(t *testing.T) {
	want := "a\u202eb\u009b31m\U000e0001\x7f\u2028é日"
	var b bytes.Buffer
	if err := json.NewEncoder(asciiControls{&b}).Encode(want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if want := `"a\u202eb\u009b31m\udb40\udc01\u007f\u2028é日"` + "\n"; b.String() != want {
		t.Errorf("got %s, want %s", &b, want)
	}
}
