package awscli

import (
	"fmt"
	"io"

	"github.com/lvtool/lvtool/internal/pyval"
)

// Formats are the values of --output.
var Formats = []string{"json", "text", "table", "yaml", "yaml-stream"}

// Style is what the looks of a table depend on. The zero value is for a pipe.
type Style struct {
	Width int  // columns of the terminal; 0: 80
	Color bool // colour cells and frames
	Reset bool // end every piece with a reset, as the CLI does unless it writes to a pager
}

// Write prints v in the format. Nothing is printed for an empty object, and what is printed before
// v turns out to be unprintable stays printed. The error is an [*Error] of code 255, or of w.
func Write(w io.Writer, format string, v any, style Style) error {
	out := &writer{w: w}
	switch format {
	case "text":
		return textFormat{out}.any(v, nil, nil)
	case "table":
		return writeTable(out, v, style)
	case "json", "yaml", "yaml-stream":
	default:
		return &Error{ExitGeneral, "Unknown output type: " + format}
	}
	if d, ok := v.(*pyval.Dict); ok && d.Len() == 0 {
		return nil
	}
	switch {
	case format == "yaml-stream":
		return writeYAML(out, pyval.NewList(v))
	case format == "yaml" && !pyval.Scalar(v):
		return writeYAML(out, v)
	}
	if err := pyval.Dump(out, v); err != nil {
		return err
	}
	return out.write("\n")
}

// writer refuses text that UTF-8 cannot carry, piece by piece.
type writer struct {
	w io.Writer
}

func (w *writer) WriteString(s string) (int, error) {
	if err := pyval.CheckText(s); err != nil {
		return 0, general(err)
	}
	n, err := io.WriteString(w.w, s)
	if err != nil {
		return n, fmt.Errorf("writing output: %w", err)
	}
	return n, nil
}

func (w *writer) write(pieces ...string) error {
	for _, s := range pieces {
		if _, err := w.WriteString(s); err != nil {
			return err
		}
	}
	return nil
}
