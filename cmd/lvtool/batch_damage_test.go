package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/s3fault"
)

// damages are what can become of a marker and of results, each by the name of a
// folder of a run; nil deletes the file.
func damages() map[string]func(whole []byte) []byte {
	return map[string]func([]byte) []byte{
		"done: empty":      func([]byte) []byte { return []byte{} },
		"done: cut":        func(d []byte) []byte { return d[:len(d)/2] },
		"done: other":      func(d []byte) []byte { return bytes.Replace(d, []byte(` 0,`), []byte(` 7,`), 1) },
		"results: cut":     func(d []byte) []byte { return d[:100] },
		"results: empty":   func([]byte) []byte { return []byte{} },
		"results: other":   func(d []byte) []byte { return append(slices.Clone(d), "more\n"...) },
		"results: deleted": func([]byte) []byte { return nil },
	}
}

// A marker or results that were cut, overwritten or deleted cost the shard's work
// at most: status and merge say which shard it is, and a worker sets it right.
func TestBatchDamaged(t *testing.T) {
	in, dir := documents(t, 4), filepath.Join(t.TempDir(), "run")
	command(t, 0, "batch", "run", "-q", "--outputs", "report", "--shards", "2", "-o", dir, in)
	clean := tree(t, dir)
	work := []string{"batch", "work", "-q", "--plan", filepath.Join(dir, "plan.json"), "--shard", "0"}
	for what, damage := range damages() {
		folder, _, _ := strings.Cut(what, ":")
		files, err := filepath.Glob(filepath.Join(dir, folder, "00000*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %q, %v", what, files, err)
		}
		whole, err := os.ReadFile(files[0])
		check(t, err)
		if data := damage(whole); data != nil {
			check(t, os.WriteFile(files[0], data, 0o600))
		} else {
			check(t, os.Remove(files[0]))
		}
		said := command(t, 0, "batch", "status", dir)
		if folder == "done" && !strings.Contains(said, "1 of 2 shards done, 0 failed, 1 missing") ||
			folder == "done" && !strings.Contains(said, "damaged marker (work on them again): 0\n") {
			t.Errorf("%s: status says\n%s", what, said)
		}
		said = command(t, 1, "batch", "merge", dir)
		if !strings.Contains(said, "shard 0: ") || !strings.Contains(said, folder+"/00000") ||
			!strings.Contains(said, "merge again") {
			t.Errorf("%s: merge says\n%s", what, said)
		}
		command(t, 0, work...)
		sameTree(t, dir, clean)
		command(t, 0, "batch", "merge", dir)
	}
	sameTree(t, dir, clean)
}

// What of a shard is done that had failures, its results tell: where they are
// damaged or not there, a plan of what is left has all of the shard, and says so.
// A shard without failures needs them too to be merged.
func TestBatchResumeLost(t *testing.T) {
	for what, damage := range damages() {
		folder, _, _ := strings.Cut(what, ":")
		if folder != "results" {
			continue
		}
		for shard, wants := range []string{"10.json 11.json", "10.json 12.json 13.json"} {
			in, dir := documents(t, 4), filepath.Join(t.TempDir(), "run")
			good, err := os.ReadFile(filepath.Join(in, "10.json"))
			check(t, err)
			check(t, os.WriteFile(filepath.Join(in, "10.json"), []byte("{cut"), 0o600))
			command(t, 0, "batch", "plan", "--outputs", "report", "--shards", "2", "-o", dir, in)
			for _, i := range []string{"0", "1"} {
				command(t, 0, "batch", "work", "-q", "--plan", dir+"/plan.json", "--shard", i)
			}
			check(t, os.WriteFile(filepath.Join(in, "10.json"), good, 0o600))
			files, err := filepath.Glob(filepath.Join(dir, "results", fmt.Sprintf("%05d*", shard)))
			check(t, err)
			whole, err := os.ReadFile(files[0])
			check(t, err)
			data := damage(whole)
			check(t, os.Remove(files[0]))
			if data != nil {
				check(t, os.WriteFile(files[0], data, 0o600))
			}
			if shard == 1 && data != nil {
				continue // without failures, it shows at the merge
			}
			for range 2 { // the second time, the plan is there
				said := command(t, 0, "batch", "plan", "--resume", dir, "-o", dir+"2")
				line := fmt.Sprintf("shard %d is planned again as a whole, 2 documents", shard)
				if strings.Count(said, "planned again") != 1 || !strings.Contains(said, line) ||
					!strings.Contains(said, filepath.ToSlash(files[0])+": ") {
					t.Errorf("%s, shard %d: got %s", what, shard, said)
				}
			}
			names := strings.Fields(strings.ReplaceAll(plannedIn(t, dir+"2"), filepath.ToSlash(in)+"/", ""))
			if got := strings.Join(names, " "); got != wants {
				t.Errorf("%s, shard %d: got %s, want %s", what, shard, got, wants)
			}
			command(t, 0, "batch", "work", "-q", "--plan", dir+"2/plan.json", "--shard", "0")
			said := command(t, 0, "batch", "merge", dir, dir+"2")
			if !strings.Contains(said, "4 sessions, 0 incomplete, 0 failed") {
				t.Errorf("%s, shard %d: got %s", what, shard, said)
			}
		}
	}
}

