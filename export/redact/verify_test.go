package redact_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/redact"
	"github.com/lvtool/lvtool/internal/need"
)

func opening(c *redact.Copy) redact.Opening {
	return redact.Opening{Copy: c.ID, Commitment: c.Redaction.Commitment, Nonce: hex.EncodeToString(nonce)}
}

// recorded are the options of small.
func recorded(given map[string]string) (*export.Options, error) {
	opts := small()
	opts.Unit, opts.Threshold = annotate.Unit(given["box-unit"]), decode.Number(given["threshold"])
	return opts, nil
}

func verify(tb testing.TB, out, f folder, o redact.Opening, key []byte) (*redact.Verified, error) {
	tb.Helper()
	return redact.Verify(tb.Context(), out.fs(), f.fs(), o, &redact.VerifyOptions{Key: key, Recorded: recorded})
}

func TestVerify(t *testing.T) {
	f := full(t, source(t, 7, 60, 40), "a.json")
	for _, mode := range []redact.Mode{redact.Faces, redact.Background, redact.All} {
		out, c := write(t, f, options(mode))
		for _, k := range [][]byte{nil, key} {
			got, err := verify(t, out, f, opening(c), k)
			if err != nil || got.Files != len(out) || len(got.Pixels) > 0 {
				t.Errorf("%s, with key %q: got %+v, %v, want %d files", mode, k, got, err, len(out))
			}
		}
	}
}

// TestVerifyPacks holds the same where both are packs.
func TestVerifyPacks(t *testing.T) {
	f := full(t, source(t, 7, 60, 40), "a.json")
	out, c := write(t, packed(f), options(redact.Faces))
	if _, err := verify(t, out, f, opening(c), key); err != nil {
		t.Errorf("of a pack, with the folder: %v", err)
	}
	out["source/result.json"] = out[redact.DocumentName]
	delete(out, redact.DocumentName)
	if _, err := verify(t, packed(out), packed(f), opening(c), key); err != nil {
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
		_, err := verify(t, test.copy, test.full, test.opening, test.key)
		if !errors.Is(err, redact.ErrMismatch) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
	g := folder(maps.Clone(f.fs()))
	g["originals/reference.jpg"] = &fstest.MapFile{Data: []byte("x")}
	if _, err := verify(t, out, g, opening(c), nil); !errors.Is(err, redact.ErrFolder) {
		t.Errorf("a changed original: got %v, want ErrFolder", err)
	}
}

// TestForged holds that a copy which is whole in itself is held to its document
// too: pictures, report, page, and what else there is.
func TestForged(t *testing.T) {
	f := full(t, source(t, 8, 60, 40), "a.json")
	out, c := write(t, f, options(redact.Faces))
	asPack := func(g folder) folder {
		g["source/result.json"] = g[redact.DocumentName]
		delete(g, redact.DocumentName)
		return g
	}
	for _, test := range []struct {
		name  string
		forge func(g folder) folder
		want  string
	}{
		{"another confidence", reported("97.30000305175781", "12.3"), `confidence\": 12.3`},
		{"another status", reported(`"status": "SUCCEEDED"`, `"status": "FAILED"`), "FAILED"},
		{"another box", reported(`"left": 0.285`, `"left": 0.385`), `left\": 0.385`},
		{"a member more", reported(`"status":`, `"verdict": "x", "status":`), "verdict"},
		{"another name of the source", reported(`"name": "redacted.json"`, `"name": "erika.json"`), "erika"},
		{"another threshold", func(g folder) folder {
			return reported(`"threshold": "90"`, `"threshold": "99"`)(reported(`"value": 90`, `"value": 99`)(g))
		}, "its threshold, 99, is not"},
		{"another unit", func(g folder) folder {
			g = reported(`"unit": "ratio"`, `"unit": "pixel"`)(g)
			return reported(`"box-unit": "ratio"`, `"box-unit": "pixel"`)(g)
		}, "was taken for pixel, and by the full folder for ratio"},
		{"a sheet that is another picture", replaced("sheet.png", "faces/reference.png"), "sheet.png does not show"},
		{"one picture as another", replaced("annotated/reference.png", "annotated/audit-0.png"), "does not show"},
		{"another original", replaced("originals/reference.png", "originals/audit-0.png"), "not what this build"},
		{"a listed file more", func(g folder) folder {
			g["more.txt"] = &fstest.MapFile{Data: []byte("x")}
			return reported(`"outputs": [`, fmt.Sprintf(`"outputs": [{"file": "more.txt", "sha256": "%s", "bytes": 1},`,
				digestOf([]byte("x"))))(g)
		}, ""},
		{"names of a pack in a folder", asPack, "source is not one of its folders"},
		{"a folder more", func(g folder) folder { g["empty"] = &fstest.MapFile{Mode: fs.ModeDir}; return g }, "empty"},
		{"a page in a folder", replaced("review.html", "sheet.png"), "review.html"},
		{"any page in a pack", func(g folder) folder {
			return packed(replaced("review.html", "sheet.png")(asPack(g)))
		}, "review.html is not what"},
	} {
		g := test.forge(folder(maps.Clone(out.fs())))
		_, err := verify(t, g, f, opening(c), key)
		if !errors.Is(err, redact.ErrMismatch) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

// TestOtherBuild holds that a picture with the same pixels in other bytes is
// taken, and named.
func TestOtherBuild(t *testing.T) {
	f := full(t, source(t, 8, 60, 40), "a.json")
	out, c := write(t, f, options(redact.Faces))
	for _, name := range []string{"sheet.png", "annotated/audit-0.png", "faces/reference.png"} {
		m, err := png.Decode(bytes.NewReader(out[name].Data))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		put(out, name, b.Bytes())
	}
	got, err := verify(t, out, f, opening(c), key)
	if err != nil || fmt.Sprint(got.Pixels) != "[annotated/audit-0.png faces/reference.png sheet.png]" {
		t.Errorf("got %+v, %v", got, err)
	}
	out = reported("97.30000305175781", "12.3")(out)
	if _, err := verify(t, out, f, opening(c), key); !errors.Is(err, redact.ErrMismatch) {
		t.Errorf("another confidence too: got %v", err)
	}
}

// reported changes what the report says.
func reported(from, to string) func(folder) folder {
	return func(g folder) folder {
		data := bytes.ReplaceAll(g["report.json"].Data, []byte(from), []byte(to))
		if bytes.Equal(data, g["report.json"].Data) {
			panic(from + " is not in the report")
		}
		g["report.json"] = &fstest.MapFile{Data: data}
		return g
	}
}

// replaced puts one file in the place of another.
func replaced(name, with string) func(folder) folder {
	return func(g folder) folder {
		put(g, name, g[with].Data)
		return g
	}
}

// put puts a file into a copy, and its digest and size into the report.
func put(g folder, name string, data []byte) {
	if old := g[name]; old != nil {
		report := bytes.ReplaceAll(g["report.json"].Data, []byte(digestOf(old.Data)), []byte(digestOf(data)))
		size := regexp.MustCompile(`("sha256": "` + digestOf(data) + `",\s+"bytes": )\d+`)
		report = size.ReplaceAll(report, fmt.Append(nil, "${1}", len(data)))
		g["report.json"] = &fstest.MapFile{Data: report}
	}
	g[name] = &fstest.MapFile{Data: data}
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
