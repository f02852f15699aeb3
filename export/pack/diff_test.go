package pack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

func contents(tb testing.TB, t bag.Tree) *pack.Contents {
	tb.Helper()
	_, c, err := pack.Read(tb.Context(), t, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// differences are lines such as "info case: KYC | nothing"; digests are cut.
func differences(list []pack.Difference) []string {
	text := func(kind string, s *string) string {
		switch {
		case s == nil:
			return "nothing"
		case kind == pack.DiffFile && *s != pack.Unread:
			return "digest"
		}
		return *s
	}
	lines := []string{}
	for _, d := range list {
		lines = append(lines, fmt.Sprintf("%s %s: %s | %s", d.Kind, d.Name, text(d.Kind, d.A), text(d.Kind, d.B)))
	}
	return lines
}

func TestDiff(t *testing.T) {
	const digests = ": digest | digest"
	for _, tt := range []struct {
		name   string
		change func(f files)
		want   []string
	}{
		{"nothing", func(files) {}, []string{}},
		{"a signature", func(f files) { f["tagmanifest-sha256.txt.sig"] = "x" }, []string{
			"file tagmanifest-sha256.txt.sig: nothing | digest",
		}},
		{"a payload file", func(f files) { f["data/sheet.png"] += "x" }, []string{"file data/sheet.png" + digests}},
		{"a file less", func(f files) { delete(f, "VERIFY.txt") }, []string{"file VERIFY.txt: digest | nothing"}},
		{"fields", func(f files) {
			f["bag-info.txt"] = strings.Replace(f["bag-info.txt"], "Case: KYC-2026-0815\n", "CASE: 7\nCase: 8\n", 1)
			f["bag-info.txt"] = strings.Replace(f["bag-info.txt"], "Purpose: ", "PURPOSE: ", 1)
			f["bag-info.txt"] = strings.Replace(f["bag-info.txt"], "Branch: Köln\n", "", 1)
		}, []string{"file bag-info.txt" + digests, "info branch: Köln | nothing", "info case: KYC-2026-0815 | 7\n8"}},
		{"a fact", func(f files) {
			f[pack.ReportFile] = strings.Replace(f[pack.ReportFile], `"SUCCEEDED"`, `"FAILED"`, 1)
		}, []string{"file data/report.json" + digests, `report /session/status: "SUCCEEDED" | "FAILED"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b := good(t), good(t)
			tt.change(b)
			got := pack.Diff(contents(t, a), contents(t, b))
			if lines := differences(got); !slices.Equal(lines, tt.want) {
				t.Errorf("got %q, want %q", lines, tt.want)
			}
			back := pack.Diff(contents(t, b), contents(t, a))
			for i, d := range back {
				back[i].A, back[i].B = d.B, d.A
			}
			if lines := differences(back); !slices.Equal(lines, tt.want) {
				t.Errorf("the other way round: got %q, want %q", lines, tt.want)
			}
		})
	}
}

// A report that is none has no facts, and is not the end of it.
func TestDiffNoReport(t *testing.T) {
	a, b := files{"bagit.txt": "x"}, files{"bagit.txt": "x", pack.ReportFile: "{"}
	want := []string{"file data/report.json: nothing | digest"}
	if got := differences(pack.Diff(contents(t, a), contents(t, b))); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
