package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/lvtool/lvtool/export"
)

var errInUse = errors.New("the folder is not empty; give one that is new or empty")

// A folder is one that a command fills at once, which appears whole or not at
// all.
type folder struct {
	path  string
	stamp time.Time
}

// fill has the folder's files made. Where there are none, there is no folder.
func (f *folder) fill(ctx context.Context, make func(export.Put) error) (err error) {
	if err := f.free(); err != nil {
		return fmt.Errorf("output folder %s: %w", filepath.ToSlash(f.path), unwrapPath(err))
	}
	path, err := filepath.Abs(f.path)
	if err != nil {
		return err
	}
	parent, err := newDirTarget(filepath.Dir(path), f.stamp, func(string, int) {})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, parent.close()) }()
	s, err := parent.stage(filepath.Base(path))
	if err != nil {
		return err
	}
	files := 0
	err = make(func(name string, data []byte) error { files++; return s.put(name, data) })
	if err != nil || files == 0 {
		return errors.Join(err, s.drop())
	}
	// An empty folder is in the way of the rename on some systems.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("output folder %s: %w", f.path, unwrapPath(err)), s.drop())
	}
	return s.commit(ctx)
}

// free reports why the folder cannot be filled.
func (f *folder) free() error {
	entries, err := os.ReadDir(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return errInUse
	}
	return nil
}
