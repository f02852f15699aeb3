package bag_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/bagtest"
)

const manifest = "manifest-sha256.txt"

// A mutant is a good bag with one change.
type mutant struct {
	name   string
	change func(f files)
	// strict and plain are what is found when gaps of BagIt are closed, and
	// when not.
	strict, plain []string
}

func edit(name, old, text string) func(files) {
	return func(f files) {
		if !strings.Contains(f[name], old) {
			panic(name + " has no " + old)
		}
		f[name] = strings.Replace(f[name], old, text, 1)
	}
}

func add(name, text string) func(files) { return func(f files) { f[name] += text } }

func remove(name string) func(files) { return func(f files) { delete(f, name) } }

// sum is a checksum of nothing in the bag.
var sum = strings.Repeat("0123456789abcdef", 4)

func mutants() []mutant {
	const bagit, info = "bagit.txt", "bag-info.txt"
	one, nul := bagtest.Line("one\n", "data/one.txt"), bagtest.Line("one\n", "data/nul.txt")
	var m []mutant
	// Found only where gaps of BagIt are closed; a warning, with a question mark,
	// otherwise too.
	for _, x := range []struct {
		name   string
		change func(files)
		found  string
	}{
		{"line endings", func(f files) {
			f[manifest] = strings.ReplaceAll(f[manifest], "\n", "\r\n")
		}, "line-ending " + manifest},
		{"old line endings", func(f files) {
			f[manifest] = strings.ReplaceAll(f[manifest], "\n", "\r")
		}, "line-ending " + manifest},
		{"no final newline", func(f files) {
			f[manifest] = strings.TrimSuffix(f[manifest], "\n")
		}, "final-newline " + manifest},
		{"empty line", add(manifest, "\n"), "line " + manifest + ":4"},
		{"byte order mark", func(f files) { f[manifest] = "\ufeff" + f[manifest] }, "bom " + manifest + "?"},
		{"reordered", func(f files) {
			lines := strings.SplitAfter(f[manifest], "\n")
			f[manifest] = lines[1] + lines[0] + strings.Join(lines[2:], "")
		}, "order " + manifest},
		{"tab", edit(manifest, "  data/one", " \tdata/one"), "line " + manifest + ":3"},
		{"capitals", func(f files) {
			f[manifest] = strings.ToUpper(f[manifest][:64]) + f[manifest][64:]
		}, "line " + manifest + ":1"},
		{"asterisk", edit(manifest, "  data/one", " *data/one"), "md5sum-star " + manifest + ":3?"},
		{"needless dot", edit(manifest, "  data/one", "  ./data/one"), "relative " + manifest + ":3?"},
		{"case collision", func(f files) {
			f["data/ONE.txt"] = "one\n"
			f[manifest] = bagtest.Line("one\n", "data/ONE.txt") + f[manifest]
			edit(info, "7.3", "11.4")(f)
		}, "collision data/one.txt?"},
		{"folder collision", func(f files) {
			f["data/MORE/three"] = "one\n"
			f[manifest] = bagtest.Line("one\n", "data/MORE/three") + f[manifest]
			edit(info, "7.3", "11.4")(f)
		}, "collision data/more?"},
		{"name of Windows", func(f files) {
			f["data/nul.txt"] = "one\n"
			edit(manifest, one, nul+one)(f)
			edit(info, "7.3", "11.4")(f)
		}, "name data/nul.txt"},
		{"extra tag file", nil, "extra surprise.txt"},
		{"no tag manifest", remove("tagmanifest-sha256.txt"), "no-tagmanifest"},
	} {
		strict, warning := strings.CutSuffix(x.found, "?")
		plain := []string{}
		if warning {
			plain = []string{x.found}
		}
		m = append(m, mutant{x.name, x.change, []string{strict}, plain})
	}
	m = append(m, mutant{name: "nothing", change: func(files) {}})
	for _, x := range []struct {
		name   string
		change func(files)
		found  string
	}{
		{"no bagit.txt", remove(bagit), "bagit-missing " + bagit},
		{"bagit.txt with byte order mark", func(f files) { f[bagit] = "\ufeff" + f[bagit] }, "bagit-bom " + bagit},
		{"bagit.txt of one line", edit(bagit, "Tag-File-Character-Encoding: UTF-8\n", ""), "bagit-lines " + bagit},
		{"bagit.txt of three lines", add(bagit, "More: lines\n"), "bagit-lines " + bagit},
		{"bagit.txt of another label", edit(bagit, "BagIt-V", "Bag-V"), "bagit-syntax " + bagit + ":1"},
		{"bagit.txt with space", edit(bagit, ": UTF", " : UTF"), "bagit-whitespace " + bagit + ":2"},
		{"bagit.txt with two spaces", edit(bagit, ": 1.0", ":  1.0"), "bagit-whitespace " + bagit + ":1"},
		{"version to come", edit(bagit, "1.0", "1.1"), "version " + bagit + ":1"},
		{"other encoding", edit(bagit, "UTF-8", "EBCDIC"), "encoding " + bagit + ":2"},
		{"not in the encoding", add(info, "A: \xff\n"), "decode " + info},
		{"field without label", add(info, "no label\n"), "info " + info + ":4"},
		{"other size", edit(info, "7.3", "8.3"), "oxum " + info},
		{"other count", edit(info, "7.3", "7.4"), "oxum " + info},
		{"size in words", edit(info, "7.3", "many"), "oxum " + info},
		{"other algorithm", func(f files) { f["manifest-crc32.txt"] = "" }, "alg manifest-crc32.txt"},
		{"short checksum", add(manifest, "0123  data/x\n"), "line " + manifest + ":4"},
		{"no path", add(manifest, sum+"\n"), "line " + manifest + ":4"},
		{"no checksum", add(manifest, "data/x\n"), "line " + manifest + ":4"},
		{"path above", add(manifest, sum+"  data/../../x\n"), "out-of-scope " + manifest + ":4"},
		{"path above as Windows", add(manifest, sum+"  data\\..\\..\\x\n"), "out-of-scope " + manifest + ":4"},
		{"absolute path", add(manifest, sum+"  /data/x\n"), "out-of-scope " + manifest + ":4"},
		{"absolute path of Windows", add(manifest, sum+"  C:\\data\\x\n"), "out-of-scope " + manifest + ":4"},
		{"home", add(manifest, sum+"  ~/data/x\n"), "out-of-scope " + manifest + ":4"},
		{"home of somebody", add(manifest, sum+"  ~root/data/x\n"), "out-of-scope " + manifest + ":4"},
		{"tag file in manifest", func(f files) {
			f[manifest] = bagtest.Line(f[bagit], bagit) + f[manifest]
		}, "not-payload " + manifest + ":1"},
		{"payload in tag manifest", nil, "payload-in-tagmanifest tagmanifest-sha256.txt:5"},
		{"tag manifest in itself", nil, "tagmanifest-in-tagmanifest tagmanifest-sha256.txt:5"},
		{"listed twice", add(manifest, one), "duplicate " + manifest + ":4"},
		{"listed twice otherwise", add(manifest, sum+"  data/one.txt\n"), "duplicate " + manifest + ":4"},
		{"listed but missing", add(manifest, sum+"  data/three\n"), "missing data/three"},
		{"not listed", edit(manifest, one, ""), "unlisted data/one.txt"},
		{"other checksum", edit(manifest, one, sum+"  data/one.txt\n"), "checksum data/one.txt"},
		{"other bytes", edit("data/one.txt", "one", "One"), "checksum data/one.txt"},
		{"other bytes in a tag file", nil, "checksum notes/about.txt"},
		{"tag file missing", nil, "missing notes/about.txt"},
		{"fetch line", add("fetch.txt", "http://example.com/x\n"), "fetch-line fetch.txt:1"},
		{"fetch above", add("fetch.txt", "http://example.com/x - data/../../x\n"), "out-of-scope fetch.txt:1"},
		{"fetch a tag file", add("fetch.txt", "http://example.com/x 1 bagit.txt\n"), "not-payload fetch.txt:1"},
		{"fetch", func(f files) {
			f["fetch.txt"] = "http://example.com/x 1 data/x\n"
			f[manifest] += sum + "  data/x\n"
		}, "fetch-needed data/x"},
	} {
		m = append(m, mutant{x.name, x.change, []string{x.found}, []string{x.found}})
	}
	return m
}

