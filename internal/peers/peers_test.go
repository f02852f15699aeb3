package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const samples = "../../samples"

func newProgram(t *testing.T) (*program, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return &program{&out, &out, time.Now, exec.Command}, &out
}

// TestSessions makes sessions twice: their bytes must not change, their frames
// must have the set's size, boxes must be inside and files as large as a
// photograph's.
func TestSessions(t *testing.T) {
	s := sizes()[0]
	var first [][]byte
	for range 2 {
		names, err := makeSessions(samples, t.TempDir(), s, 3)
		if err != nil {
			t.Fatal(err)
		}
		var all [][]byte
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, data)
		}
		if first != nil && !slices.EqualFunc(first, all, bytes.Equal) {
			t.Error("the same sessions have other bytes the second time")
		}
		first = all
	}
	bytes, frames := 0, 0
	for _, data := range first {
		var d document
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		for _, f := range append(d.AuditImages, d.ReferenceImage) {
			checkFrame(t, s, f)
			bytes += len(f.Bytes)
			frames++
		}
	}
	if mean := bytes / frames; frames != 3*framesOfSession || mean < 64_000 || mean > 78_000 {
		t.Errorf("got %d frames of %d bytes, want %d of 71 kB", frames, mean, 3*framesOfSession)
	}
}

