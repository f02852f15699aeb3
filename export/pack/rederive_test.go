package pack_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pack"
)

// rederive verifies a pack with everything made anew.
func rederive(tb testing.TB, f files, r *pack.Rederive) *pack.Verification {
	tb.Helper()
	v, err := pack.Verify(tb.Context(), f, &pack.VerifyOptions{
		More: []func(context.Context, *pack.Contents) pack.Check{r.Check},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func asPacked(map[string]string) (*export.Options, error) { return &options().Export, nil }

func TestRederive(t *testing.T) {
	v := rederive(t, good(t), &pack.Rederive{Options: asPacked})
	wantFound(t, v)
	c := v.Checks[len(v.Checks)-1]
	if c.Words != "7 of 7 files made again, byte for byte" || c.Same["data/sheet.png"] != pack.SameBytes {
		t.Errorf("got %q, %v, want that all 7 are the same", c.Words, c.Same)
	}
}

// redraw makes a PNG file anew, with a pixel changed or not.
func redraw(tb testing.TB, name string, change bool) func(files) {
	tb.Helper()
	return func(f files) { f[name] = redrawn(tb, f[name], change) }
}

func redrawn(tb testing.TB, data string, change bool) string {
	tb.Helper()
	m, err := png.Decode(strings.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	p := image.NewNRGBA(m.Bounds())
	draw.Draw(p, p.Bounds(), m, m.Bounds().Min, draw.Src)
	if change {
		p.Pix[0] ^= 1
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, p); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// TestRederiveFindings makes packs whose digests all fit, and that yet do not show
// what the originals show.
func TestRederiveFindings(t *testing.T) {
	const picture = "data/annotated/reference.png"
	for name, test := range map[string]struct {
		change func(files)
		want   []string
	}{
		"other bytes, same pixels": {redraw(t, picture, false), []string{"rederive-bytes"}},
		"a pixel":                  {redraw(t, picture, true), []string{"rederive-pixels"}},
		"no picture":               {func(f files) { f[picture] = "none" }, []string{"rederive-pixels"}},
		"original swapped": {func(f files) {
			f["data/originals/reference.jpg"] = f["data/originals/audit-0.jpg"]
		}, []string{"rederive-bytes"}},
		"picture left out": {func(f files) { delete(f, picture) }, []string{"rederive-files"}},
		"picture added":    {func(f files) { f["data/faces/extra.png"] = f[picture] }, []string{"rederive-files"}},
		"report changed":   {swap("data/report.json", `"SUCCEEDED"`, `"FAILED"`), []string{"rederive-report"}},
		"source changed":   {func(f files) { f["data/source/result.json"] = "[]" }, []string{"rederive-failed"}},
		"report broken":    {func(f files) { f["data/report.json"] = "{" }, []string{"rederive-failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := good(t)
			test.change(f)
			v := rederive(t, f.reseal(), &pack.Rederive{Options: asPacked})
			var got []string
			for _, finding := range v.Checks[len(v.Checks)-1].Findings {
				got = append(got, string(finding.Code))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q: %+v", got, test.want, v.Checks[len(v.Checks)-1])
			}
		})
	}
}

func TestRederiveOptions(t *testing.T) {
	broken := &pack.Rederive{Options: func(map[string]string) (*export.Options, error) {
		return nil, errors.New("unknown option")
	}}
	v := rederive(t, good(t), broken)
	c := v.Checks[len(v.Checks)-1]
	if len(c.Findings) != 1 || !strings.Contains(c.Findings[0].Message, "unknown option") {
		t.Errorf("got %+v, want that the option is unknown", c)
	}
	small := &pack.Rederive{Options: func(map[string]string) (*export.Options, error) {
		o := options().Export
		o.Sheet.Tile = 80
		return &o, nil
	}}
	if v := rederive(t, good(t), small); v.Passed() {
		t.Error("got no finding with other options")
	}
}

// TestRederiveReport makes a report again that is written otherwise.
func TestRederiveReport(t *testing.T) {
	f := good(t)
	f[pack.ReportFile] += "\n"
	v := rederive(t, f.reseal(), &pack.Rederive{Options: asPacked})
	c := v.Checks[len(v.Checks)-1]
	if c.Verdict != pack.Passed || c.Same[pack.ReportFile] != pack.SameContent {
		t.Errorf("got %+v, want that the report says the same", c)
	}
}

// TestRederiveS3 makes a pack again whose images lie in S3, one of which could not
// be had: it is made from what the pack keeps.
func TestRederiveS3(t *testing.T) {
	const result = `{"SessionId":"0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90","Status":"SUCCEEDED","Confidence":99.5,
		"ReferenceImage":{"S3Object":{"Bucket":"b","Name":"k.jpg","Version":"v"},
			"BoundingBox":{"Left":0.3,"Top":0.3,"Width":0.3,"Height":0.3}},
		"AuditImages":[{"S3Object":{"Bucket":"b","Name":"gone.jpg"}}]}`
	opts := options()
	opts.Export.Load.Objects = decode.DirObjects(fstest.MapFS{
		"b/k.jpg": {Data: []byte(good(t)["data/originals/reference.jpg"])},
	})
	var session *decode.Session
	for s, err := range decode.Sessions(strings.NewReader(result), &decode.Options{Name: "s3.json"}) {
		if err != nil {
			t.Fatal(err)
		}
		session = s
	}
	f := write(t, session, opts)
	v := rederive(t, f, &pack.Rederive{Options: asPacked})
	wantFound(t, v)
	if c := v.Checks[len(v.Checks)-1]; c.Words != "5 of 5 files made again, byte for byte" {
		t.Errorf("got %q, want that all is the same", c.Words)
	}
	f["data/originals/reference.jpg"] = good(t)["data/originals/audit-0.jpg"]
	if c := rederive(t, f.reseal(), &pack.Rederive{Options: asPacked}).Checks; len(c[len(c)-1].Findings) == 0 {
		t.Error("got no finding of another image")
	}
}
