package annotate

import (
	"image"

	"github.com/lvtool/lvtool/decode"
)

// Draw … The picture's coordinates are the frame's: the frame lies at
// (0,0)-(w,h), and the canvas may extend to negative coordinates.
func Draw(f *decode.Frame, p Placement, s Style) *image.RGBA { panic("contract") }

// Crop … nil where there is nothing to cut.
func Crop(f *decode.Frame, p Placement, c CropOptions) (*Face, error) { panic("contract") }
