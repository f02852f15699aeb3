package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
	"github.com/lvtool/lvtool/internal/pipeline"
)

const (
	// runWorkers is how many files of a run are read or written at a time.
	runWorkers = 16
	// maxMarkers bounds how many files a folder of markers may hold.
	maxMarkers = 10 * plan.MaxShards
)

// An s3Run is a run below a prefix in S3. Every file of it is an object.
type s3Run struct {
	s3Target
	ctx context.Context //nolint:containedctx // As of a file system: Open takes none.
}

func newS3Run(ctx context.Context, to *cloud, address string) (*s3Run, error) {
	t, err := newS3Target(ctx, to, address, false)
	if err != nil {
		return nil, err
	}
	return &s3Run{*t, ctx}, nil
}

// Open opens an object; that there is none is an [fs.ErrNotExist].
func (r *s3Run) Open(name string) (fs.File, error) {
	got, err := r.store.Open(r.ctx, r.object(name), maxResult)
	if errors.Is(err, decode.ErrNotFound) && !errors.Is(err, s3source.ErrNoSuchBucket) {
		return nil, &missingError{err}
	}
	if err != nil {
		return nil, err
	}
	return &runObject{got, name}, nil
}

// A missingError is that of an object that is not there.
type missingError struct{ error }

// Unwrap returns what S3 says.
func (e *missingError) Unwrap() error { return e.error }

// Is reports whether the error is that of a file system too.
func (*missingError) Is(target error) bool { return target == fs.ErrNotExist }

// A runObject is an open object.
type runObject struct {
	*s3source.Reader
	name string
}

// Stat says that an object is a file, of which it does not know the size.
func (o *runObject) Stat() (fs.FileInfo, error) { return s3Info{name: path.Base(o.name)}, nil }

// Stat says that every name may be that of an object: S3 is asked when it is
// opened.
//
//nolint:unparam // It implements fs.StatFS.
func (r *s3Run) Stat(name string) (fs.FileInfo, error) { return s3Info{name: path.Base(name)}, nil }

func (r *s3Run) open(name string) (fs.FS, func() error, error) {
	below := *r
	if isS3(name) { // of another run
		at, err := parseS3(name)
		if err != nil {
			return nil, nil, err
		}
		below.prefix = at
	} else {
		below.prefix.Name += name
	}
	below.prefix.Name += "/"
	return &below, func() error { return nil }, nil
}

// ReadFile reads an object.
func (r *s3Run) ReadFile(name string) ([]byte, error) {
	f, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// ReadFiles reads objects, several at a time.
func (r *s3Run) ReadFiles(names []string) iter.Seq2[[]byte, error] {
	type read struct {
		data []byte
		err  error
	}
	all := pipeline.Map(r.ctx, runWorkers, names, func(_ context.Context, _ int, name string) read {
		data, err := r.ReadFile(name)
		return read{data, err}
	})
	return func(yield func([]byte, error) bool) {
		for one := range all {
			if !yield(one.data, one.err) || one.err != nil {
				return
			}
		}
	}
}

// ReadDir lists the objects of a folder. Where there is none, it has none.
func (r *s3Run) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := r.store.List(r.ctx, r.object(name), &s3source.ListOptions{
		Match: func(key string) bool { return !strings.Contains(key, "/") }, Max: maxMarkers,
	})
	all := make([]fs.DirEntry, len(entries))
	for i, e := range entries {
		at, _ := time.Parse(time.RFC3339, e.LastModified) // zero where a server does not say
		all[i] = fs.FileInfoToDirEntry(s3Info{path.Base(e.Object.Name), e.Size, at})
	}
	return all, err
}

// An s3Info is what a listing says of an object.
type s3Info struct {
	name string
	size int64
	at   time.Time
}

// Name returns the last part of the key.
func (i s3Info) Name() string { return i.name }

// Size returns the size in bytes.
func (i s3Info) Size() int64 { return i.size }

// Mode returns that of a regular file.
func (i s3Info) Mode() fs.FileMode { return fileMode }

// ModTime returns when the object was written.
func (i s3Info) ModTime() time.Time { return i.at }

// IsDir returns false.
func (i s3Info) IsDir() bool { return false }

// Sys returns nil.
func (i s3Info) Sys() any { return nil }

// replace has a file made on this machine, and sends it when it is whole.
func (r *s3Run) replace(ctx context.Context, name string, force bool, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp("", "lvtool-run-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if err := write(f); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return r.store.PutFile(ctx, r.object(name), f, info.Size(), &s3source.PutOptions{Force: force})
}

// A runFile is a file of a plan.
type runFile struct {
	name string
	data []byte
}

var errOtherPlan = errors.New("another plan was begun there, of other documents or options: give another RUN")

// tidy leaves all as it is: objects are overwritten, not deleted.
func (r *s3Run) tidy([]string) error { return nil }

// fill sends the files several at a time, and the plan when all others are there.
func (r *s3Run) fill(ctx context.Context, make func(export.Put) error) error {
	var last runFile
	var made error
	files := func(yield func(runFile) bool) {
		made = make(func(name string, data []byte) error {
			switch f := (runFile{name, data}); {
			case name == plan.File:
				last = f
			case !yield(f):
				return errLeft
			}
			return nil
		})
	}
	s := &pipeline.Stream[runFile, struct{}]{
		Workers: runWorkers, Budget: inHand,
		Weight: func(f runFile) int64 { return int64(len(f.data)) },
		Do: func(ctx context.Context, f runFile) (struct{}, error) {
			return struct{}{}, r.put(ctx, f.name, f.data)
		},
	}
	for _, err := range s.Run(ctx, files) {
		if isTaken(err) {
			return fmt.Errorf("%s: %w", r.address(""), errOtherPlan)
		}
		if err != nil {
			return err
		}
	}
	if err := errors.Join(made, ctx.Err()); err != nil {
		return err
	}
	return r.put(ctx, last.name, last.data)
}

func (r *s3Run) sessions(_ context.Context, name string, _ time.Time, _ func(string, int)) (target, error) {
	t := r.s3Target
	t.prefix.Name += name + "/"
	return &t, nil
}
