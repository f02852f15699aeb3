package annotate

import "image"

// A side is one edge of a frame.
type side int

const (
	left side = iota
	top
	right
	bottom
)

func (s side) String() string { return [...]string{"left", "top", "right", "bottom"}[s] }

// of returns how far a box lies beyond s.
func (o Overshoot) of(s side) int { return [...]int{o.Left, o.Top, o.Right, o.Bottom}[s] }

// across returns the length of something across s: its width for left and
// right, its height for top and bottom.
func (s side) across(size image.Point) int {
	if s == left || s == right {
		return size.X
	}
	return size.Y
}

// strip returns the strip along the edge s of r that lies from near to far
// pixels beyond that edge. Negative distances lie inside of r.
func (s side) strip(r image.Rectangle, near, far int) image.Rectangle {
	switch s {
	case left:
		r.Min.X, r.Max.X = r.Min.X-far, r.Min.X-near
	case top:
		r.Min.Y, r.Max.Y = r.Min.Y-far, r.Min.Y-near
	case right:
		r.Min.X, r.Max.X = r.Max.X+near, r.Max.X+far
	case bottom:
		r.Min.Y, r.Max.Y = r.Max.Y+near, r.Max.Y+far
	}
	return r
}

// beyond returns the point that lies out pixels beyond the edge s of r, across
// from p.
func (s side) beyond(r image.Rectangle, p image.Point, out int) image.Point {
	switch s {
	case left:
		p.X = r.Min.X - out
	case top:
		p.Y = r.Min.Y - out
	case right:
		p.X = r.Max.X + out
	case bottom:
		p.Y = r.Max.Y + out
	}
	return p
}

// along returns where r begins and ends in the direction of s: vertically for
// left and right, horizontally for top and bottom.
func (s side) along(r image.Rectangle) (from, to int) {
	if s == left || s == right {
		return r.Min.Y, r.Max.Y
	}
	return r.Min.X, r.Max.X
}

// cut returns the part of r from one place to another in the direction of s.
func (s side) cut(r image.Rectangle, from, to int) image.Rectangle {
	if s == left || s == right {
		r.Min.Y, r.Max.Y = max(r.Min.Y, from), min(r.Max.Y, to)
	} else {
		r.Min.X, r.Max.X = max(r.Min.X, from), min(r.Max.X, to)
	}
	return r
}
