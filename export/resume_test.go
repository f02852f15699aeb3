package export_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// A report is taken for one that would be made now only where nothing has
// changed.
func TestEarlier(t *testing.T) {
	toolOptions := func() *export.Options {
		o := options()
		o.Tool = export.Tool{
			Version: "1", Go: "go1", Modules: map[string]string{"m": "v1"}, Options: map[string]string{"o": "1"},
		}
		o.Threshold = "90"
		return o
	}
	_, files := convert(t, session(t, 2), toolOptions())
	report := files.data["report.json"]
	edit := func(old, instead string) func([]byte) []byte {
		return func(data []byte) []byte {
			if !bytes.Contains(data, []byte(old)) {
				t.Fatalf("the report has no %s", old)
			}
			return bytes.Replace(data, []byte(old), []byte(instead), 1)
		}
	}
	same := func(data []byte) []byte { return data }
	for _, tt := range []struct {
		name string
		edit func([]byte) []byte
		now  func(*decode.Session, *export.Options)
		want string // part of the error, "" for none
	}{
		{"same", same, nil, ""},
		{"version", same, func(_ *decode.Session, o *export.Options) { o.Tool.Version = "2" }, "another version"},
		{"toolchain", same, func(_ *decode.Session, o *export.Options) { o.Tool.Go = "go2" }, "another Go"},
		{"module", same, func(_ *decode.Session, o *export.Options) { o.Tool.Modules["m"] = "v2" }, "other modules"},
		{"option", same, func(_ *decode.Session, o *export.Options) { o.Tool.Options["o"] = "2" }, "options"},
		{"option added", same, func(_ *decode.Session, o *export.Options) { o.Tool.Options["p"] = "" }, "options"},
		{"source", same, func(s *decode.Session, _ *export.Options) { s.Source.SHA256[0]++ }, "source"},
		{"name", same, func(s *decode.Session, _ *export.Options) { s.Source.Name = "other.json" }, "source"},
		{"line", same, func(s *decode.Session, _ *export.Options) { s.Source.Line++ }, "as it would be written"},
		{"images", same, func(s *decode.Session, _ *export.Options) { s.Images = s.Images[1:] }, "images"},
		{"image name", same, func(s *decode.Session, _ *export.Options) { s.Images[1].Name = "audit-7" }, "images"},
		{"session", edit(`"status": "SUCCEEDED"`, `"status": "FAILED"`), nil, "as it would be written"},
		{"threshold", edit(`"met": true`, `"met": false`), nil, "as it would be written"},
		{"layout", edit("\n  ", "\n"), nil, "as it would be written"},
		{"schema", edit(export.Schema, "lvtool.report/0"), nil, "lvtool.report/0"},
		{"cut", func(data []byte) []byte { return data[:len(data)/2] }, nil, "not a"},
		{"empty", func([]byte) []byte { return nil }, nil, "not a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, opts := session(t, 2), toolOptions()
			if tt.now != nil {
				tt.now(s, opts)
			}
			r, err := export.Earlier(tt.edit(report), s, opts)
			if (r == nil) != (err != nil) {
				t.Fatalf("got %v and %v, want one of them", r, err)
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
