package export_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(export.ReportSchema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("report.schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("report.schema.json")
})

// validate checks a report against the schema.
func validate(tb testing.TB, name string, r *export.Report) {
	tb.Helper()
	data, err := r.JSON()
	if err != nil {
		tb.Errorf("%s: %v", name, err)
		return
	}
	validateJSON(tb, name, data)
}

func validateJSON(tb testing.TB, name string, data []byte) {
	tb.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		tb.Errorf("%s: %v", name, err)
		return
	}
	if err := valid(tb, doc); err != nil {
		tb.Errorf("%s: %v", name, err)
	}
}

func valid(tb testing.TB, doc any) error {
	tb.Helper()
	s, err := schema()
	if err != nil {
		tb.Fatal(err)
	}
	return s.Validate(doc)
}

// fullReport is a report in which nothing is missing that the schema knows.
func fullReport(tb testing.TB) []byte {
	tb.Helper()
	s := session(tb, 2)
	s.Feedback = []decode.Feedback{{Code: "LOW_LIGHTING_DETECTED", Message: "dark"}}
	s.Problems = []decode.Problem{{Code: "odd", Message: "m"}}
	s.Images[0].Problems = s.Problems
	result, _ := convert(tb, s, options())
	// The second frame stands for one that came from S3.
	result.Report.Frames[1].Origin = &decode.Origin{
		Kind: "s3", Bucket: "b", Key: "k", Version: "v", ETag: "e", LastModified: "2026-11-22T00:00:00Z",
	}
	data, err := result.Report.JSON()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func unmarshal(tb testing.TB, data []byte) map[string]any {
	tb.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	return doc.(map[string]any)
}

// optional are the members that a report may lack.
var optional = []string{"encoding", "bucket", "key", "version", "etag", "last_modified"}

// A mutant changes one member of an object.
type mutant struct {
	name  string
	apply func(object map[string]any, member string)
	spare func(path, member string) bool // those that stay valid
}

var mutants = []mutant{
	{
		name:  "without",
		apply: func(o map[string]any, member string) { delete(o, member) },
		spare: func(path, member string) bool {
			return open(path) || strings.HasSuffix(path, "/origin") && slices.Contains(optional, member)
		},
	},
	{
		name: "wrong type of",
		apply: func(o map[string]any, member string) {
			if _, ok := o[member].([]any); ok {
				o[member] = json.Number("7")
			} else {
				o[member] = []any{}
			}
		},
	},
	{
		name:  "one more beside",
		apply: func(o map[string]any, _ string) { o["unheard_of"] = "x" },
		spare: func(path, _ string) bool { return open(path) },
	},
}

// open reports whether an object may have any members.
func open(path string) bool {
	return path == "/session/extra" || path == "/tool/modules" || path == "/tool/options"
}

// Whatever is taken away, given another type or put in makes a report invalid.
func TestSchemaIsStrict(t *testing.T) {
	report := unmarshal(t, fullReport(t))
	if err := valid(t, report); err != nil {
		t.Fatal(err)
	}
	tried := 0
	walk(report, "", func(path string, object map[string]any, member string) {
		for _, m := range mutants {
			if m.spare != nil && m.spare(path, member) {
				continue
			}
			before := maps.Clone(object)
			m.apply(object, member)
			if valid(t, report) == nil {
				t.Errorf("%s %s/%s: still valid", m.name, path, member)
			}
			tried++
			clear(object)
			maps.Copy(object, before)
		}
	})
	if tried < 300 {
		t.Errorf("only %d mutants were tried", tried)
	}
}

// walk visits every member of every object in v.
func walk(v any, path string, visit func(path string, object map[string]any, member string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			walk(v[member], path+"/"+member, visit)
			visit(path, v, member)
		}
	case []any:
		for _, item := range v {
			walk(item, path, visit)
		}
	}
}

