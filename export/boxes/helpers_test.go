package boxes_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/boxes"
)

var update = flag.Bool("update", false, "rewrite the expected files")

// files keeps what is put.
type files struct {
	names []string
	data  map[string]string
}

func (f *files) put(name string, data []byte) error {
	if f.data == nil {
		f.data = map[string]string{}
	}
	if _, ok := f.data[name]; ok {
		return fmt.Errorf("%s: put twice", name)
	}
	f.names = append(f.names, name)
	f.data[name] = string(data)
	return nil
}

// save writes all files to a folder.
func (f *files) save(tb testing.TB, dir string) {
	tb.Helper()
	for name, data := range f.data {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

func write(tb testing.TB, f boxes.Format, list []boxes.Session, opts *boxes.Options) (*files, []boxes.Note) {
	tb.Helper()
	out := &files{}
	notes, err := boxes.Write(f, list, opts, out.put)
	if err != nil {
		tb.Fatalf("%s: %v", f, err)
	}
	return out, notes
}

// samples inspects sessions that come with the project: boxes of every kind,
// turned pictures, an image that is in S3, no image at all.
func samples(tb testing.TB) []boxes.Session {
	tb.Helper()
	var list []boxes.Session
	for i, name := range []string{"session", "edges", "outside", "exif-rotated", "no-reference", "s3", "created"} {
		data, err := os.ReadFile("../../samples/" + name + ".json")
		if err != nil {
			tb.Fatal(err)
		}
		for s, err := range decode.Sessions(bytes.NewReader(data), &decode.Options{Name: name + ".json"}) {
			if err != nil {
				tb.Fatal(err)
			}
			opts := &export.Options{Threshold: "90", Tool: export.Tool{Version: "v0.1.0"}}
			r, err := export.Inspect(tb.Context(), s, opts)
			if err != nil {
				tb.Fatal(err)
			}
			list = append(list, boxes.Session{Folder: fmt.Sprintf("%s-%d", name, i), Report: r})
		}
	}
	return list
}

// random returns sessions with boxes anywhere in pictures of any size, and the
// rectangles that a reader is to get.
func random(seed uint64, sessions int) (list []boxes.Session, want map[string]image.Rectangle) {
	r := rand.New(rand.NewPCG(seed, 1))
	want = map[string]image.Rectangle{}
	for i := range sessions {
		s := boxes.Session{Folder: fmt.Sprintf("s%d", i), Report: &export.Report{}}
		for j := range 1 + r.IntN(3) {
			w, h := 1+r.IntN(8192), 1+r.IntN(8192)
			x, y := r.IntN(w), r.IntN(h)
			box := image.Rect(x, y, x+1+r.IntN(w-x), y+1+r.IntN(h-y))
			f := frame(fmt.Sprintf("audit-%d", j), image.Pt(w, h), box)
			s.Report.Frames = append(s.Report.Frames, f)
			want[s.Folder+"/"+f.Name] = box
		}
		list = append(list, s)
	}
	return list, want
}

// frame returns the record of a frame with a box in it.
func frame(name string, size image.Point, box image.Rectangle) *export.FrameRecord {
	rect := &export.RectRecord{Left: box.Min.X, Top: box.Min.Y, Right: box.Max.X, Bottom: box.Max.Y}
	return &export.FrameRecord{
		Name: name, Width: &size.X, Height: &size.Y, Format: new("jpeg"), Bytes: new(1),
		Box: &export.BoxRecord{Left: "0.1", Top: "0.1", Width: "0.1", Height: "0.1"},
		Placement: &export.PlacementRecord{
			State: annotate.Inside, Visible: new(1.0),
			Exact:  &export.ExactRecord{Left: "1", Top: "1", Right: "2", Bottom: "2"},
			Pixels: rect, Clipped: rect, Overshoot: &export.RectRecord{},
		},
	}
}
