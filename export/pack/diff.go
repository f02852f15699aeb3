package pack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/export/bag"
)

// What can differ between two packs.
const (
	DiffFile   = "file"   // a file, by its SHA-256 digest
	DiffInfo   = "info"   // a field of bag-info.txt, by its values in their order
	DiffReport = "report" // a fact of report.json, by its value as JSON
)

// A Difference is one thing in which two packs differ.
type Difference struct {
	Kind string `json:"kind"`
	// Name is that of the file or field, or the JSON pointer of the fact.
	Name string `json:"name"`
	// A and B are what the packs have; nil for nothing.
	A *string `json:"a"`
	B *string `json:"b"`
}

// Unread is the digest of a file that could not be read.
const Unread = "unread"

// Diff returns in what two packs differ: files first, then fields of
// bag-info.txt, whose labels are in lower case, since that does not count, then
// facts of the report; each sorted by name. Every file counts, also those that
// follow from others, such as manifests and signatures. Digests are of the bytes
// that are there, whatever the packs list.
func Diff(a, b *Contents) []Difference {
	return slices.Concat(
		differ(DiffFile, a.digests(), b.digests()),
		differ(DiffInfo, a.fields(), b.fields()),
		differ(DiffReport, a.facts(), b.facts()),
	)
}

// differ compares what two packs have under each name.
func differ(kind string, a, b map[string]string) []Difference {
	names := maps.Clone(a)
	maps.Copy(names, b)
	var list []Difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		d := Difference{Kind: kind, Name: name, A: in(a, name), B: in(b, name)}
		if d.A == nil || d.B == nil || *d.A != *d.B || kind == DiffFile && *d.A == Unread {
			list = append(list, d)
		}
	}
	return list
}

func in(m map[string]string, name string) *string {
	v, ok := m[name]
	if !ok {
		return nil
	}
	return &v
}

// digests returns the SHA-256 digest of every file.
func (c *Contents) digests() map[string]string {
	m := map[string]string{}
	for _, f := range c.Bag.Files {
		m[f.Name] = cmp.Or(f.Digests[bag.SHA256], Unread)
		if m[f.Name] != Unread {
			continue
		}
		// No list names it, as none can name a signature of itself.
		if data, err := c.Bag.Read(f.Name, maxDocument); err == nil {
			m[f.Name] = sum(data)
		}
	}
	return m
}

// fields returns the values of every label of bag-info.txt.
func (c *Contents) fields() map[string]string {
	m := map[string]string{}
	for _, f := range c.Bag.Info {
		label := strings.ToLower(f.Label)
		if before, ok := m[label]; ok {
			f.Value = before + "\n" + f.Value
		}
		m[label] = f.Value
	}
	return m
}

// facts returns every value of the report by its JSON pointer; nothing where
// there is no report that can be read.
func (c *Contents) facts() map[string]string {
	m := map[string]string{}
	data, err := c.Bag.Read(ReportFile, maxDocument)
	if err != nil {
		return m
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // digits count
	var report any
	if d.Decode(&report) == nil {
		flatten(m, "", report)
	}
	return m
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// flatten adds the values in v that hold no others, by their JSON pointers.
func flatten(m map[string]string, pointer string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(m, pointer+"/"+pointerEscapes.Replace(name), member)
		}
		if len(v) > 0 {
			return
		}
	case []any:
		for i, element := range v {
			flatten(m, pointer+"/"+strconv.Itoa(i), element)
		}
		if len(v) > 0 {
			return
		}
	}
	text, _ := json.Marshal(v) // which json.Decoder has made
	m[pointer] = string(text)
}
