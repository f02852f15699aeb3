package export

import (
	"image"

	"github.com/lvtool/lvtool/internal/area"
)

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

// shrink returns a copy of src, at the origin, that fits into the bounds.
func shrink(src *image.RGBA, bounds image.Point) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: fit(src.Rect.Size(), bounds)})
	new(area.Shrinker).RGBA(dst, src)
	return dst
}
