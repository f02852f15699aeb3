package bag_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	encoding "unicode/utf16"

	"github.com/lvtool/lvtool/internal/bagtest"
)

// A shape is a bag as other programs have written them over the years: every bag
// of the conformance suite, made anew from what it is known to test, since the
// suite is no part of the repository.
type shape struct {
	// place is where the suite has the bag: version, kind and name.
	place string
	// algorithm is md5 where empty; data is a plain payload where nil.
	algorithm string
	data      files
	// tags are more tag files; the value of one that is there by default
	// replaces it.
	tags files
	// list changes the manifest, and late what has been listed.
	list func(string) string
	late func(files)
}

func (s shape) parts() (version, kind, name string) {
	p := strings.Split(s.place, "/")
	return strings.TrimPrefix(p[0], "v"), p[1], p[2]
}

var sums = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384,
	"sha512": sha512.New,
}

func sumOf(algorithm, data string) string {
	h := sums[algorithm]()
	h.Write([]byte(data))
	return hex.EncodeToString(h.Sum(nil))
}

// make returns the bag, its lists written as bagit-python does: two spaces in
// manifests, one in tag manifests.
func (s shape) make() files {
	version, _, _ := s.parts()
	algorithm := s.algorithm
	if algorithm == "" {
		algorithm = "md5"
	}
	data := s.data
	if data == nil {
		data = files{"data/bare-filename": "bare\n", "data/dir/text file.txt": "some text\n"}
	}
	f := files{"bagit.txt": "BagIt-Version: " + version + "\nTag-File-Character-Encoding: UTF-8\n"}
	info := "bag-info.txt"
	if version < "0.96" {
		info = "package-info.txt"
	}
	f[info] = "Contact-Name: Someone\nBag-Software-Agent: bagit.py v1.9.0 <a page>\n"
	var list strings.Builder
	for _, name := range slices.Sorted(maps.Keys(data)) {
		list.WriteString(sumOf(algorithm, data[name]) + "  " + name + "\n")
	}
	f["manifest-"+algorithm+".txt"] = list.String()
	if s.list != nil {
		f["manifest-"+algorithm+".txt"] = s.list(list.String())
	}
	maps.Copy(f, s.tags)
	maps.DeleteFunc(f, func(_, data string) bool { return data == "none" })
	list.Reset()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		list.WriteString(sumOf(algorithm, f[name]) + " " + name + "\n")
	}
	f["tagmanifest-"+algorithm+".txt"] = list.String()
	maps.Copy(f, data)
	if s.late != nil {
		s.late(f)
	}
	return f
}

