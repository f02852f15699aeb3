package export

import (
	"image/color"

	"github.com/lvtool/lvtool/internal/text"
)

// The colours of sheets: two greys for text, two for grounds and lines, and one
// accent. The texts have a contrast of at least 4.5 on white and on the panel.
var (
	ink    = color.RGBA{0x1b, 0x1f, 0x24, 0xff}
	grey   = color.RGBA{0x5a, 0x61, 0x6b, 0xff}
	line   = color.RGBA{0xd5, 0xd9, 0xde, 0xff}
	panel  = color.RGBA{0xf1, 0xf3, 0xf5, 0xff}
	accent = color.RGBA{0x1f, 0x5f, 0xa8, 0xff}
)

// Distances on sheets, in pixels.
const (
	margin = 48 // around a page
	gap    = 32 // between tiles
	inset  = 16 // between a picture and its captions
)

// A theme holds the styles of a sheet's texts, and its small pictures. It is not
// safe for concurrent use, since font faces are not.
type theme struct {
	small shrinker

	title, head, name, body, label, caption, note, id, digest style
}

func newTheme() *theme {
	return &theme{
		title:   style{text.New(text.Bold, 28), ink},
		head:    style{text.New(text.Bold, 17), ink},
		name:    style{text.New(text.Bold, 16), ink},
		body:    style{text.New(text.Regular, 15), ink},
		label:   style{text.New(text.Regular, 15), grey},
		caption: style{text.New(text.Regular, 14), ink},
		note:    style{text.New(text.Regular, 13), grey},
		id:      style{text.New(text.Mono, 17), ink},
		digest:  style{text.New(text.Mono, 13), ink},
	}
}

// longest is the most characters of a value that a sheet shows. The report has
// them all.
const longest = 600

// wrap breaks words into lines of at most width pixels.
func (s style) wrap(words string, width int) []string {
	return s.face.Wrap(clip(words, longest), width)
}

// fit breaks words into at most n lines of at most width pixels, shortened in
// the middle where they need more.
func (s style) fit(words string, width, n int) []string {
	words = s.face.Visible(clip(words, longest))
	lines := s.face.Wrap(words, width)
	if len(lines) <= n {
		return lines
	}
	low, high := 1, len([]rune(words))-1
	for low < high {
		mid := (low + high + 1) / 2
		if len(s.face.Wrap(clip(words, mid), width)) <= n {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return s.face.Wrap(clip(words, low), width)
}

// clip returns s, or, where it has more than n characters, n of them from its
// beginning and end with an ellipsis between.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	head := (n + 1) / 2
	return string(r[:head]) + "…" + string(r[len(r)-(n-head):])
}
