package review_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/review"
)

func TestRead(t *testing.T) {
	s := session(t, "edges.json")
	if s.Name != "edges" || len(s.Frames) != 5 {
		t.Fatalf("got %s with %d frames", s.Name, len(s.Frames))
	}
	for i, f := range s.Frames {
		if f.Data == nil || f.Values == nil || f.Values.Mean <= 0 || f.Placement.Frame.X != 480 {
			t.Errorf("frame %d: got %d bytes, placement %+v, values %+v", i, len(f.Data), f.Placement, f.Values)
		}
	}
}

// replace changes a text in the report.
func replace(old, with string) func(*testing.T, fstest.MapFS) {
	return func(t *testing.T, fsys fstest.MapFS) {
		t.Helper()
		before := fsys["report.json"].Data
		fsys["report.json"].Data = bytes.Replace(before, []byte(old), []byte(with), 1)
		if bytes.Equal(before, fsys["report.json"].Data) {
			t.Fatalf("the report has no %s", old)
		}
	}
}

// TestReadTampered holds that a folder whose files and report disagree is
// refused, each time for the right reason.
func TestReadTampered(t *testing.T) {
	const image = "originals/reference.jpg"
	for _, test := range []struct {
		name   string
		tamper func(*testing.T, fstest.MapFS)
		code   review.Code
	}{
		{"image changed", func(_ *testing.T, fsys fstest.MapFS) { fsys[image].Data[1000] ^= 1 }, review.CodeFileDigest},
		{"image cut", func(_ *testing.T, fsys fstest.MapFS) {
			fsys[image].Data = fsys[image].Data[:99]
		}, review.CodeFileDigest},
		{"image missing", func(_ *testing.T, fsys fstest.MapFS) { delete(fsys, image) }, review.CodeFileMissing},
		{"images exchanged", func(_ *testing.T, fsys fstest.MapFS) {
			fsys[image], fsys["originals/audit-0.jpg"] = fsys["originals/audit-0.jpg"], fsys[image]
		}, review.CodeFileDigest},
		{"file outside", replace(`"originals/reference.jpg"`, `"../reference.jpg"`), review.CodeFileName},
		{"file absolute", replace(`"originals/reference.jpg"`, `"/reference.jpg"`), review.CodeFileName},
		{"box moved", replace(`"left": -47`, `"left": -40`), review.CodePlacement},
		{"box made another", replace(`"left": 0.2699`, `"left": 0.3699`), review.CodePlacement},
		{"state", replace(`"state": "clipped"`, `"state": "inside"`), review.CodePlacement},
		{"size", replace(`"width": 480`, `"width": 481`), review.CodeFrameSize},
	} {
		t.Run(test.name, func(t *testing.T) {
			fsys := folder(t, "edges.json")
			test.tamper(t, fsys)
			s, err := review.Read(t.Context(), fsys, "x", nil)
			got, ok := errors.AsType[*review.MismatchError](err)
			if s != nil || !ok || !errors.Is(err, review.ErrMismatch) || got.Code != test.code {
				t.Fatalf("got %v, %v, want a mismatch %s", s, err, test.code)
			}
			if !strings.HasPrefix(err.Error(), "x/") {
				t.Errorf("got %q, which does not name the file", err)
			}
		})
	}
}

func TestReadNoReport(t *testing.T) {
	for _, test := range []struct {
		name string
		fsys fstest.MapFS
		want string
	}{
		{"none", fstest.MapFS{}, "x/report.json: file does not exist"},
		{"a folder", fstest.MapFS{"report.json/a": {}}, "x/report.json: not a regular file"},
		{"other", fstest.MapFS{"report.json": {Data: []byte(`{"a":1}`)}}, "x/report.json: not a lvtool.report/1"},
	} {
		_, err := review.Read(t.Context(), test.fsys, "x", nil)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

func TestReadLimits(t *testing.T) {
	limits := decode.DefaultLimits()
	limits.Frames = 4
	_, err := review.Read(t.Context(), folder(t, "edges.json"), "x", &limits)
	if got, ok := errors.AsType[*review.MismatchError](err); !ok || got.Code != review.CodeManyFrames {
		t.Errorf("got %v, want too many frames", err)
	}
	limits.Frames, limits.Pixels = 5, 100
	_, err = review.Read(t.Context(), folder(t, "edges.json"), "x", &limits)
	if got, ok := errors.AsType[*review.MismatchError](err); !ok || got.Code != review.CodeNotDecoded {
		t.Errorf("got %v, want an image that is not decoded", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := review.Read(ctx, folder(t, "edges.json"), "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it canceled", err)
	}
}

// FuzzRead holds that no report makes Read fail otherwise than by an error, and
// that what it returns can be shown.
func FuzzRead(f *testing.F) {
	fsys := folder(f, "tiny.json")
	f.Add(fsys["report.json"].Data)
	f.Add([]byte(`{"schema":"lvtool.report/1","frames":[{"name":"reference"}]}`))
	f.Fuzz(func(t *testing.T, report []byte) {
		hostile := fstest.MapFS{"report.json": {Data: report}}
		for name, file := range fsys {
			if name != "report.json" {
				hostile[name] = file
			}
		}
		s, err := review.Read(t.Context(), hostile, "x", nil)
		if err != nil {
			if s != nil {
				t.Errorf("got a session and %v", err)
			}
			return
		}
		if strings.Contains(page(t, nil, s), "ZgotmplZ") {
			t.Error("the page holds something that the template refused")
		}
	})
}
