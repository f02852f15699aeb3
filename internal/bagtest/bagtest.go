// Package bagtest holds what tests of bags, and of what is made of them, need: the
// files of a bag in memory.
package bagtest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
)

// Files are those of a bag, by name. They are a [bag.Tree].
type Files map[string]string

// Put keeps a file, as a [bag.Put].
func (f Files) Put(name string, r io.Reader) error {
	if _, ok := f[name]; ok {
		return fs.ErrExist
	}
	data, err := io.ReadAll(r)
	f[name] = string(data)
	return err
}

// Entries yields the files, in no order.
func (f Files) Entries(bag.Limits) iter.Seq2[bag.Entry, *bag.Finding] {
	return func(yield func(bag.Entry, *bag.Finding) bool) {
		for name, data := range f {
			if !yield(bag.Entry{Name: name, Size: int64(len(data))}, nil) {
				return
			}
		}
	}
}

// Open opens a file.
func (f Files) Open(e bag.Entry) (io.ReadCloser, error) {
	data, ok := f[e.Name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(data)), nil
}

// Write writes the files to a folder.
func (f Files) Write(tb testing.TB, dir string) {
	tb.Helper()
	for name, data := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(data), 0o644))
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// Line returns the line of a manifest for a file.
func Line(data, name string) string {
	return fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(data)), name)
}