func checkFrame(t *testing.T, s size, f frame) {
	t.Helper()
	c, err := jpeg.DecodeConfig(bytes.NewReader(f.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if c.Width != s.Width || c.Height != s.Height || !f.BoundingBox.inside() {
		t.Errorf("got %d×%d, box %+v, want %d×%d and a box inside", c.Width, c.Height, f.BoundingBox, s.Width, s.Height)
	}
}

// folder writes a session's output: pictures of some sizes, each of one shade,
// by their names, and a report of so many frames.
func folder(t *testing.T, sizes map[string]dims, shade uint8, frames int) string {
	t.Helper()
	dir := t.TempDir()
	for name, d := range sizes {
		m := image.NewNRGBA(image.Rect(0, 0, d.Width, d.Height))
		for i := range m.Pix {
			m.Pix[i] = shade
		}
		for x := range d.Width {
			m.SetNRGBA(x, 0, color.NRGBA{uint8(x), 0, 0, 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "a", name), b.Bytes())
	}
	report, err := json.Marshal(map[string]any{"frames": make([]int, frames)})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a", "report.json"), report)
	return dir
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestSameWork(t *testing.T) {
	good := map[string]dims{"sheet.png": {30, 20}, "faces/x.png": {8, 9}, "annotated/x.png": {12, 13}}
	with := func(name string, d dims) map[string]dims {
		changed := map[string]dims{"sheet.png": {30, 20}, "faces/x.png": {8, 9}, "annotated/x.png": {12, 13}}
		changed[name] = d
		return changed
	}
	want := folder(t, good, 200, 5)
	for _, test := range []struct {
		name string
		got  string
		want string // in the error; none where empty
	}{
		{"the same", folder(t, good, 200, 5), ""},
		{"nearly the same", folder(t, good, 202, 5), ""},
		{"another size", folder(t, with("faces/x.png", dims{9, 8}), 200, 5), "got pictures"},
		{"one more", folder(t, with("faces/y.png", dims{8, 9}), 200, 5), "got pictures"},
		{"other marks", folder(t, good, 100, 5), "annotated/x.png"},
		{"other faces", folder(t, good, 185, 5), "faces/x.png"},
		{"a frame less", folder(t, good, 200, 4), "4 frames, want 5"},
		{"nothing", t.TempDir(), "got pictures"},
	} {
		err := sameWork(want, test.got)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}
	if err := sameWork(t.TempDir(), t.TempDir()); err == nil {
		t.Error("two empty folders: got no error")
	}
	broken := folder(t, good, 200, 5)
	data, err := os.ReadFile(filepath.Join(broken, "a", "sheet.png"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(broken, "a", "sheet.png"), data[:len(data)-20])
	if err := sameWork(want, broken); err == nil {
		t.Error("a truncated picture: got no error")
	}
}

// uses returns what rounds took that need some milliseconds of CPU each.
func uses(ms ...int) []usage {
	var all []usage
	for _, n := range ms {
		d := time.Duration(n) * time.Millisecond
		all = append(all, usage{CPU: d, Wall: d / 2, RSS: 40 << 20, PNG: 12e6})
	}
	return all
}

func TestTable(t *testing.T) {
	p, out := newProgram(t)
	c := &comparison{program: p, rounds: 3, clock: 8}
	c.peers = []peer{{Name: ours}, {Name: two}, {Name: "Pillow, default"}, {Name: "Other"}}
	c.sets = []set{{
		size: sizes()[0], many: 4, few: 2, bytes: 470_000,
		forMany:      [][]usage{uses(100, 104, 96), uses(60, 60, 60), uses(900, 1200, 900), uses(80, 80, 80)},
		forFew:       [][]usage{uses(60, 60, 60), uses(30, 30, 30), uses(500, 500, 500), uses(50, 50, 50)},
		instructions: []int64{1_234_567_890, 0, 0, 0},
		speeds:       [][]float64{{10, 21, 20}, {35, 36, 30}, {50, 38, 20}},
	}}
	if err := c.print("A machine."); err != nil {
		t.Fatal(err)
	}
	const want = `| program | CPU ms, s | without start-up | × lvtool | MB of PNG | peak MiB | instructions, 10⁶ |
| --- | --- | --- | --- | --- | --- | --- |
| lvtool | 25 | 20 | 1.00 | 3.0 | 40 | 1235 |
| Pillow, default | 225 | 200 | 10.0 | 3.0 | 40 | – |
| Other | 20 | 15.0 | 0.75 | 3.0 | 40 | – |

| CPU time against lvtool's | goal | stretch | measured, s |
| --- | --- | --- | --- |
| Python with Pillow, default level | 20 | 30 | 10.0 |
| lvtool's bytes of PNG against Pillow's, default level | at most 1.15 | – | 1.00 |

Sessions by the clock, one worker and two: s: 20 and 35 a second, 1.75 times (two processes 1.90), 40 MiB.

A machine. Medians of 3 rounds. s: 480×640, 4 sessions of 0.47 MB.

Warning: Pillow, default, set s: the slowest run took 1.33 times the fastest.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}

// TestReadme holds that the table in the project's README is one that compare
// prints, with all peers that Debian has. Its numbers are of one machine and day.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "<!-- internal/peers/run prints this table -->\n")
	table, _, end := strings.Cut(rest, "\n\n")
	if !ok || !end {
		t.Fatal("README.md has no table between its mark and an empty line")
	}
	p, _ := newProgram(t)
	c := &comparison{program: p}
	_, names, _ := strings.Cut(table, "CPU ms, ")
	names, _, _ = strings.Cut(names, " |")
	for name := range strings.SplitSeq(names, " / ") {
		s, err := sizeOf(name)
		if err != nil {
			t.Fatal(err)
		}
		c.sets = append(c.sets, set{size: s})
	}
	var b strings.Builder
	writeTable(&b, [][]string{c.header()})
	rows, ok := strings.CutPrefix(table, b.String())
	if !ok {
		t.Fatalf("got table\n%s\nwant it to begin\n%s", table, &b)
	}
	cell := ` \| [\d.]+` + strings.Repeat(` / [\d.]+`, len(c.sets)-1)
	numbers := regexp.MustCompile(`^\| (.*?)(` + cell + `){5} \| (\d+|–) \|$`)
	var got []string
	for row := range strings.SplitSeq(rows, "\n") {
		m := numbers.FindStringSubmatch(row)
		if m == nil {
			t.Fatalf("got row %q", row)
		}
		got = append(got, m[1])
	}
	var want []string
	for _, peer := range p.peers("lvtool", "", "") {
		debian := peer.missing == "" || strings.HasPrefix(peer.missing, "package")
		if peer.Name != two && (debian || slices.Contains(got, peer.Name)) {
			want = append(want, peer.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got rows %q, want %q", got, want)
	}
}

func TestParseSets(t *testing.T) {
	got, err := parseSets("s:16:4,l:4:1")
	if err != nil || len(got) != 2 || got[0].many != 16 || got[0].few != 4 || got[1].Width != 1080 {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "s", "s:4", "x:4:1", "s:1:1", "s:4:0", "s:a:1", "s:4:1,"} {
		if _, err := parseSets(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}

func TestRecord(t *testing.T) {
	was := record{Go: "go1", Arch: "a", Valgrind: "v", Input: "i", Instructions: map[string]int64{"s": 1000}}
	for _, test := range []struct {
		input string
		n     int64
		ok    bool
	}{
		{"i", 1000, true},
		{"i", 1010, true},
		{"i", 990, true},
		{"i", 1011, false},
		{"i", 989, false},
		{"j", 1000, false},
	} {
		p, out := newProgram(t)
		now := record{Input: test.input, Instructions: map[string]int64{"s": test.n}}
		err := was.compare(now, p)
		if (err == nil) != test.ok {
			t.Errorf("%+v: got %v", test, err)
		}
		if err != nil && !strings.Contains(err.Error(), "internal/peers/run instructions -update") {
			t.Errorf("%v: does not say how to record anew (%s)", err, out)
		}
	}
	for _, other := range []record{
		{Go: "go2", Arch: "a", Valgrind: "v"},
		{Go: "go1", Arch: "b", Valgrind: "v"},
		{Go: "go1", Arch: "a", Valgrind: "w"},
	} {
		if was.differs(other) == "" {
			t.Errorf("%+v: got no difference", other)
		}
	}
	if why := was.differs(was); why != "" {
		t.Errorf("got %q, want no difference from itself", why)
	}
}

// TestRecorded holds that the recorded numbers can be compared with.
func TestRecorded(t *testing.T) {
	r, err := readRecord("instructions.json")
	if err != nil {
		t.Fatal(err)
	}
	if r.Go == "" || r.Arch == "" || r.Valgrind == "" || len(r.Input) != 64 || r.Instructions["s"] < 1e7 {
		t.Errorf("got %+v", r)
	}
	name := filepath.Join(t.TempDir(), "r.json")
	if err := r.write(name); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("instructions.json")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("written again: got %s, want %s (%v)", got, want, err)
	}
}

func TestCommandLine(t *testing.T) {
	for _, args := range [][]string{
		nil,
		{"dance"},
		{"sessions", "-set", "xl"},
		{"check", "one"},
		{"compare", "-sets", "s"},
		{"compare", "-lvtool", "no/such/lvtool"},
	} {
		p, _ := newProgram(t)
		if err := p.run(args); err == nil {
			t.Errorf("%q: got no error", args)
		}
	}
}

func TestPackText(t *testing.T) {
	of := func(convert, pack, verify, hash int) lap {
		use := func(ms int) usage {
			return usage{CPU: time.Duration(ms) * time.Millisecond, Wall: time.Duration(2*ms) * time.Millisecond}
		}
		return lap{use(convert), use(pack), use(verify), use(hash)}
	}
	got := packText([]lap{of(100, 110, 50, 40), of(100, 120, 60, 45), of(90, 105, 50, 90)}, 9e6, 3)
	const want = `3 sessions, 9 MB of packs, medians of 3 rounds.
pack takes 1.10 times the processor time of convert.
verify: 90 MB/s, sha256sum: 100 MB/s, 0.90 of its speed by the clock, 0.90 by processor time.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
