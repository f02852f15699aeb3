package bag_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/bagtest"
	"github.com/lvtool/lvtool/internal/need"
)

func TestWriter(t *testing.T) {
	f := good(t)
	for name, want := range (files{
		"bagit.txt":    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		"bag-info.txt": "Bagging-Date: 2026-11-22\nSource-Organization: Bank AG\nPayload-Oxum: 7.3\n",
		manifest: bagtest.Line("", "data/empty") + bagtest.Line("\x00\x01\x02", "data/more/two.bin") +
			bagtest.Line("one\n", "data/one.txt"),
		"tagmanifest-sha256.txt": bagtest.Line(f["bag-info.txt"], "bag-info.txt") +
			bagtest.Line(f["bagit.txt"], "bagit.txt") +
			bagtest.Line(f[manifest], manifest) + bagtest.Line("a note\n", "notes/about.txt"),
		"data/one.txt": "one\n",
	}) {
		if f[name] != want {
			t.Errorf("%s:\ngot:\n%swant:\n%s", name, f[name], want)
		}
	}
	if len(f) != 8 {
		t.Errorf("got %d files, want 8", len(f))
	}
}

// TestSha256sum holds that the manifests are those of sha256sum and sha512sum.
func TestSha256sum(t *testing.T) {
	dir := good(t, bag.SHA512).write(t)
	for _, a := range []string{"sha256", "sha512"} {
		for _, list := range []string{"manifest-", "tagmanifest-"} {
			cmd := exec.Command(need.Program(t, a+"sum"), "--check", "--strict", list+a+".txt")
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s%s: %v\n%s", list, a, err, out)
			}
		}
	}
}

func TestWriterRefuses(t *testing.T) {
	discard := func(_ string, r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	idle := func(string, io.Reader) error { return nil }
	newWriter := func(put bag.Put) *bag.Writer {
		w, err := bag.NewWriter(put)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	for _, name := range []string{
		"", ".", "..", "/x", "a//b", "a/../b", "./a", "a/", "a\nb", "a\rb", "50%", `a\b`, "a:b", "a\x00b", "ü", "a?",
		"nul", "CON.txt", "com1", "a.", "a ", " a", "~a", "b/~a", "a*", "a|b", "<a>", `"a"`, strings.Repeat("x", 201),
	} {
		if err := newWriter(discard).Add(name, nil); !errors.Is(err, bag.ErrName) {
			t.Errorf("name %q: got %v, want %v", name, err, bag.ErrName)
		}
	}
	for _, name := range []string{
		"bagit.txt", "BagIt.txt", "bag-info.txt", "fetch.txt", "manifest-md5.txt", "tagmanifest-sha256.txt",
		"data", "data/x",
	} {
		if err := newWriter(discard).Tag(name, nil); !errors.Is(err, bag.ErrName) {
			t.Errorf("tag file %q: got %v, want %v", name, err, bag.ErrName)
		}
	}
	for _, field := range []bag.Field{
		{"", "x"},
		{"a:b", "x"},
		{" a", "x"},
		{"a", "x\ny"},
		{"a\n", "x"},
		{"a", " x"},
		{"payload-oxum", "1.1"},
		{"a", "\u202ex"},
		{"a", "\xff"},
	} {
		if _, err := newWriter(discard).Close([]bag.Field{field}); !errors.Is(err, bag.ErrInfo) {
			t.Errorf("field %q: got %v, want %v", field, err, bag.ErrInfo)
		}
	}
	for name, do := range map[string]func() error{
		"twice": func() error {
			w := newWriter(discard)
			return errors.Join(w.Add("A", nil), w.Add("a", nil))
		},
		"algorithm":     func() error { _, err := bag.NewWriter(discard, "md5"); return err },
		"unread":        func() error { return newWriter(idle).Add("a", []byte("x")) },
		"unread reader": func() error { return newWriter(idle).AddReader("a", strings.NewReader("x")) },
		"broken reader": func() error { return newWriter(discard).AddReader("a", iotest.ErrReader(io.ErrClosedPipe)) },
		"closed": func() error {
			w := newWriter(discard)
			_, err := w.Close(nil)
			return errors.Join(err, w.Add("a", nil))
		},
	} {
		if do() == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	f := files{}
	w, err := bag.NewWriter(f.put)
	if err != nil {
		b.Fatal(err)
	}
	picture := strings.Repeat("0123456789abcdef", 1<<15)
	for i := range 64 {
		if err := w.Add(fmt.Sprintf("annotated/audit-%d.png", i), []byte(picture)); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := w.Close(nil); err != nil {
		b.Fatal(err)
	}
	dir := f.write(b)
	b.Run("bag", func(b *testing.B) {
		b.SetBytes(64 << 19)
		b.ReportAllocs()
		for b.Loop() {
			wantFound(b, verify(b, openFolder(b, dir), nil))
		}
	})
	b.Run("crypto/sha256", func(b *testing.B) { // from memory: the most there is
		data := []byte(picture)
		b.SetBytes(64 << 19)
		for b.Loop() {
			for range 64 {
				sha256.Sum256(data)
			}
		}
	})
	b.Run("sha256sum", func(b *testing.B) {
		sha256sum := need.Program(b, "sha256sum")
		b.SetBytes(64 << 19)
		for b.Loop() {
			cmd := exec.Command(sha256sum, "--check", "--quiet", manifest)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
		}
	})
}

func TestPutFails(t *testing.T) {
	w, err := bag.NewWriter(func(string, io.Reader) error { return os.ErrPermission })
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add("a", nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want %v", err, os.ErrPermission)
	}
	if _, err := w.Close(nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want %v", err, os.ErrPermission)
	}
	if _, err := bag.NewZip(&bytes.Buffer{}, "../x"); !errors.Is(err, bag.ErrName) {
		t.Errorf("got %v, want %v", err, bag.ErrName)
	}
}
