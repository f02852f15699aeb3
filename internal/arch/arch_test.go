package arch_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/lvtool/lvtool"
)

// A listed is what go list says of a package.
type listed struct {
	ImportPath string
	Standard   bool
	Deps       []string
	Export     string
}

// goList runs go list -json with args at the root of the module.
func goList(t *testing.T, args ...string) []listed {
	t.Helper()
	watch(t)
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Deps,Export"}, args...)...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("go list: %v\n%s", err, e.Stderr)
		}
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list: no packages")
	}
	return all
}

// watch lists the module's folders, so that the test cache notices changed
// files: it does not see what a child process reads.
func watch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// files returns the files of the project, with forward slashes, from the root:
// those that git knows, and those that it would take.
func files(t *testing.T) []string {
	t.Helper()
	watch(t)
	if _, err := os.Stat(filepath.Join(root, ".git")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("not a git checkout: what is the project's cannot be told from what lies about")
	}
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal("git ls-files: ", err)
	}
	names := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	return slices.DeleteFunc(names, func(name string) bool { // removed, but not yet committed
		_, err := os.Lstat(filepath.Join(root, name))
		return err != nil
	})
}

// A source is a parsed Go file, and its name from the root.
type source struct {
	name string
	fset *token.FileSet
	file *ast.File
}

// sources returns the project's Go files but for tests.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, name := range files(t) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parse(t, name, string(text)))
	}
	if !slices.ContainsFunc(all, func(s source) bool { return s.name == "internal/arch/doc.go" }) {
		t.Fatalf("%d sources, and this package's own is not among them", len(all))
	}
	return all
}

// parse returns the source that text is.
func parse(t *testing.T, name, text string) source {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return source{name, fset, file}
}

// lines returns how many lines the node takes.
func (s source) lines(n ast.Node) int {
	return s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line + 1
}

// at returns file and line of a node.
func (s source) at(n ast.Node) string { return s.fset.Position(n.Pos()).String() }

// wantComplaints fails where a rule did not find what it must find.
func wantComplaints(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got complaints\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
