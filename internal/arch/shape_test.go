package arch_test

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// How long the parts of a program may be. Tests may be longer.
const (
	maxFile     = 300 // lines of a file
	maxFunction = 60  // lines from func to the closing brace
)

func TestShape(t *testing.T) {
	for _, s := range sources(t) {
		for _, complaint := range append(checkLengths(s), checkGoroutines(s)...) {
			t.Error(complaint)
		}
	}
}

// checkLengths returns what is too long in a source.
func checkLengths(s source) []string {
	var complaints []string
	if n := s.fset.File(s.file.FileStart).LineCount(); n > maxFile {
		complaints = append(complaints, fmt.Sprintf("%s: %d lines, want at most %d", s.name, n, maxFile))
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if lines := s.lines(n); lines > maxFunction {
				complaints = append(complaints,
					fmt.Sprintf("%s: a function of %d lines, want at most %d", s.at(n), lines, maxFunction))
			}
		}
		return true
	})
	return complaints
}

func TestCheckLengths(t *testing.T) {
	function := func(head string, lines int) string {
		return head + " {\n" + strings.Repeat("\t_ = 0\n", lines-2) + "}\n"
	}
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"file at the limit", "package p\n" + strings.Repeat("\n", 299), nil},
		{"file over it", "package p\n" + strings.Repeat("\n", 300), []string{"a.go: 301 lines, want at most 300"}},
		{"function at the limit", "package p\n" + function("func f()", 60), nil},
		{
			"function over it", "package p\n" + function("func f()", 61),
			[]string{"a.go:2:1: a function of 61 lines, want at most 60"},
		},
		{
			"method over it", "package p\n// m is.\n" + function("func (t T) m()", 61),
			[]string{"a.go:3:1: a function of 61 lines, want at most 60"},
		},
		{
			"literal over it", "package p\nvar f = " + strings.TrimSpace(function("func()", 61)) + "\n",
			[]string{"a.go:2:9: a function of 61 lines, want at most 60"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantComplaints(t, checkLengths(parse(t, "a.go", test.text)), test.want...)
		})
	}
}

// checkGoroutines returns where a source outside internal/pipeline starts a
// goroutine: elsewhere, all is done when a call returns.
func checkGoroutines(s source) []string {
	if within(s.name, "internal/pipeline") {
		return nil
	}
	var complaints []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if _, ok := n.(*ast.GoStmt); ok {
			complaints = append(complaints, s.at(n)+": a goroutine outside internal/pipeline")
		}
		return true
	})
	return complaints
}

func TestCheckGoroutines(t *testing.T) {
	const text = "package p\nfunc f() {\n\tgo f()\n}\n"
	wantComplaints(t, checkGoroutines(parse(t, "internal/pipeline/p.go", text)))
	wantComplaints(t, checkGoroutines(parse(t, "internal/pipelines/p.go", text)),
		"internal/pipelines/p.go:3:2: a goroutine outside internal/pipeline")
}
