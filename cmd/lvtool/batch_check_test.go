package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A shard that is done is looked at again with --check: what is no longer there of
// its sessions, or has other bytes, is made anew. A run goes by its plan's name too.
func TestBatchCheck(t *testing.T) {
	in, dir := documents(t, 4), filepath.Join(t.TempDir(), "run")
	command(t, 0, "batch", "run", "-q", "--outputs", "report,originals", "--shards", "2", "-o", dir, in)
	clean := tree(t, dir)
	file := filepath.Join(dir, "plan.json")
	work := []string{"batch", "work", "-q", "--plan", dir, "--shard", "0"}
	sessions, err := filepath.Glob(filepath.Join(dir, "sessions", "00000", "*"))
	if err != nil || len(sessions) != 2 {
		t.Fatalf("the shard has %q, %v", sessions, err)
	}
	check(t, os.RemoveAll(sessions[0]))
	original, err := filepath.Glob(filepath.Join(sessions[1], "originals", "*"))
	check(t, err)
	data, err := os.ReadFile(original[0])
	check(t, err)
	data[len(data)-1] ^= 1
	check(t, os.WriteFile(original[0], data, 0o600))
	command(t, 0, work...)
	if _, err := os.Lstat(sessions[0]); err == nil {
		t.Error("without --check, a shard that is done was worked on")
	}
	command(t, 0, append(work, "--check")...)
	sameTree(t, dir, clean)

	// What cannot be made again is said, and what was is left.
	doc := filepath.Join(in, "10.json")
	was, err := os.ReadFile(doc)
	check(t, err)
	check(t, os.WriteFile(doc, []byte("{cut"), 0o600))
	said := command(t, exitData, append(work, "--check")...)
	if !strings.Contains(said, "shard 0 comes to other results than those it was done with:"+
		" 1 session now, 0 incomplete, 1 failed; 2 sessions, 0 and 0 then") {
		t.Errorf("a document was cut: got %s", said)
	}
	sameTree(t, dir, clean)
	check(t, os.WriteFile(doc, was, 0o600))

	if said := command(t, 0, "batch", "status", file); !strings.Contains(said, "2 of 2 shards done") {
		t.Errorf("status by the plan: got %s", said)
	}
	command(t, 0, "batch", "merge", file)
	said = command(t, 1, "batch", "plan", "-o", dir+"2", "--resume", file)
	if !strings.Contains(said, "nothing is missing, and nothing failed") {
		t.Errorf("resume by the plan: got %s", said)
	}

	check(t, os.Remove(filepath.Join(dir, "shards", "00001.jsonl")))
	check(t, os.Remove(filepath.Join(dir, "done", "00001.json")))
	said = command(t, exitData, "batch", "work", "--plan", file, "--shard", "1")
	if !strings.Contains(said, "shards/00001.jsonl: not what was written: it is not there") {
		t.Errorf("the list of a shard is missing: got %s", said)
	}
}
