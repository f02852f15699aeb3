package review

import (
	"fmt"
	"math"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/measure"
	"github.com/lvtool/lvtool/internal/rational"
)

// words says what a frame is and how its box lies, fact by fact.
func (f *Frame) words() []string {
	r := f.Record
	if f.Data == nil {
		words := []string{"no picture to show"}
		if r.Width != nil && r.File == nil {
			words = append(words, "the image as received is not in the folder")
		}
		for _, p := range r.Problems {
			words = append(words, p.Message)
		}
		return words
	}
	size := fmt.Sprintf("%d×%d px, %s", f.Placement.Frame.X, f.Placement.Frame.Y, *r.Format)
	if r.Orientation != nil && *r.Orientation != 1 {
		size += fmt.Sprintf(", turned upright (EXIF %d)", *r.Orientation)
	}
	return append([]string{size}, boxWords(&f.Placement)...)
}

func boxWords(p *annotate.Placement) []string {
	switch p.State {
	case annotate.Absent:
		return []string{"no box in the result"}
	case annotate.Invalid:
		return []string{"box not usable: " + p.Reason}
	}
	words := []string{fmt.Sprintf("box at %d,%d of %s px", p.Pixels.Min.X, p.Pixels.Min.Y, boxSize(p))}
	if p.State == annotate.Inside {
		return append(words, "inside the frame")
	}
	words = append(words, fmt.Sprintf("%s, %s in the frame", p.State, rational.Percent(p.Visible)))
	if over := overshoot(p.Overshoot); over != "" {
		words = append(words, "beyond it: "+over)
	}
	return words
}

func boxSize(p *annotate.Placement) string {
	return fmt.Sprintf("%d×%d", p.Pixels.Dx(), p.Pixels.Dy())
}

func overshoot(o annotate.Overshoot) string {
	var list []string
	for _, e := range []struct {
		name   string
		pixels int
	}{{"left", o.Left}, {"top", o.Top}, {"right", o.Right}, {"bottom", o.Bottom}} {
		if e.pixels != 0 {
			list = append(list, fmt.Sprintf("%s %d px", e.name, e.pixels))
		}
	}
	return strings.Join(list, ", ")
}

// A measureView is a row of the table of measurements.
type measureView struct {
	Name, Box, Visible, Sharpness, Mean, Shadows, Highlights, Moved, Scale, Overlap, Same string
}

// none stands where there is nothing to say.
const none = "–"

// measures returns a row for every frame that could be decoded.
func (s *Session) measures() []measureView {
	var rows []measureView
	var before *Frame
	first := map[decode.Digest]string{}
	for _, f := range s.Frames {
		if f.Data == nil {
			continue
		}
		row := measureView{
			Name: f.Record.Name, Box: none, Visible: none, Sharpness: none, Mean: none, Shadows: none, Highlights: none,
			Moved: none, Scale: none, Overlap: none, Same: none,
		}
		row.values(f)
		if before != nil {
			row.moved(before, f)
		}
		if f.hasBox() {
			before = f
		}
		if name, ok := first[f.PixelSHA256]; ok {
			row.Same = "same as " + name
		} else {
			first[f.PixelSHA256] = f.Record.Name
		}
		rows = append(rows, row)
	}
	return rows
}

func (f *Frame) hasBox() bool {
	return f.Placement.State != annotate.Absent && f.Placement.State != annotate.Invalid
}

func (row *measureView) values(f *Frame) {
	if f.hasBox() {
		row.Box, row.Visible = boxSize(&f.Placement), rational.Percent(f.Placement.Visible)
	}
	if v := f.Values; v != nil {
		row.Sharpness = fmt.Sprintf("%.1f", v.Sharpness)
		row.Mean = fmt.Sprintf("%.1f", v.Mean)
		row.Shadows, row.Highlights = rational.Percent(v.Shadows), rational.Percent(v.Highlights)
	}
}

func (row *measureView) moved(before, f *Frame) {
	m, ok := measure.Between(&before.Placement, &f.Placement)
	if !ok {
		return
	}
	row.Moved = fmt.Sprintf("%s %s, %s %s", arrow(m.X, "→", "←"), signless(m.X), arrow(m.Y, "↓", "↑"), signless(m.Y))
	row.Scale = fmt.Sprintf("× %.2f", m.Scale)
	row.Overlap = rational.Percent(m.Overlap)
}

func arrow(v float64, forward, back string) string {
	if v < 0 {
		return back
	}
	return forward
}

func signless(v float64) string { return fmt.Sprintf("%.1f %%", 100*math.Abs(v)) }
