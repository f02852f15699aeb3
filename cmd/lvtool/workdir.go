package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A workDir is the hidden folder below the output folder in which a run makes
// what gets its place when it is whole. The run holds a lock on it, so that
// what a killed run has left can be told from what another is working on.
type workDir struct {
	path string
	lock *os.File
}

// The parts of a workDir, and what the names of all begin with.
const (
	workPrefix = ".lvtool-"
	workLock   = "lock"
	workNew    = "new" // folders in the making
	workOld    = "old" // whole folders that are being replaced
	workTop    = "top" // finished files of the output folder itself
)

// newWorkDir makes a folder of a run's own below dir.
func newWorkDir(dir string) (*workDir, error) {
	const tries = 100
	for range tries {
		w, err := tryWorkDir(dir)
		if w != nil || err != nil {
			return w, err
		}
	}
	return nil, errors.New("its working folder is removed again and again")
}

// tryWorkDir returns nil where another run has taken the new folder, which for
// a moment has no lock, for one that was left.
func tryWorkDir(dir string) (*workDir, error) {
	path, err := os.MkdirTemp(dir, workPrefix)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(path, workLock)
	lock, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	// Where files cannot be locked, nobody else can lock this one either.
	if free, err := tryLock(lock); err == nil && !free || !isName(name, lock) {
		return nil, lock.Close()
	}
	for _, part := range []string{workNew, workOld, workTop} {
		if err := os.Mkdir(filepath.Join(path, part), folderMode); err != nil {
			return nil, errors.Join(err, lock.Close(), os.RemoveAll(path))
		}
	}
	return &workDir{path: path, lock: lock}, nil
}

// isName reports whether name is still that of the open file f.
func isName(name string, f *os.File) bool {
	here, err1 := os.Lstat(name)
	open, err2 := f.Stat()
	return err1 == nil && err2 == nil && os.SameFile(here, open)
}

// close removes the folder with all that is in it.
func (w *workDir) close() error { return clearWorkDir(w.path, w.lock) }

// part returns the path of something in the folder.
func (w *workDir) part(part, name string) string { return filepath.Join(w.path, part, name) }

// sweep removes what killed runs have left in the output folder dir, and
// returns how many there were. A whole folder that one was about to replace,
// and had moved away, gets its name back.
func sweep(dir string) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	var errs []error
	swept := 0
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), workPrefix) {
			continue
		}
		done, err := sweepOne(dir, filepath.Join(dir, e.Name()))
		if done {
			swept++
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("removing what a killed run has left: %w", err))
		}
	}
	return swept, errors.Join(errs...)
}

func sweepOne(dir, path string) (bool, error) {
	lock, err := os.OpenFile(filepath.Join(path, workLock), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		// Just begun, or all but removed. This fails where something is in it.
		return os.Remove(path) == nil, nil
	}
	if err != nil {
		return false, err
	}
	if free, err := tryLock(lock); !free || err != nil {
		return false, lock.Close() // at work, or nobody can tell
	}
	if err := restore(dir, path); err != nil {
		return false, errors.Join(err, lock.Close())
	}
	return true, clearWorkDir(path, lock)
}

// restore gives whole folders that were moved away their names back, where no
// other has come into their place.
func restore(dir, path string) error {
	moved, err := os.ReadDir(filepath.Join(path, workOld))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range moved {
		target := filepath.Join(dir, e.Name())
		if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.Rename(filepath.Join(path, workOld, e.Name()), target); err != nil {
			return err
		}
	}
	return nil
}

// clearWorkDir removes a folder whose lock is held, the lock last: one that is
// killed on the way is found again.
func clearWorkDir(path string, lock *os.File) error {
	var errs []error
	for _, part := range []string{workNew, workOld, workTop} {
		errs = append(errs, os.RemoveAll(filepath.Join(path, part)))
	}
	if err := errors.Join(errs...); err != nil {
		return errors.Join(err, lock.Close())
	}
	removed := os.Remove(lock.Name()) == nil // which Windows does only to a file that is closed
	err := lock.Close()
	if !removed {
		err = errors.Join(err, os.Remove(lock.Name()))
	}
	return errors.Join(err, os.Remove(path))
}
