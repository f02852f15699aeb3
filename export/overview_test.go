package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/golden"
)

func TestOverviewPages(t *testing.T) {
	result, _ := convert(t, session(t, 2), options())
	for _, tt := range []struct {
		sessions int
		layout   export.Layout
		want     []string
	}{
		{0, export.Layout{}, nil},
		{1, export.Layout{}, []string{"overview.png"}},
		{8, export.Layout{Columns: 1}, []string{"overview.png"}},
		{9, export.Layout{Columns: 1}, []string{"overview.png", "overview-2.png"}},
		{3, export.Layout{Columns: 1, Tile: 800}, []string{"overview.png", "overview-2.png", "overview-3.png"}},
		{1, export.Layout{Columns: 99}, []string{"overview.png"}},
	} {
		var f files
		o := export.NewOverview(&export.Options{Sheet: tt.layout, Tool: options().Tool}, f.put)
		for i := range tt.sessions {
			if err := o.Add(result, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		if err := o.Close(); err != nil {
			t.Errorf("closed again: %v", err)
		}
		if !slices.Equal(f.names, tt.want) {
			t.Errorf("%d sessions, %+v: got %q, want %q", tt.sessions, tt.layout, f.names, tt.want)
		}
		for name, data := range f.data {
			if _, err := png.Decode(bytes.NewReader(data)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestOverviewWords(t *testing.T) {
	s := session(t, 2)
	s.Images[1].Inline = nil
	result, _ := convert(t, s, options())
	o := export.NewOverview(&export.Options{Tool: options().Tool}, nil)
	if err := o.Add(result, "some-folder"); err != nil {
		t.Fatal(err)
	}
	g := export.OverviewGeometry(o)
	for _, want := range []string{
		s.ID, "SUCCEEDED", "Confidence 97.30000305175781 ≥ threshold 90", "2 images, 1 problem", "some-folder",
		"session 1", "lvtool v0.1.0", "page 0",
	} {
		if !shows(g, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
}

func TestOverviewFullDisk(t *testing.T) {
	result, _ := convert(t, session(t, 1), nil)
	calls := 0
	o := export.NewOverview(&export.Options{Sheet: export.Layout{Columns: 1}}, func(string, []byte) error {
		calls++
		return errDisk
	})
	for i := range 20 {
		err := o.Add(result, "")
		if want := i >= 7; errors.Is(err, errDisk) != want {
			t.Errorf("session %d: error %v, want one: %t", i, err, want)
		}
	}
	if err := o.Close(); !errors.Is(err, errDisk) {
		t.Errorf("Close: error %v, want %v", err, errDisk)
	}
	if calls != 1 {
		t.Errorf("put was called %d times, want 1", calls)
	}
}

func TestOverviewNeverOverlaps(t *testing.T) {
	for seed := range 60 {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 3))}
		l := export.Layout{Columns: d.IntN(13), Tile: export.MinTile + d.IntN(400)}
		o := export.NewOverview(&export.Options{Sheet: l, Tool: export.Tool{Version: d.text(80)}}, discard)
		for range 1 + d.IntN(6) {
			n := d.IntN(4)
			r := &export.Result{Report: d.report(n)}
			if p := d.pictures(n); len(p) > 0 {
				r.Thumbnail = p[0].Annotated
			}
			if err := o.Add(r, d.text(300)); err != nil {
				t.Fatal(err)
			}
		}
		g := export.OverviewGeometry(o)
		checkGeometry(t, fmt.Sprintf("seed %d", seed), g)
	}
}

func TestOverviewGolden(t *testing.T) {
	var f files
	o := export.NewOverview(&export.Options{Sheet: export.Layout{Columns: 3, Tile: 80}, Tool: options().Tool}, f.put)
	for i, status := range []string{"SUCCEEDED", "SUCCEEDED", "EXPIRED", "FAILED"} {
		s := session(t, 2)
		s.Status = status
		if status == "EXPIRED" {
			s.Images = nil
		}
		result, _ := convert(t, s, options())
		if result.Thumbnail != nil {
			result.Thumbnail = portrait(60, 80, i)
		}
		folder := s.ID
		if i == 3 {
			folder = strings.Repeat("folder-", 12)
		}
		if err := o.Add(result, folder); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(f.data["overview.png"]))
	if err != nil {
		t.Fatal(err)
	}
	golden.Image(t, "overview", m, 2)
}
