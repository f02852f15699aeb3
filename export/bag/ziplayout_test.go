package bag_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/bagtest"
)

// A part is one entry of an archive that is laid out by hand, byte by byte.
type part struct {
	name, data string
	// local and central are the extra fields of the two headers.
	local, central string
	localName      string
	hidden         bool   // the directory does not name it
	wide           bool   // its place stands in a zip64 field
	flags          uint16 // sizesFollow has tail behind the bytes
	tail           string
	method         int
	packed         string // the bytes, of another method than 0
	// ahead and listed change the fixed parts of the two headers.
	ahead, listed func(header []byte)
}

func le16(v int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(v))) }
func le32(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }
func le64(v int) string { return string(binary.LittleEndian.AppendUint64(nil, uint64(v))) }

// header is what both headers of a part have in common.
func (p part) header(extra, name string, inDirectory bool) string {
	sum, packed, size := le32(int(crc32.ChecksumIEEE([]byte(p.data)))), le32(len(p.bytes())), le32(len(p.data))
	if p.flags&8 != 0 && !inDirectory {
		sum, packed, size = le32(0), le32(0), le32(0)
	}
	return le16(20) + le16(int(p.flags)) + le16(p.method) + le32(33<<16) + sum + packed + size +
		le16(len(name)) + le16(len(extra))
}

func (p part) bytes() string {
	if p.method != 0 {
		return p.packed
	}
	return p.data
}

func changed(header string, change func([]byte)) string {
	b := []byte(header)
	if change != nil {
		change(b)
	}
	return string(b)
}

// deflated returns s as a stream of deflate.
func deflated(tb testing.TB, s string) string {
	tb.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(s))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// laidOut returns the archive of a bag with further parts behind it.
func laidOut(f files, more ...part) []byte {
	var parts []part
	for _, name := range slices.Sorted(maps.Keys(f)) {
		parts = append(parts, part{name: "it/" + name, data: f[name]})
	}
	body, directory, count := "", "", 0
	for _, p := range append(parts, more...) {
		at, extra := len(body), p.central
		place := le32(at)
		if p.wide {
			place, extra = "\xff\xff\xff\xff", le16(1)+le16(8)+le64(at)+extra
		}
		name := p.name
		if p.localName != "" {
			name = p.localName
		}
		body += changed("PK\x03\x04"+p.header(p.local, name, false), p.ahead) + name + p.local + p.bytes() + p.tail
		if p.hidden {
			continue
		}
		directory += changed("PK\x01\x02"+le16(20)+p.header(extra, p.name, true)+
			le16(0)+le16(0)+le16(0)+le32(0)+place, p.listed) + p.name + extra
		count++
	}
	return []byte(body + directory + "PK\x05\x06" + le32(0) + le16(count) + le16(count) +
		le32(len(directory)) + le32(len(body)) + le16(0))
}

// TestZipLayout makes archives that programs read differently: from the front or
// by the directory, by one name or another. Each is found.
func TestZipLayout(t *testing.T) {
	const name, data = "it/data/one.txt", "one\n"
	f := good(t)
	last := func(p part) func() []byte {
		return func() []byte {
			rest := maps.Clone(f)
			delete(rest, "data/one.txt")
			p.name, p.data = name, data
			return laidOut(rest, p)
		}
	}
	zip64 := func(sizes ...int) string { return le16(1) + le16(16) + le64(sizes[0]) + le64(sizes[1]) }
	second := "up" + le16(5+len("it/data/two.txt")) + "\x01" + le32(0) + "it/data/two.txt"
	none, refused := []string{}, []string{"zip " + name, "missing data/one.txt"}
	for _, test := range []struct {
		name string
		make func() []byte
		want []string
	}{
		{"good", last(part{}), none},
		{"place of 64 bits", last(part{wide: true}), none},
		{"times", last(part{local: "UT" + le16(5) + "\x03abcd", central: "UT" + le16(5) + "\x03abcd"}), none},
		{"sizes of 64 bits", last(part{local: zip64(4, 4)}), none},
		{"hidden at the end", func() []byte {
			return laidOut(f, part{name: "it/data/two", data: "two", hidden: true})
		}, []string{"zip"}},
		{"hidden within", func() []byte {
			rest := maps.Clone(f)
			delete(rest, "data/one.txt")
			return laidOut(rest, part{name: "it/data/two", hidden: true}, part{name: name, data: data})
		}, refused[:1]},
		{"hidden behind bytes", last(part{tail: "PK\x03\x04 and so on"}), []string{"zip"}},
		{"other name", last(part{localName: "it/data/two.txt"}), refused},
		{"other name, place of 64 bits", last(part{localName: "it/data/two.txt", wide: true}), refused},
		{"second name", last(part{central: second}), refused},
		{"second name in front", last(part{local: second}), refused},
		{"sizes of 64 bits differ", last(part{local: zip64(5, 4)}), refused},
		{"zip64 twice", last(part{central: zip64(4, 4) + zip64(4, 4)}), refused},
		{"extra field cut", last(part{local: "UT" + le16(9)}), refused},
		{"folder with bytes", func() []byte {
			return laidOut(f, part{name: "it/data/more/", data: "two"})
		}, []string{"zip it/data/more/"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := found(verifyZip(t, test.make(), nil))
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestZipOthers takes the archives of other programs.
func TestZipOthers(t *testing.T) {
	f := good(t)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		file, err := w.Create("it/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(f[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wantFound(t, verifyZip(t, b.Bytes(), &bag.Options{Strict: true}))
	dir := t.TempDir()
	bagtest.Files(f).Write(t, filepath.Join(dir, "it"))
	const python = "import zipfile,os\n" +
		"with zipfile.ZipFile('python.zip','w',zipfile.ZIP_DEFLATED) as z:\n" +
		" for d,_,fs in os.walk('it'):\n" +
		"  for f in fs:\n" +
		"   with z.open(os.path.join(d,f),'w',force_zip64=True) as o: o.write(open(os.path.join(d,f),'rb').read())\n"
	for name, command := range map[string][]string{
		"zip.zip":    {"zip", "-q", "-r", "zip.zip", "it"},
		"stream.zip": {"sh", "-c", "zip -q -r - it | cat > stream.zip"},
		"jar.zip":    {"jar", "cMf", "jar.zip", "it"},
		"python.zip": {"python3", "-c", python},
	} {
		program := strings.Fields(command[len(command)-1])[0]
		if command[0] != "sh" {
			program = command[0]
		}
		if _, err := exec.LookPath(program); err != nil {
			continue
		}
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		wantFound(t, verifyZip(t, data, nil))
	}
}
