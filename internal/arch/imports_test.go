package arch_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What most packages may not reach outside the module.
const (
	aws   = "github.com/aws"
	flags = "github.com/urfave"
	net   = "net/http"
)

var outside = []string{aws, flags, net}

// forbidden says of every package of the module what it may never reach, not
// even through others. A name stands for itself and for what lies below it, and
// is from the root of the module if it is not from outside. A package may stand
// here before it is written; one that is written must. That nobody reaches
// cmd/lvtool, Go itself sees to.
var forbidden = map[string][]string{
	"decode":              {"annotate", "export", "samples", "internal/pipeline", aws, flags, net},
	"decode/inventory":    {"annotate", "export", "samples", "internal", aws, flags, net},
	"decode/s3source":     {"annotate", "export", "samples", "internal/pipeline", flags},
	"decode/rekognition":  {"annotate", "export", "samples", "internal/pipeline", flags},
	"annotate":            {"export", "samples", "internal/pipeline", aws, flags, net},
	"export":              {"samples", "internal/pipeline", aws, flags, net},
	"export/bag":          {"decode", "annotate", "samples", "internal/pipeline", aws, flags, net},
	"export/measure":      {"samples", "internal/pipeline", aws, flags, net},
	"export/review":       {"samples", "internal/pipeline", aws, flags, net},
	"export/bag/seal":     {"decode", "annotate", "samples", "internal/pipeline", aws, flags, net},
	"export/boxes":        {"samples", "internal/pipeline", aws, flags, net},
	"export/container":    {"decode", "annotate", "samples", "internal/pipeline", aws, flags, net},
	"export/engine":       {"decode", "annotate", "samples", "internal/pipeline", aws, flags, net},
	"export/leak":         {"decode", "annotate", "samples", "internal/pipeline", aws, flags, net},
	"export/pdf":          {"samples", "internal/pipeline", aws, flags, net},
	"export/plan":         {"samples", "internal/pipeline", aws, flags, net},
	"export/redact":       {"samples", "internal/pipeline", aws, flags, net},
	"samples":             {"internal/pipeline", aws, flags, net},
	"cmd/lvtool":          {},
	"internal/area":       {"decode", "annotate", "export", "samples", aws, flags, net},
	"internal/arch":       {"decode", "annotate", "export", "samples", "internal", aws, flags, net},
	"internal/awscli":     {"decode", "annotate", "export", "samples", "internal/pipeline", aws, flags},
	"internal/awsconf":    {"decode", "annotate", "export", "samples", "internal/pipeline", flags},
	"internal/jmespath":   {"decode", "annotate", "export", "samples", "internal/pipeline", aws, flags, net},
	"internal/pyval":      {"decode", "annotate", "export", "samples", "internal/pipeline", aws, flags, net},
	"internal/golden":     {"decode", "annotate", "export", "samples", "internal", aws, flags, net},
	"internal/lazyregexp": {"decode", "annotate", "export", "samples", aws, flags, net},
	"internal/need":       {"decode", "annotate", "export", "samples", "internal", aws, flags, net},
	"internal/peers":      {"decode", "annotate", "export", "internal/pipeline", aws, flags, net},
	"internal/pipeline":   {"decode", "annotate", "export", "samples", aws, flags, net},
	"internal/rekstub":    {"decode", "annotate", "export", "samples", "internal", flags},
	"internal/s3fault":    {"decode", "annotate", "export", "samples", "internal", flags},
	"internal/tsa":        {"decode", "annotate", "export", "samples", "internal", aws, flags},
	"internal/text":       {"decode", "annotate", "export", "samples", aws, flags, net},
	"internal/twosums":    {"decode", "annotate", "export", "samples", aws, flags, net},
}

func TestImports(t *testing.T) {
	deps := map[string][]string{}
	for _, p := range goList(t, "./...") {
		deps[p.ImportPath] = p.Deps
	}
	for _, pkg := range []string{"decode", "annotate", "export", "internal/arch"} {
		if _, ok := deps[module+"/"+pkg]; !ok {
			t.Fatalf("go list misses %s: got %q", pkg, slices.Sorted(maps.Keys(deps)))
		}
	}
	for _, complaint := range checkImports(forbidden, deps) {
		t.Error(complaint)
	}
}

// TestForbiddenNames holds that what is forbidden is spelled as it is imported: a rule
// about a name that nothing has forbids nothing.
func TestForbiddenNames(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "\t"+flags+"/cli/v2 ") {
		t.Errorf("go.mod does not require %s", flags)
	}
	for pkg, names := range forbidden {
		for _, name := range names {
			if !slices.Contains(outside, name) && !own(name) {
				t.Errorf("%s: %q is no package that this table knows", pkg, name)
			}
		}
	}
}

// own reports whether name is a package of the table, or a folder of some.
func own(name string) bool {
	for pkg := range forbidden {
		if within(pkg, name) {
			return true
		}
	}
	return false
}

func TestCheckImports(t *testing.T) {
	rules := map[string][]string{
		"decode":          {"annotate", aws, net},
		"decode/s3source": {"annotate"},
		"export/bag":      {"decode"}, // not written yet
		"internal":        {"internal"},
		"text":            {"internal"},
	}
	got := checkImports(rules, map[string][]string{
		module + "/decode": {
			"net", "net/url", "net/httpx", module + "/annotated",
			"net/http", "github.com/aws/aws-sdk-go-v2/service/s3", module + "/annotate", module + "/annotate/deep",
		},
		module + "/decode/s3source":     {"net/http", "github.com/aws/smithy-go", module + "/annotate"},
		module + "/decode/s3source/sub": {module + "/annotate"},
		module + "/internal/a":          {module + "/internal/a/b", "internal/abi"},
		module + "/text":                {"internal/abi"},
		module + "/decoder":             {},
		module:                          {},
	})
	wantComplaints(t, got,
		module+" stands in no rule: say in forbidden what it may not reach",
		"decode reaches github.com/aws/aws-sdk-go-v2/service/s3",
		"decode reaches "+module+"/annotate",
		"decode reaches "+module+"/annotate/deep",
		"decode reaches net/http",
		"decode/s3source reaches "+module+"/annotate",
		"decode/s3source/sub reaches "+module+"/annotate",
		"decoder stands in no rule: say in forbidden what it may not reach",
	)
}

// checkImports returns which of the packages break a rule, or have none. The
// rule of a package is that of the deepest folder that has one.
func checkImports(rules, deps map[string][]string) []string {
	var complaints []string
	for _, path := range slices.Sorted(maps.Keys(deps)) {
		pkg := strings.TrimPrefix(path, module+"/")
		rule := ""
		for name := range rules {
			if within(pkg, name) && len(name) > len(rule) {
				rule = name
			}
		}
		if rule == "" {
			complaints = append(complaints, pkg+" stands in no rule: say in forbidden what it may not reach")
			continue
		}
		for _, dep := range slices.Sorted(slices.Values(deps[path])) {
			if slices.ContainsFunc(rules[rule], func(name string) bool { return breaks(dep, name, rule) }) {
				complaints = append(complaints, fmt.Sprintf("%s reaches %s", pkg, dep))
			}
		}
	}
	return complaints
}

// breaks reports whether dep is what name forbids. A package's own folder is
// never forbidden to it, and the standard library's internal is not ours.
func breaks(dep, name, rule string) bool {
	if dep, ok := strings.CutPrefix(dep, module+"/"); ok {
		return within(dep, name) && !within(dep, rule)
	}
	return slices.Contains(outside, name) && within(dep, name)
}

// within reports whether the path is dir or lies below it.
func within(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, dir+"/")
}
