package portrait

import (
	"math"
	"math/rand/v2"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// A Backdrop is what stands behind a person, out of focus. Places are shares
// of the picture's width and height; things may stand beyond its edges.
type Backdrop struct {
	// Upper and Lower are the wall's light at the top and the bottom.
	Upper, Lower geom.Vec
	// Things are painted one over the other.
	Things []Thing
	// Blur is how far out of focus it is, as a share of the picture's width.
	Blur float64
	// Seed chooses the books and leaves.
	Seed uint64
}

// A Thing is something in the background.
type Thing struct {
	Kind                     Kind
	Left, Top, Right, Bottom float64
	Colour                   geom.Vec
}

// A Kind says what a thing looks like.
type Kind int

// The kinds of things.
const (
	Panel  Kind = iota // a plain rectangle
	Disc               // a plain ellipse
	Books              // a shelf of upright books, Colour being the shelf's
	Leaves             // a plant
	Glass              // a window, Colour being its light
)

// cells is how many samples of the canvas a cell of the backdrop is wide.
const cells = 4

// A mural is a backdrop being painted.
type mural struct {
	w, h  int
	light []vec
}

// paint covers the canvas with the backdrop, moved by the given shares of its
// width and height.
func (c *canvas) paint(b *Backdrop, dx, dy float64) {
	m := &mural{w: c.w / cells, h: c.h / cells}
	m.light = make([]vec, m.w*m.h)
	for i := range m.light {
		m.light[i] = b.Upper.Lerp(b.Lower, float64(i/m.w)/float64(m.h))
	}
	rnd := rand.New(rand.NewPCG(b.Seed, 41))
	for _, t := range b.Things {
		t.Left, t.Right = t.Left+dx, t.Right+dx
		t.Top, t.Bottom = t.Top+dy, t.Bottom+dy
		m.thing(&t, rnd)
	}
	radius := int(math.Round(b.Blur * float64(m.w) / 2))
	for range 3 { // Three box filters come near a Gaussian.
		m.blur(radius)
	}
	for y := range c.h {
		for x := range c.w {
			c.light[y*c.w+x] = m.at((float64(x)+0.5)/cells-0.5, (float64(y)+0.5)/cells-0.5)
		}
	}
}

func (m *mural) thing(t *Thing, rnd *rand.Rand) {
	switch t.Kind {
	case Panel:
		m.fill(t, t.Colour)
	case Disc:
		m.disc(t, t.Colour)
	case Glass:
		m.fill(t, t.Colour)
		w, h := t.Right-t.Left, t.Bottom-t.Top
		frame := grey(0.35)
		m.fill(&Thing{Left: t.Left + 0.48*w, Right: t.Left + 0.52*w, Top: t.Top, Bottom: t.Bottom}, frame)
		m.fill(&Thing{Left: t.Left, Right: t.Right, Top: t.Top + 0.40*h, Bottom: t.Top + 0.43*h}, frame)
	case Books:
		m.books(t, rnd)
	case Leaves:
		m.leaves(t, rnd)
	}
}

func (m *mural) books(t *Thing, rnd *rand.Rand) {
	m.fill(t, t.Colour.Scale(0.5))
	h := t.Bottom - t.Top
	for x := t.Left + 0.01; x < t.Right-0.03; {
		w := 0.018 + 0.03*rnd.Float64()
		tall := h * (0.55 + 0.33*rnd.Float64())
		col := pt(0.08+0.5*rnd.Float64(), 0.08+0.35*rnd.Float64(), 0.06+0.35*rnd.Float64())
		col = col.Scale(0.15 + 0.5*rnd.Float64())
		if rnd.Float64() > 0.12 {
			foot := t.Bottom - 0.06*h
			m.fill(&Thing{Left: x, Right: min(x+w, t.Right), Top: foot - tall, Bottom: foot}, col)
		}
		x += w + 0.003
	}
	m.fill(&Thing{Left: t.Left, Right: t.Right, Top: t.Bottom - 0.07*h, Bottom: t.Bottom}, t.Colour)
}

func (m *mural) leaves(t *Thing, rnd *rand.Rand) {
	w, h := t.Right-t.Left, t.Bottom-t.Top
	for range 70 {
		a, r := 2*math.Pi*rnd.Float64(), math.Sqrt(rnd.Float64())/2
		sin, cos := math.Sincos(a)
		x, y := t.Left+w*(0.5+r*cos), t.Top+h*(0.5+r*sin)
		lw, lh := w*(0.05+0.08*rnd.Float64()), h*(0.04+0.07*rnd.Float64())
		m.disc(&Thing{Left: x - lw, Right: x + lw, Top: y - lh, Bottom: y + lh}, t.Colour.Scale(0.35+1.3*rnd.Float64()))
	}
}

func (m *mural) fill(t *Thing, col vec) {
	m.cover(t, col, func(_, _ float64) bool { return true })
}

func (m *mural) disc(t *Thing, col vec) {
	m.cover(t, col, func(u, v float64) bool { return float64(u*u)+float64(v*v) <= 1 })
}

// cover colours the cells in the thing's rectangle that in holds for, given
// places from -1 to 1.
func (m *mural) cover(t *Thing, col vec, in func(u, v float64) bool) {
	x0, x1 := span(m.w, t.Left*float64(m.w), t.Left*float64(m.w), t.Right*float64(m.w))
	y0, y1 := span(m.h, t.Top*float64(m.h), t.Top*float64(m.h), t.Bottom*float64(m.h))
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			u := 2*((float64(x)+0.5)/float64(m.w)-t.Left)/(t.Right-t.Left) - 1
			v := 2*((float64(y)+0.5)/float64(m.h)-t.Top)/(t.Bottom-t.Top) - 1
			if in(u, v) {
				m.light[y*m.w+x] = col
			}
		}
	}
}

