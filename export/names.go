package export

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/lvtool/lvtool/decode"
)

// reference is the name of a session's reference image.
const reference = "reference"

// frameName matches the names that package decode gives to images.
var frameName = regexp.MustCompile(`^(reference|audit-[0-9]{1,4})$`)

// fileName returns the name of a frame's files without folder and extension.
// It is the frame's own where that is one that package decode gives, and has
// not been given before; a session made by hand may hold any.
func (c *conversion) fileName(frame string) string {
	if !frameName.MatchString(frame) || c.names[frame] {
		return fmt.Sprintf("frame-%d", len(c.report.Frames)-1)
	}
	c.names[frame] = true
	return frame
}

// extension returns that of an image file.
func extension(format string) string {
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
