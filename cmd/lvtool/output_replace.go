package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// replace gives the finished folder name its place. Another run may do the same
// at the same time.
func (o *dirTarget) replace(name string) error {
	const tries = 10
	var err error
	for range tries {
		var done bool
		if done, err = o.tryReplace(name); done {
			return err
		}
	}
	return err
}

// tryReplace reports whether what it found was there until the end; else it is
// to be called again.
func (o *dirTarget) tryReplace(name string) (bool, error) {
	made, target := o.work.part(workNew, name), filepath.Join(o.dir, name)
	_, err := os.Lstat(target)
	if errors.Is(err, fs.ErrNotExist) {
		err := os.Rename(made, target)
		_, missing := os.Lstat(target)
		return err == nil || missing != nil, err // else somebody was faster
	}
	if err != nil {
		return true, err
	}
	if refused := o.mayReplace(target); refused != nil {
		_, err := os.Lstat(target)
		return err == nil, refused
	}
	err = swap(made, target)
	if errors.Is(err, errors.ErrUnsupported) {
		return o.replaceInSteps(name)
	}
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist), err
	}
	return true, os.RemoveAll(made)
}

// replaceInSteps is for where two folders cannot change names: the old one is
// moved away first. If the run is killed before the new one has come, the next
// finds the old one there, and moves it back.
func (o *dirTarget) replaceInSteps(name string) (bool, error) {
	made, target := o.work.part(workNew, name), filepath.Join(o.dir, name)
	old := o.work.part(workOld, name)
	if err := os.Rename(target, old); err != nil {
		return !errors.Is(err, fs.ErrNotExist), err
	}
	err := os.Rename(made, target)
	if err != nil {
		_, missing := os.Lstat(target)
		if missing != nil {
			return true, errors.Join(err, os.Rename(old, target))
		}
	}
	// A folder that is no longer whole must not look like one that was moved away.
	gone := o.work.part(workTop, name)
	return err == nil, errors.Join(err, os.Rename(old, gone), os.RemoveAll(gone))
}