// big returns text in UTF-16, the more significant byte first.
func big(s string) string {
	var b []byte
	for _, u := range encoding.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

func with(more string) func(string) string { return func(list string) string { return list + more } }

// inEncoding are the tag files of a bag in an encoding.
func inEncoding(name string, encode func(string) string) shape {
	data := files{"data/text-file.txt": "text\n", "data/größe": "1\n"}
	list := sumOf("md5", "1\n") + "  data/größe\n" + sumOf("md5", "text\n") + "  data/text-file.txt\n"
	return shape{data: data, tags: files{
		"bagit.txt":        "BagIt-Version: 0.97\nTag-File-Character-Encoding: " + name + "\n",
		"bag-info.txt":     encode("Contact-Name: Zoë\nPayload-Oxum: 7.2\n"),
		"manifest-md5.txt": encode(list),
	}, late: func(f files) { f["tagmanifest-md5.txt"] = encode(f["tagmanifest-md5.txt"]) }}
}

func (s shape) at(place string) shape {
	s.place = place
	return s
}

func latin(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

func validShapes() []shape {
	twice := "Contact-Name: One\nContact-Name: Two\nPacking-Date: 2009-10-14\nPacking-Date: 2016-10-14\n"
	inner := shape{place: "v0.97/valid/inner"}.make()
	nested := files{}
	for name, data := range inner {
		nested["data/bag/"+name] = data
	}
	encoded := files{"data/%7Etest1.txt": "1", "data/%test2.txt": "2", "data/dir1/~test3.txt": "3"}
	holey := "http://localhost/bare-filename - data/bare-filename\nhttp://localhost/t 10 data/dir/text file.txt\n"
	escapable := files{"data/test file with spaces.txt": "1", "data/a&b;c$d'e(f).txt": "2", "data/[x]{y}#z!.txt": "3"}
	dotted := func(list string) string { return strings.ReplaceAll(list, "  data/", "  ./data/") }
	list := []shape{
		{place: "v1.0/valid/basicBag", algorithm: "sha512", tags: files{"more/tag.txt": "more\n"}},
		{place: "v0.97/valid/minimal-bag", tags: files{"bag-info.txt": "none"}},
		{place: "v0.97/valid/uncommon-metadata-separators", tags: files{
			"bag-info.txt": "Contact-Name : One\nOther\t:\tTwo\nThird:Three\nLong: one\n\ttwo\n  three\n",
		}},
		inEncoding("ISO-8859-1", latin).at("v0.97/valid/ISO-8859-1-encoded-tag-files"),
		inEncoding("UTF-16BE", big).at("v0.97/valid/UTF-16-encoded-tag-files"),
	}
	for _, v := range []string{"v0.93", "v0.94", "v0.95", "v0.96", "v0.97"} {
		info := "package-info.txt"
		if v >= "v0.96" {
			info = "bag-info.txt"
		}
		list = append(list, shape{place: v + "/valid/basic-bag"},
			shape{place: v + "/valid/duplicate-metadata-entries", tags: files{info: twice}})
		if v < "v0.96" {
			continue
		}
		list = append(list,
			shape{place: v + "/valid/bag-in-a-bag", data: nested},
			shape{place: v + "/valid/bag-with-encoded-names", data: encoded},
			shape{place: v + "/valid/bag-with-escapable-characters", data: escapable},
			shape{place: v + "/valid/bag-with-leading-dot-slash-in-manifest", list: dotted},
			shape{place: v + "/valid/bag-with-space", data: files{"data/ leading": "1", "data/in the middle": "2"}},
			shape{place: v + "/valid/holey-bag", tags: files{"fetch.txt": holey}})
	}
	return list
}

func invalidShapes() []shape {
	const bagit = "bagit.txt"
	sum5, sum512 := strings.Repeat("0", 32), strings.Repeat("0", 128)
	fetch := func(path string) files { return files{"fetch.txt": "http://localhost/foo - " + path + "\n"} }
	list := []shape{
		{place: "v1.0/invalid/bagit-with-invalid-whitespace", tags: files{
			bagit: "BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n",
		}},
		{place: "v1.0/invalid/missing-from-manifest", algorithm: "sha512", late: func(f files) {
			f["manifest-sha256.txt"] = bagtest.Line("bare\n", "data/bare-filename") // the other is in the other list
		}},
		{
			place: "v1.0/invalid/same-filename-listed-twice-with-different-hashes", algorithm: "sha512",
			list: with(sum512 + "  data/bare-filename\n"),
		},
		{
			place: "v1.0/invalid/same-filename-listed-twice-with-the-same-hash", algorithm: "sha512",
			list: func(list string) string { return list[:strings.Index(list, "\n")+1] + list },
		},
		{place: "v0.97/invalid/baginfo-missing-encoding", tags: files{bagit: "BagIt-Version: 0.97\n"}},
		{place: "v0.97/invalid/bom-in-bagit.txt", late: func(f files) { f[bagit] = "\ufeff" + f[bagit] }},
		{place: "v0.97/invalid/corrupt-data-file", late: add("data/bare-filename", "x")},
		{place: "v0.97/invalid/corrupt-tag-file", late: add("bag-info.txt", "More: fields\n")},
		{place: "v0.97/invalid/extra-file-in-bag", late: add("data/bar", "bar\n")},
		{place: "v0.97/invalid/invalid-version-number", tags: files{
			bagit: "BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n",
		}},
		{place: "v0.97/invalid/missing-baginfo", late: remove("bag-info.txt")},
		{place: "v0.97/invalid/missing-bagit.txt", late: remove(bagit)},
		{
			place: "v0.97/invalid/same-filename-listed-twice-with-different-hashes", algorithm: "sha512",
			list: with(sum512 + "  data/bare-filename\n"),
		},
	}
	for place, path := range map[string]string{
		"invalid/out-of-scope-file-paths-using-dot-notation":         "../../../README.md",
		"linux-only/out-of-scope-file-paths-using-absolute-path":     "/foo",
		"linux-only/out-of-scope-file-paths-using-shortcut":          "~/foo",
		"linux-only/out-of-scope-file-paths-using-shortcut-username": "~root/foo",
		"windows-only/out-of-scope-file-paths-using-absolute-path":   `C:\Windows\System32\setx.exe`,
		"windows-only/out-of-scope-file-paths-using-shortcut":        `%HomeDrive%\Windows\System32\setx.exe`,
		"windows-only/out-of-scope-file-paths-using-unc":             `\\?\UNC\server\Windows\System32\setx.exe`,
	} {
		place = "v0.97/" + place
		list = append(list, shape{place: place, list: with(sum5 + "  " + path + "\n")},
			shape{place: place + "-for-fetch", tags: fetch(path)})
	}
	return list
}

func warningShapes() []shape {
	const nfc, nfd = "data/N\u00fa\u00f1ez", "data/Nu\u0301n\u0303ez"
	return []shape{
		{
			place: "v0.97/warning/duplicate-file-with-different-case",
			data:  files{"data/hello.txt": "1", "data/HELLO.txt": "1"},
		},
		{
			place: "v0.97/warning/made-with-md5sum-tools",
			list:  func(list string) string { return strings.ReplaceAll(list, "  ", " *") },
		},
		{
			place: "v0.97/warning/relative-path",
			list:  func(list string) string { return strings.ReplaceAll(list, "  data/", "  data/./") },
		},
		{
			place: "v0.97/warning/same-filename-listed-twice-with-different-normalization", algorithm: "sha512",
			data: files{nfc: "", nfd: ""}, late: remove(nfd),
		},
		{
			place: "v0.97/warning/same-filename-listed-twice-with-the-same-hash",
			list:  func(list string) string { return list[:strings.Index(list, "\n")+1] + list },
		},
		{
			place: "v0.97/warning/special-system-files",
			data:  files{"data/.DS_Store": "system", "data/hello.txt": "1"}, late: remove("data/.DS_Store"),
		},
	}
}

// TestShapes holds of the bags made anew what [TestConformance] does of the suite
// itself. LVTOOL_BAGIT_SHAPES=DIR keeps them, for other programs to verify.
func TestShapes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems cannot have all of the names")
	}
	suite := os.Getenv("LVTOOL_BAGIT_SHAPES")
	if suite == "" {
		suite = t.TempDir()
	}
	for _, s := range slices.Concat(validShapes(), invalidShapes(), warningShapes()) {
		dir := filepath.Join(suite, filepath.FromSlash(s.place))
		bagtest.Files(s.make()).Write(t, dir)
	}
	want := map[string]int{"valid": 27, "invalid": 15, "warning": 6, "linux-only": 6, "windows-only": 6}
	if got := conformance(t, suite); !maps.Equal(got, want) {
		t.Errorf("got %v bags, want %v", got, want)
	}
}

