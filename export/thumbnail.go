package export

import (
	"context"
	"image"
	"slices"

	"github.com/lvtool/lvtool/decode"
)

// Thumbnail makes the Thumbnail of a [Result] again, for a session that was
// converted before: it loads the images until one can be shown, the reference
// image first. Without [OutputOverview] it is nil. It fails with an
// [ErrOptions], and with the error of ctx.
func (v *Converter) Thumbnail(ctx context.Context, s *decode.Session, opts *Options) (*image.RGBA, error) {
	c, err := newConversion(s, opts)
	if err != nil || !c.opts.Makes(OutputOverview) {
		return nil, err
	}
	c.workspace = v.idle.take()
	defer v.idle.give(c.workspace)
	order := make([]*decode.Image, 0, len(s.Images))
	for i := range s.Images {
		order = append(order, &s.Images[i])
	}
	slices.SortStableFunc(order, func(a, b *decode.Image) int { return rank(a) - rank(b) })
	for _, img := range order {
		f, err := c.load(ctx, img)
		if err != nil {
			return nil, err
		}
		if f.Pixels != nil {
			return kept(c.theme.small.shrink(c.painter.Draw(f.Frame, f.place, c.opts.Style), c.grid.place)), nil
		}
	}
	return nil, nil
}

// rank sorts images by which is shown for the session.
func rank(img *decode.Image) int {
	if img.Name == reference {
		return 0
	}
	return 1
}

// kept returns a copy of m that outlives the workspace it was made in.
func kept(m *image.RGBA) *image.RGBA {
	c := *m
	c.Pix = slices.Clone(m.Pix)
	return &c
}
