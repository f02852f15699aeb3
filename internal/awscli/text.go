package awscli

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/lvtool/lvtool/internal/pyval"
)

// textFormat prints values between tabs: scalars of an object in one line, sorted by name, nested
// ones in lines of their own that begin with the name in capitals.
type textFormat struct {
	w *writer
}

func (f textFormat) any(v any, identifier *string, keys []string) error {
	switch v := v.(type) {
	case *pyval.Dict:
		return f.dict(v, identifier, keys)
	case *pyval.List:
		return f.list(v.Items, identifier)
	}
	return f.w.write(pyval.Str(v), "\n")
}

func (f textFormat) list(items []any, identifier *string) error {
	if slices.ContainsFunc(items, isDict) {
		return f.dicts(items, identifier)
	}
	var scalars, nested []any
	for _, item := range items {
		if pyval.Scalar(item) {
			scalars = append(scalars, item)
		} else {
			nested = append(nested, item)
		}
	}
	if len(scalars) > 0 {
		if err := f.scalars(scalars, identifier); err != nil {
			return err
		}
	}
	for _, item := range nested {
		if err := f.any(item, identifier, nil); err != nil {
			return err
		}
	}
	return nil
}

// dicts prints objects with the same columns: every scalar that any of them has.
func (f textFormat) dicts(items []any, identifier *string) error {
	seen := map[string]bool{}
	keys := []string{}
	for _, item := range items {
		d, ok := item.(*pyval.Dict)
		if !ok {
			return noAttribute(item, "items")
		}
		for _, key := range d.Keys() {
			if v, _ := d.Get(key); pyval.Scalar(v) && !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	for _, item := range items {
		if err := f.any(item, identifier, keys); err != nil {
			return err
		}
	}
	return nil
}

func (f textFormat) scalars(items []any, identifier *string) error {
	var cells []string
	for _, item := range items {
		if identifier == nil {
			cells = append(cells, pyval.Str(item))
			continue
		}
		if err := f.w.write(fmt.Sprintf("%s\t%s\n", upper(*identifier), pyval.Str(item))); err != nil {
			return err
		}
	}
	if identifier == nil {
		return f.w.write(strings.Join(cells, "\t"), "\n")
	}
	return nil
}

func (f textFormat) dict(d *pyval.Dict, identifier *string, keys []string) error {
	cells, nested := partition(d, keys)
	if len(cells) > 0 {
		if identifier != nil {
			cells = slices.Insert(cells, 0, upper(*identifier))
		}
		if err := f.w.write(strings.Join(cells, "\t"), "\n"); err != nil {
			return err
		}
	}
	for _, key := range nested {
		v, _ := d.Get(key)
		if err := f.any(v, &key, nil); err != nil {
			return err
		}
	}
	return nil
}

// partition is the cells of an object's line and the names of the rest. With keys, the cells are
// theirs, whatever the values, and empty where the object lacks one.
func partition(d *pyval.Dict, keys []string) (cells, nested []string) {
	for _, key := range keys {
		v, ok := d.Get(key)
		if !ok {
			v = ""
		}
		cells = append(cells, pyval.Str(v))
	}
	for _, key := range d.Sorted() {
		v, _ := d.Get(key)
		switch {
		case keys == nil && pyval.Scalar(v):
			cells = append(cells, pyval.Str(v))
		case keys == nil || !slices.Contains(keys, key):
			nested = append(nested, key)
		}
	}
	return cells, nested
}

func isDict(v any) bool {
	_, ok := v.(*pyval.Dict)
	return ok
}

func upper(s string) string {
	return cases.Upper(language.Und).String(s)
}