// late are the changes after the tag files have been listed.
func late() map[string]func(files) {
	const tags = "tagmanifest-sha256.txt"
	return map[string]func(files){
		"extra tag file":            add("surprise.txt", "boo"),
		"payload in tag manifest":   func(f files) { f[tags] += bagtest.Line("one\n", "data/one.txt") },
		"tag manifest in itself":    add(tags, sum+"  "+tags+"\n"),
		"other bytes in a tag file": edit("notes/about.txt", "a note", "A note"),
		"tag file missing":          remove("notes/about.txt"),
	}
}

// TestMutants changes one thing in a good bag, and lists the tag files anew as a
// forger would: just one thing is found.
func TestMutants(t *testing.T) {
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			f := good(t)
			if m.change != nil {
				m.change(f)
				f.reseal()
			} else {
				late()[m.name](f)
			}
			r := verify(t, f, &bag.Options{Strict: true})
			wantFound(t, r, m.strict...)
			r.Relax()
			wantFound(t, r, m.plain...)
			wantFound(t, verify(t, f, nil), m.plain...)
			if runtime.GOOS == "linux" { // other systems cannot have all of the names
				wantFound(t, verify(t, openFolder(t, f.write(t)), &bag.Options{Strict: true}), m.strict...)
			}
		})
	}
}

