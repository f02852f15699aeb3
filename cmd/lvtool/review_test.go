package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lvtool/lvtool/export/review"
)

// decide writes a file of decisions, one choice for every session of a folder, of
// packs too.
// That a page in a browser exports the same, internal/browser tests.
func decide(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: decide CHOICE NAME DIR FILE")
	}
	d := review.Decisions{Schema: review.DecisionsSchema, Page: strings.Repeat("a", 64), Reviewer: args[1]}
	var folders []string
	for _, pattern := range []string{"*", "*/data"} {
		some, err := filepath.Glob(filepath.Join(ts.MkAbs(args[2]), pattern, review.ReportName))
		ts.Check(err)
		folders = append(folders, some...)
	}
	for _, report := range folders {
		s, err := review.Read(context.Background(), os.DirFS(filepath.Dir(report)), "x", nil)
		ts.Check(err)
		d.Decisions = append(d.Decisions, review.Decision{
			Binding: s.Binding(), Choice: review.Choice(args[0]), Reasons: []string{}, Time: "2026-11-22T16:00:00Z",
		})
	}
	data, err := d.JSON()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), data, 0o600))
}

// decisionsOn returns a file of decisions, one for every session of a folder.
func decisionsOn(t *testing.T, dir string, choice review.Choice) []byte {
	t.Helper()
	reports, err := filepath.Glob(filepath.Join(dir, "*", review.ReportName))
	if err != nil || len(reports) == 0 {
		t.Fatalf("got %q, %v, want reports", reports, err)
	}
	d := review.Decisions{Schema: review.DecisionsSchema, Page: strings.Repeat("a", 64), Reviewer: "Zoë"}
	for _, report := range reports {
		s, err := review.Read(t.Context(), os.DirFS(filepath.Dir(report)), "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		d.Decisions = append(d.Decisions, review.Decision{
			Binding: s.Binding(), Choice: choice, Reasons: []string{}, Time: "2026-11-22T16:00:00Z",
		})
	}
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}
