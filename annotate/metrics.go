package annotate

import (
	"image"
	"math"
)

// metrics are the sizes of what is drawn, in pixels. They grow with the
// picture, so that a mark is thin on a small one and still seen on a large one
// that is shown smaller.
type metrics struct {
	line   int // thickness of the box's line
	casing int // thickness of the dark edge on either side of it
	gap    int // least distance between the marks
	em     int // font size
}

// smallestEm is the smallest font size that can be read.
const smallestEm = 11

func metricsOf(frame image.Point) metrics {
	side := int(math.Sqrt(float64(frame.X) * float64(frame.Y)))
	line := max(1, (side+150)/300)
	return metrics{
		line:   line,
		casing: (line + 1) / 2,
		gap:    2 + line + line/2,
		em:     max(smallestEm, side/42),
	}
}