// TestTagManifests takes away and adds tag manifests, which no list names.
func TestTagManifests(t *testing.T) {
	const tags = "tagmanifest-sha512.txt"
	for _, test := range []struct {
		name   string
		change func(f files)
		want   string
	}{
		{"taken away", remove(tags), "no-tagmanifest " + tags},
		{"added", func(f files) {
			var list strings.Builder
			for _, name := range slices.Sorted(maps.Keys(f)) {
				if !isTags(name) && !strings.HasPrefix(name, "data/") {
					list.WriteString(sumOf("md5", f[name]) + "  " + name + "\n")
				}
			}
			f["tagmanifest-md5.txt"] = list.String()
		}, "extra tagmanifest-md5.txt"},
		{"added under another name", func(f files) {
			f["tagmanifest-sha-512.txt"] = f[tags]
		}, "extra tagmanifest-sha-512.txt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := good(t, bag.SHA512)
			test.change(f)
			r := verify(t, f, &bag.Options{Strict: true})
			wantFound(t, r, test.want)
			r.Relax()
			wantFound(t, r)
		})
	}
}

func isTags(name string) bool { return strings.HasPrefix(name, "tagmanifest-") }

// TestOneOfTwoManifests holds that every manifest lists every file, since 1.0.
func TestOneOfTwoManifests(t *testing.T) {
	f := good(t, bag.SHA512)
	lines := strings.SplitAfter(f["manifest-sha512.txt"], "\n")
	f["manifest-sha512.txt"] = strings.Join(lines[1:], "")
	delete(f, "tagmanifest-sha256.txt")
	delete(f, "tagmanifest-sha512.txt")
	wantFound(t, verify(t, f, nil), "unlisted data/empty")
	f["bagit.txt"] = strings.Replace(f["bagit.txt"], "1.0", "0.97", 1)
	wantFound(t, verify(t, f, nil))
}

