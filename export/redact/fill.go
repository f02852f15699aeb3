package redact

import (
	"image"
	"image/color"
	"image/draw"
	"math/big"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// A Mode says what of a picture is filled.
type Mode string

// The modes.
const (
	// Faces fills the face's box, grown.
	Faces Mode = "faces"
	// Background fills all but the face's box.
	Background Mode = "background"
	// All fills the picture.
	All Mode = "all"
)

// defaultGrow is how much of its width and height a box grows on every side.
const defaultGrow = "0.25"

// fillColor is what takes the place of what is hidden.
func fillColor() color.NRGBA { return color.NRGBA{0x20, 0x20, 0x20, 0xff} }

// areas returns what is filled of a frame in which the box lies at p.
func areas(mode Mode, grow *big.Rat, p *annotate.Placement) []image.Rectangle {
	frame := image.Rectangle{Max: p.Frame}
	usable := p.State == annotate.Inside || p.State == annotate.Clipped
	switch {
	case mode == Faces && usable:
		return []image.Rectangle{grown(p.Pixels, grow).Intersect(frame)}
	case mode == Background && usable:
		return around(frame, p.Clipped)
	}
	return []image.Rectangle{frame}
}

// grown returns r with a share of its width and height added on each side,
// rounded outwards.
func grown(r image.Rectangle, share *big.Rat) image.Rectangle {
	x, y := part(r.Dx(), share), part(r.Dy(), share)
	return image.Rect(r.Min.X-x, r.Min.Y-y, r.Max.X+x, r.Max.Y+y)
}

// part returns a share of n, rounded up.
func part(n int, share *big.Rat) int {
	v := new(big.Rat).Mul(share, big.NewRat(int64(n), 1))
	up := new(big.Int).Add(v.Num(), new(big.Int).Sub(v.Denom(), big.NewInt(1)))
	return int(up.Quo(up, v.Denom()).Int64())
}

// around returns frame without r, as four rectangles.
func around(frame, r image.Rectangle) []image.Rectangle {
	return []image.Rectangle{
		image.Rect(frame.Min.X, frame.Min.Y, frame.Max.X, r.Min.Y),
		image.Rect(frame.Min.X, r.Min.Y, r.Min.X, r.Max.Y),
		image.Rect(r.Max.X, r.Min.Y, frame.Max.X, r.Max.Y),
		image.Rect(frame.Min.X, r.Max.Y, frame.Max.X, frame.Max.Y),
	}
}

// filled returns the pixels of a frame on white, with the areas filled.
func filled(f *decode.Frame, areas []image.Rectangle) *image.NRGBA {
	m := image.NewNRGBA(f.Pixels.Rect)
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(m, m.Rect, f.Pixels, f.Pixels.Rect.Min, draw.Over)
	for _, r := range areas {
		draw.Draw(m, r, image.NewUniform(fillColor()), image.Point{}, draw.Src)
	}
	return m
}

// under returns the red, green and blue of the pixels of a frame in the areas.
func under(f *decode.Frame, areas []image.Rectangle) []image.Image {
	var list []image.Image
	for _, r := range areas {
		if r = r.Intersect(f.Pixels.Rect); !r.Empty() {
			list = append(list, f.Pixels.SubImage(r))
		}
	}
	return list
}
