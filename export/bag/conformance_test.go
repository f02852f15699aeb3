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
	count := conformance(t, suite)
	if count["valid"] < 27 || count["invalid"] < 15 {
		t.Errorf("got %v bags, want those of commit 9ab4870", count)
	}
}

// conformance verifies the bags of a folder that is built as the suite is, and
// counts them by their kind.
func conformance(t *testing.T, suite string) map[string]int {
	t.Helper()
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
		t.Run(filepath.ToSlash(rel), func(t *testing.T) { conform(t, dir, parts[1], parts[2]) })
	}
	return count
}

// artefacts are warning bags that a file system which tells all names apart,
// and git, which left a file out, have made invalid.
var artefacts = []string{
	"duplicate-file-with-different-case",
	"same-filename-listed-twice-with-different-normalization",
	"special-system-files",
}

func conform(t *testing.T, dir, kind, name string) {
	t.Helper()
	r := verify(t, openFolder(t, dir), nil)
	switch kind {
	case "valid":
		if !r.Valid() {
			t.Errorf("got %q, want a valid bag", found(r))
		}
	case "warning":
		if artefact := slices.Contains(artefacts, name); len(r.Findings) == 0 || !artefact && !r.Valid() {
			t.Errorf("got %q, want warnings", found(r))
		}
	case "invalid", "linux-only", "windows-only":
		if !slices.ContainsFunc(r.Findings, func(f bag.Finding) bool {
			return !f.Warning && slices.Contains(reasons[name], f.Code)
		}) {
			t.Errorf("got %q, want %q", found(r), reasons[name])
		}
	}
}

// reasons are why the invalid bags are: another finding would be the wrong one.
var reasons = map[string][]bag.Code{
	"baginfo-missing-encoding":                                  {bag.BagitLines},
	"bagit-with-invalid-whitespace":                             {bag.BagitWhitespace},
	"bom-in-bagit.txt":                                          {bag.BagitBOM},
	"corrupt-data-file":                                         {bag.BadChecksum},
	"corrupt-tag-file":                                          {bag.BadChecksum},
	"extra-file-in-bag":                                         {bag.Unlisted},
	"invalid-version-number":                                    {bag.BadVersion},
	"missing-baginfo":                                           {bag.Missing},
	"missing-bagit.txt":                                         {bag.BagitMissing},
	"missing-from-manifest":                                     {bag.Unlisted},
	"out-of-scope-file-paths-using-absolute-path":               {bag.OutOfScope},
	"out-of-scope-file-paths-using-absolute-path-for-fetch":     {bag.OutOfScope},
	"out-of-scope-file-paths-using-dot-notation":                {bag.OutOfScope, bag.NotPayload},
	"out-of-scope-file-paths-using-dot-notation-for-fetch":      {bag.OutOfScope, bag.NotPayload},
	"out-of-scope-file-paths-using-shortcut":                    {bag.OutOfScope, bag.NotPayload},
	"out-of-scope-file-paths-using-shortcut-for-fetch":          {bag.OutOfScope, bag.NotPayload},
	"out-of-scope-file-paths-using-shortcut-username":           {bag.OutOfScope},
	"out-of-scope-file-paths-using-shortcut-username-for-fetch": {bag.OutOfScope},
	"out-of-scope-file-paths-using-unc":                         {bag.OutOfScope},
	"out-of-scope-file-paths-using-unc-for-fetch":               {bag.OutOfScope},
	"same-filename-listed-twice-with-different-hashes":          {bag.Duplicate},
	"same-filename-listed-twice-with-the-same-hash":             {bag.Duplicate},
}
