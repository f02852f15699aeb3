package annotate

import (
	"image"

	"github.com/lvtool/lvtool/decode"
)

// A Painter draws and crops frame after frame in the same memory, with fonts
// that it has made ready. The zero value is ready. It is not safe for concurrent
// use.
type Painter struct {
	// Apart leaves the frame's own picture as it was.
	Apart bool

	set          typesetter
	canvas, face pixels
}

// Draw is the function [Draw], but the picture is valid only until the next
// call, and, unless they are kept apart, takes the place of the frame's own where
// nothing is added around that: crop the frame before.
func (t *Painter) Draw(f *decode.Frame, p Placement, s Style) *image.RGBA {
	return t.paint(f, &p, s, !t.Apart)
}

// paint is Draw, but draws on the frame itself only where it may.
func (t *Painter) paint(f *decode.Frame, p *Placement, s Style, overIt bool) *image.RGBA {
	size := f.Size()
	if size.X <= 0 || size.Y <= 0 {
		return nil
	}
	pl := t.plan(f.Name, p, image.Rectangle{Max: size}, s.Canvas)
	m := &image.RGBA{Pix: f.Pixels.Pix, Stride: f.Pixels.Stride, Rect: pl.frame}
	if !overIt || pl.canvas != pl.frame || !opaque(m.Pix) {
		m = t.canvas.sized(pl.canvas)
		for _, void := range minus(pl.canvas, pl.frame) {
			hatch(m, void, (pl.line+1)/2)
		}
		paste(m, f.Pixels)
	}
	pl.paint(m, lookOf(f.Name))
	return m
}

// typesetter returns one of the given size: the last one, mostly.
func (t *Painter) typesetter(em int) typesetter {
	if t.set.em != em {
		t.set = newTypesetter(em)
	}
	return t.set
}

// pixels is memory for a picture.
type pixels []uint8

// sized returns a picture in p, made anew where that is too small. Its pixels
// are whatever they were.
func (p *pixels) sized(r image.Rectangle) *image.RGBA {
	n := 4 * r.Dx() * r.Dy()
	if cap(*p) < n {
		*p = make(pixels, n)
	}
	return &image.RGBA{Pix: (*p)[:n], Stride: 4 * r.Dx(), Rect: r}
}