// Where nothing of a shard can be read, or the marker is of another run, a damaged
// one is left, and the worker says what to do.
func TestBatchDamagedLeft(t *testing.T) {
	in, dir := documents(t, 2), filepath.Join(t.TempDir(), "run")
	command(t, 0, "batch", "run", "-q", "--outputs", "report", "--shards", "2", "-o", dir, in)
	work := []string{"batch", "work", "-q", "--plan", filepath.Join(dir, "plan.json"), "--shard", "0"}
	marker := filepath.Join(dir, "done", "00000.json")
	data, err := os.ReadFile(marker)
	check(t, err)
	var m map[string]any
	check(t, json.Unmarshal(data, &m))
	m["run"] = "another"
	other, err := json.Marshal(m)
	check(t, err)
	check(t, os.WriteFile(marker, other, 0o600))
	said := command(t, exitData, work...)
	if !strings.Contains(said, "done/00000.json: it is of another run") || !strings.Contains(said, "delete it") {
		t.Errorf("another run's: got %s", said)
	}
	if is, _ := os.ReadFile(marker); string(is) != string(other) {
		t.Errorf("another run's: it was overwritten with %s", is)
	}
	check(t, os.WriteFile(marker, nil, 0o600))
	check(t, os.RemoveAll(filepath.Join(dir, "sessions")))
	check(t, os.WriteFile(filepath.Join(in, "10.json"), []byte("{cut"), 0o600))
	said = command(t, exitData, work...)
	if !strings.Contains(said, "nothing of it could be read; delete ") || !strings.Contains(said, "done/00000.json") {
		t.Errorf("nothing to be read: got %s", said)
	}
	check(t, os.Remove(marker))
	said = command(t, 0, "batch", "status", dir)
	if !strings.Contains(said, "1 of 2 shards done, 1 failed, 0 missing") {
		t.Errorf("the marker deleted: got %s", said)
	}
}

// The same in S3, where nothing else is overwritten.
func TestBatchS3Damaged(t *testing.T) {
	srv := s3Server(t)
	s3Documents(t, srv, 2)
	lvtool(t, "batch", "run", "-q", "--outputs", "report", "--shards", "2", "-o", s3Run1, "s3://bucket/in/").want(t, 0)
	clean := filesBelow(t, srv, "run/")
	for what, damage := range damages() {
		folder, _, _ := strings.Cut(what, ":")
		key := keyBelow(t, srv, "run/"+folder+"/00000")
		if data := damage(clean[strings.TrimPrefix(key, "run/")]); data != nil {
			srv.Set("bucket", key, data)
		} else {
			srv.Delete("bucket", key)
		}
		lvtool(t, "batch", "merge", s3Run1).want(t, 1, "shard 0: ", folder+"/00000")
		lvtool(t, "batch", "work", "-q", "--plan", s3Run1+"plan.json", "--shard", "0").want(t, 0)
		if !maps.EqualFunc(filesBelow(t, srv, "run/"), clean, slices.Equal) {
			t.Errorf("%s: the run is not what it was", what)
		}
		lvtool(t, "batch", "merge", s3Run1).want(t, 0)
	}
}

// keyBelow returns the one key that begins so.
func keyBelow(t *testing.T, srv *s3fault.Server, prefix string) string {
	t.Helper()
	for _, key := range srv.Keys("bucket") {
		if strings.HasPrefix(key, prefix) {
			return key
		}
	}
	t.Fatalf("no key begins with %s", prefix)
	return ""
}
