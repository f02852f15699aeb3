package annotate

import "image"

// outline returns the parts of the box's line: solid over the picture, dashes
// over the void. The line runs along the inside of the box, so that its outer
// edge is the box's; around the box where that is so small that little of it
// would be left.
func (pl *plan) outline(brackets bool) []image.Rectangle {
	box := pl.box
	if box.Empty() {
		return nil
	}
	if min(box.Dx(), box.Dy()) < 8*(pl.line+pl.casing) {
		box = box.Inset(-pl.line - pl.casing)
	}
	var parts []image.Rectangle
	for s := left; s <= bottom; s++ {
		parts = append(parts, pl.stroke(s, pl.alongEdge(s, box, pl.line))...)
		if brackets {
			parts = append(parts, pl.brackets(s, box)...)
		}
	}
	return parts
}

// alongEdge returns a line along the edge s of box, as thick inwards as a line
// is, and as a whole as thick as asked for. Where that edge lies beyond the
// frame, the line does not reach back into the picture.
func (pl *plan) alongEdge(s side, box image.Rectangle, thick int) image.Rectangle {
	inner := pl.line
	if out := overshoot(box.Sub(pl.frame.Min), pl.frame.Size()).of(s); out > 0 {
		inner = min(inner, out)
	}
	return s.strip(box, -inner, thick-inner)
}

// stroke returns what is drawn of a line along an edge s.
func (pl *plan) stroke(s side, line image.Rectangle) []image.Rectangle {
	parts := []image.Rectangle{line.Intersect(pl.frame)}
	for _, void := range minus(line, pl.frame) {
		parts = append(parts, pl.dashes(s, line, void.Intersect(pl.canvas))...)
	}
	return parts
}

// dashes returns the dashes of a line along an edge s that lie in part of it.
// Both ends of the line have one, so that corners are seen.
func (pl *plan) dashes(s side, line, part image.Rectangle) []image.Rectangle {
	on, period := 4*pl.line+2, 7*pl.line+4
	from, to := s.along(line)
	first, last := s.along(part)
	dashes := []image.Rectangle{s.cut(part, from, from+on), s.cut(part, to-on, to)}
	for at := first - (first-from)%period; at < last; at += period {
		dashes = append(dashes, s.cut(part, at, at+on))
	}
	return dashes
}

// brackets returns the heavy ends of a box's edge.
func (pl *plan) brackets(s side, box image.Rectangle) []image.Rectangle {
	heavy := pl.alongEdge(s, box, 2*pl.line).Intersect(pl.canvas)
	from, to := s.along(box)
	arm := min(box.Dx(), box.Dy()) / 6
	return []image.Rectangle{s.cut(heavy, from-pl.line, from+arm), s.cut(heavy, to-arm, to+pl.line)}
}

// minus returns a without b, as rectangles that do not overlap.
func minus(a, b image.Rectangle) []image.Rectangle {
	b = b.Intersect(a)
	if b.Empty() {
		return []image.Rectangle{a}
	}
	return []image.Rectangle{
		{Min: a.Min, Max: image.Pt(a.Max.X, b.Min.Y)},
		{Min: image.Pt(a.Min.X, b.Min.Y), Max: image.Pt(b.Min.X, b.Max.Y)},
		{Min: image.Pt(b.Max.X, b.Min.Y), Max: image.Pt(a.Max.X, b.Max.Y)},
		{Min: image.Pt(a.Min.X, b.Max.Y), Max: a.Max},
	}
}
