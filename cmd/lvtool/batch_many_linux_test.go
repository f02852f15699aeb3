package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// manySessions is how many sessions [TestBatchMany] plans and merges;
// LVTOOL_BATCH_SESSIONS sets another number.
const manySessions = 20_000

// mostMemory is what a process may take for any number of sessions, but for the
// 8 bytes of each by which merge tells those that are there twice.
const mostMemory = 120 << 20

// Very many sessions are planned, and their results merged, in bounded memory.
// The figures are said with -v.
func TestBatchMany(t *testing.T) {
	n := manySessions
	if value := os.Getenv("LVTOOL_BATCH_SESSIONS"); value != "" {
		var err error
		n, err = strconv.Atoi(value)
		check(t, err)
	}
	key := func(i int) string { return fmt.Sprintf("results/2026/%02d/%s.json", i%12+1, fetchID(i)) }
	dir := t.TempDir()
	list := filepath.Join(dir, "list.txt")
	made(t, list, func(w io.Writer) {
		for i := range n {
			fmt.Fprintf(w, "s3://bucket/%s\n", key(i))
		}
	})
	run := filepath.Join(dir, "run")
	measured(t, fmt.Sprintf("plan of %d lines", n), n, "batch", "plan", "-o", run, "@"+list)
	t.Logf("the plan has %.1f MB, plan.json %.2f MB", megabytes(t, run), megabytes(t, filepath.Join(run, plan.File)))

	table := filepath.Join(dir, "1.csv.gz")
	made(t, table, func(w io.Writer) {
		z := gzip.NewWriter(w)
		for i := range n {
			fmt.Fprintf(z, "\"bucket\",\"%s\",\"v%d\",\"true\",\"false\",\"%d\"\n", key(i), i, 200_000+i)
		}
		check(t, z.Close())
	})
	data, err := os.ReadFile(table)
	check(t, err)
	manifest := filepath.Join(dir, "manifest.json")
	check(t, os.WriteFile(manifest, fmt.Appendf(nil, `{"sourceBucket":"bucket","fileFormat":"CSV",
		"fileSchema":"Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size",
		"files":[{"key":"data/1.csv.gz","MD5checksum":"%x"}]}`, md5.Sum(data)), 0o600))
	measured(t, fmt.Sprintf("plan of an inventory of %d", n), n,
		"batch", "plan", "-o", run+"2", "--inventory", manifest)

	results(t, run, n)
	t.Logf("the results have %.1f MB", megabytes(t, filepath.Join(run, "results")))
	measured(t, fmt.Sprintf("merge of %d results", n), n, "batch", "merge", run)
	t.Logf("the index has %.1f MB", megabytes(t, filepath.Join(run, "index.json")))
	var totals plan.Totals
	data, err = os.ReadFile(filepath.Join(run, totalsFile))
	check(t, err)
	check(t, json.Unmarshal(data, &totals))
	if totals.Entries != n || totals.Sessions != n || totals.Statuses["SUCCEEDED"] != n || totals.Confidence[97] != n ||
		len(totals.Repeated) != 0 {
		t.Errorf("got %+v", totals)
	}
	measured(t, "status", n, "batch", "status", run)
}

// made writes a file through a buffer.
func made(t *testing.T, name string, write func(io.Writer)) {
	t.Helper()
	f, err := os.Create(name)
	check(t, err)
	b := bufio.NewWriter(f)
	write(b)
	check(t, b.Flush())
	check(t, f.Close())
}

// results writes what workers would have written of a run.
func results(t *testing.T, run string, n int) {
	t.Helper()
	place, err := openRun(t.Context(), nil, run)
	check(t, err)
	p, err := readRunPlan(place, plan.File)
	check(t, err)
	session := 0
	for shard := range p.Shards {
		var b bytes.Buffer
		w := plan.NewResultWriter(&b)
		for entry := range p.Shards[shard].Entries {
			id := fetchID(session)
			check(t, w.Session(entry, &export.IndexEntry{
				ID: &id, Folder: id, Status: new("SUCCEEDED"), Confidence: "97.43208312988281",
				Source:   export.SourceRecord{Name: "s3://bucket/results/" + id + ".json?versionId=v1"},
				Frames:   map[string]int{"inside": 5},
				Problems: []export.IndexProblem{},
			}))
			session++
		}
		m, err := w.Close(p, shard)
		check(t, err)
		check(t, place.put(t.Context(), plan.ResultsFile(shard, m.SHA256), b.Bytes()))
		check(t, place.put(t.Context(), plan.DoneFile(shard), m.Encode()))
	}
	if session != n {
		t.Fatalf("the plan has %d sessions, want %d", session, n)
	}
}

// measured runs the program, says how long it took and how much memory, and
// holds it to its bound.
func measured(t *testing.T, what string, n int, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "lvtool", args...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if err != nil {
		t.Fatalf("%s: %v\n%.2000s", what, err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatalf("no usage of %s", what)
	}
	memory := int64(usage.Maxrss) << 10 //nolint:unconvert // it has 32 bits where words do
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%s: %.1f s, %.1f s of CPU, %d MB of memory", what, took.Seconds(), cpu.Seconds(), memory>>20)
	if most := int64(mostMemory + 20*n); memory > most {
		t.Errorf("%s: %d MB of memory, want %d at most", what, memory>>20, most>>20)
	}
}

// megabytes returns the size of a file, or of all files of a folder.
func megabytes(t *testing.T, name string) float64 {
	t.Helper()
	var sum int64
	check(t, filepath.WalkDir(name, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	}))
	return float64(sum) / 1e6
}
