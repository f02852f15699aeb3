package annotate

import (
	"cmp"
	"image"
	"slices"
)

// seatBeside finds a place in room for a rectangle of a given size, clear of
// all that is kept free, beside what it is about. There are eight places of
// choice, gap pixels away: above, below, to the right and to the left, and on
// each side flush with one end or the other. It fails where none is free.
func seatBeside(room image.Rectangle, size image.Point, about image.Rectangle, gap int, keep []image.Rectangle) (
	image.Rectangle, bool,
) {
	above, below := about.Min.Y-gap-size.Y, about.Max.Y+gap
	before, after := about.Min.X-gap-size.X, about.Max.X+gap
	flushLeft := slide(about.Min.X, size.X, room.Min.X, room.Max.X)
	flushRight := slide(about.Max.X-size.X, size.X, room.Min.X, room.Max.X)
	flushTop := slide(about.Min.Y, size.Y, room.Min.Y, room.Max.Y)
	flushBottom := slide(about.Max.Y-size.Y, size.Y, room.Min.Y, room.Max.Y)
	return firstFree(room, size, keep, []image.Point{
		{flushLeft, above},
		{flushRight, above},
		{flushLeft, below},
		{flushRight, below},
		{after, flushTop},
		{after, flushBottom},
		{before, flushTop},
		{before, flushBottom},
	})
}

// seatAnywhere finds the free place nearest to what a rectangle is about, and
// fails only where there is none at all. A rectangle that lies free somewhere
// can be pushed left and up until it meets the room's edge or something kept
// free, so it is enough to try the places that lie against those.
func seatAnywhere(room image.Rectangle, size image.Point, about image.Rectangle, keep []image.Rectangle) (
	image.Rectangle, bool,
) {
	xs := []int{room.Min.X, room.Max.X - size.X}
	ys := []int{room.Min.Y, room.Max.Y - size.Y}
	for _, k := range keep {
		xs = append(xs, k.Max.X, k.Min.X-size.X)
		ys = append(ys, k.Max.Y, k.Min.Y-size.Y)
	}
	var places []image.Point
	for _, y := range ys {
		for _, x := range xs {
			places = append(places, image.Pt(x, y))
		}
	}
	slices.SortStableFunc(places, func(a, b image.Point) int {
		return cmp.Compare(apart(rectAt(a, size), about), apart(rectAt(b, size), about))
	})
	return firstFree(room, size, keep, places)
}

func firstFree(room image.Rectangle, size image.Point, keep []image.Rectangle, places []image.Point) (
	image.Rectangle, bool,
) {
	for _, p := range places {
		if r := rectAt(p, size); r.In(room) && !meetsAny(r, keep) {
			return r, true
		}
	}
	return image.Rectangle{}, false
}

func rectAt(p, size image.Point) image.Rectangle {
	return image.Rectangle{Min: p, Max: p.Add(size)}
}

func meetsAny(r image.Rectangle, others []image.Rectangle) bool {
	return slices.ContainsFunc(others, r.Overlaps)
}

// slide moves a stretch that starts at p so that it lies in low to high, or
// starts at low where it is too long.
func slide(p, length, low, high int) int {
	return max(low, min(p, high-length))
}

// apart returns the square of the distance between two rectangles: zero where
// they touch or overlap.
func apart(a, b image.Rectangle) int64 {
	dx := int64(max(0, a.Min.X-b.Max.X, b.Min.X-a.Max.X))
	dy := int64(max(0, a.Min.Y-b.Max.Y, b.Min.Y-a.Max.Y))
	return dx*dx + dy*dy
}

// nearest returns the point of r nearest to p.
func nearest(r image.Rectangle, p image.Point) image.Point {
	return image.Pt(min(max(p.X, r.Min.X), r.Max.X), min(max(p.Y, r.Min.Y), r.Max.Y))
}

func middle(r image.Rectangle) image.Point {
	return image.Pt(r.Min.X+r.Dx()/2, r.Min.Y+r.Dy()/2)
}
