package bag_test

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/bagtest"
)

// files are those of a bag, by name.
type files map[string]string

func (f files) put(name string, r io.Reader) error { return bagtest.Files(f).Put(name, r) }

// Entries and Open make files a tree.
func (f files) Entries(l bag.Limits) iter.Seq2[bag.Entry, *bag.Finding] {
	return bagtest.Files(f).Entries(l)
}

func (f files) Open(e bag.Entry) (io.ReadCloser, error) { return bagtest.Files(f).Open(e) }

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
			f[name] += bagtest.Line(f[tag], tag)
		}
	}
	return f
}

// write makes a folder of f.
func (f files) write(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	bagtest.Files(f).Write(tb, dir)
	return dir
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
