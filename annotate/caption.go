package annotate

import (
	"image"
	"image/color"
	"strings"

	"github.com/lvtool/lvtool/internal/text"
)

// A caption is lines of text on an opaque ground.
type caption struct {
	lines []string
	rect  image.Rectangle
}

// A typesetter makes captions of one size. It is not safe for concurrent use.
type typesetter struct {
	face *text.Face
	em   int
}

func newTypesetter(em int) typesetter {
	return typesetter{face: text.New(text.Regular, float64(em)), em: em}
}

// padding is the space left around the lines of a caption.
func (t typesetter) padding() image.Point { return image.Pt((t.em+2)*2/3, (t.em+3)/4) }

// size returns how large a caption with these lines is.
func (t typesetter) size(lines []string) image.Point {
	width := 0
	for _, l := range lines {
		width = max(width, t.face.Width(l))
	}
	return t.padding().Mul(2).Add(image.Pt(width, len(lines)*t.face.Height()))
}

// shorten cuts every line so that a caption is at most width pixels wide.
func (t typesetter) shorten(lines []string, width int) []string {
	var short []string
	for _, l := range lines {
		short = append(short, t.face.Shorten(l, width-2*t.padding().X))
	}
	return short
}

// wrap breaks s into at most most lines of a caption that is width pixels wide.
// What does not fit is left out of the middle of the last line.
func (t typesetter) wrap(s string, width, most int) []string {
	inner := width - 2*t.padding().X
	lines := t.face.Wrap(s, inner)
	if len(lines) <= most {
		return lines
	}
	rest := strings.Join(lines[most-1:], " ")
	return append(lines[:most-1:most-1], t.face.Shorten(rest, inner))
}

// draw writes the lines on a ground. The ground's colour decides whether they
// are black or white.
func (c caption) draw(m *image.RGBA, t typesetter, ground color.RGBA) {
	fill(m, c.rect, ground)
	at := c.rect.Min.Add(t.padding())
	for _, l := range c.lines {
		t.face.Draw(m, at.X, at.Y, text.On(ground), l)
		at.Y += t.face.Height()
	}
}

// drawStriped is draw with a stripe of a colour along the left edge.
func (c caption) drawStriped(m *image.RGBA, t typesetter, ground, stripe color.RGBA) {
	c.draw(m, t, ground)
	mark := c.rect
	mark.Max.X = mark.Min.X + max(2, t.em/4)
	fill(m, mark, stripe)
}

// drawEdged is draw with an edge of a colour inside of the rectangle.
func (c caption) drawEdged(m *image.RGBA, t typesetter, ground, edge color.RGBA) {
	c.draw(m, t, ground)
	for s := left; s <= bottom; s++ {
		fill(m, s.strip(c.rect, -max(1, t.em/13), 0), edge)
	}
}
