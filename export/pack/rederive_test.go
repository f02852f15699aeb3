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
	for _, name := range []string{"tiny.json", "session.json"} {
		v := rederive(t, write(t, sample(t, name), options()), &pack.Rederive{Options: asPacked})
		wantFound(t, v)
		if c := v.Checks[len(v.Checks)-1]; !strings.HasSuffix(c.Words, "byte for byte") {
			t.Errorf("%s: got %q, want that all is the same", name, c.Words)
		}
	}
}

// rewrite makes a PNG file anew, with a pixel changed or not.
func rewrite(tb testing.TB, data string, change bool) string {
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
		"other bytes, same pixels": {func(f files) { f[picture] = rewrite(t, f[picture], false) }, []string{"rederive-bytes"}},
		"a pixel":                  {func(f files) { f[picture] = rewrite(t, f[picture], true) }, []string{"rederive-pixels"}},
		"no picture":               {func(f files) { f[picture] = "none" }, []string{"rederive-pixels"}},
		"original swapped": {func(f files) {
			f["data/originals/reference.jpg"] = f["data/originals/audit-0.jpg"]
		}, []string{"rederive-bytes"}},
		"picture left out": {func(f files) { delete(f, picture) }, []string{"rederive-files"}},
		"picture added":    {func(f files) { f["data/faces/extra.png"] = f[picture] }, []string{"rederive-files"}},
		"report changed":   {swap("data/report.json", `"status": "SUCCEEDED"`, `"status": "FAILED"`), []string{"rederive-report"}},
		"source changed":   {func(f files) { f["data/source/result.json"] = "[]" }, []string{"rederive-failed"}},
		"report broken":    {func(f files) { f["data/report.json"] = "{" }, []string{"rederive-failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := write(t, sample(t, "session.json"), options())
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
	if c := v.Checks[len(v.Checks)-1]; len(c.Findings) != 1 || !strings.Contains(c.Findings[0].Message, "unknown option") {
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
