package bag_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
)

// files are those of a bag, by name.
type files map[string]string

// put keeps what a Writer puts.
func (f files) put(name string, r io.Reader) error {
	if _, ok := f[name]; ok {
		return fs.ErrExist
	}
	data, err := io.ReadAll(r)
	f[name] = string(data)
	return err
}

// Entries and Open make files a tree.
func (f files) Entries(bag.Limits) iter.Seq2[bag.Entry, *bag.Finding] {
	return func(yield func(bag.Entry, *bag.Finding) bool) {
		for name, data := range f {
			if !yield(bag.Entry{Name: name, Size: int64(len(data))}, nil) {
				return
			}
		}
	}
}

func (f files) Open(e bag.Entry) (io.ReadCloser, error) {
	data, ok := f[e.Name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(data)), nil
}

// good returns a bag that nothing is wrong with.
func good(tb testing.TB, more ...bag.Algorithm) files {
	tb.Helper()
	f := files{}
	w, err := bag.NewWriter(f.put, more...)
	if err != nil {
		tb.Fatal(err)
	}
	for _, err := range []error{
		w.Add("one.txt", []byte("one\n")),
		w.AddReader("more/two.bin", bytes.NewReader([]byte{0, 1, 2})),
		w.Add("empty", nil),
		w.Tag("notes/about.txt", []byte("a note\n")),
	} {
		if err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := w.Close([]bag.Field{{"Bagging-Date", "2026-11-22"}, {"Source-Organization", "Bank AG"}}); err != nil {
		tb.Fatal(err)
	}
	return f
}

// reseal lists the tag files anew, as whoever changes one could.
func (f files) reseal() files {
	const name = "tagmanifest-sha256.txt"
	if _, ok := f[name]; !ok {
		return f
	}
	f[name] = ""
	for _, tag := range slices.Sorted(maps.Keys(f)) {
		if tag != name && !strings.HasPrefix(tag, "data/") {
			f[name] += line(f[tag], tag)
		}
	}
	return f
}

// line returns the line of a manifest for a file.
func line(data, name string) string {
	return fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(data)), name)
}

// write makes a folder of f.
func (f files) write(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	f.writeTo(tb, dir)
	return dir
}

func (f files) writeTo(tb testing.TB, dir string) {
	tb.Helper()
	for name, data := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(data), 0o644))
		if err != nil {
			tb.Fatal(err)
		}
	}
}

func openFolder(tb testing.TB, dir string) bag.Tree {
	tb.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { root.Close() })
	return bag.Folder(root)
}

func verify(tb testing.TB, t bag.Tree, opts *bag.Options) *bag.Result {
	tb.Helper()
	r, err := bag.Verify(tb.Context(), t, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// found returns the codes and paths of findings; warnings have a question mark.
func found(r *bag.Result) []string {
	list := []string{}
	for _, f := range r.Findings {
		s := string(f.Code)
		if f.Path != "" {
			s += " " + f.Path
		}
		if f.Line > 0 {
			s += fmt.Sprintf(":%d", f.Line)
		}
		if f.Warning {
			s += "?"
		}
		list = append(list, s)
	}
	return list
}

func wantFound(tb testing.TB, r *bag.Result, want ...string) {
	tb.Helper()
	if got := found(r); !slices.Equal(got, want) {
		tb.Errorf("got findings %q, want %q", got, want)
		for _, f := range r.Findings {
			tb.Log(f)
		}
	}
}
