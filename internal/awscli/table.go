package awscli

import (
	"slices"

	"github.com/lvtool/lvtool/internal/pyval"
)

// table collects the sections of a table: one for each object and list of the value.
type table struct {
	sections []*section
}

// section is a titled part of a table, indented by its depth.
type section struct {
	title   string
	indent  int
	headers []string
	rows    [][]string
	columns int   // cells of a row; -1: not known yet
	widths  []int // of the widest cell of each column
}

func writeTable(w *writer, v any, style Style) error {
	t := &table{}
	built, err := t.titled(v, Operation, 0)
	if err != nil || !built {
		return err
	}
	return t.render(w, style)
}

func (t *table) begin(title string, indent int) {
	t.sections = append(t.sections, &section{title: title, indent: indent, columns: -1})
}

func (t *table) section() *section { return t.sections[len(t.sections)-1] }

// titled adds v as a section of its own. It says whether there was anything to add: what Python
// takes as false is left out.
func (t *table) titled(v any, title string, indent int) (bool, error) {
	if !pyval.Truth(v) {
		return false, nil
	}
	t.begin(title, indent)
	return true, t.build(v, title, indent)
}

// build adds v to the current section. The title is for the sections of further objects of a list.
func (t *table) build(v any, title string, indent int) error {
	switch v := v.(type) {
	case *pyval.Dict:
		return t.dict(v, indent)
	case *pyval.List:
		if isDict(v.Items[0]) {
			return t.dicts(v.Items, title, indent)
		}
		return t.list(v.Items)
	}
	return nil
}

func (t *table) list(items []any) error {
	for _, item := range items {
		if pyval.Scalar(item) {
			item = pyval.NewList(item)
		}
		cells, err := iterate(item)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(cells, func(v any) bool { return !pyval.Scalar(v) }) {
			err = t.build(item, "", 0)
		} else {
			err = t.section().addRow(cells)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dict adds the scalars of an object as one row, and the rest below it.
func (t *table) dict(d *pyval.Dict, indent int) error {
	headers, nested := group(d)
	cells := make([]any, len(headers))
	for i, key := range headers {
		cells[i], _ = d.Get(key)
	}
	var err error
	switch {
	case len(headers) == 1:
		err = t.section().addRow([]any{headers[0], cells[0]})
	case len(headers) > 1:
		if err = t.section().addHeader(headers); err == nil {
			err = t.section().addRow(cells)
		}
	}
	for _, key := range nested {
		if err != nil {
			return err
		}
		v, _ := d.Get(key)
		_, err = t.titled(v, key, indent+1)
	}
	return err
}

// dicts adds objects as rows under a common header. Where any has nested values, each gets a
// section, with its nested values below it.
func (t *table) dicts(items []any, title string, indent int) error {
	headers, nested, err := groupAll(items)
	if err != nil {
		return err
	}
	for i, item := range items {
		d, ok := item.(*pyval.Dict)
		if !ok && len(headers) > 0 {
			return noAttribute(item, "get")
		}
		if !ok { // an empty list or text has nothing to miss
			d = &pyval.Dict{}
		}
		if i > 0 && len(nested) > 0 {
			t.begin(title, indent)
		}
		if i == 0 || len(nested) > 0 {
			err = t.section().addHeader(headers)
		}
		if err == nil {
			err = t.row(d, headers, nested, indent)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// row adds an object of a list: a cell for each header, then its nested values.
func (t *table) row(d *pyval.Dict, headers, nested []string, indent int) error {
	cells := make([]any, len(headers))
	for i, key := range headers {
		cells[i] = first(d, "", key)
	}
	err := t.section().addRow(cells)
	for _, key := range nested {
		if err != nil {
			return err
		}
		v, _ := d.Get(key)
		_, err = t.titled(v, key, indent+1)
	}
	return err
}

// group parts the names of an object into those of scalars and the rest, each sorted.
func group(d *pyval.Dict) (scalars, nested []string) {
	for _, key := range d.Sorted() {
		if v, _ := d.Get(key); pyval.Scalar(v) {
			scalars = append(scalars, key)
		} else {
			nested = append(nested, key)
		}
	}
	return scalars, nested
}

// groupAll is [group] over several objects. A name may be in both.
func groupAll(items []any) (scalars, nested []string, err error) {
	for _, item := range items {
		d, ok := item.(*pyval.Dict)
		switch {
		case emptySequence(item):
			continue
		case !ok:
			return nil, nil, notObject(item)
		}
		s, n := group(d)
		scalars, nested = append(scalars, s...), append(nested, n...)
	}
	slices.Sort(scalars)
	slices.Sort(nested)
	return slices.Compact(scalars), slices.Compact(nested), nil
}

// emptySequence says whether v is a list or a text in which Python finds no keys to stumble over.
func emptySequence(v any) bool {
	l, ok := v.(*pyval.List)
	return v == "" || ok && len(l.Items) == 0
}

// notObject is how the CLI stumbles over an item among objects that is none.
func notObject(item any) error {
	switch item.(type) {
	case string:
		return &Error{ExitGeneral, "string indices must be integers, not 'str'"}
	case *pyval.List:
		return noAttribute(item, "get")
	}
	return failf(ExitGeneral, "'%s' object is not iterable", pyval.TypeName(item))
}

func (s *section) addHeader(headers []string) error {
	if s.columns < 0 {
		s.columns = len(headers)
	}
	s.headers = headers
	return s.widen(headers)
}

func (s *section) addRow(cells []any) error {
	if s.columns < 0 {
		s.columns = len(cells)
	}
	if len(cells) != s.columns {
		return failf(ExitGeneral, "Row should have %d elements, instead it has %d", s.columns, len(cells))
	}
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = pyval.Str(cell)
	}
	s.rows = append(s.rows, row)
	return s.widen(row)
}

func (s *section) widen(cells []string) error {
	if len(s.widths) == 0 {
		s.widths = make([]int, len(cells))
	}
	for i, cell := range cells {
		if i >= len(s.widths) {
			return &Error{ExitGeneral, "list index out of range"}
		}
		s.widths[i] = max(s.widths[i], columns(cell))
	}
	return nil
}
