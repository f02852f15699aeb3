package annotate

import (
	"image"

	"github.com/lvtool/lvtool/decode"
)

// A State says how a box lies in its frame.
type State string

// The states of a placement.
const (
	Inside  State = "inside"  // the rounded box lies in the frame
	Clipped State = "clipped" // some rounded edge lies beyond the frame
	Outside State = "outside" // the exact box does not meet the frame
	Empty   State = "empty"   // it does, but covers no whole pixel once rounded
	Invalid State = "invalid" // the box is no box: see Placement.Reason
	Absent  State = "absent"  // the result gives no box
)

// A Unit is what the numbers of a box measure.
type Unit string

// The units of a box.
const (
	// Auto takes a box for pixels where its width or height is above 2, which
	// no ratio is, and for ratios otherwise.
	Auto Unit = "auto"
	// Ratio is shares of the frame's width and height, as the service writes.
	Ratio Unit = "ratio"
	// Pixel is pixels of the frame, as some vendors write.
	Pixel Unit = "pixel"
)

// A Placement is where a box lies in a frame.
type Placement struct {
	State State
	// Reason says in words why State is Invalid, such as "width is NaN"; ""
	// otherwise. It is printable ASCII, but for ×, whatever the source holds.
	Reason string
	// Frame is the size of the frame.
	Frame image.Point
	// Unit is Ratio or Pixel, whichever the box was taken for; "" for Absent
	// and Invalid boxes.
	Unit Unit
	// Exact holds the edges in pixels, without any rounding, as plain decimal
	// numbers such as "28.5": no exponent, no trailing zeros; "" for Absent and
	// Invalid boxes.
	Exact Edges
	// Pixels is the box with every edge rounded half away from zero. It may
	// reach beyond the frame.
	Pixels image.Rectangle
	// Clipped is the part of Pixels that lies in the frame; the zero Rectangle
	// where that is not a whole pixel.
	Clipped image.Rectangle
	// Visible is the share of the exact box's area that lies in the frame, 0
	// to 1, cut (not rounded) to six decimals, so that it never says more than
	// is there.
	Visible float64
	// Overshoot is how many pixels of Pixels lie beyond each edge of the frame.
	Overshoot Overshoot
}

// Edges are the edges of a box in pixels of its frame, exact.
type Edges struct {
	Left, Top, Right, Bottom decode.Number
}

// Overshoot is how far the farthest edge of a box lies beyond each edge of its
// frame, in pixels; zero where it does not.
type Overshoot struct {
	Left, Top, Right, Bottom int
}

// A Canvas says what becomes of a picture whose box leaves the frame.
type Canvas string

// The canvases.
const (
	// Extend makes the canvas large enough to hold the whole box, and what is
	// said of it, up to half the frame's width or height beyond each edge; and
	// higher where words find no other place.
	Extend Canvas = "extend"
	// FrameOnly keeps the frame's own size and marks the edges that are crossed.
	FrameOnly Canvas = "frame"
)

// A Style says how boxes are drawn. The zero Style is the default.
type Style struct {
	// Canvas is Extend where it is "".
	Canvas Canvas
}

// An Edge says what becomes of a crop that leaves the frame.
type Edge string

// What can become of a crop at the frame's edge.
const (
	// Clip ends the crop where the frame does. It may lose its shape.
	Clip Edge = "clip"
	// Pad fills what lies beyond, visibly, up to half the frame's width or
	// height beyond each edge.
	Pad Edge = "pad"
	// Shift moves the crop into the frame. One that is larger than the frame
	// becomes smaller about its middle, and keeps the shape if one was asked
	// for.
	Shift Edge = "shift"
)

// CropOptions say how faces are cut out. The zero CropOptions adds no padding
// and keeps the box's shape; [DefaultCrop] is what the command line starts
// from.
type CropOptions struct {
	// Padding is the share of the box's width and height that is added on each
	// side, such as "0.15", 0 to 10; "" for none.
	Padding decode.Number
	// Aspect is the width and height of the crop's shape, such as 4 and 5; zero
	// for that of Size where both its sides are given, else the padded box's
	// own. The crop grows, never shrinks, to have it.
	Aspect image.Point
	// Size is the width and height in pixels of the picture made; zero for the
	// crop's own. Where only one is zero, it follows from the other. A crop
	// whose shape the frame's edge has changed is never squeezed into it: it
	// lies in the middle of a hatched ground.
	Size image.Point
	// Edge is Clip where it is "".
	Edge Edge
}

// A Face is a crop.
type Face struct {
	// Rect is what was cut, in pixels of the frame. It reaches beyond the frame
	// only with Pad.
	Rect image.Rectangle
	// Image is the picture, with its origin at (0, 0).
	Image *image.RGBA
}