// blur averages over boxes of 2·radius+1 cells, the edge cells repeated.
func (m *mural) blur(radius int) {
	m.light = boxes(m.light, m.h, m.w, m.w, 1, radius)
	m.light = boxes(m.light, m.w, m.h, 1, m.w, radius)
}

// boxes averages along rows: there are rows of them, row cells apart, with n
// cells each that lie step apart.
func boxes(in []vec, rows, n, row, step, radius int) []vec {
	out := make([]vec, len(in))
	for r := range rows {
		at := func(i int) vec { return in[r*row+min(max(i, 0), n-1)*step] }
		var sum vec
		for i := -radius; i <= radius; i++ {
			sum = sum.Add(at(i))
		}
		for i := range n {
			out[r*row+i*step] = sum.Scale(1 / float64(2*radius+1))
			sum = sum.Add(at(i + radius + 1)).Sub(at(i - radius))
		}
	}
	return out
}

// at returns the light between cells.
func (m *mural) at(x, y float64) vec {
	x, y = geom.Clamp(x, 0, float64(m.w-1)), geom.Clamp(y, 0, float64(m.h-1))
	i, j := min(int(x), m.w-2), min(int(y), m.h-2)
	u, v := x-float64(i), y-float64(j)
	row := func(j int) vec { return m.light[j*m.w+i].Lerp(m.light[j*m.w+i+1], u) }
	return row(j).Lerp(row(j+1), v)
}

// desk covers the lower part of the canvas with a desk: its top seen at a
// slant, then its front.
func (c *canvas) desk(edge float64, colour vec) {
	const top, soft = 0.035, 0.004
	for i := range c.light {
		y := (float64(i/c.w) + 0.5) / float64(c.h)
		grain := 1 + 0.10*geom.Fractal(pt(float64(i%c.w)*0.004, y*60, 3), 3)
		front := geom.Mix(1.5, 0.7, geom.Step(edge+top-soft, edge+top+soft, y))
		front *= geom.Mix(1, 0.75, geom.Step(edge+top, 1, y))
		c.light[i] = c.light[i].Lerp(colour.Scale(grain*front), geom.Step(edge-soft, edge+soft, y))
	}
}
