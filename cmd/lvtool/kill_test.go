package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export"
)

// killSessions is how many sessions [TestKill] converts; LVTOOL_KILL_SESSIONS
// sets another number.
const killSessions = 40

// kills is how often a run is killed.
const kills = 20

// TestKill holds that a run that is killed at any moment leaves whole folders
// only, that the same command takes up what is whole, and that what it makes in
// the end is what an undisturbed run makes, byte for byte.
func TestKill(t *testing.T) {
	n := killSessions
	if value := os.Getenv("LVTOOL_KILL_SESSIONS"); value != "" {
		var err error
		n, err = strconv.Atoi(value)
		check(t, err)
	}
	b := newBatch(t, n)
	clean := filepath.Join(t.TempDir(), "clean")
	timed := func() time.Duration {
		start := time.Now()
		program(t, 0, "convert", "-o", clean, b.file)
		return time.Since(start)
	}
	undisturbed, again := timed(), timed()
	t.Logf("%d sessions undisturbed: %v; the same again: %v", n, undisturbed, again)

	dir := filepath.Join(t.TempDir(), "out")
	made := map[string]os.FileInfo{}
	hit := 0
	random := rand.New(rand.NewPCG(1, 2))
	for i := range kills {
		// Every start has to look at what there is, before it comes to anything new.
		looking := again / time.Duration(n) * time.Duration(len(made))
		after := looking + time.Duration(random.Int64N(int64(2*undisturbed/kills)+int64(100*time.Millisecond)))
		if killed(t, after, "convert", "-o", dir, b.file) {
			hit++
		}
		wholeOnly(t, dir, made, fmt.Sprintf("kill %d", i))
	}
	t.Logf("%d of %d runs were killed; %d sessions whole then", hit, kills, len(made))
	if hit < kills/4 {
		t.Errorf("only %d of %d runs were killed, the others ended before", hit, kills)
	}
	program(t, 0, "convert", "-o", dir, b.file)
	wholeOnly(t, dir, made, "end")
	want := tree(t, clean)
	sameTree(t, dir, want)
	t.Logf("%d files are the same", len(want))
}

// program runs the program itself, and returns what it said on standard error.
func program(t *testing.T, code int, args ...string) string {
	t.Helper()
	return programIn(t, code, exec.CommandContext(t.Context(), "lvtool", args...))
}

func programIn(t *testing.T, code int, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	_ = cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("%q: got exit code %d, want %d\n%s", cmd.Args, got, code, &stderr)
	}
	return stderr.String()
}

// killed runs the program and kills it after some time. It reports whether it
// was killed before it ended.
func killed(t *testing.T, after time.Duration, args ...string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := exec.CommandContext(ctx, "lvtool", args...) // which it ends with SIGKILL
	err := cmd.Run()
	if err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	return err != nil
}

// wholeOnly holds that every folder has all files of its report, with their
// digests, and that no folder that was there before has been made again.
func wholeOnly(t *testing.T, dir string, made map[string]os.FileInfo, when string) {
	t.Helper()
	reports, err := filepath.Glob(filepath.Join(dir, "*", "report.json"))
	check(t, err)
	entries, err := os.ReadDir(dir)
	if len(made) > 0 {
		check(t, err)
	}
	folders := slices.DeleteFunc(entries, func(e os.DirEntry) bool {
		return !e.IsDir() || strings.HasPrefix(e.Name(), ".")
	})
	if len(reports) != len(folders) || len(reports) < len(made) {
		t.Fatalf("%s: %d folders with %d reports, %d before", when, len(folders), len(reports), len(made))
	}
	target := &dirTarget{dir: dir}
	for _, name := range reports {
		info, err := os.Stat(name)
		check(t, err)
		if was, ok := made[name]; ok {
			if !os.SameFile(was, info) {
				t.Errorf("%s: %s was made again", when, name)
			}
			continue
		}
		made[name] = info
		data, err := os.ReadFile(name)
		check(t, err)
		report, err := export.ParseReport(bytes.NewReader(data))
		check(t, err)
		check(t, target.check(t.Context(), filepath.Base(filepath.Dir(name)), report.Outputs, true))
	}
}