// Values of the right type, but wrong.
func TestSchemaRefuses(t *testing.T) {
	full := fullReport(t)
	for _, tt := range []struct {
		name string
		edit func(report, frame map[string]any)
	}{
		{"another schema", func(r, _ map[string]any) { r["schema"] = "lvtool.report/2" }},
		{"digest in capitals", func(_, f map[string]any) { f["sha256"] = strings.ToUpper(f["sha256"].(string)) }},
		{"short digest", func(_, f map[string]any) { f["sha256"] = "abc" }},
		{"state", func(_, f map[string]any) { f["placement"].(map[string]any)["state"] = "near" }},
		{"unit", func(_, f map[string]any) { f["box"].(map[string]any)["unit"] = "auto" }},
		{"format", func(_, f map[string]any) { f["format"] = "gif" }},
		{"orientation", func(_, f map[string]any) { f["orientation"] = json.Number("9") }},
		{"visible", func(_, f map[string]any) { f["placement"].(map[string]any)["visible"] = json.Number("1.01") }},
		{"no width", func(_, f map[string]any) { f["width"] = nil }},
		{"absolute file", func(_, f map[string]any) { f["file"] = "/etc/passwd" }},
		{"file above", func(_, f map[string]any) { f["file"] = "originals/../x.jpg" }},
		{"absent with pixels", func(_, f map[string]any) { f["placement"].(map[string]any)["state"] = "absent" }},
		{"threshold", func(r, _ map[string]any) { r["threshold"].(map[string]any)["value"] = json.Number("101") }},
		{"negative bytes", func(r, _ map[string]any) { r["source"].(map[string]any)["bytes"] = json.Number("-1") }},
	} {
		r := unmarshal(t, full)
		tt.edit(r, r["frames"].([]any)[0].(map[string]any))
		if valid(t, r) == nil {
			t.Errorf("%s: still valid", tt.name)
		}
	}
}

// The schema and the Go types name the same members.
func TestSchemaNamesWhatGoNames(t *testing.T) {
	type object struct {
		Properties map[string]json.RawMessage
		Required   []string
		Defs       map[string]object `json:"$defs"`
	}
	var root object
	if err := json.Unmarshal(export.ReportSchema(), &root); err != nil {
		t.Fatal(err)
	}
	root.Defs[""] = root
	var challenge object
	if err := json.Unmarshal(root.Defs["session"].Properties["challenge"], &challenge); err != nil {
		t.Fatal(err)
	}
	root.Defs["challenge"] = challenge
	for _, tt := range []struct {
		def string
		typ reflect.Type
	}{
		{"", reflect.TypeFor[export.Report]()},
		{"tool", reflect.TypeFor[export.Tool]()},
		{"source", reflect.TypeFor[export.SourceRecord]()},
		{"session", reflect.TypeFor[export.SessionRecord]()},
		{"challenge", reflect.TypeFor[decode.Challenge]()},
		{"threshold", reflect.TypeFor[export.Threshold]()},
		{"frame", reflect.TypeFor[export.FrameRecord]()},
		{"box", reflect.TypeFor[export.BoxRecord]()},
		{"placement", reflect.TypeFor[export.PlacementRecord]()},
		{"edges", reflect.TypeFor[export.ExactRecord]()},
		{"rect", reflect.TypeFor[export.RectRecord]()},
		{"overshoot", reflect.TypeFor[annotate.Overshoot]()},
		{"annotated", reflect.TypeFor[export.PictureRecord]()},
		{"face", reflect.TypeFor[export.FaceRecord]()},
		{"output", reflect.TypeFor[export.Output]()},
		{"problem", reflect.TypeFor[decode.Problem]()},
		{"problem", reflect.TypeFor[decode.Feedback]()},
	} {
		def := root.Defs[tt.def]
		want := names(tt.typ)
		if got := slices.Sorted(maps.Keys(def.Properties)); !slices.Equal(got, want) {
			t.Errorf("%v: the schema has %q, Go has %q", tt.typ, got, want)
		}
		if got := slices.Sorted(slices.Values(def.Required)); !slices.Equal(got, want) {
			t.Errorf("%v: the schema requires %q, Go always writes %q", tt.typ, got, want)
		}
	}
	s3 := slices.Sorted(maps.Keys(root.Defs["s3"].Properties))
	all := slices.Sorted(slices.Values(append(s3, "encoding")))
	if want := names(reflect.TypeFor[decode.Origin]()); !slices.Equal(all, want) {
		t.Errorf("origin: the schema has %q, Go has %q", all, want)
	}
}

// names returns the names of a type's members in JSON.
func names(t reflect.Type) []string {
	var list []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = strings.ToLower(f.Name) // annotate.Overshoot has no names in JSON
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