// TestOtherWriters holds that every algorithm of old is read, and that a mark is
// no part of the text where an encoding needs none.
func TestOtherWriters(t *testing.T) {
	for algorithm := range sums {
		s := shape{place: "v0.97/valid/basic-bag-" + algorithm, algorithm: algorithm}
		wantFound(t, verify(t, s.make(), nil))
		s.late = add("data/bare-filename", "x")
		wantFound(t, verify(t, s.make(), nil), "checksum data/bare-filename")
		s.list, s.late = with("0123  data/x\n"), nil
		wantFound(t, verify(t, s.make(), nil), "line manifest-"+algorithm+".txt:3")
	}
	marked := func(s string) string { return big("\ufeff" + s) }
	wantFound(t, verify(t, inEncoding("UTF-16", marked).at("v0.97/valid/x").make(), nil))
	wantFound(t, verify(t, inEncoding("utf-16be", marked).at("v0.97/valid/x").make(), nil),
		"bom bag-info.txt?", "bom manifest-md5.txt?", "bom tagmanifest-md5.txt?")
	cut := inEncoding("UTF-16BE", func(s string) string { return big(s)[1:] }).at("v0.97/valid/x").make()
	wantFound(t, verify(t, cut, nil), "decode bag-info.txt", "decode manifest-md5.txt", "decode tagmanifest-md5.txt",
		"unlisted data/größe", "unlisted data/text-file.txt")
	empty := shape{place: "v0.97/valid/x", tags: files{"fetch.txt": "http://localhost/x 5 data/bare-filename\n \n\n"}}
	wantFound(t, verify(t, empty.make(), nil))
}
