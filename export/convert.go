package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/pngw"
)

// Convert makes every file of s and hands them to put one by one, report.json
// last:
//
//	originals/NAME.EXT   the image as received; .jpg, .png, .webp or .bin
//	annotated/NAME.png   the frame with its box
//	faces/NAME.png       the face, where there is one
//	sheet.png            the contact sheet; sheet-2.png, … where it has more pages
//	report.json
//
// NAME is that of the frame: reference, audit-0, …. Only one frame's pixels are
// held at a time. A frame that cannot be loaded is a problem in the report and
// not an error. Convert fails with an [ErrOptions], with the error of ctx, and
// with that of put, each of which ends it at once.
func Convert(ctx context.Context, s *decode.Session, opts *Options, put Put) (*Result, error) {
	c, err := newConversion(s, opts)
	if err != nil {
		return nil, err
	}
	c.put = put
	for i := range s.Images {
		if err := c.frame(ctx, &s.Images[i]); err != nil {
			return nil, err
		}
	}
	if err := c.sheet(ctx); err != nil {
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
	for i := range s.Images {
		if _, err := c.load(ctx, &s.Images[i]); err != nil {
			return nil, err
		}
	}
	return c.report, nil
}

// A conversion is one run of Convert.
type conversion struct {
	session  *decode.Session
	opts     *Options
	put      Put
	report   *Report
	names    map[string]bool // names of files that have been given away
	pictures []Picture       // small, one for every frame
	grid     grid
	buffer   bytes.Buffer // the file being made
	encoder  pngw.Encoder
}

// A loaded frame, where its box lies, and what the report says of it.
type loaded struct {
	*decode.Frame
	place  annotate.Placement
	record *FrameRecord
}

func newConversion(s *decode.Session, opts *Options) (*conversion, error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	n := len(s.Images)
	if !hasReference(s) {
		n++ // for the tile that says so
	}
	return &conversion{
		session: s,
		opts:    opts,
		report:  newReport(s, opts),
		names:   map[string]bool{},
		grid:    newGrid(opts.Sheet, n),
	}, nil
}

// load loads and places an image and adds its record to the report.
func (c *conversion) load(ctx context.Context, img *decode.Image) (*loaded, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &loaded{Frame: decode.LoadFrame(ctx, img, &c.opts.Load)}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.record = newFrame(img, f.Frame)
	c.report.Frames = append(c.report.Frames, f.record)
	if f.Pixels != nil {
		f.place = annotate.Place(f.Box, f.Size(), c.opts.Unit)
		f.record.place(f.place, c.opts.Unit)
	}
	return f, nil
}

// frame makes the files of one image.
func (c *conversion) frame(ctx context.Context, img *decode.Image) error {
	f, err := c.load(ctx, img)
	if err != nil {
		return err
	}
	name := c.fileName(f.Name)
	c.pictures = append(c.pictures, Picture{})
	if f.Data != nil {
		f.record.File = new("originals/" + name + Extension(f.Format))
		if err := c.output(*f.record.File, f.Data, f.SHA256); err != nil {
			return err
		}
	}
	if f.Pixels == nil {
		return nil
	}
	if err := c.annotated(f, name); err != nil {
		return err
	}
	return c.face(f, name)
}

// annotated makes the marked picture of a frame.
func (c *conversion) annotated(f *loaded, name string) error {
	m := annotate.Draw(f.Frame, f.place, c.opts.Style)
	file := "annotated/" + name + ".png"
	digest, err := c.picture(file, m, c.text("annotated "+f.Name, f.Frame))
	if err != nil {
		return err
	}
	f.record.Annotated = &PictureRecord{
		File:        file,
		SHA256:      digest.String(),
		PixelSHA256: pixelDigest(m).String(),
		Width:       m.Rect.Dx(),
		Height:      m.Rect.Dy(),
		Origin:      PointRecord{X: -m.Rect.Min.X, Y: -m.Rect.Min.Y},
	}
	c.pictures[len(c.pictures)-1].Annotated = shrink(m, c.grid.place)
	return nil
}

// face makes the crop of a frame, if there is anything to cut.
func (c *conversion) face(f *loaded, name string) error {
	face, err := annotate.Crop(f.Frame, f.place, c.opts.Crop)
	if err != nil {
		f.record.Problems = append(f.record.Problems, decode.Problem{Code: "face", Message: err.Error()})
	}
	if face == nil {
		return nil
	}
	file := "faces/" + name + ".png"
	digest, err := c.picture(file, face.Image, c.text("face "+f.Name, f.Frame))
	if err != nil {
		return err
	}
	f.record.Face = &FaceRecord{
		File:        file,
		SHA256:      digest.String(),
		PixelSHA256: pixelDigest(face.Image).String(),
		Width:       face.Image.Rect.Dx(),
		Height:      face.Image.Rect.Dy(),
		Rect:        *newRect(face.Rect),
	}
	c.pictures[len(c.pictures)-1].Face = shrink(face.Image, c.grid.place)
	return nil
}

// sheet makes the pages of the contact sheet.
func (c *conversion) sheet(ctx context.Context) error {
	page := 0
	for m := range Sheet(c.report, c.pictures, c.opts.Sheet) {
		if err := ctx.Err(); err != nil {
			return err
		}
		page++
		if _, err := c.picture(pageName("sheet", page), m, c.text("contact sheet", nil)); err != nil {
			return err
		}
	}
	return nil
}

// picture puts m as a PNG and returns the digest of the file.
func (c *conversion) picture(file string, m *image.RGBA, text []Text) (decode.Digest, error) {
	c.buffer.Reset()
	if err := encodePNG(&c.buffer, m, text, &c.encoder); err != nil {
		return decode.Digest{}, err
	}
	digest := decode.Digest(sha256.Sum256(c.buffer.Bytes()))
	return digest, c.output(file, c.buffer.Bytes(), digest)
}

// output puts a file and lists it in the report.
func (c *conversion) output(file string, data []byte, digest decode.Digest) error {
	if err := c.put(file, data); err != nil {
		return err
	}
	c.report.Outputs = append(c.report.Outputs, Output{File: file, SHA256: digest.String(), Bytes: len(data)})
	return nil
}

// thumbnail returns the picture of the reference frame or, where there is none,
// of the first that could be shown.
func (c *conversion) thumbnail() *image.RGBA {
	var first *image.RGBA
	for i, p := range c.pictures {
		if p.Annotated == nil {
			continue
		}
		if c.session.Images[i].Name == reference {
			return p.Annotated
		}
		if first == nil {
			first = p.Annotated
		}
	}
	return first
}
