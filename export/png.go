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

// EncodePNG writes m as a PNG that carries text, in the order given and before
// the pixels. Whatever the bounds of m, its top left pixel becomes the
// picture's. A picture without transparency is written without an alpha
// channel. A text that PNG cannot carry is an [ErrText], and nothing is
// written. The bytes are those of package pngw, which no other module and no
// Go release changes.
func EncodePNG(w io.Writer, m image.Image, text []Text) error {
	return encodePNG(w, m, text, new(pngw.Encoder))
}

// encodePNG is EncodePNG with an encoder to use again.
func encodePNG(w io.Writer, m image.Image, text []Text, e *pngw.Encoder) error {
	if err := e.Encode(w, m, &pngw.Options{Text: text}); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	return nil
}
