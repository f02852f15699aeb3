package redact_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/export/redact"
	"github.com/lvtool/lvtool/internal/need"
)

func opening(c *redact.Copy) redact.Opening {
	return redact.Opening{Copy: c.ID, Commitment: c.Redaction.Commitment, Nonce: hex.EncodeToString(nonce)}
}

func TestVerify(t *testing.T) {
	f := full(t, source(t, 7, 60, 40), "a.json")
	for _, mode := range []redact.Mode{redact.Faces, redact.Background, redact.All} {
		out, c := write(t, f, options(mode))
		if err := redact.Verify(t.Context(), out.fs(), f.fs(), opening(c), nil); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		if err := redact.Verify(t.Context(), out.fs(), f.fs(), opening(c), key); err != nil {
			t.Errorf("%s, with the key: %v", mode, err)
		}
	}
}

// TestVerifyPacks holds the same where both are packs.
func TestVerifyPacks(t *testing.T) {
	f := full(t, source(t, 7, 60, 40), "a.json")
	out, c := write(t, packed(f), options(redact.Faces))
	if err := redact.Verify(t.Context(), out.fs(), f.fs(), opening(c), key); err != nil {
		t.Errorf("of a pack, with the folder: %v", err)
	}
	out["source/result.json"] = out[redact.DocumentName]
	delete(out, redact.DocumentName)
	if err := redact.Verify(t.Context(), packed(out).fs(), packed(f).fs(), opening(c), key); err != nil {
		t.Errorf("a pack of the copy: %v", err)
	}
}

// packed returns a folder as the payload of a bag.
func packed(f folder) folder {
	bag := folder{"bagit.txt": {}, "manifest-sha256.txt": {}}
	for name, file := range f {
		bag["data/"+name] = file
	}
	return bag
}

// TestTamper holds that every change of copy, full folder, opening or key is
// seen.
func TestTamper(t *testing.T) {
	f := full(t, source(t, 8, 60, 40), "a.json")
	other := full(t, source(t, 9, 60, 40), "a.json")
	out, c := write(t, f, options(redact.Faces))
	// The document with a byte changed, in a copy that is whole in itself.
	forged := func(from, to string) folder {
		data := bytes.Replace(out[redact.DocumentName].Data, []byte(from), []byte(to), 1)
		if bytes.Equal(data, out[redact.DocumentName].Data) {
			t.Fatalf("%s is not in the document", from)
		}
		g := folder(maps.Clone(out.fs()))
		g[redact.DocumentName] = &fstest.MapFile{Data: data}
		g["report.json"] = &fstest.MapFile{Data: bytes.Replace(out["report.json"].Data,
			[]byte(digestOf(out[redact.DocumentName].Data)), []byte(digestOf(data)), 1)}
		return g
	}
	changed := func(name string, data []byte) folder {
		g := folder(maps.Clone(out.fs()))
		if g[name] = (&fstest.MapFile{Data: data}); data == nil {
			delete(g, name)
		}
		return g
	}
	bad := opening(c)
	bad.Nonce = strings.Repeat("08", 32)
	short := opening(c)
	short.Nonce = "07"
	foreign := opening(c)
	foreign.Commitment = strings.Repeat("0", 64)
	for _, test := range []struct {
		name    string
		copy    folder
		full    folder
		opening redact.Opening
		key     []byte
		want    string
	}{
		{"another folder", out, other, opening(c), nil, "commitment is not to this folder"},
		{"another nonce", out, f, bad, nil, "commitment is not to this folder"},
		{"a short nonce", out, f, short, nil, "no nonce"},
		{"another opening", out, f, foreign, nil, "of another copy"},
		{"another key", out, f, opening(c), []byte("another key that nobody knows"), "session id is not"},
		{"a changed file", changed("sheet.png", []byte("x")), f, opening(c), nil, "sheet.png was changed"},
		{"a missing file", changed("sheet.png", nil), f, opening(c), nil, "sheet.png is missing"},
		{"a file more", changed("x", []byte("x")), f, opening(c), nil, "x is not one of its files"},
		{"no report", changed("report.json", nil), f, opening(c), nil, "report.json"},
		{"another confidence", forged("97.3", "98.3"), f, opening(c), nil, "says something else"},
		{"another box", forged("0.285", "0.286"), f, opening(c), nil, "says something else"},
		{"another growth", forged(`"Grow": "0.25"`, `"Grow": "0.20"`), f, opening(c), nil, "commitment is not"},
		{"another mode", forged(`"Mode": "faces"`, `"Mode": "all"`), f, opening(c), nil, "commitment is not"},
		{"no mode", forged(`"Mode": "faces"`, `"Mode": "blur"`), f, opening(c), nil, "unusable option"},
	} {
		err := redact.Verify(t.Context(), test.copy.fs(), test.full.fs(), test.opening, test.key)
		if !errors.Is(err, redact.ErrMismatch) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
	g := folder(maps.Clone(f.fs()))
	g["originals/reference.jpg"] = &fstest.MapFile{Data: []byte("x")}
	if err := redact.Verify(t.Context(), out.fs(), g.fs(), opening(c), nil); !errors.Is(err, redact.ErrFolder) {
		t.Errorf("a changed original: got %v, want ErrFolder", err)
	}
}

func digestOf(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// TestFolderDigest holds that sha256sum gives the same digest, by the command in
// the documentation.
func TestFolderDigest(t *testing.T) {
	need.Program(t, "sha256sum")
	f := full(t, source(t, 10, 40, 30), "a.json")
	dir := t.TempDir()
	for name, file := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := redact.FolderDigest(f.fs())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c",
		`find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum`)
	cmd.Dir = dir
	got, err := cmd.Output()
	if err != nil || !strings.HasPrefix(string(got), want.String()) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	// A bag's digest is that of its payload.
	if got, err := redact.FolderDigest(packed(f).fs()); err != nil || got != want {
		t.Errorf("bag: got %s, %v, want %s", got, err, want)
	}
}
