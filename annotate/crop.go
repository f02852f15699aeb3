package annotate

import (
	"fmt"
	"image"
	"image/draw"
	"math/big"

	"github.com/disintegration/imaging"

	"github.com/lvtool/lvtool/decode"
)

// DefaultCrop returns the options to start from: a little of what is around
// the face, as far as the frame goes.
func DefaultCrop() CropOptions { return CropOptions{Padding: "0.15", Edge: Clip} }

// Crop cuts out of f the face that p, the placement of its box, says where to
// find. It returns nil and no error where there is nothing to cut: where p is
// neither Inside nor Clipped, or the frame has no pixels.
//
// What is cut is computed exactly and rounded once: the exact edges of the box
// are moved outwards by the padding, then those of two opposite sides so that
// the shape asked for is reached about the same centre, and then each edge is
// rounded half away from zero. A frame that is not opaque lies on a chequered
// ground.
//
// Crop fails where [CropOptions.Validate] does, and where a size of which only
// one side is given would become too large.
func Crop(f *decode.Frame, p Placement, c CropOptions) (*Face, error) {
	return new(Painter).Crop(f, p, c)
}

// Crop is the function [Crop], but the picture is valid only until the next
// call.
func (t *Painter) Crop(f *decode.Frame, p Placement, c CropOptions) (*Face, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	frame := image.Rectangle{Max: f.Size()}
	if (p.State != Inside && p.State != Clipped) || frame.Empty() {
		return nil, nil
	}
	rect, err := c.rect(&p, frame)
	if err != nil || rect.Empty() {
		return nil, err
	}
	size, err := c.size(rect.Size())
	if err != nil {
		return nil, err
	}
	return &Face{Rect: rect, Image: c.fit(cut(t.face.sized(rect), f.Pixels), size)}, nil
}

// rect returns what is to be cut.
func (c CropOptions) rect(p *Placement, frame image.Rectangle) (image.Rectangle, error) {
	b, err := p.Exact.exact()
	if err != nil {
		return image.Rectangle{}, fmt.Errorf("edges of the placement: %w", err)
	}
	if c.Padding != "" {
		share, err := c.Padding.Rat()
		if err != nil {
			return image.Rectangle{}, fmt.Errorf("padding: %w", err)
		}
		b = b.padded(share)
	}
	shape := c.shape()
	if shape != (image.Point{}) {
		b = b.grown(big.NewRat(int64(shape.X), int64(shape.Y)))
	}
	r, err := b.near().round()
	if err != nil {
		return image.Rectangle{}, err
	}
	switch c.Edge {
	case Pad:
		return r.Intersect(reach(frame)), nil
	case Shift:
		return shift(r, frame, shape), nil
	}
	return r.Intersect(frame), nil
}

// shift moves r into frame. Where it is too large for that it becomes smaller
// about its middle: as a whole where it must keep a shape, else only in the
// direction in which it is too large.
func shift(r, frame image.Rectangle, shape image.Point) image.Rectangle {
	size := image.Pt(min(r.Dx(), frame.Dx()), min(r.Dy(), frame.Dy()))
	if shape != (image.Point{}) && size != r.Size() {
		size = inscribed(frame.Size(), shape)
	}
	return centred(middle(r), size, frame)
}

// inscribed returns the largest size of a shape that fits in another size, each
// side rounded half away from zero, but at least 1.
func inscribed(in, shape image.Point) image.Point {
	if int64(in.X)*int64(shape.Y) <= int64(in.Y)*int64(shape.X) {
		return image.Pt(in.X, min(in.Y, proportional(in.X, shape.Y, shape.X)))
	}
	return image.Pt(min(in.X, proportional(in.Y, shape.X, shape.Y)), in.Y)
}

// proportional returns n * a / b rounded half up, but at least 1.
func proportional(n, a, b int) int {
	q := (2*int64(n)*int64(a) + int64(b)) / (2 * int64(b))
	return int(max(1, min(q, maxEdge)))
}

// cut copies the pixels that m holds of a picture, with the void hatched where
// it reaches beyond, and moves m to the origin.
func cut(m *image.RGBA, src *image.NRGBA) *image.RGBA {
	size := m.Rect.Size()
	for _, void := range minus(m.Rect, image.Rectangle{Max: src.Rect.Size()}) {
		hatch(m, void, hatchThickness(size))
	}
	paste(m, src)
	m.Rect = image.Rectangle{Max: size}
	return m
}

func hatchThickness(size image.Point) int { return (metricsOf(size).line + 1) / 2 }

// fit resizes m. Where its shape is not that of the size, for the frame's edge
// cut into it, it keeps its shape and lies in the middle of a hatched ground.
func (c CropOptions) fit(m *image.RGBA, size image.Point) *image.RGBA {
	if m.Rect.Size() == size {
		return m
	}
	inner := size
	if c.shape() != (image.Point{}) && !alike(m.Rect.Size(), size) {
		inner = inscribed(size, m.Rect.Size())
	}
	// The pixels of an opaque picture are the same whether alpha is
	// premultiplied or not.
	straight := &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	scaled := imaging.Resize(straight, inner.X, inner.Y, imaging.Lanczos)
	picture := &image.RGBA{Pix: scaled.Pix, Stride: scaled.Stride, Rect: scaled.Rect}
	if inner == size {
		return picture
	}
	ground := image.NewRGBA(image.Rectangle{Max: size})
	hatch(ground, ground.Rect, hatchThickness(size))
	at := centred(middle(ground.Rect), inner, ground.Rect)
	draw.Draw(ground, at, picture, image.Point{}, draw.Src)
	return ground
}

// alike reports whether one size has the shape of another but for what rounding
// its edges can do.
func alike(size, shape image.Point) bool {
	d := int64(size.X)*int64(shape.Y) - int64(size.Y)*int64(shape.X)
	return max(d, -d) <= int64(shape.X)+int64(shape.Y)
}
