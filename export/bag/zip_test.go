package bag_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/bagtest"
	"github.com/lvtool/lvtool/internal/need"
)

// zipped returns f as an archive.
func (f files) zipped(tb testing.TB, folder string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z, err := bag.NewZip(&b, folder)
	if err != nil {
		tb.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if err := z.Put(name, strings.NewReader(f[name])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func verifyZip(tb testing.TB, data []byte, opts *bag.Options) *bag.Result {
	tb.Helper()
	limits := bag.Limits{}
	if opts != nil {
		limits = opts.Limits
	}
	tree, err := bag.OpenZip(bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		tb.Fatal(err)
	}
	return verify(tb, tree, opts)
}

func TestZip(t *testing.T) {
	data := good(t).zipped(t, "0b6f2c1e")
	r := verifyZip(t, data, &bag.Options{Strict: true})
	wantFound(t, r)
	if r.Payload != 3 || r.PayloadBytes != 7 {
		t.Errorf("got %d files of %d bytes, want 3 of 7", r.Payload, r.PayloadBytes)
	}
	if again := good(t).zipped(t, "0b6f2c1e"); !bytes.Equal(data, again) {
		t.Error("the same bag gives another archive the second time")
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, f := range archive.File {
		if f.Method != zip.Store || !f.Modified.Equal(first) || f.Flags != 0 || len(f.Extra) > 0 {
			t.Errorf("%s: method %d, %v, flags %x, extra %x", f.Name, f.Method, f.Modified, f.Flags, f.Extra)
		}
	}
}

// TestZipUnzip holds that others unpack what is packed.
func TestZipUnzip(t *testing.T) {
	unzip := need.Program(t, "python3")
	dir := t.TempDir()
	file := filepath.Join(dir, "bag.zip")
	if err := os.WriteFile(file, good(t).zipped(t, "it"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(unzip, "-m", "zipfile", "-e", file, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wantFound(t, verify(t, openFolder(t, filepath.Join(dir, "it")), &bag.Options{Strict: true}))
}

// An entry of a hand-made archive.
type entry struct {
	name, data string
	method     uint16
	flags      uint16
	mode       fs.FileMode
	localName  string // differs from name
	size       uint64 // claimed
}

func handmade(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{
			Name: e.name, Method: e.method, Flags: e.flags, CRC32: crc32.ChecksumIEEE([]byte(e.data)),
			CompressedSize64: uint64(len(e.data)), UncompressedSize64: uint64(len(e.data)),
		}
		if e.size > 0 {
			h.UncompressedSize64 = e.size
		}
		if e.size >= 1<<32 {
			h.Extra = []byte(le16(1) + le16(16) + le64(int(e.size)) + le64(len(e.data)))
		}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateRaw(h)
		if err != nil {
			tb.Fatal(err)
		}
		h.Extra = nil // that of the directory is added
		if _, err := w.Write([]byte(e.data)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	data := b.Bytes()
	for _, e := range entries {
		if e.localName != "" {
			i := bytes.Index(data, []byte(e.name))
			copy(data[i:], e.localName)
		}
	}
	return data
}

// TestZipEntries adds one hostile entry to a good bag.
func TestZipEntries(t *testing.T) {
	for _, test := range []struct {
		name  string
		entry entry
		want  string
	}{
		{"slip", entry{name: "it/../x"}, "out-of-scope it/../x"},
		{"deeper slip", entry{name: "it/data/../../../x"}, "out-of-scope it/data/../../../x"},
		{"backslash", entry{name: `it/data\x`}, `out-of-scope it/data\x`},
		{"needless dot", entry{name: "it/./data/x"}, "out-of-scope it/./data/x"},
		{"zero byte", entry{name: "it/data/x\x00y"}, "out-of-scope it/data/x\x00y"},
		{"empty part", entry{name: "it//x"}, "out-of-scope it//x"},
		{"twice", entry{name: "it/data/one.txt", data: "one\n"}, "zip it/data/one.txt"},
		{"encrypted", entry{name: "it/data/x", flags: 1}, "zip it/data/x"},
		{"method", entry{name: "it/data/x", method: 12}, "zip it/data/x"},
		{"link", entry{name: "it/data/x", data: "/etc/passwd", mode: fs.ModeSymlink | 0o777}, "not-regular data/x"},
		{"device", entry{name: "it/data/x", mode: fs.ModeDevice | 0o666}, "not-regular data/x"},
		{"pipe", entry{name: "it/data/x", mode: fs.ModeNamedPipe | 0o666}, "not-regular data/x"},
		{"two names", entry{name: "it/data/xxxx", localName: "it/data/yyyy"}, "zip it/data/xxxx"},
		{"huge", entry{name: "it/data/x", size: 1 << 50}, "limit it/data/x"},
		{"larger than written", entry{name: "it/x", data: "x", size: 2}, "read x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := good(t)
			if test.name == "larger than written" {
				f["tagmanifest-sha256.txt"] += bagtest.Line("x", "x")
			}
			var all []entry
			for _, name := range slices.Sorted(maps.Keys(f)) {
				all = append(all, entry{name: "it/" + name, data: f[name]})
			}
			wantFound(t, verifyZip(t, handmade(t, append(all, test.entry)...), nil), test.want)
		})
	}
}

func TestZipBombs(t *testing.T) {
	data := good(t).zipped(t, "it")
	le := binary.LittleEndian
	end := data[len(data)-22:]
	directory := int(le.Uint32(end[16:]))
	t.Run("overlap", func(t *testing.T) {
		// The second entry becomes the first again.
		b := bytes.Clone(data)
		second := directory + 46 + int(le.Uint16(b[directory+28:]))
		le.PutUint32(b[second+42:], le.Uint32(b[directory+42:]))
		got := found(verifyZip(t, b, nil))
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "zip ") }) {
			t.Errorf("got %q, want the overlap", got)
		}
	})
	for _, test := range []struct {
		name   string
		change func(b []byte) []byte
	}{
		{"too many", func(b []byte) []byte { le.PutUint16(b[len(b)-22+10:], 60000); return b }},
		{"fewer than there are", func(b []byte) []byte { le.PutUint16(b[len(b)-22+10:], 1); return b }},
		{"bytes before", func(b []byte) []byte { return append([]byte("MZ"), b...) }},
		{"bytes behind", func(b []byte) []byte { return append(b, 0) }},
		{"cut", func(b []byte) []byte { return b[:len(b)-1] }},
		{"empty", func([]byte) []byte { return nil }},
		{"directory elsewhere", func(b []byte) []byte { le.PutUint32(b[len(b)-22+16:], 1<<31); return b }},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := test.change(bytes.Clone(data))
			_, err := bag.OpenZip(bytes.NewReader(b), int64(len(b)), bag.Limits{Entries: 50000})
			if !errors.Is(err, bag.ErrZip) {
				t.Errorf("got %v, want %v", err, bag.ErrZip)
			}
		})
	}
}

// sparse is an archive that claims ten million entries.
type sparse struct{ size int64 }

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	const count = 10_000_000
	tail := []byte(end64(count, count*46, 0) + locator(count*46) + end(0xffff, -1, -1))
	if at := off - count*46; at >= 0 {
		return copy(p, tail[at:]), nil
	}
	clear(p)
	return len(p), nil
}

// TestZipTenMillion holds that the limit is looked at before memory is filled.
func TestZipTenMillion(t *testing.T) {
	const size = 10_000_000*46 + 56 + 20 + 22
	allocs := testing.AllocsPerRun(1, func() {
		if _, err := bag.OpenZip(sparse{size}, size, bag.Limits{}); !errors.Is(err, bag.ErrZip) {
			t.Errorf("got %v, want %v", err, bag.ErrZip)
		}
	})
	if allocs > 100 {
		t.Errorf("%v allocations to refuse an archive", allocs)
	}
}

// FuzzZip holds that verifying any archive ends, and that what has no finding
// stays so when it is packed anew.
func FuzzZip(f *testing.F) {
	f.Add(good(f).zipped(f, "it"))
	f.Add(handmade(f, entry{name: "bagit.txt", data: "BagIt-Version: 0.97\n"}, entry{name: "data/"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := bag.Limits{Entries: 100, Bytes: 1 << 20, TagBytes: 1 << 16}
		tree, err := bag.OpenZip(bytes.NewReader(data), int64(len(data)), limits)
		if err != nil {
			if !errors.Is(err, bag.ErrZip) {
				t.Errorf("got %v, want %v", err, bag.ErrZip)
			}
			return
		}
		opts := &bag.Options{Strict: true, Limits: limits}
		r := verify(t, tree, opts)
		if !r.Valid() {
			return
		}
		again := files{}
		for _, file := range r.Files {
			b, err := r.Read(file.Name, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			again[file.Name] = string(b)
		}
		wantFound(t, verifyZip(t, again.zipped(t, "it"), opts))
	})
}
