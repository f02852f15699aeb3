package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	// mayReplace says, as an error, why a folder that is in the way may not be
	// replaced.
	mayReplace func(folder string) error
	// mayOverwrite says, as an error, why a file of the folder itself may not be
	// overwritten; nil where any may be.
	mayOverwrite func(file string) error
	// work is where all is made.
	work *workDir
	// top are the finished files that wait for publish; the one that create
	// began is the last.
	top     []string
	created string
}

// newDirTarget makes the folder dir ready to be written to, and tells swept of
// killed runs whose leavings it has removed.
func newDirTarget(dir string, stamp time.Time, swept func(dir string, runs int)) (o *dirTarget, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("output folder %s: %w", dir, unwrapPath(err))
		}
	}()
	_, err = os.Lstat(dir)
	o = &dirTarget{dir: dir, made: errors.Is(err, fs.ErrNotExist), stamp: stamp, mayReplace: ofConvert}
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, err
	}
	runs, err := sweep(dir)
	if runs > 0 {
		swept(filepath.ToSlash(dir), runs)
	}
	if err != nil {
		return nil, err
	}
	o.work, err = newWorkDir(dir)
	return o, err
}

// newOwnTarget is newDirTarget for a folder in which lvtool overwrites files of its
// own alone, or, with force, any.
func newOwnTarget(
	dir string, stamp time.Time, swept func(dir string, runs int), force bool,
) (*dirTarget, error) {
	o, err := newDirTarget(dir, stamp, swept)
	if err != nil {
		return nil, err
	}
	o.mayOverwrite = overwriter(force, isOwnObject)
	return o, nil
}

// close removes what is not finished, and the folder too where it was made for
// nothing.
func (o *dirTarget) close() error {
	err := o.work.close()
	if o.made {
		_ = os.Remove(o.dir) // fails, as it should, when something is in it
	}
	return err
}

func (o *dirTarget) address(name string) string { return path.Join(filepath.ToSlash(o.dir), name) }

// forced returns o, which replaces what lvtool made in any case.
func (o *dirTarget) forced() target { return o }

func (o *dirTarget) existing(_ context.Context, name string) ([]byte, error) {
	report := filepath.Join(o.dir, name, markFile)
	data, err := readReport(report)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !isOwnJSON(data[:min(len(data), ownHead)]):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", filepath.ToSlash(report), unwrapPath(err))
	}
	return data, nil
}

// readReport reads a report. What is too long for one comes cut, and so is none.
func readReport(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxReport))
}

// errForeign says that a folder is in the way which lvtool did not make.
var errForeign = errors.New("the folder exists, and holds no report.json of lvtool: move it away," +
	" or give another folder to write to")

// ofConvert is nil of a folder that convert made.
func ofConvert(folder string) error {
	if isOwn(filepath.Join(folder, markFile)) {
		return nil
	}
	return errForeign
}

// A dirStage is a folder in the working folder.
type dirStage struct {
	out  *dirTarget
	root *os.Root
	path string
	name string
}

// stage begins the folder name.
func (o *dirTarget) stage(name string) (stage, error) {
	s := &dirStage{out: o, path: o.work.part(workNew, name), name: name}
	err := os.Mkdir(s.path, folderMode)
	if err == nil {
		s.root, err = os.OpenRoot(s.path)
	}
	if err != nil {
		return nil, s.failed("", err)
	}
	return s, nil
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

// putFrom writes one file as it is read.
func (s *dirStage) putFrom(name string, r io.Reader) error {
	if err := s.root.MkdirAll(path.Dir(name), folderMode); err != nil {
		return s.failed(name, err)
	}
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return s.failed(name, err)
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
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
		err = s.out.replace(s.name)
	}
	if err != nil {
		return errors.Join(s.failed("", err), os.RemoveAll(s.path))
	}
	return nil
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
