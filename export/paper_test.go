package export_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// paper stands for package pdf: it writes what it is given.
func paper(w io.Writer, r *export.Report, load func(int, bool) *decode.Frame) error {
	for i, f := range r.Frames {
		file := load(i, false)
		fmt.Fprintf(w, "%s %d %s %t ", f.Name, len(file.Data), file.SHA256, file.Pixels == nil)
		drawn := load(i, true)
		fmt.Fprintf(w, "%s %v\n", drawn.PixelSHA256, drawn.Err)
	}
	return nil
}

// TestPaper holds that the PDF gets the images that the rest was made of, and is
// made only where it is asked for.
func TestPaper(t *testing.T) {
	opts := options()
	opts.PDF = func(io.Writer, *export.Report, func(int, bool) *decode.Frame) error {
		t.Error("a PDF that nobody asked for")
		return nil
	}
	convert(t, session(t, 2), opts)
	opts.Outputs, opts.PDF = []string{export.OutputPDF}, paper
	r, made := convert(t, session(t, 2), opts)
	var want bytes.Buffer
	for _, f := range r.Report.Frames {
		fmt.Fprintf(&want, "%s %d %s true %s <nil>\n", f.Name, *f.Bytes, *f.SHA256, *f.PixelSHA256)
	}
	if got := made.data["session.pdf"]; !bytes.Equal(got, want.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", got, want.Bytes())
	}
}

// countedObjects counts how often each object is got.
type countedObjects map[string]int

func (c countedObjects) Object(_ context.Context, o decode.S3Object, _ int64) (*decode.Object, error) {
	c[o.Name]++
	return nil, decode.ErrNotFound
}

// TestPaperObjects holds that no image is got twice from S3, and that one that
// cannot be had is still a frame.
func TestPaperObjects(t *testing.T) {
	s := session(t, 2)
	for i := range s.Images {
		s.Images[i].Inline = nil
		s.Images[i].S3 = &decode.S3Object{Bucket: "bucket", Name: s.Images[i].Name}
	}
	got := countedObjects{}
	opts := options()
	opts.Outputs, opts.PDF, opts.Load.Objects = []string{export.OutputPDF}, paper, got
	_, made := convert(t, s, opts)
	if len(got) != len(s.Images) || slices.Contains([]int{got["reference"], got["audit-0"]}, 2) {
		t.Errorf("objects were got %v times", got)
	}
	if bytes.Count(made.data["session.pdf"], []byte("\n")) != len(s.Images) {
		t.Errorf("got\n%s", made.data["session.pdf"])
	}
}

func TestPaperErrors(t *testing.T) {
	opts := options()
	opts.Outputs = []string{export.OutputPDF}
	if err := opts.Validate(); !errors.Is(err, export.ErrOptions) {
		t.Errorf("nothing that writes it: got %v", err)
	}
	opts.PDF, opts.Audience = paper, "x"
	if err := opts.Validate(); !errors.Is(err, export.ErrOptions) {
		t.Errorf("a foreign audience: got %v", err)
	}
	failed := errors.New("full")
	opts.Audience = export.Subject
	opts.PDF = func(io.Writer, *export.Report, func(int, bool) *decode.Frame) error { return failed }
	_, err := export.Convert(t.Context(), session(t, 1), opts, func(string, []byte) error { return nil })
	if !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
}

// TestTells holds which remarks give a score away.
func TestTells(t *testing.T) {
	s := session(t, 1)
	s.Confidence = "83.7"
	opts := options()
	opts.Threshold = "82.4"
	r, err := export.Inspect(t.Context(), s, opts)
	if err != nil {
		t.Fatal(err)
	}
	for remark, want := range map[string]bool{
		"low Confidence": true, "it was 83": true, "under 82.4": true, "84 frames": false, "blurred": false,
	} {
		if got := r.Tells(remark); got != want {
			t.Errorf("%s: got %t", remark, got)
		}
	}
}
