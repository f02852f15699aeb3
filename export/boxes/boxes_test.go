package boxes_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/boxes"
	"github.com/lvtool/lvtool/internal/need"
)

// TestGolden holds every byte of every format for the samples.
func TestGolden(t *testing.T) {
	list := samples(t)
	for _, f := range boxes.Formats() {
		t.Run(string(f), func(t *testing.T) {
			out, _ := write(t, f, list, nil)
			var got bytes.Buffer
			for _, name := range out.names {
				fmt.Fprintf(&got, "-- %s --\n%s", name, out.data[name])
			}
			path := filepath.Join("testdata", string(f)+".txt")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got other bytes than %s: %s", path, firstChange(got.String(), string(want)))
			}
		})
	}
}

func firstChange(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: got %q, want %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("got %d lines, want %d", len(g), len(w))
}

// TestReaders holds that whoever reads a format by its rules gets back just the
// rectangles that were written, whatever their size.
func TestReaders(t *testing.T) {
	list, want := random(7, 60)
	for _, f := range boxes.Formats() {
		t.Run(string(f), func(t *testing.T) {
			out, _ := write(t, f, list, nil)
			got := readers[f](t, out, list)
			for _, name := range slices.Sorted(maps.Keys(want)) {
				if got[name] != want[name] {
					t.Errorf("%s: got %v, want %v", name, got[name], want[name])
				}
			}
			if len(got) != len(want) {
				t.Errorf("got %d boxes, want %d", len(got), len(want))
			}
		})
	}
}

// TestPython holds the same with the parsers of another language.
func TestPython(t *testing.T) {
	python := need.Program(t, "python3")
	list, want := random(11, 12)
	for _, f := range boxes.Formats() {
		t.Run(string(f), func(t *testing.T) {
			dir := t.TempDir()
			out, _ := write(t, f, list, nil)
			out.save(t, dir)
			var sizes bytes.Buffer
			for _, s := range list {
				for _, r := range s.Report.Frames {
					fmt.Fprintf(&sizes, "%s/%s %d %d\n", s.Folder, r.Name, *r.Width, *r.Height)
				}
			}
			cmd := exec.CommandContext(t.Context(), python, "testdata/read.py", string(f), dir)
			cmd.Stdin = &sizes
			text, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			got := map[string]image.Rectangle{}
			for line := range strings.Lines(string(text)) {
				var name string
				var r image.Rectangle
				if _, err := fmt.Sscan(line, &name, &r.Min.X, &r.Min.Y, &r.Max.X, &r.Max.Y); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				got[name] = r
			}
			if !maps.Equal(got, want) {
				t.Errorf("got %v\nwant %v", got, want)
			}
		})
	}
}

// TestXML asks libxml2 whether what is XML is well formed, hostile names and all.
func TestXML(t *testing.T) {
	xmllint := need.Program(t, "xmllint")
	for _, f := range []boxes.Format{boxes.VOC, boxes.CVAT, boxes.LabelStudio} {
		dir := t.TempDir()
		out, _ := write(t, f, hostile(), &boxes.Options{Base: `"'<>&]]>--=`})
		out.save(t, dir)
		for name := range out.data {
			if !strings.HasSuffix(name, ".xml") {
				continue
			}
			cmd := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", filepath.Join(dir, name))
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, text)
			}
		}
	}
}

// hostile returns sessions of which everything that can be text is an attack.
func hostile() []boxes.Session {
	const bad = "=cmd|'/c calc'!A1\x1b[31m\r\n\"<![CDATA[]]>--&lt;\xff\u202e"
	f := frame("../../etc/"+bad, image.Pt(100, 100), image.Rect(1, 2, 3, 4))
	f.Format = new("../" + bad)
	f.Box = &export.BoxRecord{Left: bad, Top: "@SUM(1)", Width: "-0.5", Height: "+1"}
	f.Problems = []decode.Problem{{Code: bad, Message: bad}}
	r := &export.Report{Frames: []*export.FrameRecord{f, f}}
	r.Session = export.SessionRecord{ID: new(bad), Status: new(bad), Confidence: bad}
	r.Tool.Version = bad
	return []boxes.Session{{Folder: "a", Report: r}}
}

// TestHostile holds that nothing of a session makes a path, a line or a formula.
func TestHostile(t *testing.T) {
	for _, f := range boxes.Formats() {
		out, _ := write(t, f, hostile(), nil)
		for name, data := range out.data {
			if !fs.ValidPath(name) || strings.ContainsAny(name, "\\:=\x1b\r\n ") {
				t.Errorf("%s: got file %q", f, name)
			}
			if strings.Contains(data, "\x1b") || !utf8.ValidString(data) {
				t.Errorf("%s: %s holds a control character or a byte that is no UTF-8:\n%s", f, name, data)
			}
		}
	}
	out, _ := write(t, boxes.CSV, hostile(), nil)
	rows, err := csv.NewReader(strings.NewReader(out.data["boxes.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "-0.5" && cell != "" && strings.Contains("=+-@\t\r", cell[:1]) {
				t.Errorf("%s: got %q, which a spreadsheet runs", rows[0][i], cell)
			}
		}
	}
}

