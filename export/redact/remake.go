package redact

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pack"
)

// agrees checks what a report says that is not in the document: the threshold,
// and what the numbers of boxes were taken for.
func (d *readDocument) agrees(full *export.Report) error {
	if t := d.report.Threshold; t != nil && (full.Threshold == nil || full.Threshold.Value != t.Value) {
		return fmt.Errorf("%w: its threshold, %s, is not that of the full folder", ErrMismatch, t.Value)
	}
	if got, want := len(d.report.Frames), len(full.Frames); got != want {
		return fmt.Errorf("%w: its report is of %d pictures, not %d", ErrMismatch, got, want)
	}
	for i, f := range d.report.Frames {
		if got, want := frameUnit(f), frameUnit(full.Frames[i]); got != want {
			return fmt.Errorf("%w: the box of %+.40q was taken for %s, and by the full folder for %s",
				ErrMismatch, f.Name, got, want)
		}
	}
	return nil
}

// remake makes every other file again, of the document, and compares.
func (d *readDocument) remake(
	ctx context.Context, recorded func(map[string]string) (*export.Options, error),
) (*Verified, error) {
	if recorded == nil {
		recorded = defaults
	}
	opts, err := recorded(d.report.Tool.Options)
	if err != nil {
		return nil, fmt.Errorf("%w: the options that its report names: %w", ErrMismatch, err)
	}
	again := *opts
	again.Tool = d.report.Tool
	again.Load.Objects = nil
	again.Load.Limits.ImageBytes = max(again.Load.Limits.ImageBytes, int64(len(d.data))) // as when it was made
	s, err := (&Copy{Document: d.data}).session()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	if d.packed {
		s.Source.Name = d.report.Source.Name
	}
	m := &remaking{doc: d, left: maps.Clone(d.files), pixels: map[string]export.Output{}}
	delete(m.left, d.name)
	made, err := export.Convert(ctx, s, &again, m.put)
	if err != nil {
		return nil, err
	}
	if err := m.report(made.Report); err != nil {
		return nil, err
	}
	if _, ok := m.left[pageName]; ok && d.packed {
		if err := pack.MakePage(ctx, d.copied, &again, m.put); err != nil {
			return nil, err
		}
	}
	for _, name := range sortedKeys(m.left) {
		return nil, fmt.Errorf("%w: %s is there, and would not be made of the document", ErrMismatch, name)
	}
	return &Verified{Files: len(d.files) + 1, Pixels: sortedKeys(m.pixels)}, nil
}

// defaults are the options of a report whose options are the default ones, but
// for what the copy brings along.
func defaults(given map[string]string) (*export.Options, error) {
	return &export.Options{
		Unit: annotate.Unit(given["box-unit"]), Threshold: decode.Number(given["threshold"]),
	}, nil
}

// A remaking compares files that are made again with those of a copy.
type remaking struct {
	doc *readDocument
	// left are the files that were not made yet.
	left map[string]string
	// pixels are the pictures of the copy that show the same, but are other files.
	pixels map[string]export.Output
}

// mostFile is how many bytes a file may have that is to be compared.
const mostFile = 256 << 20

// put compares a file with that of the copy.
func (m *remaking) put(name string, data []byte) error {
	if name == reportName {
		return nil // compared when all else is
	}
	if _, ok := m.left[name]; !ok {
		return fmt.Errorf("%w: %s would be made of the document, and is not there", ErrMismatch, name)
	}
	delete(m.left, name)
	f, err := m.doc.copied.Open(name)
	if err != nil {
		return named(name, err)
	}
	defer f.Close()
	old, err := io.ReadAll(io.LimitReader(f, mostFile))
	drawn := path.Ext(name) == ".png" && path.Dir(name) != "originals"
	switch {
	case err != nil:
		return err
	case bytes.Equal(old, data):
		return nil
	case !drawn:
		return fmt.Errorf("%w: %s is not what this build of lvtool makes of the document", ErrMismatch, name)
	case !pack.ShowSame(old, data):
		return fmt.Errorf("%w: %s does not show what is drawn anew from the document", ErrMismatch, name)
	}
	m.pixels[name] = export.Output{
		File: name, SHA256: decode.Digest(sha256.Sum256(old)).String(), Bytes: len(old),
	}
	return nil
}

// report compares the report with what it should say: of pictures that are other
// files, the digests of those.
func (m *remaking) report(made *export.Report) error {
	r := *made
	r.Outputs, r.Frames = slices.Clone(made.Outputs), slices.Clone(made.Frames)
	for i, o := range r.Outputs {
		if old, ok := m.pixels[o.File]; ok {
			r.Outputs[i] = old
		}
	}
	for i, f := range made.Frames {
		frame := *f
		if frame.Annotated != nil {
			annotated := *f.Annotated
			frame.Annotated = &annotated
			m.digest(annotated.File, &annotated.SHA256)
		}
		if frame.Face != nil {
			face := *f.Face
			frame.Face = &face
			m.digest(face.File, &face.SHA256)
		}
		r.Frames[i] = &frame
	}
	want, err := r.JSON()
	if err != nil || bytes.Equal(want, m.doc.reportData) {
		return err
	}
	x, y := pack.LinesApart(m.doc.reportData, want)
	return fmt.Errorf("%w: report.json says %+.100q where it should say %+.100q", ErrMismatch, x, y)
}

// digest sets that of a picture of the copy that is another file.
func (m *remaking) digest(name string, to *string) {
	if old, ok := m.pixels[name]; ok {
		*to = old.SHA256
	}
}
