package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lvtool/lvtool/export"
)

// check looks at the files of the folder name. What a report lists comes from
// outside: no name leads out of the folder.
func (o *dirTarget) check(_ context.Context, name string, outputs []export.Output, deep bool) error {
	root, err := os.OpenRoot(filepath.Join(o.dir, name))
	if err != nil {
		return unwrapPath(err)
	}
	defer root.Close()
	for _, out := range outputs {
		if err := checkFile(root, out, deep); err != nil {
			return fmt.Errorf("%s: %w", out.File, unwrapPath(err))
		}
	}
	return nil
}

func checkFile(root *os.Root, out export.Output, deep bool) error {
	info, err := root.Lstat(out.File)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() != int64(out.Bytes):
		return fmt.Errorf("it has %d bytes, not %d", info.Size(), out.Bytes)
	case !deep:
		return nil
	}
	f, err := root.Open(out.File)
	if err != nil {
		return err
	}
	defer f.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, f); err != nil {
		return err
	}
	if hex.EncodeToString(digest.Sum(nil)) != out.SHA256 {
		return errors.New("its digest is another than the report's")
	}
	return nil
}

// put writes one file of the output folder itself.
func (o *dirTarget) put(_ context.Context, name string, data []byte) error {
	if err := os.WriteFile(o.work.part(workTop, name), data, fileMode); err != nil {
		return o.failed(name, err)
	}
	o.top = append(o.top, name)
	return nil
}

// create begins the last file of the output folder itself.
func (o *dirTarget) create(name string) (io.WriteCloser, error) {
	f, err := os.OpenFile(o.work.part(workTop, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, o.failed(name, err)
	}
	o.created = name
	return &topFile{o, name, f}, nil
}

// A topFile says, when it cannot be written, which file it was to become.
type topFile struct {
	out  *dirTarget
	name string
	f    *os.File
}

// Write writes to the file.
func (t *topFile) Write(data []byte) (int, error) {
	n, err := t.f.Write(data)
	if err != nil {
		err = t.out.failed(t.name, err)
	}
	return n, err
}

// Close closes the file.
func (t *topFile) Close() error {
	if err := t.f.Close(); err != nil {
		return t.out.failed(t.name, err)
	}
	return nil
}

// publish gives the files of the output folder itself their places.
func (o *dirTarget) publish(context.Context) error {
	names := o.top
	if o.created != "" {
		names = append(names, o.created)
	}
	for _, name := range names {
		made := o.work.part(workTop, name)
		if !o.stamp.IsZero() {
			if err := os.Chtimes(made, o.stamp, o.stamp); err != nil {
				return o.failed(name, err)
			}
		}
		if err := os.Rename(made, filepath.Join(o.dir, name)); err != nil {
			return o.failed(name, err)
		}
	}
	return nil
}

func (o *dirTarget) failed(name string, err error) error {
	return fmt.Errorf("writing %s: %w", o.address(name), unwrapPath(err))
}
