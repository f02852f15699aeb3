package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/lvtool/lvtool/decode"
)

// A PDFWriter writes the session of a report as a PDF. load returns the image of
// a frame by its number, for as long as no other is loaded: with its pixels, or,
// where a JPEG can do without, as the file alone.
type PDFWriter func(w io.Writer, r *Report, load func(number int, pixels bool) *decode.Frame) error

// paperName is the name of a session's PDF.
const paperName = "session.pdf"

// keep keeps what the PDF needs of a frame: the file, so that no image is got
// twice, and may have changed in between.
func (c *conversion) keep(f *decode.Frame) {
	if !c.opts.Makes(OutputPDF) {
		return
	}
	k := *f
	k.Data, k.Pixels = bytes.Clone(f.Data), nil
	c.kept = append(c.kept, &k)
}

// paper makes the PDF.
func (c *conversion) paper(ctx context.Context) error {
	if !c.opts.Makes(OutputPDF) {
		return nil
	}
	var file bytes.Buffer
	load := func(number int, pixels bool) *decode.Frame {
		f := c.kept[number]
		if !pixels || f.Data == nil {
			return f
		}
		opts := c.opts.Load
		opts.Objects, opts.CheckObjects = keptObject(f.Data), false
		return c.loader.Frame(ctx, &decode.Image{Name: f.Name, Box: f.Box, S3: &decode.S3Object{}}, &opts)
	}
	if err := c.opts.PDF(&file, c.report, load); err != nil {
		return fmt.Errorf("%s: %w", paperName, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.output(paperName, file.Bytes(), sha256.Sum256(file.Bytes()))
}

// A keptObject is the file of an image that was loaded before.
type keptObject []byte

// Object returns it, whatever it is asked for.
func (k keptObject) Object(context.Context, decode.S3Object, int64) (*decode.Object, error) {
	return &decode.Object{Data: k}, nil
}
