package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// command runs a command line, and expects an exit code. It returns what was
// said.
func command(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if got := run(context.Background(), append([]string{"lvtool"}, args...), nil, &out, &out); got != code {
		t.Fatalf("%q: got exit code %d, want %d\n%s", args, got, code, &out)
	}
	return out.String()
}

// documents writes n documents of a session each, and returns their folder.
func documents(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	b := newBatch(t, n)
	data, err := os.ReadFile(b.file)
	check(t, err)
	for i, line := range bytes.SplitAfter(data, []byte("\n"))[:n] {
		check(t, os.WriteFile(filepath.Join(dir, strconv.Itoa(10+i)+".json"), line, 0o600))
	}
	return dir
}

// sameSessions holds that a run has the folders of a convert, byte for byte.
func sameSessions(t *testing.T, run, clean string, want int) {
	t.Helper()
	got := 0
	folders, err := filepath.Glob(filepath.Join(run, "sessions", "*", "*"))
	check(t, err)
	for _, folder := range folders {
		for name, data := range tree(t, filepath.Join(clean, filepath.Base(folder))) {
			if made := tree(t, folder)[name]; made != data {
				t.Errorf("%s/%s is not what convert makes", folder, name)
			}
		}
		got++
	}
	if got != want {
		t.Errorf("%d sessions, want %d", got, want)
	}
}

// The shards of a plan make what convert makes, whoever does them, in whatever
// order, and however often one is killed or tried again.
func TestBatchShards(t *testing.T) {
	const n = 6
	in, dir := documents(t, n), filepath.Join(t.TempDir(), "run")
	clean := filepath.Join(t.TempDir(), "clean")
	command(t, 0, "convert", "-q", "--threshold", "90", "-o", clean, in)
	command(t, 0, "batch", "plan", "--threshold", "90", "--shards", "3", "-o", dir, in)
	command(t, 0, "batch", "plan", in, "--threshold", "90", "--shards", "3", "-o", dir)
	said := command(t, 1, "batch", "plan", "--threshold", "80", "-o", dir, in)
	if !strings.Contains(said, "another RUN") {
		t.Errorf("another plan: got %s", said)
	}
	file := filepath.Join(dir, "plan.json")
	if said := command(t, 1, "batch", "merge", dir); !strings.Contains(said, "shards not done: 0") {
		t.Errorf("merge of what is not done: got %s", said)
	}
	command(t, 0, "batch", "work", "--plan", file, "--shard", "2")
	t.Setenv("LVTOOL_THRESHOLD", "99") // the plan's options hold
	t.Setenv("SLURM_ARRAY_TASK_ID", "1")
	command(t, 0, "batch", "work", "--plan", file)
	t.Setenv("JOB_COMPLETION_INDEX", "0")
	command(t, 0, "batch", "work", "--plan", file)
	results := tree(t, filepath.Join(dir, "results"))
	check(t, os.Remove(filepath.Join(dir, "done", "00000.json")))
	command(t, 0, "batch", "work", "--plan", file) // a second attempt
	sameTree(t, filepath.Join(dir, "results"), results)
	said = command(t, 0, "batch", "status", dir)
	if !strings.Contains(said, "3 of 3 shards done, 0 failed, 0 missing") {
		t.Errorf("status: got %s", said)
	}
	command(t, 0, "batch", "merge", dir)
	index, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil || bytes.Count(index, []byte(`"folder":"sessions/0000`)) != n {
		t.Errorf("the index (%v) is\n%s", err, index)
	}
	sameSessions(t, dir, clean, n)
}

// What is wrong with a shard is told to the engine by the exit code, and the
// other shards are done.
func TestBatchFaults(t *testing.T) {
	in, dir := documents(t, 3), filepath.Join(t.TempDir(), "run")
	check(t, os.WriteFile(filepath.Join(in, "11.json"), []byte("{cut"), 0o600))
	said := command(t, 4, "batch", "run", "-q", "--sessions-per-shard", "1", "-o", dir, in)
	if !strings.Contains(said, "shard 1: nothing of it could be read") || !strings.Contains(said, "2 sessions") {
		t.Errorf("got %s", said)
	}
	if said := command(t, 0, "batch", "status", dir); !strings.Contains(said, "2 of 3 shards done, 1 failed") {
		t.Errorf("status: got %s", said)
	}
	file := filepath.Join(dir, "plan.json")
	command(t, exitData, "batch", "work", "--plan", file, "--shard", "1")
	command(t, exitConfig, "batch", "work", "--plan", file, "--shard", "3")
	command(t, exitConfig, "batch", "work", "--plan", file)
	command(t, exitConfig, "batch", "work", "--plan", file, "--no-such-flag")
	command(t, exitConfig, "batch", "work", "--plan", dir+"/none.json", "--shard", "0")
	check(t, os.WriteFile(filepath.Join(dir, "shards", "00001.jsonl"), nil, 0o600))
	command(t, exitData, "batch", "work", "--plan", file, "--shard", "1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	args := []string{"lvtool", "batch", "work", "--plan", file, "--shard", "0"}
	if got := run(ctx, args, nil, &out, &out); got != exitAgain {
		t.Errorf("interrupted: got exit code %d, want %d\n%s", got, exitAgain, &out)
	}
}
