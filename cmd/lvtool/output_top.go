package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// put writes one file of the output folder itself.
func (o *dirTarget) put(_ context.Context, name string, data []byte) error {
	if err := o.claim(name); err != nil {
		return err
	}
	if err := os.WriteFile(o.work.part(workTop, name), data, fileMode); err != nil {
		return o.failed(name, err)
	}
	o.top = append(o.top, name)
	return nil
}

// create begins the last file of the output folder itself.
func (o *dirTarget) create(name string) (io.WriteCloser, error) {
	if err := o.claim(name); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(o.work.part(workTop, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, o.failed(name, err)
	}
	o.created = name
	return &topFile{o, name, f}, nil
}

// claim reports, as an error, which of some files of the output folder itself
// may not be written, being there and not lvtool's.
func (o *dirTarget) claim(names ...string) error {
	for _, name := range names {
		if o.mayOverwrite == nil {
			return nil
		}
		if err := o.mayOverwrite(filepath.Join(o.dir, name)); err != nil {
			return o.failed(name, err)
		}
	}
	return nil
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

// publish gives the files of the output folder itself their places. What the
// index of an earlier run names, and this one does not write, goes before the
// index does: a run that is killed in between leaves the index that names it.
func (o *dirTarget) publish(context.Context) error {
	for _, name := range o.top {
		if err := o.place(name); err != nil {
			return err
		}
	}
	if o.created == "" {
		return nil
	}
	if err := removeStale(o.dir, o.top); err != nil {
		return err
	}
	return o.place(o.created)
}

func (o *dirTarget) place(name string) error {
	made := o.work.part(workTop, name)
	if !o.stamp.IsZero() {
		if err := os.Chtimes(made, o.stamp, o.stamp); err != nil {
			return o.failed(name, err)
		}
	}
	if err := os.Rename(made, filepath.Join(o.dir, name)); err != nil {
		return o.failed(name, err)
	}
	return nil
}

func (o *dirTarget) failed(name string, err error) error {
	return fmt.Errorf("writing %s: %w", o.address(name), unwrapPath(err))
}

// errForeignFile says that a file is in the way which lvtool did not make.
var errForeignFile = errors.New("the file is there, and lvtool did not make it: move it away," +
	" give another name to write to, or --force to replace it")

// overwriter returns what says, as an error, why a file may not be overwritten
// whose name and head own does not take for lvtool's. With force, any file may be,
// but nothing that is no file.
func overwriter(force bool, own func(name string, head []byte) bool) func(path string) error {
	return func(path string) error {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return errors.New("it is there, and not a regular file: give another name to write to")
		case force, info.Size() == 0, own(path, fileHead(path)):
			return nil
		}
		return errForeignFile
	}
}

// topHead is how much of a file beside the folders says who made it.
const topHead = 4096

// fileHead returns the beginning of a file, nothing where it cannot be read.
func fileHead(path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	head := make([]byte, topHead)
	n, _ := io.ReadFull(f, head)
	return head[:n]
}

// isOwnObject reports whether lvtool wrote a file or object beside the folders: a
// report or index, an overview, or a page to decide from, all of which say so.
func isOwnObject(name string, data []byte) bool {
	switch path.Ext(filepath.ToSlash(name)) {
	case ".json":
		return isOwnJSON(data[:min(len(data), ownHead)])
	case ".png":
		head := data[:min(len(data), pngHead)]
		return bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")) &&
			bytes.Contains(head, []byte("tEXtlvtool:role\x00"+export.OutputOverview))
	}
	return isOwnPage(name, data)
}

// isOwnPage reports whether a file, whatever its name, begins as a page to decide
// from does.
func isOwnPage(_ string, head []byte) bool {
	return bytes.HasPrefix(head, []byte("<!DOCTYPE html>\n")) &&
		bytes.Contains(head[:min(len(head), topHead)], []byte(`<meta name="generator" content="lvtool`))
}

// topName is what the files are called that lie beside an index and belong to it.
var topName = lazyregexp.New(`^(overview(-[0-9]+)?\.png|review(-[0-9]+)?\.html)$`)

// removeStale removes the files that the index in dir, of an earlier run, names
// and lvtool made, but for those that are there now.
func removeStale(dir string, now []string) error {
	for _, name := range indexed(filepath.Join(dir, indexFile)) {
		file := filepath.Join(dir, name)
		info, err := os.Lstat(file)
		if err != nil || !info.Mode().IsRegular() || slices.Contains(now, name) || !isOwnObject(name, fileHead(file)) {
			continue
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing %s of an earlier run: %w", filepath.ToSlash(file), unwrapPath(err))
		}
	}
	return nil
}

// indexTail is how much of an index is read for the files that it names. They are
// at its end; it may list any number of sessions before.
const indexTail = 1 << 20

// indexed returns the files beside the folders that an index of lvtool's names.
func indexed(index string) []string {
	if !isOwnObject(index, fileHead(index)) {
		return nil
	}
	f, err := os.Open(index)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	tail, err := io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-indexTail), indexTail))
	if err != nil {
		return nil
	}
	var names []string
	for line := range bytes.Lines(tail) {
		for _, member := range []string{`  "overview": `, `  "pages": `} {
			if list, ok := bytes.CutPrefix(line, []byte(member)); ok {
				var some []string
				_ = json.Unmarshal(bytes.TrimRight(list, ",\n"), &some) // else it names none
				names = append(names, some...)
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !topName.MatchString(name) })
}
