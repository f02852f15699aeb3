package annotate

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"

	"github.com/fogleman/gg"
)

// fill fills the part of r that lies in m.
func fill(m *image.RGBA, r image.Rectangle, c color.RGBA) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// fillAll fills rectangles, each grown by some pixels.
func fillAll(m *image.RGBA, rects []image.Rectangle, grow int, c color.RGBA) {
	src := image.NewUniform(c)
	for _, r := range rects {
		if !r.Empty() {
			draw.Draw(m, r.Inset(-grow), src, image.Point{}, draw.Src)
		}
	}
}

// hatch fills r with the pattern that stands for what is no picture: diagonal
// lines on a light ground, thick pixels wide. The pattern goes on from one
// rectangle to the next.
func hatch(m *image.RGBA, r image.Rectangle, thick int) {
	r = r.Intersect(m.Rect)
	if r.Empty() {
		return
	}
	period := 6*thick + 4
	row := hatchRow(r.Dx()+period, period, thick)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		phase := modulo(r.Min.X+y, period)
		i := m.PixOffset(r.Min.X, y)
		copy(m.Pix[i:i+4*r.Dx()], row[4*phase:])
	}
}

// hatchRow returns a row of the pattern, from phase zero. Where a line's edge
// cuts a pixel in half it has half of the line's colour.
func hatchRow(width, period, thick int) []uint8 {
	ground, line := voidColor(), hatchColor()
	half := color.RGBA{
		R: ground.R/2 + line.R/2,
		G: ground.G/2 + line.G/2,
		B: ground.B/2 + line.B/2,
		A: 0xff,
	}
	row := make([]uint8, 0, 4*width)
	for x := range width {
		c := ground
		switch d := min(x%period, period-x%period); {
		case d < thick:
			c = line
		case d == thick:
			c = half
		}
		row = append(row, c.R, c.G, c.B, c.A)
	}
	return row
}

// modulo returns the remainder of n / m, never negative.
func modulo(n, m int) int { return (n%m + m) % m }

// paste copies what m holds of a frame's picture. Where that is not opaque, a
// chequered ground is seen through it.
func paste(m *image.RGBA, src *image.NRGBA) {
	r := m.Rect.Intersect(image.Rectangle{Max: src.Rect.Size()})
	if r.Empty() {
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := src.Pix[y*src.Stride+4*r.Min.X:][:4*r.Dx()]
		to := m.Pix[m.PixOffset(r.Min.X, y):][:len(from)]
		copy(to, from)
		if opaque(to) {
			continue
		}
		for i := 3; i < len(to); i += 4 {
			if to[i] != 0xff {
				blend(to[i-3:i+1], chequer(r.Min.X+i/4, y))
			}
		}
	}
}

// opaque reports whether no pixel of p lets anything through.
func opaque(p []uint8) bool {
	all := ^uint64(0)
	for ; len(p) >= 8; p = p[8:] {
		all &= binary.LittleEndian.Uint64(p)
	}
	if len(p) >= 4 {
		all &= uint64(p[3])<<24 | uint64(p[3])<<56
	}
	const alphas = 0xff00_0000_ff00_0000
	return all&alphas == alphas
}

// blend lays a pixel, alpha not premultiplied, on a grey ground.
func blend(p []uint8, ground uint32) {
	alpha := uint32(p[3])
	for i := range 3 {
		p[i] = uint8((uint32(p[i])*alpha + ground*(0xff-alpha) + 0x7f) / 0xff & 0xff)
	}
	p[3] = 0xff
}

func chequer(x, y int) uint32 {
	if (x/8+y/8)%2 == 0 {
		return 0xff
	}
	return 0xcc
}

// A pen draws lines and shapes in a picture's own coordinates. Every point
// that it is given is whole, so that no rounding differs between machines.
type pen struct{ *gg.Context }

func newPen(m *image.RGBA) pen {
	// A context counts from zero, so it gets the same pixels by other numbers.
	dc := gg.NewContextForRGBA(&image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect.Sub(m.Rect.Min)})
	dc.Translate(float64(-m.Rect.Min.X), float64(-m.Rect.Min.Y))
	return pen{dc}
}

// line draws a line that is dark at its edges.
func (p pen) line(from, to image.Point, m metrics, c color.RGBA) {
	p.DrawLine(float64(from.X), float64(from.Y), float64(to.X), float64(to.Y))
	p.SetLineCapButt()
	p.SetColor(casingColor())
	p.SetLineWidth(float64(m.line + 2*m.casing))
	p.StrokePreserve()
	p.SetColor(c)
	p.SetLineWidth(float64(m.line))
	p.Stroke()
}

// diamond draws a square that stands on its corner.
func (p pen) diamond(at image.Point, radius int, c color.RGBA) {
	x, y, r := float64(at.X), float64(at.Y), float64(radius)
	p.MoveTo(x, y-r)
	p.LineTo(x+r, y)
	p.LineTo(x, y+r)
	p.LineTo(x-r, y)
	p.ClosePath()
	p.SetColor(c)
	p.Fill()
}

// arrowhead draws a triangle with its tip where s says, high pixels long.
func (p pen) arrowhead(s side, tip image.Point, high int, c color.RGBA) {
	base := s.beyond(image.Rectangle{Min: tip, Max: tip}, tip, -high)
	across := s.beyond(image.Rectangle{}, image.Point{}, high*2/3)
	p.MoveTo(float64(tip.X), float64(tip.Y))
	p.LineTo(float64(base.X+across.Y), float64(base.Y+across.X))
	p.LineTo(float64(base.X-across.Y), float64(base.Y-across.X))
	p.ClosePath()
	p.SetColor(c)
	p.Fill()
}
