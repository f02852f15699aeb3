package export

import (
	"bytes"
	"encoding/json"
	"image"
	"maps"
	"slices"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// newReport returns what can be said of s before any image is loaded.
func newReport(s *decode.Session, opts *Options) *Report {
	tool := opts.Tool
	tool.Modules = orEmpty(maps.Clone(tool.Modules))
	tool.Options = orEmpty(maps.Clone(tool.Options))
	r := &Report{
		Schema: Schema,
		Tool:   tool,
		Source: SourceRecord{
			Name:    s.Source.Name,
			SHA256:  s.Source.SHA256.String(),
			Bytes:   len(s.Source.Data),
			Line:    known(s.Source.Line),
			Pointer: s.Source.Pointer,
		},
		Session: SessionRecord{
			ID:         known(s.ID),
			Status:     known(s.Status),
			Confidence: s.Confidence,
			Challenge:  s.Challenge,
			Feedback:   append([]decode.Feedback{}, s.Feedback...),
			Extra:      newExtra(s.Extra),
		},
		Threshold: newThreshold(opts.Threshold, s.Confidence),
		Frames:    []*FrameRecord{},
		Outputs:   []Output{},
	}
	r.Problems = append(slices.Clone(s.Problems), sessionProblems(s, opts)...)
	if r.Problems == nil {
		r.Problems = []decode.Problem{}
	}
	return r
}

// known returns nil for the zero value, which stands for what is not known.
func known[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func orEmpty[T any](m map[string]T) map[string]T {
	if m == nil {
		return map[string]T{}
	}
	return m
}

// newExtra copies the members of extra. Bytes that are not UTF-8, which JSON
// does not allow, are replaced.
func newExtra(extra map[string]json.RawMessage) map[string]json.RawMessage {
	m := make(map[string]json.RawMessage, len(extra))
	for name, value := range extra {
		m[name] = bytes.ToValidUTF8(value, []byte("\ufffd"))
	}
	return m
}

func newThreshold(value, confidence decode.Number) *Threshold {
	if value == "" {
		return nil
	}
	t := &Threshold{Value: value}
	want, err := value.Rat()
	if err != nil {
		return t
	}
	got, err := confidence.Rat()
	if err != nil {
		return t
	}
	t.Met = new(got.Cmp(want) >= 0)
	return t
}

// newFrame returns the record of f, which was loaded from img, without the
// files that are made of it.
func newFrame(img *decode.Image, f *decode.Frame) *FrameRecord {
	r := &FrameRecord{
		Name:     f.Name,
		Origin:   origin(img, f),
		Format:   known(f.Format),
		Problems: frameProblems(f),
	}
	if f.Data != nil {
		r.Bytes = new(len(f.Data))
		r.SHA256 = new(f.SHA256.String())
	}
	if f.Pixels != nil {
		size := f.Size()
		r.Width, r.Height = &size.X, &size.Y
		r.PixelSHA256 = new(f.PixelSHA256.String())
		r.Orientation = known(f.Orientation)
	}
	if f.Box != nil {
		r.Box = &BoxRecord{Left: f.Box.Left, Top: f.Box.Top, Width: f.Box.Width, Height: f.Box.Height}
	}
	return r
}

// origin returns where f's bytes came from or, where they could not be had,
// where the result says that they are; nil where it does not.
func origin(img *decode.Image, f *decode.Frame) *decode.Origin {
	switch {
	case f.Origin.Kind != "":
		return new(f.Origin)
	case img.S3 != nil:
		return &decode.Origin{Kind: "s3", Bucket: img.S3.Bucket, Key: img.S3.Name, Version: img.S3.Version}
	}
	return nil
}

// place records where the box lies, for which the caller asked for a unit.
func (r *FrameRecord) place(p annotate.Placement, asked annotate.Unit) {
	r.Placement = newPlacement(p)
	if r.Box != nil {
		r.Box.Unit = known(p.Unit)
	}
	r.Problems = append(r.Problems, boxProblems(p, asked)...)
}

func newPlacement(p annotate.Placement) *PlacementRecord {
	r := &PlacementRecord{State: p.State, Reason: known(p.Reason)}
	if p.State == annotate.Absent || p.State == annotate.Invalid {
		return r
	}
	r.Exact = new(ExactRecord(p.Exact))
	r.Pixels = newRect(p.Pixels)
	r.Visible = &p.Visible
	r.Overshoot = new(RectRecord(p.Overshoot))
	if !p.Clipped.Empty() {
		r.Clipped = newRect(p.Clipped)
	}
	return r
}

// straight returns m for package decode: without transparency, premultiplied
// pixels are the plain ones.
func straight(m *image.RGBA) *image.NRGBA {
	return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}
