package export

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// reference is the name of a session's reference image.
const reference = "reference"

// frameName matches the names that package decode gives to images.
var frameName = lazyregexp.New(`^(reference|audit-[0-9]{1,4})$`)

// fileName returns the name of the files of the frame that was loaded last.
func (c *conversion) fileName(frame string) string {
	return fileName(frame, len(c.report.Frames)-1, c.names)
}

// fileName returns the name of a frame's files without folder and extension.
// It is the frame's own where that is one that package decode gives, and is not
// among those given before; a session made by hand may hold any.
func fileName(frame string, number int, given map[string]bool) string {
	if !frameName.MatchString(frame) || given[frame] {
		return fmt.Sprintf("frame-%d", number)
	}
	given[frame] = true
	return frame
}

// FileNames returns for every frame the name that [Convert] gives to its files,
// without folder and extension.
func (r *Report) FileNames() []string {
	names := make([]string, len(r.Frames))
	given := map[string]bool{}
	for i, f := range r.Frames {
		names[i] = fileName(f.Name, i, given)
	}
	return names
}

// Extension returns what the name of an image as received ends with: .jpg, .png
// or .webp for the formats of package decode, .bin for anything else.
func Extension(format string) string {
	switch format {
	case "jpeg":
		return ".jpg"
	case "png", "webp":
		return "." + format
	}
	return ".bin"
}

// pageName returns the name of a page, from 1, of a sheet.
func pageName(sheet string, page int) string {
	if page == 1 {
		return sheet + ".png"
	}
	return fmt.Sprintf("%s-%d.png", sheet, page)
}

// text returns what a picture says of itself. The frame is nil for a picture of
// the whole session.
func (c *conversion) text(role string, f *decode.Frame) []Text {
	list := []Text{
		{Keyword: "Software", Value: plain(c.opts.Tool.name())},
		{Keyword: "lvtool:session", Value: plain(c.session.ID)},
		{Keyword: "lvtool:role", Value: plain(role)},
		{Keyword: "lvtool:source-sha256", Value: c.report.Source.SHA256},
	}
	if f != nil {
		list = append(list, Text{Keyword: "lvtool:image-sha256", Value: f.SHA256.String()})
	}
	return list
}

// plain returns s without what has no place in a line of text, and not endless.
func plain(s string) string {
	s = strings.ToValidUTF8(clip(s, longest), "\ufffd")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, s)
}
