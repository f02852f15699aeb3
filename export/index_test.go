package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// An index says what each session is, with a line for each.
func TestIndex(t *testing.T) {
	broken := session(t, 2)
	broken.Images[1] = decode.Image{Name: broken.Images[1].Name, Inline: inline([]byte("GIF89a"))}
	opts := options()
	opts.Threshold = "90"

	var b bytes.Buffer
	x := export.NewIndexWriter(&b, opts.Tool)
	var entries []*export.IndexEntry
	for i, s := range []*decode.Session{session(t, 3), broken, {Status: "EXPIRED", Confidence: "0.0"}} {
		r, _ := convert(t, s, opts)
		e := export.NewIndexEntry(r.Report, "folder-"+string(rune('a'+i)))
		if err := x.Add(e); err != nil {
			t.Fatal(err)
		}
		if got, want := e.Complete(), i != 1; got != want {
			t.Errorf("session %d: complete is %t, want %t", i, got, want)
		}
		entries = append(entries, e)
	}
	x.Fail(export.Failure{Message: "cut.json:1:7: truncated"})
	if err := x.Close([]string{"overview.png"}, []string{"review.html"}); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	var got export.Index
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if got.Schema != export.IndexSchema || len(got.Sessions) != 3 || len(got.Overview) != 1 || len(got.Pages) != 1 {
		t.Fatalf("the index is\n%s", data)
	}
	if len(got.Failed) != 1 || got.Failed[0].Message != "cut.json:1:7: truncated" {
		t.Errorf("failed: %+v", got.Failed)
	}
	if n := got.Sessions[1].Frames["failed"]; n != 1 {
		t.Errorf("%d frames failed, want 1", n)
	}
	last := got.Sessions[1].Problems[len(got.Sessions[1].Problems)-1]
	if last.Frame == nil || *last.Frame != broken.Images[1].Name || last.Code != "format" {
		t.Errorf("the last problem of the broken session is not that of its frame:\n%s", data)
	}
	if met := got.Sessions[2].Threshold.Met; met == nil || *met {
		t.Error("0.0 meets the threshold 90")
	}
	for _, e := range entries {
		line := 0
		for l := range strings.Lines(string(data)) {
			if strings.Contains(l, `"folder":"`+e.Folder+`"`) && strings.HasPrefix(l, "    {") {
				line++
			}
		}
		if line != 1 {
			t.Errorf("%s is on %d lines, want one of its own:\n%s", e.Folder, line, data)
		}
	}
}

func TestIndexEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := export.NewIndexWriter(&b, export.Tool{}).Close(nil, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"sessions": [],`) || !json.Valid(b.Bytes()) {
		t.Errorf("got\n%s", &b)
	}
}

// The index is written as the sessions come, and tells of an error at once or
// at the end.
func TestIndexWriterFails(t *testing.T) {
	full := errors.New("no space left")
	x := export.NewIndexWriter(failingWriter{full}, export.Tool{})
	err := error(nil)
	for i := 0; i < 100 && err == nil; i++ {
		err = x.Add(&export.IndexEntry{Folder: strings.Repeat("folder", 20)})
	}
	if !errors.Is(err, full) {
		t.Errorf("Add: got %v, want %v", err, full)
	}
	if err := x.Close(nil, nil); !errors.Is(err, full) {
		t.Errorf("Close: got %v, want %v", err, full)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestSummary(t *testing.T) {
	for _, tt := range []struct {
		entry export.IndexEntry
		want  string
	}{
		{
			export.IndexEntry{Status: new("SUCCEEDED"), Confidence: "97.3", Frames: map[string]int{"inside": 1}},
			"SUCCEEDED, confidence 97.3, no threshold given, 1 frame (1 inside)",
		},
		{
			export.IndexEntry{
				Status: new("SUCCEEDED"), Confidence: "45.2",
				Threshold: &export.Threshold{Value: "90", Met: new(false)},
				Frames:    map[string]int{"inside": 1, "clipped": 2, "failed": 1, "absent": 1},
			},
			"SUCCEEDED, confidence 45.2 < threshold 90, 5 frames (1 inside, 2 clipped, 1 without a box, 1 failed)",
		},
		{export.IndexEntry{}, "no status, no confidence in the result, no threshold given, 0 frames"},
	} {
		if got := tt.entry.Summary(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
