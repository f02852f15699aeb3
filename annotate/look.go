package annotate

import "image/color"

// A look is how the boxes of a kind of frame are told apart: by colour and by
// form, for not everybody tells colours apart.
type look struct {
	core     color.RGBA
	brackets bool // heavy corners
}

// lookOf returns the look of a frame. The core colours are of the palette of
// Okabe and Ito ("Color Universal Design", https://jfly.uni-koeln.de/color/).
// Both are light, and their casing is black, so that on any ground one of the
// two stands out.
func lookOf(frame string) look {
	if frame == "reference" {
		return look{core: color.RGBA{0x56, 0xb4, 0xe9, 0xff}, brackets: true}
	}
	return look{core: color.RGBA{0xe6, 0x9f, 0x00, 0xff}}
}

// The colours that all looks share.
func casingColor() color.RGBA { return color.RGBA{0x00, 0x00, 0x00, 0xff} }
func voidColor() color.RGBA   { return color.RGBA{0xf1, 0xf3, 0xf5, 0xff} }
func hatchColor() color.RGBA  { return color.RGBA{0xcd, 0xd3, 0xd9, 0xff} }
func labelColor() color.RGBA  { return color.RGBA{0x12, 0x16, 0x1b, 0xff} }
func tagColor() color.RGBA    { return color.RGBA{0xff, 0xff, 0xff, 0xff} }
