package export

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"slices"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/pngw"
)

// A conversion is one run of Convert.
type conversion struct {
	session  *decode.Session
	opts     *Options
	put      Put
	report   *Report
	names    map[string]bool // names of files that have been given away
	pictures []Picture       // small, one for every frame
	grid     grid
	kept     []*decode.Frame // for the PDF
	*workspace
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

// source keeps the result itself, where that is asked for.
func (c *conversion) source() error {
	if !c.opts.KeepSource {
		return nil
	}
	name := "source.json"
	if c.session.Source.Encoding != "" {
		name = "source.bin"
	}
	return c.output(name, c.session.Source.Data, c.session.Source.SHA256)
}

// load loads and places an image and adds its record to the report.
func (c *conversion) load(ctx context.Context, img *decode.Image) (*loaded, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &loaded{Frame: c.loader.Frame(ctx, img, &c.opts.Load)}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.record = newFrame(img, f.Frame)
	c.report.Frames = append(c.report.Frames, f.record)
	if f.Pixels != nil {
		f.place = annotate.Place(f.Box, f.Size(), c.opts.Unit)
		f.record.place(f.place, c.opts.Unit)
	}
	c.keep(f.Frame)
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
	if f.Data != nil && c.opts.Makes(OutputOriginals) {
		f.record.File = new("originals/" + name + Extension(f.Format))
		if err := c.output(*f.record.File, f.Data, f.SHA256); err != nil {
			return err
		}
	}
	if f.Pixels == nil {
		return nil
	}
	face := c.crop(f) // before the frame is drawn on
	if err := c.annotated(f, name); err != nil {
		return err
	}
	return c.face(f, name, face)
}

// annotated makes the marked picture of a frame.
func (c *conversion) annotated(f *loaded, name string) error {
	small := &c.pictures[len(c.pictures)-1].Annotated
	file, sheet := c.opts.Makes(OutputAnnotated), c.opts.Makes(OutputSheet)
	thumbnail := c.opts.Makes(OutputOverview) &&
		(f.Name == reference || !slices.ContainsFunc(c.pictures, Picture.drawn))
	if !file && !sheet && !thumbnail {
		return nil
	}
	m := c.painter.Draw(f.Frame, f.place, c.opts.Style)
	if sheet || thumbnail {
		*small = c.theme.small.shrink(m, c.grid.place)
	}
	if !file {
		return nil
	}
	r := &PictureRecord{
		File:   "annotated/" + name + ".png",
		Width:  m.Rect.Dx(),
		Height: m.Rect.Dy(),
		Origin: PointRecord{X: -m.Rect.Min.X, Y: -m.Rect.Min.Y},
	}
	f.record.Annotated = r
	r.PixelSHA256 = pixelDigest(m).String()
	var err error
	r.SHA256, err = c.picture(r.File, m, c.text("annotated "+f.Name, f.Frame))
	return err
}

// crop cuts out the face of a frame, if anything shows it and there is anything
// to cut.
func (c *conversion) crop(f *loaded) *annotate.Face {
	if !c.opts.Makes(OutputFaces) && !c.opts.Makes(OutputSheet) {
		return nil
	}
	face, err := c.painter.Crop(f.Frame, f.place, c.opts.Crop)
	if err != nil {
		f.record.Problems = append(f.record.Problems, decode.Problem{Code: "face", Message: err.Error()})
	}
	return face
}

// face makes the file of a crop.
func (c *conversion) face(f *loaded, name string, face *annotate.Face) error {
	if face == nil {
		return nil
	}
	r := &FaceRecord{
		File:   "faces/" + name + ".png",
		Width:  face.Image.Rect.Dx(),
		Height: face.Image.Rect.Dy(),
		Rect:   *newRect(face.Rect),
	}
	if c.opts.Makes(OutputSheet) {
		p := &c.pictures[len(c.pictures)-1]
		p.Face, p.face = c.theme.small.shrink(face.Image, c.grid.place), r
	}
	if !c.opts.Makes(OutputFaces) {
		return nil
	}
	f.record.Face = r
	r.PixelSHA256 = pixelDigest(face.Image).String()
	var err error
	r.SHA256, err = c.picture(r.File, face.Image, c.text("face "+f.Name, f.Frame))
	return err
}

// sheet makes the pages of the contact sheet.
func (c *conversion) sheet(ctx context.Context) error {
	if !c.opts.Makes(OutputSheet) {
		return nil
	}
	pages, width := c.theme.layOut(c.report, c.pictures, c.opts.Sheet)
	for i, p := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := (*canvas)(&c.loader.Memory).sized(width, p.height) // no frame is needed any more
		p.draw(m)
		if _, err := c.picture(pageName("sheet", i+1), m, c.text("contact sheet", nil)); err != nil {
			return err
		}
	}
	return nil
}

// picture puts m as a PNG and returns the digest of the file.
func (c *conversion) picture(file string, m *image.RGBA, text []Text) (string, error) {
	var err error
	c.file, err = c.encoder.Append(c.file[:0], m, &pngw.Options{Level: c.opts.PNG.level(), Text: text})
	if err != nil {
		return "", fmt.Errorf("writing PNG: %w", err)
	}
	digest := decode.Digest(sha256.Sum256(c.file))
	return digest.String(), c.output(file, c.file, digest)
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
// of the first that could be shown; nil where none was asked for.
func (c *conversion) thumbnail() *image.RGBA {
	if !c.opts.Makes(OutputOverview) {
		return nil
	}
	at := slices.IndexFunc(c.pictures, Picture.drawn)
	for i, p := range c.pictures {
		if p.drawn() && c.session.Images[i].Name == reference {
			at = i
			break
		}
	}
	if at < 0 {
		return nil
	}
	return kept(c.pictures[at].Annotated)
}
