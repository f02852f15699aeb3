package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/disintegration/imaging"
	"golang.org/x/image/webp"

	"github.com/lvtool/lvtool/decode/internal/basejpeg"
)

// A codec reads one image format. The decoders are called by name, never
// through image.Decode, which would take whatever formats the program has
// registered.
type codec struct {
	format string
	config func(io.Reader) (image.Config, error)
	decode func(l *Loader, data []byte, limits Limits) (image.Image, error)
	// survey looks through the file without decoding it.
	survey func(data []byte) survey
	// pixelsPerByte is the most pixels that a byte of the file can stand for,
	// zero where there is no such bound. It keeps a file of a few bytes from
	// reserving the memory of a large picture.
	pixelsPerByte int64
}

var (
	// An 8×8 block of the component that is not subsampled takes at least one
	// bit, for its DC coefficient.
	jpegCodec = codec{"jpeg", jpeg.DecodeConfig, (*Loader).decodeJPEG, surveyJPEG, 8 * 64}
	// Deflate shrinks to no less than 1/1032, and eight pixels of one bit fit a
	// byte.
	pngCodec = codec{"png", pngConfig, reading(png.Decode), surveyPNG, 8 * 1032}
	// A WebP can say "all of one colour" in no bits at all.
	webpCodec = codec{"webp", webp.DecodeConfig, reading(webp.Decode), surveyWebP, 0}
)

// reading makes a decoder of bytes from one that reads.
func reading(decode func(io.Reader) (image.Image, error)) func(*Loader, []byte, Limits) (image.Image, error) {
	return func(_ *Loader, data []byte, _ Limits) (image.Image, error) { return decode(bytes.NewReader(data)) }
}

// decodeJPEG decodes the usual kind of JPEG with lvtool's own decoder, which is
// faster and whose pixels no Go release changes. Whatever that one does not
// take, the standard library's judges; where both decode a file, the pixels are
// the same.
func (l *Loader) decodeJPEG(data []byte, limits Limits) (image.Image, error) {
	own := basejpeg.Limits{Side: limits.Side, Pixels: limits.Pixels}
	if m, err := l.jpeg.NRGBA(&image.NRGBA{Pix: l.Memory}, data, own); err == nil {
		l.Memory = m.Pix
		return m, nil
	}
	return jpeg.Decode(bytes.NewReader(data))
}

// pngConfig is png.DecodeConfig, but tells the size also where the number of
// pixels is too much for an int. The decoder calls that an unsupported file.
func pngConfig(r io.Reader) (image.Config, error) {
	var head bytes.Buffer
	config, err := png.DecodeConfig(io.TeeReader(r, &head))
	if overflow, ok := errors.AsType[png.UnsupportedError](err); ok && overflow == "dimension overflow" {
		size := head.Bytes()[16:24] // after signature, length and name of the first chunk
		config.Width = int(binary.BigEndian.Uint32(size))
		config.Height = int(binary.BigEndian.Uint32(size[4:]))
		return config, nil
	}
	return config, err
}

// A survey is what a walk over the parts of an image file finds.
type survey struct {
	// scans is how many scans a JPEG has at most.
	scans int
	// exif is the file's EXIF data, from the TIFF header on.
	exif []byte
	// end is where the image ends in the file; zero where that was not found.
	end int
	// incomplete says that not all components of a JPEG have a scan.
	incomplete bool
	// unrefined says that a progressive JPEG lacks its last scans.
	unrefined bool
}

// metadata is what comes with pixels.
type metadata struct {
	orientation int
	problems    []Problem
}

// pixels decodes data to an upright picture. The limits are checked before any
// memory for pixels is reserved.
func (c *codec) pixels(l *Loader, data []byte, limits Limits) (m *image.NRGBA, meta metadata, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("%w: the %s decoder stopped: %v", ErrPixels, c.format, r)
		}
	}()
	if err := within(LimitImageBytes, int64(len(data)), limits.ImageBytes); err != nil {
		return nil, meta, err
	}
	found := c.survey(data)
	meta = found.metadata(len(data))
	if err := c.check(data, found, limits); err != nil {
		return nil, meta, err
	}
	raw, err := c.decode(l, data, limits)
	if err != nil {
		return nil, meta, c.broken(err, found)
	}
	return upright(toNRGBA(raw), meta.orientation), meta, nil
}

// check refuses what would cost more than the limits, or cannot be whole.
func (c *codec) check(data []byte, found survey, limits Limits) error {
	config, err := c.config(bytes.NewReader(data))
	if err != nil {
		return c.broken(err, found)
	}
	pixels := int64(config.Width) * int64(config.Height)
	if pixels <= 0 {
		return fmt.Errorf("%w: a %s of %d×%d pixels", ErrPixels, c.format, config.Width, config.Height)
	}
	if err := errors.Join(
		within(LimitSide, max(config.Width, config.Height), limits.Side),
		within(LimitPixels, pixels, limits.Pixels),
		within(LimitDecoded, 4*pixels, limits.Decoded),
		within(LimitScans, found.scans, limits.Scans),
		within(LimitScanPixels, pixels*int64(found.scans), limits.ScanPixels),
	); err != nil {
		return first(err)
	}
	if c.pixelsPerByte > 0 && pixels/c.pixelsPerByte > int64(len(data)) {
		return fmt.Errorf("%w %s: %d bytes cannot hold %d×%d pixels",
			ErrTruncated, c.format, len(data), config.Width, config.Height)
	}
	if found.incomplete {
		return fmt.Errorf("%w %s: a colour component is missing", ErrTruncated, c.format)
	}
	return nil
}

// first returns the first of joined errors, which says enough.
func first(err error) error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()[0]
	}
	return err
}

// broken tells an image that ends too early from one that is wrong otherwise.
func (c *codec) broken(err error, found survey) error {
	if found.end == 0 {
		return fmt.Errorf("%w %s image", ErrTruncated, c.format)
	}
	return fmt.Errorf("%w: %w", ErrPixels, err)
}

func (s *survey) metadata(size int) metadata {
	meta := metadata{orientation: 1}
	if o, ok := exifOrientation(s.exif); ok && o >= 1 && o <= 8 {
		meta.orientation = o
	} else if ok {
		meta.problems = append(meta.problems, Problem{
			Code:    "exif_orientation",
			Message: fmt.Sprintf("the EXIF orientation is %d, which means nothing, and was ignored", o),
		})
	}
	if s.unrefined {
		meta.problems = append(meta.problems, Problem{
			Code:    "missing_scans",
			Message: "the progressive JPEG lacks its last scans: the picture is softer than it was",
		})
	}
	if s.end > 0 && s.end < size {
		meta.problems = append(meta.problems, Problem{
			Code:    "trailing_bytes",
			Message: fmt.Sprintf("%d bytes follow the end of the image", size-s.end),
		})
	}
	return meta
}

// upright undoes the EXIF orientation o.
func upright(m *image.NRGBA, o int) *image.NRGBA {
	switch o {
	case 2:
		return imaging.FlipH(m)
	case 3:
		return imaging.Rotate180(m)
	case 4:
		return imaging.FlipV(m)
	case 5:
		return imaging.Transpose(m)
	case 6:
		return imaging.Rotate270(m)
	case 7:
		return imaging.Transverse(m)
	case 8:
		return imaging.Rotate90(m)
	}
	return m
}
