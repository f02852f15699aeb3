package annotate

import "github.com/lvtool/lvtool/decode"

// Crop … nil where there is nothing to cut.
func Crop(f *decode.Frame, p Placement, c CropOptions) (*Face, error) { panic("contract") }
