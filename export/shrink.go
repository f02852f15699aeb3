package export

import "image"

// fit returns the size that a picture of the given size has once shrunk to fit
// into the bounds, with its shape kept. It is never larger than it was, and
// never empty.
func fit(size, bounds image.Point) image.Point {
	if size.X <= bounds.X && size.Y <= bounds.Y {
		return size
	}
	// The width decides where the picture is the wider of the two.
	if size.X*bounds.Y >= size.Y*bounds.X {
		return image.Pt(bounds.X, max(1, (size.Y*bounds.X+size.X/2)/size.X))
	}
	return image.Pt(max(1, (size.X*bounds.Y+size.Y/2)/size.Y), bounds.Y)
}
