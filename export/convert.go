package export

import (
	"context"

	"github.com/lvtool/lvtool/decode"
)

// Convert makes the files of s and hands them to put one by one, report.json
// last:
//
//	source.json          the result as it came, where asked for
//	originals/NAME.EXT   the image as received; .jpg, .png, .webp or .bin
//	annotated/NAME.png   the frame with its box
//	faces/NAME.png       the face, where there is one
//	sheet.png            the contact sheet; sheet-2.png, … where it has more pages
//	session.pdf          the session on paper, where asked for
//	report.json
//
// NAME is that of the frame: reference, audit-0, …. Only one frame's pixels are
// held at a time. A frame that cannot be loaded is a problem in the report and
// not an error. Convert fails with an [ErrOptions], with the error of ctx, and
// with that of put, each of which ends it at once.
//
// For more than one session, a [Converter] is faster.
func Convert(ctx context.Context, s *decode.Session, opts *Options, put Put) (*Result, error) {
	return new(Converter).Convert(ctx, s, opts, put)
}

// A Converter converts many sessions. The zero value is ready. It keeps the
// memory of conversions for those that follow, and the fonts with their glyphs,
// and may be used by several goroutines at once.
type Converter struct{ idle workspaces }

// Convert is the function [Convert].
func (v *Converter) Convert(ctx context.Context, s *decode.Session, opts *Options, put Put) (*Result, error) {
	c, err := newConversion(s, opts)
	if err != nil {
		return nil, err
	}
	c.put = put
	c.workspace = v.idle.take()
	defer v.idle.give(c.workspace)
	if err := c.source(); err != nil {
		return nil, err
	}
	for i := range s.Images {
		if err := c.frame(ctx, &s.Images[i]); err != nil {
			return nil, err
		}
	}
	if err := c.sheet(ctx); err != nil {
		return nil, err
	}
	if err := c.paper(ctx); err != nil {
		return nil, err
	}
	report, err := c.report.JSON()
	if err != nil {
		return nil, err
	}
	if err := put("report.json", report); err != nil {
		return nil, err
	}
	return &Result{Report: c.report, Thumbnail: c.thumbnail()}, nil
}

// Inspect makes the report that [Convert] would, without any file: File,
// Annotated and Face of its frames are nil, it has no outputs, and no problem of
// cutting out a face is found.
func Inspect(ctx context.Context, s *decode.Session, opts *Options) (*Report, error) {
	c, err := newConversion(s, opts)
	if err != nil {
		return nil, err
	}
	c.workspace = new(workspace)
	for i := range s.Images {
		if _, err := c.load(ctx, &s.Images[i]); err != nil {
			return nil, err
		}
	}
	return c.report, nil
}
