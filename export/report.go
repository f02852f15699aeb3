package export

import (
	"encoding/json"
	"image"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// Schema is the name of the report's shape. It changes when a program that
// reads reports would have to.
const Schema = "lvtool.report/1"

// A Report says everything about a session and what was made of it. A nil
// pointer is something that is not known, and is written as null.
type Report struct {
	Schema    string         `json:"schema"`
	Tool      Tool           `json:"tool"`
	Source    SourceRecord   `json:"source"`
	Session   SessionRecord  `json:"session"`
	Threshold *Threshold     `json:"threshold"`
	Frames    []*FrameRecord `json:"frames"`
	// Outputs are all files made but the report itself, in the order in which
	// they were made.
	Outputs []Output `json:"outputs"`
	// Problems are the doubts about the session; those about one frame stand
	// with it.
	Problems []decode.Problem `json:"problems"`
}

// A SourceRecord says which document a session was read from.
type SourceRecord struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	// Line is the line of the document, from 1, where the session starts.
	Line *int `json:"line"`
	// Pointer is the JSON pointer of the session in the document.
	Pointer string `json:"pointer"`
}

// A SessionRecord holds what the service said of the session as a whole.
type SessionRecord struct {
	ID         *string           `json:"id"`
	Status     *string           `json:"status"`
	Confidence decode.Number     `json:"confidence"`
	Challenge  *decode.Challenge `json:"challenge"`
	Feedback   []decode.Feedback `json:"feedback"`
	// Extra holds the members of the result that lvtool does not know.
	Extra map[string]json.RawMessage `json:"extra"`
}

// A Threshold is what the caller compares the session's confidence with.
type Threshold struct {
	Value decode.Number `json:"value"`
	// Met says whether the confidence is not below Value, compared exactly; nil
	// where there is no confidence to compare.
	Met *bool `json:"met"`
}

// A FrameRecord says everything about one image of a session.
type FrameRecord struct {
	// Name is reference, audit-0, audit-1, …
	Name string `json:"name"`
	// Origin is where the bytes came from; nil where the result does not say.
	Origin *decode.Origin `json:"origin"`
	// File is the image as received; nil where it was not written.
	File        *string `json:"file"`
	Format      *string `json:"format"` // jpeg, png or webp
	Bytes       *int    `json:"bytes"`
	SHA256      *string `json:"sha256"`
	PixelSHA256 *string `json:"pixel_sha256"` // see decode.PixelDigest
	// Width and Height are those of the upright picture, in pixels.
	Width  *int `json:"width"`
	Height *int `json:"height"`
	// Orientation is the EXIF orientation that was applied, 1 to 8.
	Orientation *int       `json:"orientation"`
	Box         *BoxRecord `json:"box"`
	// Placement is nil where the size of the frame is not known.
	Placement *PlacementRecord `json:"placement"`
	Annotated *PictureRecord   `json:"annotated"`
	Face      *FaceRecord      `json:"face"`
	Problems  []decode.Problem `json:"problems"`
}

// A BoxRecord is a face's box with the digits it came with.
type BoxRecord struct {
	Left   decode.Number `json:"left"`
	Top    decode.Number `json:"top"`
	Width  decode.Number `json:"width"`
	Height decode.Number `json:"height"`
	// Unit is what the numbers were taken for; nil where they are no box.
	Unit *annotate.Unit `json:"unit"`
}

// A PlacementRecord is an [annotate.Placement]. What the state leaves without
// meaning is nil: everything for absent and invalid boxes, and Clipped where no
// pixel of the box lies in the frame.
type PlacementRecord struct {
	State     annotate.State `json:"state"`
	Reason    *string        `json:"reason"`
	Exact     *ExactRecord   `json:"exact"`
	Pixels    *RectRecord    `json:"pixels"`
	Clipped   *RectRecord    `json:"clipped"`
	Visible   *float64       `json:"visible"`
	Overshoot *RectRecord    `json:"overshoot"`
}

// An ExactRecord holds the edges of a box in pixels, without rounding.
type ExactRecord struct {
	Left   decode.Number `json:"left"`
	Top    decode.Number `json:"top"`
	Right  decode.Number `json:"right"`
	Bottom decode.Number `json:"bottom"`
}

// A RectRecord holds one number for each edge: the half-open rectangle
// [Left, Right) × [Top, Bottom) of pixels, or an overshoot over each.
type RectRecord struct {
	Left   int `json:"left"`
	Top    int `json:"top"`
	Right  int `json:"right"`
	Bottom int `json:"bottom"`
}

func newRect(r image.Rectangle) *RectRecord {
	return &RectRecord{Left: r.Min.X, Top: r.Min.Y, Right: r.Max.X, Bottom: r.Max.Y}
}

// A PictureRecord is a marked picture.
type PictureRecord struct {
	File        string `json:"file"`
	SHA256      string `json:"sha256"`
	PixelSHA256 string `json:"pixel_sha256"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	// Origin is where the top left pixel of the frame lies in the picture,
	// which is larger than the frame where the box leaves it.
	Origin PointRecord `json:"origin"`
}

// A PointRecord is a pixel.
type PointRecord struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// A FaceRecord is a crop.
type FaceRecord struct {
	File        string `json:"file"`
	SHA256      string `json:"sha256"`
	PixelSHA256 string `json:"pixel_sha256"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	// Rect is what was cut, in pixels of the frame.
	Rect RectRecord `json:"rect"`
}

// An Output is a file that was made.
type Output struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}
