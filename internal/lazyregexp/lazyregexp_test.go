package lazyregexp_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

func TestRegexp(t *testing.T) {
	r := lazyregexp.New(`(b)(.)`)
	if !r.MatchString("abc") || r.Match([]byte("ac")) {
		t.Error("got matches other than those of the pattern")
	}
	if got := r.FindString("abcb"); got != "bc" {
		t.Errorf("FindString: got %q", got)
	}
	if got := strings.Join(r.FindStringSubmatch("abc"), " "); got != "bc b c" {
		t.Errorf("FindStringSubmatch: got %q", got)
	}
	text := []byte("bcbd")
	if got := r.FindAllSubmatch(text, -1); len(got) != 2 || string(got[1][2]) != "d" {
		t.Errorf("FindAllSubmatch: got %q", got)
	}
	if got := r.FindAllSubmatchIndex(text, 1); len(got) != 1 || got[0][5] != 2 {
		t.Errorf("FindAllSubmatchIndex: got %v", got)
	}
}

// TestPatterns compiles all patterns of the project.
func TestPatterns(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(source), "lazyregexp.New(") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || types.ExprString(call.Fun) != "lazyregexp.New" {
				return true
			}
			found++
			value, err := types.Eval(set, nil, token.NoPos, types.ExprString(call.Args[0]))
			if err != nil {
				t.Errorf("%s: a pattern that is no constant of its own: %v", set.Position(call.Pos()), err)
				return true
			}
			if _, err := regexp.Compile(constant.StringVal(value.Value)); err != nil {
				t.Errorf("%s: %v", set.Position(call.Pos()), err)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 40 {
		t.Errorf("found %d patterns, want more than 40", found)
	}
}