func TestOldVersions(t *testing.T) {
	f := files{
		"bagit.txt":        "BagIt-Version: 0.93\nTag-File-Character-Encoding: UTF-16\n",
		"package-info.txt": utf16("Contact: Ö\nPayload-Oxum: 4.1\n"),
		"manifest-md5.txt": utf16("5bbf5a52328e7439ae6e719dfe712200  data/100%25.txt\r\n" +
			"5bbf5a52328e7439ae6e719dfe712200 *data/100%25.txt\n"),
		"data/100%25.txt": "one\n",
	}
	r := verify(t, f, nil)
	wantFound(t, r, "md5sum-star manifest-md5.txt:2?", "duplicate manifest-md5.txt:2?")
	if got, _ := bag.Lookup(r.Info, "contact"); got != "Ö" || !r.Valid() {
		t.Errorf("got contact %q, valid %t", got, r.Valid())
	}
}

// utf16 encodes ASCII and Latin-1, with a mark.
func utf16(s string) string {
	var out strings.Builder
	out.WriteString("\xff\xfe")
	for _, r := range s {
		out.WriteString(string([]byte{byte(r), 0}))
	}
	return out.String()
}

func TestEscapes(t *testing.T) {
	f := files{
		"bagit.txt":           "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		"data/50%\nor so.txt": "one\n",
		manifest:              bagtest.Line("one\n", "data/50%25%0Aor so.txt"),
	}
	wantFound(t, verify(t, f, nil))
}

func TestKnown(t *testing.T) {
	f := good(t)
	f["tagmanifest-sha256.txt.sig"] = "signature"
	known := func(name string) bool { return name == "tagmanifest-sha256.txt.sig" }
	wantFound(t, verify(t, f, &bag.Options{Strict: true, Known: known}))
	wantFound(t, verify(t, f, &bag.Options{Strict: true}), "extra tagmanifest-sha256.txt.sig")
}

func TestLimits(t *testing.T) {
	f := good(t)
	for i := range 20 {
		f["data/x"+string(rune('a'+i))] = "x"
	}
	t.Run("findings", func(t *testing.T) {
		r := verify(t, f, &bag.Options{Limits: bag.Limits{Findings: 3}})
		wantFound(t, r, "unlisted data/xa", "unlisted data/xb", "unlisted data/xc", "limit")
	})
	dir := f.write(t)
	for _, test := range []struct {
		name   string
		limits bag.Limits
		want   string
	}{
		{"entries", bag.Limits{Entries: 5}, "limit"},
		{"depth", bag.Limits{Depth: 1}, "limit data/more"},
		{"bytes", bag.Limits{Bytes: 100}, "limit"},
		{"tag bytes", bag.Limits{TagBytes: 20}, "limit bagit.txt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := found(verify(t, openFolder(t, dir), &bag.Options{Limits: test.limits}))
			if len(got) == 0 || got[0] != test.want {
				t.Errorf("got %q, want %q first", got, test.want)
			}
		})
	}
}

func TestNotRegular(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making a symbolic link takes a privilege on Windows")
	}
	f := good(t)
	dir := f.write(t)
	outside := filepath.Join(t.TempDir(), "one.txt")
	target := filepath.Join(dir, "data", "one.txt")
	err := errors.Join(os.WriteFile(outside, []byte("one\n"), 0o644), os.Remove(target), os.Symlink(outside, target))
	if err != nil {
		t.Fatal(err)
	}
	wantFound(t, verify(t, openFolder(t, dir), nil),
		"not-regular data/one.txt", "missing data/one.txt")
}

func TestEmptyFolder(t *testing.T) {
	dir := good(t).write(t)
	if err := os.MkdirAll(filepath.Join(dir, "data", "deep", "er"), 0o755); err != nil {
		t.Fatal(err)
	}
	r := verify(t, openFolder(t, dir), &bag.Options{Strict: true})
	wantFound(t, r, "extra data/deep", "extra data/deep/er")
}

