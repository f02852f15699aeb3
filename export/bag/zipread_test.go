package bag_test

import (
	"encoding/binary"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"testing"
)

// put returns a change that writes s at a place of a header.
func put(at int, s string) func([]byte) { return func(b []byte) { copy(b[at:], s) } }

// wantZip packs a good bag with the part p in the place of data/one.txt, and
// compares what is found.
func wantZip(t *testing.T, p part, want ...string) {
	t.Helper()
	rest := maps.Clone(good(t))
	p.name, p.data = "it/data/one.txt", rest["data/one.txt"]
	delete(rest, "data/one.txt")
	if got := found(verifyZip(t, laidOut(rest, p), nil)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

const oneData = "one\n"

var (
	oneSum  = le32(int(crc32.ChecksumIEEE([]byte(oneData))))
	refused = []string{"zip it/data/one.txt", "missing data/one.txt"}
)

// sizes are what stands behind n compressed bytes of oneData.
func sizes(n int) string { return "PK\x07\x08" + oneSum + le32(n) + le32(len(oneData)) }

// TestZipStreams changes one thing of an entry that says only behind its bytes
// how many those are.
func TestZipStreams(t *testing.T) {
	flow := deflated(t, oneData)
	n := len(flow)
	good := part{flags: 8, method: 8, packed: flow, tail: sizes(n)}
	// Those that read from the front see the end of the stream, then another file.
	inner := "PK\x03\x04" + part{data: "two"}.header("", "it/data/two", false) + "it/data/two" + "two"
	hidden := flow + sizes(n) + inner
	other := binary.LittleEndian.Uint32([]byte(oneSum)) + 1
	for _, test := range []struct {
		name   string
		change func(p *part)
		want   []string
	}{
		{"good", func(*part) {}, nil},
		{"64 bits, unmarked", func(p *part) { p.tail = oneSum + le64(n) + le64(4) }, nil},
		{"sizes before, too", func(p *part) { p.ahead = put(14, oneSum+le32(n)+le32(4)) }, nil},
		{"another size before", func(p *part) { p.ahead = put(18, le32(n+1)) }, refused},
		{"another unpacked size before", func(p *part) { p.ahead = put(22, le32(5)) }, refused},
		{"another checksum before", func(p *part) { p.ahead = put(14, le32(1)) }, refused},
		{"size of 64 bits that is nowhere", func(p *part) { p.ahead = put(18, "\xff\xff\xff\xff") }, refused},
		{"other sizes behind", func(p *part) { p.tail = sizes(n + 1) }, refused},
		{"no sizes behind", func(p *part) { p.tail = "" }, refused},
		{"stored", func(p *part) { p.method, p.tail = 0, sizes(4) }, refused},
		{"hidden entry", func(p *part) { p.packed, p.tail = hidden, sizes(len(hidden)) }, []string{"zip data/one.txt"}},
		{"hidden byte", func(p *part) { p.packed, p.tail = flow+"\x00", sizes(n+1) }, []string{"zip data/one.txt"}},
		{"hidden byte, sizes before", func(p *part) {
			p.flags, p.tail, p.packed = 0, "", flow+"\x00"
		}, []string{"zip data/one.txt"}},
		{"stream cut", func(p *part) { p.packed, p.tail = flow[:n-1], sizes(n-1) }, []string{"read data/one.txt"}},
		{"another checksum", func(p *part) {
			p.flags, p.tail = 0, ""
			p.ahead, p.listed = put(14, le32(int(other))), put(16, le32(int(other)))
		}, []string{"read data/one.txt"}},
		{"no checksum", func(p *part) {
			p.flags, p.tail = 0, ""
			p.ahead, p.listed = put(14, le32(0)), put(16, le32(0))
		}, []string{"read data/one.txt"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := good
			test.change(&p)
			wantZip(t, p, test.want...)
		})
	}
}

// TestZipHeaders changes one thing in the headers of a stored entry.
func TestZipHeaders(t *testing.T) {
	const ones = "\xff\xff\xff\xff"
	wide := le16(1) + le16(16) + le64(4) + le64(4)
	for _, test := range []struct {
		name string
		part part
		want []string
	}{
		{"good", part{}, nil},
		{"sizes of 64 bits", part{local: wide, ahead: put(18, ones+ones)}, nil},
		{"unpacked size of 64 bits", part{local: wide, ahead: put(22, ones)}, nil},
		{"packed size of 64 bits", part{local: wide, ahead: put(18, ones)}, refused},
		{"sizes of 64 bits, not there", part{ahead: put(18, ones+ones)}, refused},
		{"other method before", part{ahead: put(8, le16(8))}, refused},
		{"other flags before", part{ahead: put(6, le16(1<<11))}, refused},
		{"other checksum before", part{ahead: put(14, le32(0))}, refused},
		{"other size before", part{ahead: put(18, le32(3))}, refused},
		{"other unpacked size before", part{ahead: put(22, le32(3))}, refused},
		{"another disk", part{listed: put(34, le16(1))}, refused},
		{"UTF-8", part{flags: 1 << 11}, nil},
		{"encrypted", part{flags: 1}, refused},
		{"a patch", part{flags: 1 << 5}, refused},
		{"headers masked", part{flags: 1 << 13}, refused},
	} {
		t.Run(test.name, func(t *testing.T) { wantZip(t, test.part, test.want...) })
	}
}

// TestZipKinds changes the attributes of an entry, and the system that they are
// said to be from.
func TestZipKinds(t *testing.T) {
	odd := []string{"not-regular data/one.txt", "missing data/one.txt"}
	for _, test := range []struct {
		name string
		mode uint32 // that of Unix, and the attributes of MS-DOS
		want []string
	}{
		{"none", 0, nil},
		{"file", 0o100600 << 16, nil},
		{"permissions alone", 0o600 << 16, nil},
		{"read-only", 1, nil},
		{"link", 0o120777 << 16, odd},
		{"device", 0o060600 << 16, odd},
		{"pipe", 0o010600 << 16, odd},
		{"socket", 0o140600 << 16, odd},
		{"no kind there is", 0o030600 << 16, odd},
		{"folder", 0o040700 << 16, odd},
		{"folder of MS-DOS", 0x10, odd},
		{"label of MS-DOS", 0x08, odd},
	} {
		// MS-DOS, Unix, Atari, BeOS, macOS, AtheOS.
		for _, host := range []int{0, 3, 5, 16, 19, 30} {
			t.Run(test.name, func(t *testing.T) {
				wantZip(t, part{listed: func(b []byte) {
					b[5] = byte(host)
					put(38, le32(int(test.mode)))(b)
				}}, test.want...)
			})
		}
	}
}

// TestZipFolders adds a folder to a good bag, and changes one thing about it.
func TestZipFolders(t *testing.T) {
	mark := "PK\x07\x08"
	mode := func(m int) func([]byte) { return put(38, le32(m<<16|0x10)) }
	for _, test := range []struct {
		name string
		part part
		want string
	}{
		{"good", part{}, ""},
		{"of Unix", part{listed: mode(0o040700)}, ""},
		{"sizes behind", part{flags: 8, tail: mark + le32(0) + le64(0)}, ""},
		{"sizes behind, unmarked", part{flags: 8, tail: le32(0) + le64(0)}, "zip"},
		{"link", part{listed: mode(0o120777)}, "not-regular"},
		{"file", part{listed: mode(0o100600)}, "not-regular"},
		{"bytes", part{data: "two"}, "zip"},
		{"compressed", part{method: 8}, "zip"},
	} {
		for _, name := range []string{"it/", "it/data/"} {
			t.Run(test.name+" "+name, func(t *testing.T) {
				p := test.part
				p.name = name
				got := found(verifyZip(t, laidOut(good(t), p), nil))
				if test.want == "" && len(got) > 0 || test.want != "" &&
					(len(got) != 1 || !strings.HasPrefix(got[0], test.want+" ")) {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		}
	}
}

// TestZipRoot holds that the folder of the bag leads nowhere else, for it is in no
// manifest.
func TestZipRoot(t *testing.T) {
	for _, root := range []string{"..", `..\it`, `a\b`, ".", "C:", "~", "", "it\x00"} {
		var all []entry
		f := good(t)
		for _, name := range slices.Sorted(maps.Keys(f)) {
			all = append(all, entry{name: root + "/" + name, data: f[name]})
		}
		got := found(verifyZip(t, handmade(t, all...), nil))
		if !slices.Contains(got, "out-of-scope "+root+"/data/one.txt") {
			t.Errorf("%q: got %q", root, got)
		}
	}
}
