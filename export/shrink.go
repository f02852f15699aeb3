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

// shrink returns a copy of src, at the origin, that fits into the bounds. Every
// pixel is the average of the area it stands for, in whole numbers, so that the
// result is the same on every machine.
func shrink(src *image.RGBA, bounds image.Point) *image.RGBA {
	size := fit(src.Rect.Size(), bounds)
	dst := image.NewRGBA(image.Rectangle{Max: size})
	sums := make([]int64, 4*size.X)
	row := make([]int64, 4*size.X)
	height := src.Rect.Dy()
	last := -1 // the source row whose sums are in row
	for y := range size.Y {
		clear(sums)
		for span := range spans(y, height, size.Y) {
			if span.at != last {
				sumRow(row, src, span.at)
				last = span.at
			}
			for i, v := range row {
				sums[i] += v * span.weight
			}
		}
		area := int64(src.Rect.Dx()) * int64(height)
		out := dst.Pix[y*dst.Stride:]
		for i, v := range sums {
			out[i] = uint8((v + area/2) / area) //nolint:gosec // an average of bytes
		}
	}
	return dst
}

// A span is a source pixel and how much of it counts.
type span struct {
	at     int
	weight int64
}

// spans yields the source pixels, of n, that pixel i of m stands for. Their
// weights add up to n.
func spans(i, n, m int) func(yield func(span) bool) {
	return func(yield func(span) bool) {
		from, to := i*n, (i+1)*n
		for at := from / m; at*m < to; at++ {
			if !yield(span{at, int64(min(to, (at+1)*m) - max(from, at*m))}) {
				return
			}
		}
	}
}

// sumRow adds up row y of src, from its top, into the pixels of dst, each of
// which has four channels.
func sumRow(dst []int64, src *image.RGBA, y int) {
	in := src.Pix[y*src.Stride:]
	width := src.Rect.Dx()
	for x := range len(dst) / 4 {
		var sum [4]int64
		for s := range spans(x, width, len(dst)/4) {
			p := in[4*s.at : 4*s.at+4 : 4*s.at+4]
			for c := range sum {
				sum[c] += int64(p[c]) * s.weight
			}
		}
		copy(dst[4*x:], sum[:])
	}
}
