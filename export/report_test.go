package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

func inspect(tb testing.TB, s *decode.Session, opts *export.Options) *export.Report {
	tb.Helper()
	r, err := export.Inspect(tb.Context(), s, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func codes(list []decode.Problem) []string {
	var codes []string
	for _, p := range list {
		codes = append(codes, p.Code)
	}
	return codes
}

func TestSessionProblems(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*decode.Session)
		opts *export.Options
		want string
	}{
		{"complete", func(*decode.Session) {}, nil, ""},
		{
			"created", func(s *decode.Session) { *s = decode.Session{Status: "CREATED"} }, nil,
			"status_created no_images",
		},
		{
			"created, threshold",
			func(s *decode.Session) { *s = decode.Session{Status: "CREATED"} },
			&export.Options{Threshold: "90"},
			"status_created confidence_missing no_images",
		},
		{
			"in progress", func(s *decode.Session) { *s = decode.Session{Status: "IN_PROGRESS"} }, nil,
			"status_in_progress no_images",
		},
		{
			"expired", func(s *decode.Session) { *s = decode.Session{Status: "EXPIRED", Confidence: "0.0"} }, nil,
			"status_expired no_images",
		},
		{
			"failed without reference",
			func(s *decode.Session) { s.Status, s.Images = "FAILED", s.Images[1:] },
			nil, "status_failed no_reference_image",
		},
		{"no status", func(s *decode.Session) { s.Status = "" }, nil, "status_missing"},
		{"another status", func(s *decode.Session) { s.Status = "PAUSED" }, nil, "status_unknown"},
		{"no confidence", func(s *decode.Session) { s.Confidence = "" }, nil, "confidence_missing"},
		{"confidence not finite", func(s *decode.Session) { s.Confidence = "NaN" }, nil, "confidence_invalid"},
		{"confidence too high", func(s *decode.Session) { s.Confidence = "100.0001" }, nil, "confidence_range"},
		{"confidence negative", func(s *decode.Session) { s.Confidence = "-1" }, nil, "confidence_range"},
		{
			"doubts of the reader",
			func(s *decode.Session) { s.Problems = []decode.Problem{{Code: "odd"}}; s.Images = nil },
			nil, "odd no_images",
		},
	} {
		s := session(t, 2)
		tt.edit(s)
		r := inspect(t, s, tt.opts)
		if got := strings.Join(codes(r.Problems), " "); got != tt.want {
			t.Errorf("%s: problems %q, want %q", tt.name, got, tt.want)
		}
		for _, p := range r.Problems[len(s.Problems):] {
			if p.Message == "" {
				t.Errorf("%s: %s has no message", tt.name, p.Code)
			}
		}
		validate(t, tt.name, r)
	}
}

func TestComparison(t *testing.T) {
	yes, no := true, false
	for _, tt := range []struct {
		confidence, threshold decode.Number
		words                 string
		met                   *bool
	}{
		{"97.3", "90", "confidence 97.3 ≥ threshold 90", &yes},
		{"61.27000045776367", "90", "confidence 61.27000045776367 < threshold 90", &no},
		{"90", "90.0", "confidence 90 ≥ threshold 90.0", &yes},
		{"9e1", "90", "confidence 9e1 ≥ threshold 90", &yes},
		// A float64 cannot tell these two apart.
		{"89.9999999999999999999", "90", "confidence 89.9999999999999999999 < threshold 90", &no},
		{"NaN", "90", "confidence NaN, not comparable with threshold 90", nil},
		{"", "90", "no confidence in the result, not comparable with threshold 90", nil},
		{"97.3", "", "confidence 97.3, no threshold given", nil},
		{"", "", "no confidence in the result, no threshold given", nil},
	} {
		s := session(t, 1)
		s.Confidence = tt.confidence
		r := inspect(t, s, &export.Options{Threshold: tt.threshold})
		if got := r.Comparison(); got != tt.words {
			t.Errorf("%q, %q: got %q, want %q", tt.confidence, tt.threshold, got, tt.words)
		}
		if tt.threshold == "" {
			if r.Threshold != nil {
				t.Errorf("%q: threshold %v, want none", tt.confidence, r.Threshold)
			}
			continue
		}
		if got := r.Threshold.Met; !reflect.DeepEqual(got, tt.met) {
			t.Errorf("%q, %q: met %s, want %s", tt.confidence, tt.threshold, asJSON(t, got), asJSON(t, tt.met))
		}
	}
}

