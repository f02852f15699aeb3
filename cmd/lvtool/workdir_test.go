package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestSweep holds that what killed runs have left is removed, a folder that
// one had moved away is there again, and what another run works on stays.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	live, err := newWorkDir(dir)
	check(t, err)
	check(t, os.WriteFile(live.part(workNew, "half"), nil, 0o600))
	killed, err := newWorkDir(dir)
	check(t, err)
	for _, name := range []string{"moved", "replaced"} {
		check(t, os.Mkdir(killed.part(workOld, name), 0o700))
		check(t, os.WriteFile(killed.part(workOld, name+"/report.json"), []byte("old"), 0o600))
	}
	check(t, os.Mkdir(filepath.Join(dir, "replaced"), 0o700))
	check(t, killed.lock.Close())
	begun, ended := filepath.Join(dir, workPrefix+"1"), filepath.Join(dir, workPrefix+"2")
	check(t, os.Mkdir(begun, 0o700)) // without a lock yet
	check(t, os.Mkdir(ended, 0o700))
	check(t, os.WriteFile(filepath.Join(ended, workLock), nil, 0o600)) // the rest is removed already
	foreign := filepath.Join(dir, workPrefix+"mine")
	check(t, os.MkdirAll(filepath.Join(foreign, "something"), 0o700))

	if n, err := sweep(dir); n != 3 || err != nil {
		t.Errorf("got %d, %v, want 3 swept", n, err)
	}
	for path, want := range map[string]bool{
		live.part(workNew, "half"):              true,
		killed.path:                             false,
		begun:                                   false,
		ended:                                   false,
		foreign:                                 true,
		filepath.Join(dir, "moved/report.json"): true,
		filepath.Join(dir, "replaced/report.json"): false,
	} {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) == want {
			t.Errorf("%s: got %v, want there %t", path, err, want)
		}
	}
	check(t, live.close())
	if _, err := os.Lstat(live.path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that it is gone", err)
	}
}

// TestReplaceInSteps holds the way that is taken where two folders cannot
// change names at once.
func TestReplaceInSteps(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	to, err := newDirTarget(dir, time.Time{}, nil)
	check(t, err)
	for _, text := range []string{ownReport, ownReport + " "} {
		s, err := to.stage("a")
		check(t, err)
		check(t, s.put(markFile, []byte(text)))
		check(t, s.(*dirStage).root.Close())
		if _, err := os.Lstat(filepath.Join(dir, "a")); errors.Is(err, fs.ErrNotExist) {
			check(t, to.replace("a"))
		} else if done, err := to.replaceInSteps("a"); !done || err != nil {
			t.Errorf("got %t, %v", done, err)
		}
		if got, err := to.existing(t.Context(), "a"); string(got) != text || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, text)
		}
	}
	// Where nothing can be put in its place, the old one comes back.
	if done, err := to.replaceInSteps("a"); !done || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %t, %v, want that there is nothing to put", done, err)
	}
	if got, err := to.existing(t.Context(), "a"); string(got) != ownReport+" " || err != nil {
		t.Errorf("got %q, %v, want the old one", got, err)
	}
	check(t, to.close())
	if names, err := filepath.Glob(filepath.Join(dir, ".*")); len(names) != 0 || err != nil {
		t.Errorf("got %q, %v, want nothing left", names, err)
	}
}
