package bag_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
)

// TestConformance verifies the bags of the Library of Congress' BagIt
// conformance suite. The environment variable LVTOOL_BAGIT_SUITE names the
// folder that github.com/LibraryOfCongress/bagit-conformance-suite was cloned
// into; without it the test is skipped.
func TestConformance(t *testing.T) {
	suite := os.Getenv("LVTOOL_BAGIT_SUITE")
	if suite == "" {
		t.Skip("LVTOOL_BAGIT_SUITE names no folder with the BagIt conformance suite")
	}
	dirs, err := filepath.Glob(filepath.Join(suite, "v*", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, dir := range dirs {
		rel, err := filepath.Rel(suite, dir)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		count[parts[1]]++
		t.Run(filepath.ToSlash(rel), func(t *testing.T) { conform(t, dir, parts[0], parts[1], parts[2]) })
	}
	if count["valid"] < 27 || count["invalid"] < 15 {
		t.Errorf("got %v bags, want those of commit 9ab4870", count)
	}
}

// artefacts are bags that git or the file system has changed: names that differ
// by case or normal form alone, and a file that git ignores.
var artefacts = []string{"filename-normalization", "same-filename-listed-twice", "DS_Store", "case"}

func conform(t *testing.T, dir, version, kind, name string) {
	t.Helper()
	r := verify(t, openFolder(t, dir), nil)
	t.Logf("%s/%s/%s: %q", version, kind, name, found(r))
	switch kind {
	case "valid":
		wantFound(t, &bag.Result{Findings: slices.DeleteFunc(r.Findings, func(f bag.Finding) bool { return f.Warning })})
	case "warning":
		artefact := slices.ContainsFunc(artefacts, func(s string) bool { return strings.Contains(name, s) })
		if len(r.Findings) == 0 || !r.Valid() && !artefact {
			t.Errorf("got %q, want warnings alone", found(r))
		}
	case "invalid", "linux-only":
		want, known := reasons[name]
		has := slices.ContainsFunc(r.Findings, func(f bag.Finding) bool {
			return !f.Warning && (!known || slices.Contains(want, f.Code))
		})
		if !has {
			t.Errorf("got %q, want one of %q", found(r), want)
		}
	}
}

// reasons are why the invalid bags are: another finding would be the wrong one.
var reasons = map[string][]bag.Code{
	"baginfo-missing-encoding":                         {bag.BagitLines},
	"bagit-missing":                                    {bag.BagitMissing},
	"bagit-with-extra-lines":                           {bag.BagitLines},
	"bagit-with-invalid-whitespace":                    {bag.BagitWhitespace, bag.BagitSyntax},
	"bom-in-bagit.txt":                                 {bag.BagitBOM},
	"corrupt-data-file":                                {bag.BadChecksum},
	"corrupt-tag-file":                                 {bag.BadChecksum},
	"extra-file":                                       {bag.Unlisted},
	"invalid-version-number":                           {bag.BadVersion, bag.BagitSyntax},
	"missing-bagit.txt":                                {bag.BagitMissing},
	"missing-data-directory":                           {bag.NoDataDir},
	"missing-manifest":                                 {bag.NoManifest},
	"missing-tag-file":                                 {bag.Missing},
	"out-of-scope-file-paths-using-dot-notation":       {bag.OutOfScope},
	"out-of-scope-file-paths-using-tilde-notation":     {bag.OutOfScope},
	"out-of-scope-file-paths-using-absolute-paths":     {bag.OutOfScope},
	"same-filename-listed-twice-with-different-hashes": {bag.Duplicate},
}