func asJSON(tb testing.TB, v any) string {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		opts export.Options
		ok   bool
	}{
		{export.Options{}, true},
		{export.Options{Threshold: "0"}, true},
		{export.Options{Threshold: "100"}, true},
		{export.Options{Threshold: "99.5"}, true},
		{export.Options{Threshold: "100.001"}, false},
		{export.Options{Threshold: "-1"}, false},
		{export.Options{Threshold: "NaN"}, false},
		{export.Options{Threshold: "ninety"}, false},
		{export.Options{Unit: annotate.Pixel, Style: annotate.Style{Canvas: annotate.FrameOnly}}, true},
		{export.Options{Unit: "inch"}, false},
		{export.Options{Style: annotate.Style{Canvas: "wide"}}, false},
		{export.Options{Crop: annotate.DefaultCrop()}, true},
		{export.Options{Crop: annotate.CropOptions{Edge: "sideways"}}, false},
		{export.Options{Sheet: export.Layout{Columns: 12, Tile: 800}}, true},
		{export.Options{Sheet: export.Layout{Columns: 1, Tile: 80}}, true},
		{export.Options{Sheet: export.Layout{Columns: 13}}, false},
		{export.Options{Sheet: export.Layout{Columns: -1}}, false},
		{export.Options{Sheet: export.Layout{Tile: 79}}, false},
		{export.Options{Sheet: export.Layout{Tile: 801}}, false},
		{export.Options{Sheet: export.Layout{Tile: -100}}, false},
	} {
		err := tt.opts.Validate()
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, export.ErrOptions) {
			t.Errorf("%+v: error %v, want none: %t", tt.opts, err, tt.ok)
		}
		if _, got := export.Inspect(t.Context(), session(t, 0), &tt.opts); (got == nil) != tt.ok {
			t.Errorf("%+v: Inspect: error %v, want none: %t", tt.opts, got, tt.ok)
		}
		if tt.ok {
			continue
		}
		var f files
		if _, got := export.Convert(t.Context(), session(t, 1), &tt.opts, f.put); got == nil || len(f.names) > 0 {
			t.Errorf("%+v: Convert: error %v and files %q, want an error alone", tt.opts, got, f.names)
		}
	}
}

