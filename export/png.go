package export

import (
	"fmt"
	"image"
	"io"

	"github.com/lvtool/lvtool/export/pngw"
)

// ErrText says that a PNG cannot carry a text.
var ErrText = pngw.ErrText

// A Text is a keyword and a value that a PNG carries.
type Text = pngw.Text

// A Level trades the time that writing PNG files takes for their size.
type Level string

// The levels, fastest first. [Options] start at Fast.
const (
	Fast     Level = "fast"
	Balanced Level = "balanced"
	Small    Level = "small"
)

// level returns l as package pngw has it.
func (l Level) level() pngw.Level {
	switch l {
	case Balanced:
		return pngw.Balanced
	case Small:
		return pngw.Small
	}
	return pngw.Fast
}

// EncodePNG writes m as a PNG that carries text, in the order given and before
// the pixels. Whatever the bounds of m, its top left pixel becomes the
// picture's. A picture without transparency is written without an alpha
// channel. A text that PNG cannot carry is an [ErrText], and nothing is
// written. The bytes are those of package pngw, which no other module and no
// Go release changes.
func EncodePNG(w io.Writer, m image.Image, text []Text) error {
	if err := new(pngw.Encoder).Encode(w, m, &pngw.Options{Text: text}); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	return nil
}
