package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// Faces are biometric data in the eyes of many laws: what is written is for
// the user alone until the user says otherwise.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// A dirTarget is a folder of this machine.
type dirTarget struct {
	dir string
	// made says that the folder was not there before.
	made bool
	// stamp is the modification time that everything gets; zero for the real
	// one.
	stamp time.Time
}

// newDirTarget makes the folder dir ready to be written to.
func newDirTarget(dir string, stamp time.Time) (*dirTarget, error) {
	_, err := os.Lstat(dir)
	o := &dirTarget{dir: dir, made: errors.Is(err, fs.ErrNotExist), stamp: stamp}
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("output folder %s: %w", dir, unwrapPath(err))
	}
	return o, nil
}

// close removes the folder again where it was made for nothing.
func (o *dirTarget) close() {
	if o.made {
		_ = os.Remove(o.dir) // fails, as it should, when something is in it
	}
}

func (o *dirTarget) address(name string) string { return path.Join(filepath.ToSlash(o.dir), name) }

func (o *dirTarget) existing(_ context.Context, name string) ([]byte, error) {
	report := filepath.Join(o.dir, name, markFile)
	data, err := os.ReadFile(report)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !isOwnJSON(data[:min(len(data), ownHead)]):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", filepath.ToSlash(report), unwrapPath(err))
	}
	return data, nil
}

// errForeign says that a folder is in the way which lvtool did not make.
var errForeign = errors.New("the folder exists, and was not made by lvtool")

// A dirStage is a folder under another name, which begins with ".lvtool-".
type dirStage struct {
	out  *dirTarget
	root *os.Root
	path string
	name string
}

// stage begins the folder name.
func (o *dirTarget) stage(name string) (stage, error) {
	dir, err := os.MkdirTemp(o.dir, ".lvtool-")
	if err != nil {
		return nil, fmt.Errorf("output folder %s: %w", o.dir, unwrapPath(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	return &dirStage{out: o, root: root, path: dir, name: name}, nil
}

// put writes one file.
func (s *dirStage) put(name string, data []byte) error {
	if err := s.root.MkdirAll(path.Dir(name), folderMode); err != nil {
		return s.failed(name, err)
	}
	if err := s.root.WriteFile(name, data, fileMode); err != nil {
		return s.failed(name, err)
	}
	return nil
}

func (s *dirStage) failed(name string, err error) error {
	return fmt.Errorf("writing %s: %w", path.Join(s.out.address(s.name), name), unwrapPath(err))
}

// drop removes the stage.
func (s *dirStage) drop() error {
	return errors.Join(s.root.Close(), os.RemoveAll(s.path))
}

// commit gives the stage its name. A folder that lvtool made before is
// replaced; any other is left alone, and is an error.
func (s *dirStage) commit(context.Context) error {
	err := errors.Join(s.out.setTimes(s.root), s.root.Close())
	if err == nil {
		err = s.replace(filepath.Join(s.out.dir, s.name))
	}
	if err != nil {
		return errors.Join(s.failed("", err), os.RemoveAll(s.path))
	}
	return nil
}

func (s *dirStage) replace(target string) error {
	_, err := os.Lstat(target)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(s.path, target)
	}
	if err != nil {
		return err
	}
	if !isOwn(filepath.Join(target, markFile)) {
		return errForeign
	}
	old := s.path + "-old"
	if err := os.Rename(target, old); err != nil {
		return err
	}
	if err := os.Rename(s.path, target); err != nil {
		return errors.Join(err, os.Rename(old, target))
	}
	return os.RemoveAll(old)
}

// setTimes gives everything in a folder the time of SOURCE_DATE_EPOCH.
func (o *dirTarget) setTimes(root *os.Root) error {
	if o.stamp.IsZero() {
		return nil
	}
	return fs.WalkDir(root.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return root.Chtimes(path, o.stamp, o.stamp)
	})
}

// put writes one file of the output folder itself, whole or not at all.
func (o *dirTarget) put(_ context.Context, name string, data []byte) (err error) {
	target := filepath.Join(o.dir, name)
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", filepath.ToSlash(target), unwrapPath(err))
		}
	}()
	f, err := os.CreateTemp(o.dir, ".lvtool-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil && !o.stamp.IsZero() {
		err = os.Chtimes(f.Name(), o.stamp, o.stamp)
	}
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
