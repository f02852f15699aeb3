package annotate

import (
	"image"

	"github.com/lvtool/lvtool/decode"
)

// Draw returns f's picture with its box drawn on it, where p, the placement of
// that box in that frame, says that it lies. It returns nil where the frame has
// no pixels.
//
// The coordinates of the result are the frame's: the frame's picture lies at
// (0, 0), and the canvas may begin at negative coordinates. Every pixel of the
// frame that no mark covers is exactly what it was; a frame that is not opaque
// lies on a chequered ground.
//
// What a box looks like:
//
//   - The box of the reference image has heavy corners and is sky blue, that of
//     any other frame is plain and orange. The outer edge of the coloured line
//     is the edge of the box; a very small box has the line around it. A dark
//     edge on both sides of the line makes it seen on any ground.
//   - A label names the frame, the visible share of a box that is clipped, and
//     the size of the box. It lies in the canvas and clear of the face wherever
//     there is room for that, and is shortened where there is little.
//   - With [Extend] the canvas holds all of a box that leaves the frame, and
//     what is said of it, up to half the frame's width or height beyond each
//     edge. What is no picture is hatched; there the box is dashed. An arrow
//     leads from the edge of the frame to that of the box, or to that of the
//     canvas where the box goes on, with the overshoot in pixels and as a share
//     of the frame.
//   - With [FrameOnly] the edges that are crossed are marked instead.
//   - A box that is not drawn (see [State]) is replaced by words: in a strip
//     below the picture, or on its lower part with FrameOnly. A box outside the
//     frame is drawn in the void where it lies near enough.
func Draw(f *decode.Frame, p Placement, s Style) *image.RGBA {
	return new(Painter).paint(f, &p, s, false)
}

// paint draws all that lies on the picture and the void.
func (pl *plan) paint(m *image.RGBA, k look) {
	pl.paintBorder(m)
	pl.paintBox(m, k)
	pl.paintLeader(m, k)
	pl.paintMarks(m, k)
	for _, c := range []caption{pl.label, pl.words} {
		if len(c.lines) > 0 {
			c.drawStriped(m, pl.set, labelColor(), k.core)
		}
	}
}

// paintBorder draws the frame's edge where void begins, on the side of the
// void.
func (pl *plan) paintBorder(m *image.RGBA) {
	for s := left; s <= bottom; s++ {
		if pl.extension(s) > 0 {
			fill(m, s.strip(pl.frame, 0, pl.casing), casingColor())
		}
	}
}

func (pl *plan) paintBox(m *image.RGBA, k look) {
	parts := pl.outline(k.brackets)
	fillAll(m, parts, pl.casing, casingColor())
	fillAll(m, parts, 0, k.core)
}

func (pl *plan) paintMarks(m *image.RGBA, k look) {
	ink := newPen(m)
	for _, mark := range pl.marks {
		if pl.extension(mark.side) == 0 {
			pl.paintBand(m, mark, k)
			tip := mark.side.beyond(pl.frame, middle(mark.band), 0)
			ink.arrowhead(mark.side, tip, pl.arrowhead()+pl.casing, casingColor())
		}
		if mark.from != mark.to {
			pl.paintArrow(m, ink, mark)
		}
		if len(mark.tag.lines) > 0 {
			mark.tag.drawEdged(m, pl.set, tagColor(), casingColor())
		}
	}
}

// paintBand draws a dashed line along a crossed edge.
func (pl *plan) paintBand(m *image.RGBA, k mark, l look) {
	dashes := pl.dashes(k.side, k.band, k.band)
	fill(m, k.band, casingColor())
	fillAll(m, dashes, 0, l.core)
}

func (pl *plan) paintArrow(m *image.RGBA, ink pen, k mark) {
	neck := k.side.beyond(image.Rectangle{Min: k.to, Max: k.to}, k.to, -pl.arrowhead())
	shaft := image.Rectangle{Min: k.from, Max: neck}.Canon()
	if k.side == left || k.side == right {
		shaft.Min.Y -= pl.line / 2
		shaft.Max.Y = shaft.Min.Y + pl.line
	} else {
		shaft.Min.X -= pl.line / 2
		shaft.Max.X = shaft.Min.X + pl.line
	}
	fill(m, shaft, casingColor())
	ink.arrowhead(k.side, k.to, pl.arrowhead(), casingColor())
}

func (pl *plan) paintLeader(m *image.RGBA, k look) {
	if pl.leader[0] == pl.leader[1] {
		return
	}
	ink := newPen(m)
	ink.line(pl.leader[0], pl.leader[1], pl.metrics, k.core)
	ink.diamond(pl.leader[0], 2*pl.line+pl.casing, casingColor())
	ink.diamond(pl.leader[0], 2*pl.line, k.core)
}
