package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A watched run is shown whenever it has gone on, with the rate and the time
// left, until its end.
func TestBatchWatch(t *testing.T) {
	in, dir := documents(t, 6), filepath.Join(t.TempDir(), "run")
	command(t, 0, "batch", "plan", "--shards", "3", "--outputs", "report", "-o", dir, in)
	file := filepath.Join(dir, "plan.json")
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // that of the bubble
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		ended := make(chan int)
		go func() {
			ended <- runIn(withClock(t.Context(), time.Now), &out, "batch", "status", "--watch", dir)
		}()
		for i, shard := range []string{"2", "0", "1"} {
			time.Sleep(21 * time.Second)
			synctest.Wait()
			command(t, 0, "batch", "work", "-q", "--plan", file, "--shard", shard)
			at := start.Add(time.Duration(i) * 20 * time.Second)
			check(t, os.Chtimes(filepath.Join(dir, "done", "0000"+shard+".json"), at, at))
		}
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d", code)
		}
		got := strings.SplitAfter(out.String(), "\n")
		want := []string{
			"0 of 3 shards done, 0 failed, 3 missing; 0 of 6 documents\n",
			"1 of 3 shards done, 0 failed, 2 missing; 2 of 6 documents\n",
			"2 of 3 shards done, 0 failed, 1 missing; 4 of 6 documents, 0.1/s, 0s left\n",
		}
		for i, line := range want {
			if i >= len(got) || got[i] != line {
				t.Fatalf("line %d of\n%sis not\n%s", i+1, out.String(), line)
			}
		}
		if end := strings.Join(got[3:], ""); !strings.Contains(end, "3 of 3 shards done, 0 failed, 0 missing\n"+
			"6 of 6 documents: 6 sessions, 0 incomplete, 0 failed\n0.1 documents a second lately\n") {
			t.Errorf("got the end\n%s", end)
		}
	})
}

// What a run has not done is a smaller plan, with the same options; where there
// is nothing, there is none.
func TestBatchResume(t *testing.T) {
	in, dir := documents(t, 7), filepath.Join(t.TempDir(), "run")
	clean := filepath.Join(t.TempDir(), "clean")
	command(t, 0, "convert", "-q", "--threshold", "90", "-o", clean, in)
	good, err := os.ReadFile(filepath.Join(in, "13.json"))
	check(t, err)
	check(t, os.WriteFile(filepath.Join(in, "13.json"), []byte("{cut"), 0o600))
	command(t, 0, "batch", "plan", "--threshold", "90", "--shards", "3", "-o", dir, in)
	file := filepath.Join(dir, "plan.json")
	command(t, 0, "batch", "work", "-q", "--plan", file, "--shard", "1") // of 12, 13
	command(t, 0, "batch", "work", "-q", "--plan", file, "--shard", "0")
	said := command(t, 0, "batch", "status", "--json", dir)
	for _, part := range []string{
		`"shards_done":2,"shards_failed":[],"shards_missing":[2],`, `"sessions":3,`, `"failed":1,`,
	} {
		if !strings.Contains(said, part) {
			t.Errorf("got %s, want %s in it", said, part)
		}
	}
	check(t, os.WriteFile(filepath.Join(in, "13.json"), good, 0o600))
	command(t, exitUsage, "batch", "plan", "--resume", dir, "--threshold", "80", "-o", dir+"2")
	command(t, exitUsage, "batch", "plan", "--resume", dir, "-o", dir+"2", in)
	command(t, 1, "batch", "plan", "--resume", dir, "-o", dir)
	for range 2 {
		command(t, 0, "batch", "plan", "--resume", dir, "--sessions-per-shard", "3", "-o", dir+"2")
	}
	names := strings.Fields(strings.ReplaceAll(plannedIn(t, dir+"2"), filepath.ToSlash(in)+"/", ""))
	if got := strings.Join(names, " "); got != "13.json 14.json 15.json 16.json" {
		t.Fatalf("got %s", got)
	}
	for _, shard := range []string{"0", "1"} {
		command(t, 0, "batch", "work", "-q", "--plan", dir+"2/plan.json", "--shard", shard)
	}
	command(t, 0, "batch", "merge", dir+"2")
	sameSessions(t, dir+"2", clean, 4)
	command(t, 1, "batch", "merge", dir)
	command(t, 1, "batch", "merge", dir+"2", dir) // the other way about
	said = command(t, 0, "batch", "merge", "--sample", "7", dir, dir+"2")
	if !strings.Contains(said, "7 sessions, 0 incomplete, 0 failed") || !strings.Contains(said, "sample of 7 of 7") {
		t.Errorf("got %s", said)
	}
	index := tree(t, dir)["index.json"]
	if strings.Count(index, `"folder":"sessions/`) != 3 || strings.Count(index, `"folder":"../run2/sessions/`) != 4 {
		t.Errorf("got %s", index)
	}
	said = command(t, 1, "batch", "plan", "--resume", dir+"2", "-o", dir+"3")
	if !strings.Contains(said, "nothing is missing, and nothing failed") {
		t.Errorf("got %s", said)
	}
}
