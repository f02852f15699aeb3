package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// A runPlace is where a run lies: a folder that all machines see, or a prefix in
// S3. Several goroutines may use it at once.
type runPlace interface {
	runFS
	// put writes a file, which appears whole. One that is there stays; where it
	// has other bytes, the error is one for which isTaken is true.
	put(ctx context.Context, name string, data []byte) error
	// replace writes a file of any size, which appears whole when write has made
	// it. One with other bytes is replaced in a folder, and in S3 with force.
	replace(ctx context.Context, name string, force bool, write func(io.Writer) error) error
	// tidy removes, in a folder, the overview and pages that the index of an earlier
	// merge names, but for those that are there now.
	tidy(now []string) error
	// fill has the files of a plan made, of which that of plan.File appears last.
	fill(ctx context.Context, make func(export.Put) error) error
	// sessions makes the folder name ready for sessions; swept is told what killed
	// runs have left there.
	sessions(ctx context.Context, name string, stamp time.Time, swept func(dir string, runs int)) (target, error)
	// open opens a folder of a session, which is taken to be hostile, until done
	// is called.
	open(name string) (files fs.FS, done func() error, err error)
	// address returns what a file is called in messages.
	address(name string) string
}

// A runFS reads the files of a run.
type runFS interface {
	fs.ReadFileFS
	fs.ReadDirFS
}

// openRun opens the run at an address, which need not exist.
func openRun(ctx context.Context, to *cloud, name string) (runPlace, error) {
	switch {
	case name == "":
		return nil, usageError("give the folder of the run, or s3://BUCKET/PREFIX/")
	case isS3(name):
		return newS3Run(ctx, to, name)
	}
	tree, ok := os.DirFS(name).(runFS)
	if !ok {
		return nil, errors.ErrUnsupported // cannot happen: package os promises it
	}
	return &dirRun{tree, name}, nil
}

// splitPlan returns the run, and the file in it, that an address of a plan names,
// or that of the run.
func splitPlan(name string) (run, file string) {
	if !isS3(name) && isFolder(name) || isS3(name) && strings.HasSuffix(name, "/") {
		return name, plan.File
	}
	if !isS3(name) {
		return filepath.Dir(name), filepath.Base(name)
	}
	i := strings.LastIndexByte(name, '/')
	return name[:i+1], name[i+1:]
}

// runOf returns the address of the run that an argument names, by itself or by its
// plan.
func runOf(name string) string {
	if run, file := splitPlan(name); file == plan.File && run != "" {
		return run
	}
	return name
}

// readRunPlan reads the plan of a run.
func readRunPlan(run runPlace, file string) (*plan.Plan, error) {
	data, err := run.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, decode.ErrNotFound) {
		return nil, &exitError{
			code: exitFailed, err: placed(run.address(file), err), hint: "name the run that lvtool batch plan made",
		}
	}
	if err != nil {
		return nil, placed(run.address(file), err)
	}
	p, err := plan.Read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", run.address(file), err)
	}
	return p, nil
}

// placed says where an error of a file system is; those of S3 say it themselves.
func placed(address string, err error) error {
	if isS3(address) {
		return err
	}
	return fmt.Errorf("%s: %w", address, unwrapPath(err))
}

// A dirRun is a run in a folder.
type dirRun struct {
	runFS
	dir string
}

func (r *dirRun) address(name string) string { return filepath.ToSlash(r.path(name)) }

func (r *dirRun) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

// errOther says that a file is there with other bytes than are to be written.
var errOther = errors.New("exists with other content")

func (r *dirRun) put(_ context.Context, name string, data []byte) error {
	return r.write(name, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	}, func(made string) error {
		err := os.Link(made, r.path(name))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return r.putUnlinked(made, name, data) // not every file system has links
		}
		if err != nil {
			err = r.holds(name, data)
		}
		return errors.Join(err, os.Remove(made))
	})
}

// putUnlinked gives a file its name where none has it.
func (r *dirRun) putUnlinked(made, name string, data []byte) error {
	if _, err := os.Lstat(r.path(name)); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(made, r.path(name))
	}
	return errors.Join(r.holds(name, data), os.Remove(made))
}

// holds reports, as an error, where a file has other bytes.
func (r *dirRun) holds(name string, data []byte) error {
	is, err := r.ReadFile(name)
	if err == nil && !bytes.Equal(is, data) {
		err = errOther
	}
	return err
}

func (r *dirRun) replace(_ context.Context, name string, _ bool, write func(io.Writer) error) error {
	return r.write(name, func(f *os.File) error { return write(f) }, func(made string) error {
		return os.Rename(made, r.path(name))
	})
}

// write has a file made beside the one of that name, and placed.
func (r *dirRun) write(name string, fill func(*os.File) error, place func(made string) error) error {
	target := r.path(name)
	err := os.MkdirAll(filepath.Dir(target), folderMode)
	var f *os.File
	if err == nil {
		f, err = os.CreateTemp(filepath.Dir(target), ".part-")
	}
	if err == nil {
		// A node that dies must not leave a file with its name and not its bytes.
		if err = errors.Join(fill(f), f.Sync(), f.Close()); err == nil {
			err = place(f.Name())
		}
		if err == nil {
			syncFolder(filepath.Dir(target))
		}
		if err != nil {
			_ = os.Remove(f.Name()) // which place may have done
		}
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.ToSlash(target), unwrapPath(err))
	}
	return nil
}

// syncFolder has the names in a folder kept, where the system can: not all can
// open one.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

func (r *dirRun) tidy(now []string) error { return removeStale(r.dir, now) }

func (r *dirRun) fill(ctx context.Context, make func(export.Put) error) error {
	return (&folder{path: r.dir, stamp: time.Time{}}).fill(ctx, make)
}

func (r *dirRun) open(name string) (fs.FS, func() error, error) {
	root, err := os.OpenRoot(r.path(name))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.address(name), unwrapPath(err))
	}
	return root.FS(), root.Close, nil
}

func (r *dirRun) sessions(_ context.Context, name string, stamp time.Time, swept func(string, int)) (target, error) {
	return newDirTarget(r.path(name), stamp, swept)
}