func TestNotes(t *testing.T) {
	list := samples(t)
	for _, test := range []struct {
		format boxes.Format
		want   string
	}{
		{boxes.COCO, "no_box:2 failed:2 session:7 problems:4 orientation:2 no_images:1"},
		{boxes.CSV, "orientation:2"},
		{boxes.CVAT, "failed:2 session:7 problems:4 orientation:2 no_images:1"},
		{boxes.LabelStudio, "failed:2 session:7 problems:4 orientation:2 no_images:1"},
		{boxes.VOC, "clipped:5 digits:14 no_box:2 failed:2 session:7 problems:4 orientation:2 no_images:1"},
		{boxes.W3C, "no_box:2 failed:2 session:7 problems:4 orientation:2 no_images:1"},
		{boxes.YOLO, "clipped:5 digits:14 no_box:2 failed:2 session:7 problems:4 orientation:2 no_images:1"},
	} {
		out, notes := write(t, test.format, list, nil)
		var got []string
		for _, n := range notes {
			got = append(got, fmt.Sprintf("%s:%d", n.Code, n.Count))
			if !strings.Contains(out.data["NOTES.txt"], n.String()) {
				t.Errorf("%s: NOTES.txt lacks %q", test.format, n.Message)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %s, want %s", test.format, strings.Join(got, " "), test.want)
		}
	}
}

// TestPicturePath holds that the files name the pictures where they are said to
// be.
func TestPicturePath(t *testing.T) {
	list, _ := random(5, 1)
	for _, f := range boxes.Formats() {
		out, _ := write(t, f, list, nil)
		want := boxes.PicturePath(f, "s0", "originals/audit-0.jpg")
		if f == boxes.VOC {
			want = strings.TrimPrefix(want, "JPEGImages/")
		}
		found := false
		for _, data := range out.data {
			found = found || strings.Contains(data, want)
		}
		if !found {
			t.Errorf("%s: no file names %s", f, want)
		}
	}
}

func TestRefuse(t *testing.T) {
	r := &export.Report{}
	for _, test := range []struct {
		name   string
		format boxes.Format
		list   []boxes.Session
		base   string
		want   error
	}{
		{"format", "pascal", nil, "", boxes.ErrFormat},
		{"no folder", boxes.COCO, []boxes.Session{{Report: r}}, "", boxes.ErrFolder},
		{"parent", boxes.COCO, []boxes.Session{{"..", r}}, "", boxes.ErrFolder},
		{"slash", boxes.COCO, []boxes.Session{{"a/b", r}}, "", boxes.ErrFolder},
		{"line", boxes.YOLO, []boxes.Session{{"a\nb", r}}, "", boxes.ErrFolder},
		{"dot at the end", boxes.VOC, []boxes.Session{{"a.", r}}, "", boxes.ErrFolder},
		{"twice", boxes.VOC, []boxes.Session{{"a", r}, {"A", r}}, "", boxes.ErrFolder},
		{"base", boxes.COCO, []boxes.Session{{"a", r}}, "x\ny", boxes.ErrBase},
	} {
		out := &files{}
		_, err := boxes.Write(test.format, test.list, &boxes.Options{Base: test.base}, out.put)
		if len(out.names) > 0 {
			t.Errorf("%s: %q were put", test.name, out.names)
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
	}
}

// TestPut holds that the error of put comes back, whichever file it is about.
func TestPut(t *testing.T) {
	list := samples(t)
	for _, f := range boxes.Formats() {
		all, _ := write(t, f, list, nil)
		for n := range all.names {
			left := n
			_, err := boxes.Write(f, list, nil, func(string, []byte) error {
				if left == 0 {
					return fs.ErrPermission
				}
				left--
				return nil
			})
			if !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: put %s: got %v", f, all.names[n], err)
			}
		}
	}
}

// TestNoScore holds that the confidence of the session is in no format but the
// table, where its column says whose it is.
func TestNoScore(t *testing.T) {
	list := samples(t)
	confidence := string(list[0].Report.Session.Confidence)
	if len(confidence) < 5 {
		t.Fatalf("got confidence %q, want one that can be searched for", confidence)
	}
	for _, f := range boxes.Formats() {
		out, _ := write(t, f, list, nil)
		for name, data := range out.data {
			if found := strings.Contains(data, confidence); found != (name == "boxes.csv") {
				t.Errorf("%s: %s holds the confidence: %t", f, name, found)
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	list, _ := random(3, 1000)
	for _, f := range boxes.Formats() {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := boxes.Write(f, list, nil, func(string, []byte) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
