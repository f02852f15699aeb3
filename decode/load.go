package decode

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/lvtool/lvtool/decode/internal/basejpeg"
)

// LoadOptions say how images are loaded. Nil means the zero LoadOptions.
type LoadOptions struct {
	// Limits bound every image.
	Limits Limits
	// Objects gets the images that lie in S3. Without it they fail with
	// [ErrNoObjects].
	Objects Objects
	// CheckObjects gets the object too where an image names one beside the
	// bytes that the document holds. The bytes of the document are taken; a
	// [Problem] says where the object differs (s3_differs) or could not be had
	// (s3_unchecked).
	CheckObjects bool
}

// Load loads every image of s, in their order. There is a frame for each
// image, whether it could be loaded or not; the error joins a [*FrameError]
// for each that could not.
func Load(ctx context.Context, s *Session, opts *LoadOptions) ([]*Frame, error) {
	if opts == nil {
		opts = &LoadOptions{}
	}
	frames := make([]*Frame, len(s.Images))
	var errs []error
	rest := *opts
	rest.Limits = rest.Limits.OrDefault()
	for i := range s.Images {
		f := LoadFrame(ctx, &s.Images[i], &rest)
		if f.Pixels != nil {
			// Zero would mean the default.
			rest.Limits.Decoded = max(1, rest.Limits.Decoded-int64(len(f.Pixels.Pix)))
		}
		if f.Err != nil {
			errs = append(errs, &FrameError{Session: s.ID, Frame: f.Name, Err: f.Err})
		}
		frames[i] = f
	}
	return frames, errors.Join(errs...)
}

// LoadFrame loads an image: it gets the bytes, from the document or else from
// S3, takes their digest, and decodes them. It never returns nil: what is
// wrong is the frame's Err, and the frame holds whatever was had before.
func LoadFrame(ctx context.Context, img *Image, opts *LoadOptions) *Frame {
	return new(Loader).Frame(ctx, img, opts)
}

// A Loader loads images one after the other into the same memory. The zero value
// is ready. It is not safe for concurrent use.
type Loader struct {
	// Memory is what pixels are decoded into. It grows as they need, and may be
	// used for something else between frames.
	Memory []byte

	jpeg basejpeg.Decoder
	data []byte
}

// Frame is [LoadFrame], but what the frame's Data and Pixels hold is valid only
// until the next call.
func (l *Loader) Frame(ctx context.Context, img *Image, opts *LoadOptions) *Frame {
	if opts == nil {
		opts = &LoadOptions{}
	}
	f := &Frame{Name: img.Name, Box: img.Box, Problems: slices.Clip(img.Problems)}
	limits := opts.Limits.OrDefault()
	if f.Err = f.fetch(ctx, l, img, opts.Objects, limits.ImageBytes); f.Err != nil {
		f.Data = nil // over the limit
		return f
	}
	f.SHA256 = sha256.Sum256(f.Data)
	if opts.CheckObjects && img.Inline != nil && img.S3 != nil {
		f.check(ctx, *img.S3, opts.Objects, limits.ImageBytes)
	}
	if f.Err = ctx.Err(); f.Err == nil {
		f.Err = f.decode(l, limits)
	}
	return f
}

// fetch sets the frame's bytes and where they came from.
func (f *Frame) fetch(ctx context.Context, l *Loader, img *Image, objects Objects, limit int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case img.Inline != nil:
		in, err := inlineBytes(l.data[:0], img.Inline, limit)
		l.data = in.data
		f.Data, f.Origin = in.data, Origin{Kind: "inline", Encoding: in.encoding}
		f.Problems = append(f.Problems, in.problems...)
		return err
	case img.S3 == nil:
		return img.absent()
	}
	f.Origin = s3Origin(*img.S3)
	if objects == nil {
		return fmt.Errorf("%w: %s", ErrNoObjects, img.S3)
	}
	got, err := objects.Object(ctx, *img.S3, limit)
	if err != nil {
		return err
	}
	f.Data, f.Origin = got.Data, got.Origin
	f.Problems = append(f.Problems, got.Problems...)
	return within(LimitImageBytes, int64(len(f.Data)), limit)
}

// absent says why there is nothing to load.
func (img *Image) absent() error {
	switch {
	case img.refused != nil:
		return img.refused
	case img.stripped:
		return refuseStripped("the document has no bytes for it any more")
	}
	return ErrNoImage
}

// decode sets the frame's format and pixels.
func (f *Frame) decode(l *Loader, limits Limits) error {
	c, name := sniff(f.Data)
	if c == nil {
		return fmt.Errorf("%w: %s", ErrFormat, name)
	}
	f.Format = c.format
	m, meta, err := c.pixels(l, f.Data, limits)
	f.Orientation = meta.orientation
	f.Problems = append(f.Problems, meta.problems...)
	if err != nil {
		return err
	}
	f.Pixels, f.PixelSHA256 = m, PixelDigest(m)
	return nil
}
