package pdf

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/internal/text"
)

// A content is what a page shows, as operators (ISO 32000-1, annex A). Its
// callers count y downwards from the top of the page, in points.
type content struct {
	strings.Builder
	height float64 // of the page
}

// num returns a length with three decimals at most: less than a thousandth of a
// millimetre.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	i := len(s)
	for s[i-1] == '0' {
		i--
	}
	if s[i-1] == '.' {
		i--
	}
	if s[:i] == "-0" {
		return "0"
	}
	return s[:i]
}

func (c *content) op(operator string, operands ...float64) {
	for _, v := range operands {
		fmt.Fprint(c, num(v), " ")
	}
	fmt.Fprintln(c, operator)
}

func (c *content) fillColor(k color.RGBA) {
	c.op("rg", float64(k.R)/255, float64(k.G)/255, float64(k.B)/255)
}

func (c *content) strokeColor(k color.RGBA) {
	c.op("RG", float64(k.R)/255, float64(k.G)/255, float64(k.B)/255)
}

// path adds a rectangle to the path.
func (c *content) path(r rect) { c.op("re", r.x, c.height-r.y-r.h, r.w, r.h) }

func (c *content) fill(r rect, k color.RGBA) {
	c.fillColor(k)
	c.path(r)
	c.op("f")
}

// A rect is a rectangle in points, with its top left corner at (x, y).
type rect struct{ x, y, w, h float64 }

func (r rect) inset(d float64) rect { return rect{r.x + d, r.y + d, r.w - 2*d, r.h - 2*d} }

// A style is how text looks.
type style struct {
	font  *font
	face  *text.Face // larger by precision, for it measures in whole pixels
	size  float64
	color color.RGBA
}

const precision = 16

func newStyle(fonts map[text.Weight]*font, w text.Weight, size float64, k color.RGBA) style {
	return style{fonts[w], text.New(w, size*precision), size, k}
}

func (s style) leading() float64 { return s.size * 1.3 }

func (s style) width(line string) float64 { return float64(s.face.Width(line)) / precision }

// wrap breaks words into at most n lines of a width, shortened in the middle of
// the last where they need more.
func (s style) wrap(words string, width float64, n int) []string {
	w := int(width * precision)
	lines := s.face.Wrap(clip(words), w)
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n-1:n-1], s.face.Shorten(strings.Join(lines[n-1:], " "), w))
}

// clip returns s, or the beginning of one that is longer than any place on
// paper.
func clip(s string) string {
	const longest = 1000
	if r := []rune(s); len(r) > longest {
		return string(r[:longest])
	}
	return s
}

// write puts a line with its top left corner at (x, y).
func (c *content) write(s style, x, y float64, line string) {
	c.fillColor(s.color)
	baseline := c.height - y - float64(s.face.Ascent())/precision
	fmt.Fprintf(c, "BT /%s %s Tf %s %s Td %s Tj ET\n",
		s.font.name, num(s.size), num(x), num(baseline), s.font.encode(s.face.Visible(line)))
}
