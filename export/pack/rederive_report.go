package pack

import (
	"context"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// comparable returns a report as text, without what cannot be made again: the
// digests of pictures whose pixels are compared by themselves, and the doubts that
// S3 gave.
func comparable(r *export.Report) ([]byte, error) {
	plain := *r
	plain.Outputs = nil
	plain.Problems = slices.DeleteFunc(slices.Clone(r.Problems), fromStore)
	plain.Frames = nil
	for _, f := range r.Frames {
		frame := *f
		if f.Annotated != nil {
			annotated := *f.Annotated
			annotated.SHA256 = ""
			frame.Annotated = &annotated
		}
		if f.Face != nil {
			face := *f.Face
			face.SHA256 = ""
			frame.Face = &face
		}
		frame.Problems = slices.DeleteFunc(slices.Clone(f.Problems), fromStore)
		plain.Frames = append(plain.Frames, &frame)
	}
	return plain.JSON()
}

// fromStore reports whether a doubt came with an object of S3, and not from what
// the pack holds.
func fromStore(p decode.Problem) bool {
	return strings.HasPrefix(p.Code, "s3_") || p.Code == "version_unchecked" || p.Code == "bucket_region"
}

// originals gives the objects of S3 that a pack keeps, with what was said of them.
type originals struct {
	pack    *Contents
	session *decode.Session
}

// Object returns the object as it was got, or why it could not be.
func (o originals) Object(_ context.Context, want decode.S3Object, limit int64) (*decode.Object, error) {
	for i, img := range o.session.Images {
		if img.S3 == nil || *img.S3 != want || i >= len(o.pack.Report.Frames) {
			continue
		}
		f := o.pack.Report.Frames[i]
		if f.File == nil || f.Origin == nil {
			return nil, newReplay(f.Problems)
		}
		data, err := o.pack.Bag.Read("data/"+*f.File, limit)
		if err != nil {
			return nil, err
		}
		said := slices.DeleteFunc(slices.Clone(f.Problems), func(p decode.Problem) bool { return !fromStore(p) })
		return &decode.Object{Data: data, Origin: *f.Origin, Problems: said}, nil
	}
	return nil, newReplay(nil)
}

// A replayError is why an object could not be had when the pack was made.
type replayError decode.Problem

func newReplay(said []decode.Problem) error {
	if len(said) == 0 {
		return replayError{Code: "s3_gone", Message: "the object is not in the pack"}
	}
	return replayError(said[len(said)-1])
}

// Error returns the words that stand in the report.
func (e replayError) Error() string { return e.Message }

// ProblemCode returns the code that stands in the report.
func (e replayError) ProblemCode() string { return e.Code }
