package awscli

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/internal/pyval"
)

const (
	yamlWidth  = 80  // the column after which a text is broken at its next space
	yamlIndent = 2   // of a level
	maxKey     = 128 // bytes of a key that may stand without a question mark
)

// writeYAML prints a list or an object in block style with sorted keys. A list or an object that
// appears twice is written once, with an anchor, and referred to.
func writeYAML(w *writer, v any) error {
	e := &emitter{anchors: map[any]string{}, done: map[any]bool{}, indent: -1, space: true, fresh: true}
	if err := checkAll(v); err != nil {
		return err
	}
	e.number(v, map[any]bool{})
	e.node(v, place{root: true})
	e.newline()
	return w.write(e.b.String())
}

// checkAll refuses text that cannot be written before anything is.
func checkAll(v any) error {
	switch v := v.(type) {
	case string:
		if err := pyval.CheckText(v); err != nil {
			return general(err)
		}
	case *pyval.List:
		for _, item := range v.Items {
			if err := checkAll(item); err != nil {
				return err
			}
		}
	case *pyval.Dict:
		for _, key := range v.Sorted() {
			item, _ := v.Get(key)
			if err := checkAll(pyval.NewList(key, item)); err != nil {
				return err
			}
		}
	}
	return nil
}

// emitter writes YAML and knows where on the page it is.
type emitter struct {
	b       strings.Builder
	column  int
	indent  int
	space   bool // the last character was space, or the line is new
	fresh   bool // only indentation and indicators stand on the line
	anchors map[any]string
	done    map[any]bool
}

// place is where a node stands.
type place struct {
	root, mapping, key bool
}

// number names the lists and objects that appear more than once, in the order of their second place.
func (e *emitter) number(v any, seen map[any]bool) {
	if pyval.Scalar(v) {
		return
	}
	if seen[v] {
		if _, ok := e.anchors[v]; !ok {
			e.anchors[v] = fmt.Sprintf("id%03d", len(e.anchors)+1)
		}
		return
	}
	seen[v] = true
	switch v := v.(type) {
	case *pyval.List:
		for _, item := range v.Items {
			e.number(item, seen)
		}
	case *pyval.Dict:
		for _, key := range v.Sorted() {
			item, _ := v.Get(key)
			e.number(item, seen)
		}
	}
}

func (e *emitter) node(v any, at place) {
	if pyval.Scalar(v) {
		e.scalar(v, at.key)
		return
	}
	if name, ok := e.anchors[v]; ok {
		if e.done[v] {
			e.indicator("*"+name, true, false, false)
			return
		}
		e.done[v] = true
		e.indicator("&"+name, true, false, false)
	}
	switch v := v.(type) {
	case *pyval.List:
		e.list(v, at)
	case *pyval.Dict:
		e.dict(v)
	}
}

func (e *emitter) list(l *pyval.List, at place) {
	if len(l.Items) == 0 {
		e.indicator("[", true, true, false)
		e.indicator("]", false, false, false)
		return
	}
	outer := e.indent
	if !at.mapping || e.fresh { // the dashes of a list in an object stand below its key
		e.deeper()
	}
	for _, item := range l.Items {
		e.newline()
		e.indicator("-", true, false, true)
		e.node(item, place{})
	}
	e.indent = outer
}

func (e *emitter) dict(d *pyval.Dict) {
	if d.Len() == 0 {
		e.indicator("{", true, true, false)
		e.indicator("}", false, false, false)
		return
	}
	outer := e.indent
	e.deeper()
	for _, key := range d.Sorted() {
		value, _ := d.Get(key)
		e.newline()
		if len(key) <= maxKey && !factsOf(key).multiline {
			e.node(key, place{mapping: true, key: true})
			e.indicator(":", false, false, false)
		} else {
			e.indicator("?", true, false, true)
			e.node(key, place{mapping: true})
			e.newline()
			e.indicator(":", true, false, true)
		}
		e.node(value, place{mapping: true})
	}
	e.indent = outer
}

func (e *emitter) deeper() {
	if e.indent < 0 {
		e.indent = 0
		return
	}
	e.indent += yamlIndent
}

// indicator writes a piece of syntax, behind a space if it needs one.
func (e *emitter) indicator(s string, needsSpace, space, indention bool) {
	if needsSpace && !e.space {
		e.put(" ")
	}
	e.put(s)
	e.space = space
	e.fresh = e.fresh && indention
}

func (e *emitter) put(s string) {
	e.b.WriteString(s)
	e.column += len(pyval.Runes(s))
}

// newline moves to the indentation on a line of its own, unless it is there already.
func (e *emitter) newline() {
	indent := max(e.indent, 0)
	if !e.fresh || e.column > indent || e.column == indent && !e.space {
		e.lineBreak("\n")
	}
	for e.column < indent {
		e.put(" ")
	}
	e.space, e.fresh = true, true
}

func (e *emitter) lineBreak(s string) {
	e.b.WriteString(s)
	e.column = 0
}

// scalar writes a scalar; the lines it is broken into are indented by one level.
func (e *emitter) scalar(v any, key bool) {
	outer := e.indent
	e.indent = max(outer, 0) + yamlIndent
	defer func() { e.indent = outer }()
	text, ok := v.(string)
	if !ok {
		e.plain(scalarText(v), true)
		return
	}
	switch styleOf(text, key) {
	case plain:
		e.plain(text, !key)
	case singleQuoted:
		e.single(text, !key)
	default:
		e.double(text, !key)
	}
}

func scalarText(v any) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case *big.Int:
		return v.String()
	case float64:
		s := pyval.Float(v)
		if strings.HasSuffix(s, "inf") || s == "nan" {
			return strings.Replace("."+s, ".-", "-.", 1)
		}
		return s
	}
	return "null"
}
