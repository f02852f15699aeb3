package pdf

import (
	"image/color"

	"github.com/lvtool/lvtool/internal/text"
)

// The colours of the pages: those of the contact sheet, and those in which
// package annotate draws boxes.
var (
	ink         = color.RGBA{0x1b, 0x1f, 0x24, 0xff}
	grey        = color.RGBA{0x5a, 0x61, 0x6b, 0xff}
	lineColor   = color.RGBA{0xd5, 0xd9, 0xde, 0xff}
	voidColor   = color.RGBA{0xf1, 0xf3, 0xf5, 0xff}
	hatchColor  = color.RGBA{0xcd, 0xd3, 0xd9, 0xff}
	casingColor = color.RGBA{0x00, 0x00, 0x00, 0xff}
	skyBlue     = color.RGBA{0x56, 0xb4, 0xe9, 0xff}
	orange      = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
)

// styles are those of the texts. They are not safe for concurrent use, since
// font faces are not.
type styles struct {
	all                                        []*font
	title, head, body, label, note, id, digest style
}

func newStyles() *styles {
	fonts := newFonts()
	return &styles{
		all:    []*font{fonts[text.Regular], fonts[text.Bold], fonts[text.Mono]},
		title:  newStyle(fonts, text.Bold, 16, ink),
		head:   newStyle(fonts, text.Bold, 10.5, ink),
		body:   newStyle(fonts, text.Regular, 9, ink),
		label:  newStyle(fonts, text.Regular, 9, grey),
		note:   newStyle(fonts, text.Regular, 7.5, grey),
		id:     newStyle(fonts, text.Mono, 10, ink),
		digest: newStyle(fonts, text.Mono, 6.8, ink), // a digest fits beside a picture
	}
}
