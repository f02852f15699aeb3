package annotate

import (
	"fmt"
	"image"
	"strings"
)

// labels returns what a label can say, from the most to the least, as lines.
func labels(name string, p *Placement) [][]string {
	size := fmt.Sprintf("%d × %d px", p.Pixels.Dx(), p.Pixels.Dy())
	if p.State != Clipped {
		return [][]string{{name + " · " + size}, {name, size}, {name}}
	}
	share := name + " · " + shareWords(p.Visible) + " in frame"
	return [][]string{{share + " · " + size}, {share, size}, {share}, {name, shareWords(p.Visible)}, {name}}
}

// shareWords cuts a share to tenths of a percent, so that it never says more
// than is there.
func shareWords(share float64) string {
	tenths := int(share*millionths+0.5) / 1000
	if tenths == 0 {
		return "under 0.1 %"
	}
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}

// tags returns what can be said of an overshoot, from the most to the least:
// first all in a line, then all in a stack.
func tags(s side, over int, frame image.Point) [][]string {
	px := fmt.Sprintf("%d px", over)
	share := "(" + percent(over, s.across(frame)) + ")"
	beyond := "beyond " + s.String()
	return [][]string{{px + " " + beyond + " " + share}, {px, beyond, share}, {px, share}, {px + " " + beyond}, {px}}
}

// percent writes part of whole, rounded to tenths.
func percent(part, whole int) string {
	tenths := (int64(part)*2000 + int64(whole)) / (2 * int64(whole))
	switch {
	case tenths == 0:
		return "under 0.1 %"
	case tenths >= 10_000: // more digits would say nothing
		return fmt.Sprintf("%d %%", (tenths+5)/10)
	}
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}

// notice says why the picture has no box on it.
func notice(name string, p *Placement) string {
	switch p.State {
	case Outside:
		return name + ": box lies outside the frame: " + whereOutside(p)
	case Empty:
		return name + ": box covers no whole pixel of the frame"
	case Absent:
		return name + ": no box in the result"
	}
	return name + ": box is not usable: " + p.Reason
}

// whereOutside says on which sides of the frame the box lies, and how far.
func whereOutside(p *Placement) string {
	var far, near []string
	for _, at := range []struct {
		gap   int
		words string
	}{
		{-p.Pixels.Max.X, "to the left"},
		{p.Pixels.Min.X - p.Frame.X, "to the right"},
		{-p.Pixels.Max.Y, "above"},
		{p.Pixels.Min.Y - p.Frame.Y, "below"},
	} {
		switch {
		case at.gap > 0:
			far = append(far, fmt.Sprintf("%d px %s", at.gap, at.words))
		case at.gap == 0:
			near = append(near, "directly "+at.words)
		}
	}
	if len(far) == 0 {
		far = near
	}
	return strings.Join(far, ", ")
}
