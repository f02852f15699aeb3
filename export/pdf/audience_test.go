package pdf_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pdf"
)

// TestAudiences holds that the person checked reads no score, no remark that
// tells it, and no digest by which a report that has it could be guessed.
func TestAudiences(t *testing.T) {
	s := sample(t, "session")
	s.Feedback = []decode.Feedback{{Code: "LOW_CONFIDENCE", Message: "below"}, {Code: "BLURRED", Message: "hold still"}}
	told := regexp.MustCompile(`(?i)97\.3|threshold|\bconfidence\b|[0-9a-f]{64}|session\.json|LOW_CONFIDENCE`)
	for audience, want := range map[export.Audience]string{
		"": "", export.Reviewer: "Reviewer’s copy", export.Auditor: "Auditor’s copy",
		export.Subject: "Copy for the person checked",
	} {
		out, dir := run(t, write(t, s, &pdf.Options{Audience: audience}), "pdftotext", "-layout", "in.pdf", "out.txt")
		text, err := os.ReadFile(filepath.Join(dir, "out.txt"))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !strings.Contains(string(text), want) || !strings.Contains(string(text), "BLURRED: hold still") {
			t.Errorf("%s: got\n%s", audience, text)
		}
		if got := told.FindString(string(text)); (got == "") != (audience == export.Subject) {
			t.Errorf("%s: found %q in\n%s", audience, got, text)
		}
	}
}

// TestFilesAlone holds that a JPEG needs no pixels, and that what PDF does not
// have is asked for with them: the bytes are the same either way.
func TestFilesAlone(t *testing.T) {
	s := sample(t, "session")
	s.Images[1].Inline = inline(fourColours(t, "png", 1))
	r, err := export.Inspect(t.Context(), s, &export.Options{Threshold: "90", Tool: export.Tool{
		Version: "v0.1.0", Go: "go1.26.8",
	}})
	if err != nil {
		t.Fatal(err)
	}
	var asked []int
	var b bytes.Buffer
	err = pdf.Write(&b, r, func(i int, pixels bool) *decode.Frame {
		f := decode.LoadFrame(t.Context(), &s.Images[i], nil)
		if pixels {
			asked = append(asked, i)
		} else {
			f.Pixels = nil
		}
		return f
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || asked[0] != 1 {
		t.Errorf("pixels were asked for of %v", asked)
	}
	if !bytes.Equal(b.Bytes(), write(t, s, nil)) {
		t.Error("the PDF depends on how its images were loaded")
	}
	out, dir := run(t, b.Bytes(), "pdftoppm", "-png", "-r", "72", "-l", "1", "in.pdf", "page")
	pages, _ := filepath.Glob(filepath.Join(dir, "page*.png"))
	if len(pages) != 1 {
		t.Fatalf("got %q\n%s", pages, out)
	}
	f, err := os.Open(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range colours {
		found := false
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				found = found || same(m.At(x, y), c, 2)
			}
		}
		if !found {
			t.Errorf("the colour %v of the PNG is not on the page", c)
		}
	}
}