// The numbers of the source keep their digits, and members keep their order.
func TestReportKeepsWhatCame(t *testing.T) {
	s := session(t, 2)
	s.Confidence = "97.30000000000000000001e0"
	s.Images[1].Box = &decode.Box{Left: "NaN", Top: "-0.0", Width: "1E-1"}
	s.Extra = map[string]json.RawMessage{
		"Zeta": json.RawMessage(`{"b":1.50,"a":[1,2.0,"<&>"]}`),
		"Alfa": json.RawMessage(`null`),
	}
	data, err := inspect(t, s, options()).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"confidence": 97.30000000000000000001e0`,
		`"left": "NaN"`, `"top": -0.0`, `"width": 1E-1`, `"height": null`,
		`"b": 1.50`, `[1, 2.0, "<&>"]`,
	} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("the report lacks %s", want)
		}
	}
	order := []string{
		"schema", "tool", "version", "go", "modules", "options", "source", "name", "sha256", "bytes", "session", "id",
		"status", "confidence", "challenge", "feedback", "extra", "Alfa", "Zeta", "threshold", "value", "met", "frames",
		"name", "origin", "file", "format", "bytes", "sha256", "pixel_sha256", "width", "height", "orientation", "box",
		"placement", "state", "exact", "pixels", "clipped", "visible", "overshoot", "annotated", "face", "problems",
		"outputs", "problems",
	}
	rest := string(data)
	for _, name := range order {
		_, after, ok := strings.Cut(rest, `"`+name+`":`)
		if !ok {
			t.Fatalf("the report lacks %q, or it stands too early", name)
		}
		rest = after
	}
	if !bytes.HasSuffix(data, []byte("}\n")) {
		t.Error("the report does not end with a line feed")
	}
}

// An edge of 0.285 × 96 is 27.36, as a decimal number.
func TestReportPlacement(t *testing.T) {
	r := inspect(t, session(t, 2), nil)
	visible := 1.0
	want := &export.PlacementRecord{
		State:     annotate.Inside,
		Exact:     &export.ExactRecord{Left: "27.36", Top: "32", Right: "68.64", Bottom: "96"},
		Pixels:    &export.RectRecord{Left: 27, Top: 32, Right: 69, Bottom: 96},
		Clipped:   &export.RectRecord{Left: 27, Top: 32, Right: 69, Bottom: 96},
		Visible:   &visible,
		Overshoot: &export.RectRecord{},
	}
	if got := r.Frames[0].Placement; !reflect.DeepEqual(got, want) {
		t.Errorf("got %s, want %s", asJSON(t, got), asJSON(t, want))
	}
	if got, want := *r.Frames[0].Box.Unit, annotate.Ratio; got != want {
		t.Errorf("unit %s, want %s", got, want)
	}
	if got, want := r.Frames[1].Placement.Overshoot, (&export.RectRecord{Left: 7}); !reflect.DeepEqual(got, want) {
		t.Errorf("overshoot %v, want %v", got, want)
	}
}

func TestParseReport(t *testing.T) {
	s := session(t, 3)
	s.Images[2].Box = nil
	s.Extra = map[string]json.RawMessage{"Metadata": json.RawMessage(`{"SDKType":"AMPLIFY_WEB"}`)}
	result, f := convert(t, s, options())
	got, err := export.ParseReport(bytes.NewReader(f.data["report.json"]))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(clean(got), clean(result.Report)) {
		t.Errorf("got %s, want %s", asJSON(t, got), asJSON(t, result.Report))
	}
	again, err := got.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, f.data["report.json"]) {
		t.Error("a report that was read is written otherwise")
	}
	line, err := got.JSONLine()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(line, []byte("\n")) != 1 || !bytes.HasSuffix(line, []byte("\n")) {
		t.Errorf("JSONLine has more than one line: %.80q", line)
	}
}

// clean makes raw JSON comparable: a file holds it with other white space.
func clean(r *export.Report) *export.Report {
	c := *r
	c.Session.Extra = nil
	return &c
}

func TestParseReportRefuses(t *testing.T) {
	_, f := convert(t, session(t, 1), nil)
	good := f.data["report.json"]
	for _, tt := range []struct{ name, in string }{
		{"nothing", ""},
		{"no JSON", "report"},
		{"cut", string(good[:len(good)/2])},
		{"more behind it", string(good) + "{}"},
		{"null", "null"},
		{"another schema", strings.Replace(string(good), "lvtool.report/1", "lvtool.report/2", 1)},
		{"wrong type", strings.Replace(string(good), `"frames": [`, `"frames": 1, "other": [`, 1)},
	} {
		if r, err := export.ParseReport(strings.NewReader(tt.in)); !errors.Is(err, export.ErrReport) || r != nil {
			t.Errorf("%s: got %v, %v, want %v", tt.name, r, err, export.ErrReport)
		}
	}
	for _, tt := range []struct{ name, old, new string }{
		{"no frame", `"frames": [`, `"frames": [null, `},
		{"no placement", `"placement": {`, `"placement": null, "x": {`},
		{"no share", `"visible": 1`, `"visible": null`},
		{"too large a share", `"visible": 1`, `"visible": 1.5`},
		{"no height", `"height": 128`, `"height": null`},
		{"no digest", `"sha256": `, `"sha1": `},
		{"no edges", `"exact": {`, `"exact": null, "x": {`},
	} {
		bad := strings.ReplaceAll(string(good), tt.old, tt.new)
		if r, err := export.ParseReport(strings.NewReader(bad)); !errors.Is(err, export.ErrReport) || r != nil {
			t.Errorf("%s: got %v, %v, want %v", tt.name, r, err, export.ErrReport)
		}
	}
	if _, err := export.ParseUpTo(bytes.NewReader(good), int64(len(good))-1); !errors.Is(err, export.ErrReport) {
		t.Errorf("over the limit: error %v, want %v", err, export.ErrReport)
	}
	if _, err := export.ParseUpTo(bytes.NewReader(good), int64(len(good))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
}

// A report that is read can be written and drawn, whatever it holds.
func FuzzParseReport(f *testing.F) {
	_, made := convert(f, session(f, 2), options())
	f.Add(made.data["report.json"])
	f.Add([]byte(`{"schema":"lvtool.report/1","frames":[{"width":1}],"problems":[{"code":"no_reference_image"}]}`))
	f.Add([]byte(`{"schema":"lvtool.report/1","frames":[{"name":"写","origin":{"kind":"s3"}}],"problems":[{}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := export.ParseReport(bytes.NewReader(in))
		if err != nil {
			if r != nil || !errors.Is(err, export.ErrReport) {
				t.Fatalf("got %v, %v", r, err)
			}
			return
		}
		if _, err := r.JSON(); err != nil {
			t.Error(err)
		}
		for i, g := range export.SheetGeometry(r, facesOnly(r), export.Layout{}) {
			checkGeometry(t, fmt.Sprintf("page %d", i+1), g)
		}
	})
}

// Laying JSON out over lines changes white space and nothing else, and
// multiplies the size of no document.
func FuzzSpread(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":{"c":[1,{"d":[]}],"e":{}}}],"f":"\\\"{[,:"}`))
	f.Add([]byte(`[[[[[[[[1,1],[2]]]]]]]]`))
	f.Add([]byte(`""`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var compact, again bytes.Buffer
		if json.Compact(&compact, in) != nil {
			t.Skip()
		}
		out := export.Spread(compact.Bytes())
		if err := json.Compact(&again, out); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if !bytes.Equal(again.Bytes(), compact.Bytes()) {
			t.Errorf("got %s, want %s", again.Bytes(), compact.Bytes())
		}
		if len(out) > 10*compact.Len() {
			t.Errorf("%d bytes became %d", compact.Len(), len(out))
		}
	})
}

func TestBoxProblems(t *testing.T) {
	pixels := &decode.Box{Left: "10", Top: "10", Width: "40", Height: "50"}
	for _, tt := range []struct {
		name string
		box  *decode.Box
		unit annotate.Unit
		want string
	}{
		{"ratios", &boxes[0], "", ""},
		{"absent", nil, "", ""},
		{"pixels", pixels, "", "box_in_pixels"},
		{"pixels, by themselves", pixels, annotate.Auto, "box_in_pixels"},
		{"pixels, as asked", pixels, annotate.Pixel, ""},
		{"large ratios, as asked", pixels, annotate.Ratio, ""},
		{"no width", &decode.Box{Left: "0", Top: "0", Width: "0", Height: "1"}, "", "box_invalid"},
	} {
		s, opts := session(t, 1), options()
		s.Images[0].Box, opts.Unit = tt.box, tt.unit
		r := inspect(t, s, opts)
		if got := strings.Join(codes(r.Frames[0].Problems), " "); got != tt.want {
			t.Errorf("%s: problems %q, want %q", tt.name, got, tt.want)
		}
		validate(t, tt.name, r)
	}
}

func TestFrameProblems(t *testing.T) {
	for _, tt := range []struct {
		name   string
		img    decode.Image
		limits decode.Limits
		want   []string
	}{
		{"nothing", decode.Image{}, decode.Limits{}, []string{"no_image"}},
		{"in S3", decode.Image{S3: &decode.S3Object{Bucket: "b", Name: "k"}}, decode.Limits{}, []string{"in_s3"}},
		{"not Base64", decode.Image{Inline: json.RawMessage(`"?"`)}, decode.Limits{}, []string{"unreadable"}},
		{"a GIF", decode.Image{Inline: inline([]byte("GIF89a\x01\x00\x01\x00"))}, decode.Limits{}, []string{"format"}},
		{"too many bytes", session(t, 1).Images[0], decode.Limits{ImageBytes: 10}, []string{"too_large"}},
		{"too many pixels", session(t, 1).Images[0], decode.Limits{Pixels: 10}, []string{"too_large"}},
		{
			"cut",
			decode.Image{Inline: inline(pngOf(t, portrait(96, 128, 0))[:200])},
			decode.Limits{},
			[]string{"truncated"},
		},
		{
			"doubts of the reader",
			decode.Image{Problems: []decode.Problem{{Code: "odd", Message: "m"}}},
			decode.Limits{},
			[]string{"odd", "no_image"},
		},
	} {
		tt.img.Name = "audit-0"
		s := session(t, 1)
		s.Images = append(s.Images, tt.img)
		opts := options()
		opts.Load.Limits = tt.limits
		r := inspect(t, s, opts)
		validate(t, tt.name, r)
		f := r.Frames[1]
		if got := codes(f.Problems); !slices.Equal(got, tt.want) {
			t.Errorf("%s: problems %q, want %q", tt.name, got, tt.want)
		}
		if f.Width != nil || f.Placement != nil {
			t.Errorf("%s: width %v and placement %v of a frame that failed", tt.name, f.Width, f.Placement)
		}
		if s3 := tt.img.S3; s3 != nil && (f.Origin == nil || f.Origin.Key != s3.Name) {
			t.Errorf("%s: origin %v, want %v", tt.name, f.Origin, s3)
		}
	}
}

// A codedError names its own code.
type codedError string

func (e codedError) Error() string       { return "refused: " + decode.ErrNotFound.Error() }
func (e codedError) Unwrap() error       { return decode.ErrNotFound }
func (e codedError) ProblemCode() string { return string(e) }

func (e codedError) Object(context.Context, decode.S3Object, int64) (*decode.Object, error) {
	return nil, e
}

func TestProblemCodeOfError(t *testing.T) {
	img := decode.Image{Name: "reference", S3: &decode.S3Object{Bucket: "b", Name: "k"}}
	for own, want := range map[codedError]string{"s3_denied": "s3_denied", "": "not_found"} {
		s := &decode.Session{Status: "SUCCEEDED", Images: []decode.Image{img}}
		r, err := export.Inspect(t.Context(), s, &export.Options{Load: decode.LoadOptions{Objects: own}})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Frames[0].Problems; len(got) != 1 || got[0].Code != want {
			t.Errorf("got %v, want code %s", got, want)
		}
	}
}
