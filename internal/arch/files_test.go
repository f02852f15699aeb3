package arch_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// top is what may lie at the root of the project: a new name there is a
// decision, not an accident.
var top = []string{
	".ci", ".gitattributes", ".gitignore", ".golangci.yml",
	"CHANGELOG.md", "LICENSE", "NOTICE", "README.md", "go.mod", "go.sum",
	"annotate", "cmd", "decode", "export", "internal", "samples",
}

func TestTop(t *testing.T) {
	for _, complaint := range checkTop(files(t)) {
		t.Error(complaint)
	}
}

// checkTop returns what lies at the top that may not, and programs other than
// lvtool.
func checkTop(names []string) []string {
	var complaints []string
	for _, name := range names {
		first, rest, nested := strings.Cut(name, "/")
		switch {
		case !slices.Contains(top, first):
			complaints = append(complaints, name+": may not lie at the top")
		case first == "cmd" && nested && !within(rest, "lvtool"):
			complaints = append(complaints, name+": the one program is cmd/lvtool")
		}
	}
	return complaints
}

func TestCheckTop(t *testing.T) {
	names := []string{"README.md", "cmd/lvtool/main.go", "cmd/other/main.go", "pkg/a.go", "notes.txt", "decode/a.txt"}
	wantComplaints(t, checkTop(names),
		"cmd/other/main.go: the one program is cmd/lvtool",
		"pkg/a.go: may not lie at the top",
		"notes.txt: may not lie at the top",
	)
}

// TestContents holds that nothing in the project depends on one machine, or on
// where its packages came from.
func TestContents(t *testing.T) {
	for _, name := range files(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, complaint := range checkContents(name, text) {
			t.Error(complaint)
		}
	}
}

// These are written so that they do not match themselves.
var (
	registries = regexp.MustCompile(`(?i)\b(` +
		`(proxy|sum)\.golang\.org|goproxy\.(io|cn)|` +
		`registry\.(npmjs\.org|yarnpkg\.com)|` +
		`(deb|security|ftp|snapshot)\.debian\.org|` +
		`(test\.)?pypi\.org|files\.pythonhosted\.org|` +
		`(index\.|static\.)?crates\.io|` +
		`repo1?\.maven\.(apache\.)?org|` +
		`registry-1\.docker\.io)\b`)
	// A path below a folder that differs from machine to machine. What stands
	// before it tells it from the path of a URL and from a relative path.
	machine = regexp.MustCompile(`(?m)(^|file://|[^\w.)}$/-])/(work|tmp|root|home|Users)/\w|\b[A-Z]:\\+Users\\+\w`)
)

// checkContents returns the lines of a text file that name a package registry
// or a folder of somebody's machine.
func checkContents(name string, text []byte) []string {
	if bytes.IndexByte(text, 0) >= 0 {
		return nil // a picture or the like
	}
	var complaints []string
	for i, line := range bytes.Split(text, []byte("\n")) {
		if host := registries.Find(line); host != nil {
			complaints = append(complaints, fmt.Sprintf("%s:%d: names the package registry %s", name, i+1, host))
		}
		if path := machine.Find(line); path != nil {
			complaints = append(complaints, fmt.Sprintf("%s:%d: names a machine's folder: %s", name, i+1, line))
		}
	}
	return complaints
}

func TestCheckContents(t *testing.T) {
	// This file is checked too, so its lines have ¦ for what would give them away.
	dot, slash, backslash := strings.NewReplacer("¦", "."), strings.NewReplacer("¦", "/"), strings.NewReplacer("¦", `\`)
	for _, test := range []struct {
		real *strings.Replacer
		line string
		want string
	}{
		{dot, "GOPROXY=https://proxy¦golang.org,direct", "names the package registry proxy¦golang.org"},
		{dot, `"resolved": "https://registry¦npmjs.org/x"`, "names the package registry registry¦npmjs.org"},
		{dot, "see pkg¦go.dev and golang¦org/x/image", ""},
		{slash, "cd ¦work/main", "names a machine's folder: cd ¦work/main"},
		{slash, "¦home/me", "names a machine's folder: ¦home/me"},
		{slash, `"¦tmp/out"`, `names a machine's folder: "¦tmp/out"`},
		{slash, "file://¦root/x", "names a machine's folder: file://¦root/x"},
		{backslash, "C:¦Users¦me", "names a machine's folder: C:¦Users¦me"},
		{slash, "../work/main ./tmp/x $HOME/tmp/y https://example.com/home/z decode/tmp/a ¦tmp ¦worker/x", ""},
		{slash, "\x00 ¦home/me", ""},
	} {
		var want []string
		if test.want != "" {
			want = []string{"a.txt:2: " + test.real.Replace(test.want)}
		}
		wantComplaints(t, checkContents("a.txt", []byte("first\n"+test.real.Replace(test.line))), want...)
	}
}
