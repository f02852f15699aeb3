package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// earlier returns what an earlier run made of a session, where this one would
// make the same. Else, if there is a folder, again says why it would not. The
// error is one for which the run cannot go on.
//
// What the folder has came to be there whole, so that what is asked is whether
// it is that of this session, tool and options, and whether all of it still is
// there.
func (v *converter) earlier(ctx context.Context, it *item) (was *export.Result, again string, err error) {
	if v.c.Bool("force") {
		return nil, "", nil
	}
	opts := v.source.options(it.session)
	data, err := v.out.existing(ctx, it.name)
	if err != nil {
		return nil, "", err
	}
	if data == nil {
		return nil, "", nil
	}
	report, err := export.Earlier(data, it.session, opts)
	if err == nil {
		err = v.out.check(ctx, it.name, report.Outputs, v.c.Bool("check"))
	}
	if err == nil {
		err = v.sameObjects(ctx, it.session, report, &opts.Load)
	}
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if err != nil {
		return nil, err.Error(), nil
	}
	small, err := v.export.Thumbnail(ctx, it.session, opts)
	return &export.Result{Report: report, Thumbnail: small}, "", err
}

// sameObjects reports, as an error, where an image that lies in S3 may be
// another than the one in the report. The digest of the source says nothing of
// it, so that its bytes are got again, unless the source names their version:
// S3 never gives a version other bytes, but a copy on disk can have changed.
func (v *converter) sameObjects(
	ctx context.Context, s *decode.Session, r *export.Report, load *decode.LoadOptions,
) error {
	for i := range s.Images {
		img, was := &s.Images[i], r.Frames[i]
		if img.Inline != nil || img.S3 == nil {
			continue
		}
		if err := v.sameObject(ctx, *img.S3, was, load); err != nil {
			return fmt.Errorf("%s: %w", img.Name, err)
		}
	}
	return nil
}

func (v *converter) sameObject(
	ctx context.Context, o decode.S3Object, was *export.FrameRecord, load *decode.LoadOptions,
) error {
	switch {
	case was.SHA256 == nil && load.Objects == nil:
		return nil // nothing to get it from, as before
	case was.SHA256 == nil:
		return errors.New("it could not be had then")
	case load.Objects == nil:
		return errors.New("it cannot be had now")
	case o.Version != "" && v.source.root == nil:
		return nil
	}
	limit := load.Limits.ImageBytes
	if limit == 0 {
		limit = decode.DefaultLimits().ImageBytes
	}
	got, err := load.Objects.Object(ctx, o, limit)
	if err != nil {
		return err
	}
	digest := decode.Digest(sha256.Sum256(got.Data)).String()
	if digest != *was.SHA256 || was.Origin == nil || got.Origin != *was.Origin {
		return errors.New("the object is another")
	}
	return nil
}
