package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/need"
)

// wire returns the files of real photographs that lie beside the project on
// some machines, as service responses.
func wire(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(need.Data(t, "wire"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the test data has no response: %v", err)
	}
	return files
}

// convertInto converts files with options, and returns what it wrote by name.
func convertInto(t *testing.T, args ...string) map[string][]byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	args = append([]string{"lvtool", "convert", "-o", dir}, args...)
	if got := run(context.Background(), args, nil, &stdout, &stderr); got != exitDone {
		t.Fatalf("%q: exit code %d\n%s", args, got, &stderr)
	}
	return readAll(t, dir)
}

func TestConvertWire(t *testing.T) {
	for _, file := range wire(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s3 := filepath.Join(filepath.Dir(file), "s3")
			files := convertInto(t, "--s3-root", s3, file)
			again := convertInto(t, file, "--s3-root", s3)
			if len(files) != len(again) {
				t.Errorf("%d files, %d the second time", len(files), len(again))
			}
			for name, data := range files {
				if !bytes.Equal(data, again[name]) {
					t.Errorf("%s differs the second time", name)
				}
				if filepath.Base(name) == "report.json" {
					checkReport(t, files, filepath.ToSlash(filepath.Dir(name)), file)
				}
			}
		})
	}
}

// checkReport checks a report against its schema, its files, its source and
// exact arithmetic.
func checkReport(t *testing.T, files map[string][]byte, folder, source string) {
	t.Helper()
	data := files[folder+"/report.json"]
	validate(t, data)
	r, err := export.ParseReport(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"report.json": true}
	for _, o := range r.Outputs {
		listed[o.File] = true
		if got := digest(files[folder+"/"+o.File]); got != o.SHA256 {
			t.Errorf("%s has digest %s, the report says %s", o.File, got, o.SHA256)
		}
	}
	for name := range files {
		if name, ok := strings.CutPrefix(name, folder+"/"); ok && !listed[name] {
			t.Errorf("%s is not in the report", name)
		}
	}
	if raw, err := os.ReadFile(source); err != nil || digest(raw) != r.Source.SHA256 {
		t.Errorf("the source has another digest than %s (%v)", r.Source.SHA256, err)
	}
	for _, f := range r.Frames {
		checkFrame(t, f, files[folder+"/"+*f.File], source)
	}
}

func digest(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

func validate(t *testing.T, report []byte) {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(export.ReportSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("report.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Errorf("report does not follow its schema: %v", err)
	}
}

// A wireImage is an image as the response on the wire has it.
type wireImage struct {
	Bytes       string
	BoundingBox *struct{ Left, Top, Width, Height json.Number }
	S3Object    *struct{ Bucket, Name string }
}

// checkFrame compares a frame of the report with the response, read here in
// another way.
func checkFrame(t *testing.T, f *export.FrameRecord, original []byte, source string) {
	t.Helper()
	data, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	var response struct {
		ReferenceImage wireImage
		AuditImages    []wireImage
	}
	if err := json.Unmarshal(data, &response); err != nil {
		t.Fatal(err)
	}
	img := response.ReferenceImage
	if n := -1; f.Name != "reference" {
		if _, err := fmt.Sscanf(f.Name, "audit-%d", &n); err != nil {
			t.Fatalf("frame %q: %v", f.Name, err)
		}
		img = response.AuditImages[n]
	}
	want, err := base64.StdEncoding.DecodeString(img.Bytes)
	if o := img.S3Object; o != nil {
		want, err = os.ReadFile(filepath.Join(filepath.Dir(source), "s3", o.Bucket, filepath.FromSlash(o.Name)))
	}
	if err != nil || !bytes.Equal(original, want) {
		t.Errorf("%s: the original is not what was received (%v)", f.Name, err)
	}
	b, p := img.BoundingBox, f.Placement
	for _, edge := range []struct {
		name        string
		start, size json.Number
		side        int
		exact       string
		pixel       int
	}{
		{"left", b.Left, "0", *f.Width, string(p.Exact.Left), p.Pixels.Left},
		{"right", b.Left, b.Width, *f.Width, string(p.Exact.Right), p.Pixels.Right},
		{"top", b.Top, "0", *f.Height, string(p.Exact.Top), p.Pixels.Top},
		{"bottom", b.Top, b.Height, *f.Height, string(p.Exact.Bottom), p.Pixels.Bottom},
	} {
		exact := new(big.Rat).Add(rat(t, edge.start), rat(t, edge.size))
		exact.Mul(exact, big.NewRat(int64(edge.side), 1))
		if exact.Cmp(rat(t, json.Number(edge.exact))) != 0 {
			t.Errorf("%s: %s edge is %s, want %s", f.Name, edge.name, edge.exact, exact.RatString())
		}
		// FloatString rounds half away from zero, and may give "-0".
		if got, want := fmt.Sprint(edge.pixel), strings.Replace(exact.FloatString(0), "-0", "0", 1); got != want {
			t.Errorf("%s: %s edge rounds to %s, want %s", f.Name, edge.name, got, want)
		}
	}
}

func rat(t *testing.T, n json.Number) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		t.Fatalf("%q is no number", n)
	}
	return r
}