// hooked is a folder that something happens in between listing and reading.
type hooked struct {
	bag.Tree
	before string
	do     func()
}

func (h hooked) Open(e bag.Entry) (io.ReadCloser, error) {
	if e.Name == h.before {
		h.do()
	}
	return h.Tree.Open(e)
}

// TestChanged changes files after they have been listed.
func TestChanged(t *testing.T) {
	const name = "data/one.txt"
	for _, test := range []struct {
		name   string
		change func(path string) error
	}{
		{"replaced", func(path string) error {
			return errors.Join(os.WriteFile(path+"~", []byte("one\n"), 0o644), os.Rename(path+"~", path))
		}},
		{"written again", func(path string) error {
			err := os.WriteFile(path, []byte("One\n"), 0o644)
			return errors.Join(err, os.Chtimes(path, time.Time{}, time.Unix(1, 0)))
		}},
		{"grown", func(path string) error { return os.WriteFile(path, []byte("one\nmore"), 0o644) }},
		{"gone", os.Remove},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := good(t).write(t)
			path := filepath.Join(dir, filepath.FromSlash(name))
			tree := hooked{openFolder(t, dir), name, func() {
				if err := test.change(path); err != nil {
					t.Fatal(err)
				}
			}}
			wantFound(t, verify(t, tree, nil), "changed "+name)
		})
	}
}

func TestReadVerified(t *testing.T) {
	f := good(t)
	r := verify(t, f, nil)
	if data, err := r.Read("data/one.txt", 10); err != nil || string(data) != "one\n" {
		t.Errorf("got %q, %v", data, err)
	}
	if _, err := r.Read("data/one.txt", 3); err == nil {
		t.Error("a file over the limit was read")
	}
	if _, err := r.Read("data/none", 10); !errors.Is(err, bag.ErrNoFile) {
		t.Errorf("got %v, want %v", err, bag.ErrNoFile)
	}
	f["data/one.txt"] = "two\n"
	if _, err := r.Read("data/one.txt", 10); !errors.Is(err, bag.ErrChanged) {
		t.Errorf("got %v, want %v", err, bag.ErrChanged)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := bag.Verify(ctx, good(t), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestEachOrder holds that findings do not depend on the order of the work.
func TestEachOrder(t *testing.T) {
	f := good(t)
	f["data/one.txt"], f["data/empty"] = "two\n", "x"
	backwards := func(n int, do func(int)) {
		for i := n - 1; i >= 0; i-- {
			do(i)
		}
	}
	want := found(verify(t, f, nil))
	wantFound(t, verify(t, f, &bag.Options{Each: backwards}), want...)
}

func TestHostileNamesPrint(t *testing.T) {
	got := bag.Finding{Code: bag.Extra, Path: "a\x1b[31m\u202eb", Message: "m"}.String()
	if want := `"a\x1b[31m\u202eb": m [extra]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzVerify holds that verifying any tag files ends without a path that leads
// out of the bag being opened, and that a bag is valid only if its payload is
// what the manifest lists.
func FuzzVerify(f *testing.F) {
	g := good(f)
	f.Add(g["bagit.txt"], g["bag-info.txt"], g[manifest], "x - data/y\n")
	f.Add("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n", "", utf16("a"), "")
	f.Fuzz(func(t *testing.T, bagit, info, list, fetch string) {
		b := files{
			"bagit.txt": bagit, "bag-info.txt": info, manifest: list, "fetch.txt": fetch, "data/one.txt": "one\n",
		}
		r := verify(t, b, nil)
		sum := bagtest.Line("one\n", "data/one.txt")[:64]
		if r.Valid() && r.File("data/one.txt").Digests[bag.SHA256] != sum {
			t.Errorf("valid, with digests %q", r.File("data/one.txt").Digests)
		}
	})
}
