package pdf

import (
	"fmt"
	"image"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/export"
)

// A mount is a frame's picture with its box, laid out.
type mount struct {
	picture   picture
	frame     image.Rectangle // in pixels
	canvas    image.Rectangle // what is shown: the frame, and void to hold the box
	box       image.Rectangle // empty where none is drawn
	scale     float64         // points a pixel
	w, h      float64         // of the canvas, in points
	reference bool
}

// largest is the most points that a pixel of a small picture is shown as.
const largest = 2

func newMount(r *export.FrameRecord, p picture, height float64) *mount {
	frame := image.Rect(0, 0, *r.Width, *r.Height)
	m := &mount{picture: p, frame: frame, canvas: frame, reference: r.Name == "reference"}
	if b := placed(r.Placement); !b.Empty() {
		// As on the marked pictures, void is shown up to half the frame's size.
		half := frame.Size().Div(2)
		reach := image.Rectangle{Min: frame.Min.Sub(half), Max: frame.Max.Add(half)}
		if edge := max(2, frame.Dx()/40); b.Overlaps(reach) {
			m.box = b
			if !b.In(frame) {
				m.canvas = frame.Union(b.Inset(-edge).Intersect(reach))
			}
		}
	}
	size := m.canvas.Size()
	m.scale = min(pictureWidth/float64(size.X), height/float64(size.Y), largest)
	m.w, m.h = float64(size.X)*m.scale, float64(size.Y)*m.scale
	return m
}

// placed returns the box of a placement that has one to draw.
func placed(p *export.PlacementRecord) image.Rectangle {
	if p == nil || p.Pixels == nil {
		return image.Rectangle{}
	}
	switch p.State {
	case annotate.Inside, annotate.Clipped, annotate.Outside:
		return image.Rect(p.Pixels.Left, p.Pixels.Top, p.Pixels.Right, p.Pixels.Bottom)
	}
	return image.Rectangle{}
}

// on returns where pixels lie on a page on which the canvas lies at (x, y).
func (m *mount) on(r image.Rectangle, x, y float64) rect {
	return rect{
		x + float64(r.Min.X-m.canvas.Min.X)*m.scale, y + float64(r.Min.Y-m.canvas.Min.Y)*m.scale,
		float64(r.Dx()) * m.scale, float64(r.Dy()) * m.scale,
	}
}

// paint draws the picture, and over it, in a layer of its own, the box.
func (d *document) paint(page *content, m *mount, x, y float64) {
	frame, canvas := m.on(m.frame, x, y), m.on(m.canvas, x, y)
	if m.frame != m.canvas {
		page.hatch(canvas, frame)
	}
	page.op("q")
	t := matrix(m.picture.orientation, frame.x, page.height-frame.y-frame.h, frame.w, frame.h)
	page.op("cm", t[:]...)
	page.op(fmt.Sprintf("/I%d Do", m.picture.number))
	page.op("Q")
	if m.box.Empty() {
		return
	}
	page.op("/OC /boxes BDC")
	box := m.on(m.box, x, y)
	page.clipped(func() { page.path(frame) }, "W n", func() { page.outline(box, m, "[] 0 d") })
	if m.frame != m.canvas {
		page.clipped(func() { page.path(canvas); page.path(frame) }, "W* n",
			func() { page.outline(box, m, "[4 3] 0 d") })
	}
	page.op("EMC")
}

// clipped draws within a path alone.
func (c *content) clipped(path func(), operator string, draw func()) {
	c.op("q")
	path()
	c.op(operator)
	draw()
	c.op("Q")
}

// outline draws a box, its outer edge being the box's: a coloured line on a
// dark one, so that one of the two stands out on any ground.
func (c *content) outline(box rect, m *mount, dash string) {
	width := 1.7
	if min(box.w, box.h) < 12 { // little would be left within
		box = box.inset(-width)
	}
	c.op(dash)
	box = box.inset(width / 2)
	for _, line := range []struct {
		width float64
		dark  bool
	}{{width + 1.4, true}, {width, false}} {
		c.op("w", line.width)
		switch {
		case line.dark:
			c.strokeColor(casingColor)
		case m.reference:
			c.strokeColor(skyBlue)
		default:
			c.strokeColor(orange)
		}
		c.path(box)
		c.op("S")
	}
}

// hatch draws the void around a frame.
func (c *content) hatch(canvas, frame rect) {
	const step = 5
	c.clipped(func() { c.path(canvas); c.path(frame) }, "W* n", func() {
		c.fill(canvas, voidColor)
		c.strokeColor(hatchColor)
		c.op("w", 0.7)
		bottom := c.height - canvas.y - canvas.h
		for x := canvas.x - canvas.h; x < canvas.x+canvas.w; x += step {
			c.op("m", x, bottom)
			c.op("l", x+canvas.h, bottom+canvas.h)
		}
		c.op("S")
		c.strokeColor(casingColor)
		c.path(frame)
		c.op("S")
	})
}
