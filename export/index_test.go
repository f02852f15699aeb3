package export_test

import (
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

	var x export.Index
	for i, s := range []*decode.Session{session(t, 3), broken, {Status: "EXPIRED", Confidence: "0.0"}} {
		r, _ := convert(t, s, opts)
		e := x.Add(r.Report, "folder-"+string(rune('a'+i)))
		if e != x.Sessions[i] {
			t.Errorf("session %d: Add returns another entry than it adds", i)
		}
	}
	x.Fail(errors.New("cut.json:1:7: truncated"))

	if got := x.Incomplete(); got != 1 {
		t.Errorf("%d sessions lack an image, want 1", got)
	}
	data, err := x.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema   string
		Sessions []struct {
			Folder    string
			Frames    map[string]int
			Threshold *struct{ Met *bool }
			Problems  []struct{ Frame, Code *string }
		}
		Failed   []struct{ Message string }
		Overview []string
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if got.Schema != export.IndexSchema || len(got.Sessions) != 3 || got.Overview == nil {
		t.Fatalf("the index is\n%s", data)
	}
	if len(got.Failed) != 1 || got.Failed[0].Message != "cut.json:1:7: truncated" {
		t.Errorf("failed: %+v", got.Failed)
	}
	if n := got.Sessions[1].Frames["failed"]; n != 1 {
		t.Errorf("%d frames failed, want 1", n)
	}
	last := got.Sessions[1].Problems[len(got.Sessions[1].Problems)-1]
	if last.Frame == nil || *last.Frame != broken.Images[1].Name || *last.Code != "format" {
		t.Errorf("the last problem of the broken session is not that of its frame:\n%s", data)
	}
	if met := got.Sessions[2].Threshold.Met; met == nil || *met {
		t.Error("0.0 meets the threshold 90")
	}
	for _, e := range x.Sessions {
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
	data, err := new(export.Index).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), `"sessions": [],`) || !json.Valid(data) {
		t.Errorf("got\n%s", data)
	}
}

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
