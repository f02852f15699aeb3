package arch_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestAPI holds that the exported API of the stages speaks only in types of the
// standard library and of lvtool: the libraries that draw, decode and sign stay
// replaceable. What talks to AWS may say so.
func TestAPI(t *testing.T) {
	export := map[string]string{}
	for _, p := range goList(t, "-deps", "-export", "./...") {
		if p.Export != "" { // only tests have none
			export[p.ImportPath] = p.Export
		}
	}
	imp := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(export[path])
	})
	checked := 0
	for path := range export {
		pkg, stage := strings.CutPrefix(path, module+"/")
		stage = stage && (within(pkg, "decode") || within(pkg, "annotate") || within(pkg, "export"))
		if !stage || within(pkg, "decode/s3source") || within(pkg, "decode/rekognition") {
			continue
		}
		p, err := imp.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		checked++
		for _, complaint := range checkAPI(p) {
			t.Error(complaint)
		}
	}
	if checked < 3 {
		t.Errorf("got %d packages, want at least decode, annotate and export", checked)
	}
}

func TestCheckAPI(t *testing.T) {
	const source = `package annotate

import ("image"; "github.com/fogleman/gg")

type (
	Alias     = gg.Context
	Field     struct { A map[string][]*gg.Context; hidden gg.Context }
	Embedded  struct { image.Rectangle; *gg.Context }
	promoter  struct{ Deep *gg.Context }
	Promoted  struct { promoter }
	Iface     interface { Draw(chan gg.Context) }
	Bound[T interface{ ~[]gg.Context }] struct{}
	Fine      struct { R image.Rectangle; hidden *gg.Context; f func(gg.Context) }
)

func (promoter) Reach() *gg.Context { return nil }
func (f *Fine) Method(*image.Rectangle) {}
func (f *Fine) method(gg.Context) {}
func Func(f func(...gg.Context)) {}
func Through() *unexported { return nil }
type unexported struct { Inner [2]gg.Context }
var Var *gg.Context
var private gg.Context
`
	wantComplaints(t, checkAPI(compile(t, source)),
		"annotate.Alias: github.com/fogleman/gg.Context",
		"annotate.Bound: github.com/fogleman/gg.Context",
		"annotate.Embedded.Context: github.com/fogleman/gg.Context",
		"annotate.Field.A: github.com/fogleman/gg.Context",
		"annotate.Func: github.com/fogleman/gg.Context",
		"annotate.Iface.Draw: github.com/fogleman/gg.Context",
		"annotate.Promoted.promoter.Deep: github.com/fogleman/gg.Context",
		"annotate.Promoted.promoter.Reach: github.com/fogleman/gg.Context",
		"annotate.Through.Inner: github.com/fogleman/gg.Context",
		"annotate.Var: github.com/fogleman/gg.Context",
	)
}

// compile type-checks a source of package annotate against stand-ins for gg and
// image.
func compile(t *testing.T, source string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "annotate.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: standIns{"image": "Rectangle", "github.com/fogleman/gg": "Context"}}
	pkg, err := conf.Check(module+"/annotate", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// standIns are packages of one type each.
type standIns map[string]string

func (s standIns) Import(pkg string) (*types.Package, error) {
	p := types.NewPackage(pkg, path.Base(pkg))
	name := types.NewTypeName(token.NoPos, p, s[pkg], nil)
	types.NewNamed(name, types.NewStruct(nil, nil), nil)
	p.Scope().Insert(name)
	p.MarkComplete()
	return p, nil
}

// checkAPI returns where the exported API of a package mentions a type that is
// neither the standard library's nor the module's.
func checkAPI(p *types.Package) []string {
	w := walker{seen: map[types.Type]bool{}}
	for _, name := range p.Scope().Names() {
		if obj := p.Scope().Lookup(name); obj.Exported() {
			w.walk(p.Name()+"."+name, obj.Type())
		}
	}
	slices.Sort(w.complaints)
	return slices.Compact(w.complaints)
}

// A walker goes through all types that can be reached from an exported one by a
// caller.
type walker struct {
	seen       map[types.Type]bool
	complaints []string
}

func (w *walker) walk(at string, t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		w.walk(at, types.Unalias(t))
	case *types.Named:
		w.named(at, t)
	case *types.TypeParam:
		w.walk(at, t.Constraint())
	case *types.Map:
		w.walk(at, t.Key())
		w.walk(at, t.Elem())
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		w.walk(at, t.Elem())
	case *types.Signature:
		w.tuple(at, t.Params())
		w.tuple(at, t.Results())
		for p := range t.TypeParams().TypeParams() {
			w.walk(at, p)
		}
	case *types.Struct:
		w.fields(at, t)
	case *types.Interface:
		w.iface(at, t)
	case *types.Union:
		for term := range t.Terms() {
			w.walk(at, term.Type())
		}
	}
}

func (w *walker) named(at string, t *types.Named) {
	for arg := range t.TypeArgs().Types() {
		w.walk(at, arg)
	}
	pkg := t.Obj().Pkg()
	if pkg == nil || !strings.Contains(pkg.Path(), ".") {
		return // of the language, or of the standard library
	}
	if !within(pkg.Path(), module) {
		w.complaints = append(w.complaints, fmt.Sprintf("%s: %s.%s", at, pkg.Path(), t.Obj().Name()))
		return
	}
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	for p := range t.TypeParams().TypeParams() {
		w.walk(at, p)
	}
	w.walk(at, t.Underlying())
	for m := range t.Methods() {
		if m.Exported() {
			w.walk(at+"."+m.Name(), m.Type())
		}
	}
}

func (w *walker) tuple(at string, t *types.Tuple) {
	for v := range t.Variables() {
		w.walk(at, v.Type())
	}
}

// fields walks the fields that a caller can name. Of embedded fields the caller
// sees what they promote, whatever their own name.
func (w *walker) fields(at string, s *types.Struct) {
	for f := range s.Fields() {
		if f.Exported() || f.Embedded() {
			w.walk(at+"."+f.Name(), f.Type())
		}
	}
}

func (w *walker) iface(at string, i *types.Interface) {
	for m := range i.ExplicitMethods() {
		if m.Exported() {
			w.walk(at+"."+m.Name(), m.Type())
		}
	}
	for e := range i.EmbeddedTypes() {
		w.walk(at, e)
	}
}
