package pngw

import (
	"fmt"
	"image"
	"io"
)

// How many filtered bytes are compressed at a time, or a row where that is more:
// few enough for the second-level cache.
const (
	bandSize      = 64 << 10
	pixelBandSize = 128 << 10 // of pixelBand
)

// maxFiltered bounds the filtered bytes of a picture, so that positions fit 32
// bits and the compressed bytes a chunk, PNG section 5.3.
const maxFiltered = 1 << 30

// An Encoder writes PNG files. The zero value is ready. It keeps buffers for
// the next picture and must not be used by several goroutines at once.
type Encoder struct {
	deflate deflater
	rows    [numFilters][]byte // what each filter makes of a row
	cur, up []byte             // converted rows
	zero    []byte             // the row above the first; never written to
	out     []byte
}

// Encode writes m to w in a single Write.
func (e *Encoder) Encode(w io.Writer, m image.Image, opts *Options) error {
	out, err := e.Append(e.out[:0], m, opts)
	if err != nil {
		return err
	}
	e.out = out
	_, err = w.Write(out)
	return err
}

// Append appends m as a PNG file to dst. Pictures of type [image.RGBA] and
// [image.NRGBA] are read in place; others are drawn onto an NRGBA first, which
// keeps eight bits a channel. On an error dst is returned as it was.
func (e *Encoder) Append(dst []byte, m image.Image, opts *Options) ([]byte, error) {
	p, err := pictureOf(m)
	if err != nil {
		return dst, err
	}
	return e.append(dst, &p, opts)
}

// AppendRGB appends a picture of packed RGB, three bytes a pixel and stride
// bytes a row, as a PNG file to dst. On an error dst is returned as it was.
func (e *Encoder) AppendRGB(dst, pix []byte, stride, width, height int, opts *Options) ([]byte, error) {
	p := picture{pix: pix, stride: stride, width: width, height: height, samples: 3, bpp: 3}
	return e.append(dst, &p, opts)
}

func (e *Encoder) append(dst []byte, p *picture, opts *Options) ([]byte, error) {
	if opts == nil {
		opts = &Options{}
	}
	if opts.Level < Fast || opts.Level > Small {
		return dst, fmt.Errorf("%w: %d", ErrLevel, opts.Level)
	}
	if err := p.check(); err != nil {
		return dst, err
	}
	out, err := appendHead(dst, p, opts)
	if err != nil {
		return dst, err
	}
	start := len(out)
	out = append(out, "\x00\x00\x00\x00IDAT"...)
	out = e.appendPixels(out, p, opts.Level)
	out = endChunk(out, start)
	return appendChunk(out, "IEND", nil), nil
}

// appendPixels appends the zlib stream of p: filtered row by row, compressed
// band by band.
func (e *Encoder) appendPixels(out []byte, p *picture, level Level) []byte {
	n := p.rowBytes()
	e.zero = sized(e.zero, n)
	e.cur, e.up = sized(e.cur, n), sized(e.up, n)
	d := &e.deflate
	d.start(out, p, level)
	up := e.zero
	for y := range p.height {
		cur := p.row(y, e.cur)
		e.filter(d.grow(1+n), cur, up, p.bpp, level)
		if d.pending() >= d.enough || y == p.height-1 {
			d.band(y == p.height-1)
		}
		up = cur
		e.cur, e.up = e.up, e.cur
	}
	return d.finish()
}

// filter writes the filter type and the filtered row to dst. Balanced always
// takes Paeth, the best single filter for photographs.
func (e *Encoder) filter(dst, cur, up []byte, bpp int, level Level) {
	switch {
	case e.deflate.pixel:
		e.filterPixels(dst, cur, up)
		return
	case level != Small:
		dst[0] = filterPaeth
		paethRow(dst[1:], cur, up, bpp)
		return
	}
	for i := range e.rows {
		e.rows[i] = sized(e.rows[i], len(cur))
	}
	best := chooseFilter(&e.rows, cur, up, bpp)
	dst[0] = uint8(best)
	copy(dst[1:], e.rows[best])
}

// sized returns b with length n, made anew where it is too small.
func sized(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
