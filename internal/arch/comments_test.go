package arch_test

import (
	"go/ast"
	"go/token"
	"path"
	"testing"
)

// TestComments holds that everything exported is documented, internal packages
// included. Whether the words are any good, no test knows; revive holds that
// they begin with the name.
func TestComments(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		for _, complaint := range checkComments(s) {
			t.Error(complaint)
		}
		dir := path.Dir(s.name)
		documented[dir] = documented[dir] || s.file.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s: no file documents the package", dir)
		}
	}
}

// checkComments returns which exported names of a source have no comment:
// functions, methods of exported types, types, methods of exported interfaces,
// constants and variables. For a group of these its comment is enough.
func checkComments(s source) []string {
	var complaints []string
	complain := func(n *ast.Ident, doc ...*ast.CommentGroup) {
		for _, d := range doc {
			if d != nil {
				return
			}
		}
		if n.IsExported() {
			complaints = append(complaints, s.at(n)+": "+n.Name+" has no comment")
		}
	}
	for _, decl := range s.file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type)) {
				complain(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					complainType(complain, d, spec)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						complain(name, d.Doc, spec.Doc, spec.Comment)
					}
				}
			}
		}
	}
	return complaints
}

func complainType(complain func(*ast.Ident, ...*ast.CommentGroup), d *ast.GenDecl, spec *ast.TypeSpec) {
	if d.Lparen == token.NoPos {
		complain(spec.Name, d.Doc, spec.Doc)
	} else {
		complain(spec.Name, spec.Doc)
	}
	i, ok := spec.Type.(*ast.InterfaceType)
	if !ok || !spec.Name.IsExported() {
		return
	}
	for _, m := range i.Methods.List {
		for _, name := range m.Names {
			complain(name, m.Doc, m.Comment)
		}
	}
}

// receiver returns the name of a receiver's type, without star and parameters.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func TestCheckComments(t *testing.T) {
	const text = `package p

func Bare() {}

// Told is.
func Told() {}

type Type struct{}

func (Type) Method()     {}
func (*Type) Pointer()   {}
func (hidden) Method()   {}
func (*G[K, V]) Method() {}
func hide()              {}

// G is.
type G[K, V any] struct{}

// A group of types needs one each.
type (
	InGroup struct{}
	// Other is.
	Other struct{}
	Iface interface {
		Silent()
		// Spoken is.
		Spoken()
		Trailing() // is
	}
	hidden interface{ Method() }
)

const Const = 1

// The group's comment is enough.
const (
	One = iota
	Two
)

var (
	Bad, Worse int
	Good       int // is
)
`
	wantComplaints(
		t, checkComments(parse(t, "p.go", text)),
		"p.go:3:6: Bare has no comment",
		"p.go:8:6: Type has no comment",
		"p.go:10:13: Method has no comment",
		"p.go:11:14: Pointer has no comment",
		"p.go:13:17: Method has no comment",
		"p.go:21:2: InGroup has no comment",
		"p.go:24:2: Iface has no comment",
		"p.go:25:3: Silent has no comment",
		"p.go:33:7: Const has no comment",
		"p.go:42:2: Bad has no comment",
		"p.go:42:7: Worse has no comment",
	)
}
