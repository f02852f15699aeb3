package annotate

import "image"

// A mark says how far the box lies beyond one edge of the frame.
type mark struct {
	side side
	tag  caption
	// band lies along the part of the edge that the box crosses, inside of the
	// frame. It is drawn where there is no void to show the rest of the box in.
	band image.Rectangle
	// from and to are the ends of an arrow from the frame's edge to the box's,
	// or to the canvas's where the box goes on beyond it; the same for none.
	from, to image.Point
}

// tags returns what can be said of an overshoot, first what suits the place:
// beside the frame, a narrow stack.
func (pl *plan) tags(s side, over int) [][]string {
	texts := tags(s, over, pl.frame.Size())
	line := texts[0]
	if beside := (s == left || s == right) && pl.extends; beside || pl.set.size(line).X > pl.frame.Dx() {
		texts[0], texts[1] = texts[1], line
	}
	return texts
}

// mark lays out what is said of every edge that is crossed.
func (pl *plan) mark(p *Placement) {
	for s := left; s <= bottom; s++ {
		over := p.Overshoot.of(s)
		if over == 0 {
			continue
		}
		m := mark{side: s, band: s.strip(pl.frame, -2*pl.line-pl.casing, 0).Intersect(pl.face)}
		if shown := min(over, pl.extension(s)); shown >= pl.arrowhead()+2*pl.line {
			m.from = s.beyond(pl.frame, middle(pl.face), 0)
			m.to = s.beyond(pl.frame, middle(pl.face), shown)
		}
		m.tag = pl.tag(s, over, m.band)
		pl.marks = append(pl.marks, m)
	}
}

// arrowhead returns how long the head of an arrow is.
func (m metrics) arrowhead() int { return 3*m.line + 3 }

// tag finds a place for what is said of an overshoot: in the void, beyond the
// box or else in it; anywhere clear of the face; or on the face, at its edge,
// where it is small beside it.
func (pl *plan) tag(s side, over int, band image.Rectangle) caption {
	texts := pl.fitting(pl.tags(s, over))
	for _, lines := range texts {
		if r, ok := pl.seatInVoid(s, over, pl.set.size(lines)); ok {
			return caption{lines, r}
		}
	}
	if c, ok := pl.seatClear(texts, band); ok {
		return c
	}
	texts = pl.small(texts)
	for _, lines := range texts {
		if r := pl.onFace(s, pl.set.size(lines)); pl.free(r, pl.taken()) {
			return caption{lines, r}
		}
	}
	c, _ := pl.seatFirst(texts, band, pl.taken())
	return c
}

// small returns those of the texts that would cover no more than a quarter of
// the face.
func (pl *plan) small(texts [][]string) [][]string {
	var small [][]string
	for _, lines := range texts {
		if size := pl.set.size(lines); 4*size.X*size.Y <= pl.face.Dx()*pl.face.Dy() {
			small = append(small, lines)
		}
	}
	return small
}

// seatInVoid finds a place in the void beyond s, in line with the arrow: beyond
// the box, or else in it.
func (pl *plan) seatInVoid(s side, over int, size image.Point) (image.Rectangle, bool) {
	ext, edge := pl.extension(s), pl.line+pl.casing
	near, far, room := over+pl.casing, ext, pl.canvas
	if far-near < s.across(size) {
		near, far = edge, min(over-edge, ext-pl.arrowhead()-pl.casing)
		room = pl.box.Intersect(pl.canvas).Inset(edge + pl.gap)
	}
	if far-near < s.across(size) {
		return image.Rectangle{}, false
	}
	r := centred(s.beyond(pl.frame, middle(pl.face), (near+far)/2), size, room)
	return r, pl.free(r, append(pl.taken(), pl.face))
}

// onFace returns a place inside of the frame's edge s, behind the arrowhead. To
// the left and right it is at the height of the forehead: eyes, nose and mouth
// matter more.
func (pl *plan) onFace(s side, size image.Point) image.Rectangle {
	at := middle(pl.face)
	at.Y = pl.face.Min.Y + pl.face.Dy()/6
	return centred(s.beyond(pl.frame, at, -pl.arrowhead()-pl.gap-s.across(size)/2), size, pl.canvas)
}

// centred returns a rectangle with its middle at p, or as near as the room lets
// it.
func centred(p, size image.Point, room image.Rectangle) image.Rectangle {
	return rectAt(image.Pt(
		slide(p.X-size.X/2, size.X, room.Min.X, room.Max.X),
		slide(p.Y-size.Y/2, size.Y, room.Min.Y, room.Max.Y),
	), size)
}

func (pl *plan) free(r image.Rectangle, keep []image.Rectangle) bool {
	return r.In(pl.canvas) && !meetsAny(r, keep)
}
