// Package text measures, shortens, wraps and draws lines of text with the Go
// fonts, which are embedded, so that the same text gives the same pixels
// everywhere.
//
// A character that the fonts lack, or that would not show (a control, a
// direction override), is written as its code point, such as U+5199: never as
// an empty box, and never so that it changes how the rest reads.
package text

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A Weight selects one of the embedded fonts.
type Weight int

// The embedded fonts.
const (
	Regular Weight = iota
	Bold
	Mono
)

var fonts = [...]func() *sfnt.Font{
	Regular: sync.OnceValue(func() *sfnt.Font { return parse(goregular.TTF) }),
	Bold:    sync.OnceValue(func() *sfnt.Font { return parse(gobold.TTF) }),
	Mono:    sync.OnceValue(func() *sfnt.Font { return parse(gomono.TTF) }),
}

func parse(ttf []byte) *sfnt.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("text: embedded font: " + err.Error()) // cannot happen: the fonts are part of the build
	}
	return f
}

// A Face is one font at one size. It remembers the glyphs that it has drawn, so
// keep it. It is not safe for concurrent use.
type Face struct {
	face   font.Face
	font   *sfnt.Font
	buf    sfnt.Buffer
	glyphs glyphCache
}

// New returns the face of a font whose em is size pixels high.
func New(w Weight, size float64) *Face {
	f := fonts[w]()
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("text: embedded font: " + err.Error()) // cannot happen: NewFace fails for nothing we pass
	}
	return &Face{face: face, font: f}
}

// Ascent returns how far the tallest letters rise above the baseline.
func (f *Face) Ascent() int { return f.face.Metrics().Ascent.Ceil() }

// Height returns the height of a line: ascent and descent, without leading.
func (f *Face) Height() int {
	m := f.face.Metrics()
	return m.Ascent.Ceil() + m.Descent.Ceil()
}

// Width returns how wide s is when drawn, in whole pixels.
func (f *Face) Width(s string) int { return f.width(f.Visible(s)) }

func (f *Face) width(visible string) int {
	width, prev := fixed.Int26_6(0), rune(-1)
	for _, r := range visible {
		width += f.step(prev, r)
		prev = r
	}
	return width.Ceil()
}

// step returns how far r takes the text on, after prev, which is negative at
// its beginning.
func (f *Face) step(prev, r rune) fixed.Int26_6 {
	step := f.glyphs.advance(f.face, r)
	if prev >= 0 {
		step += f.glyphs.kern(f.face, prev, r)
	}
	return step
}

// Draw writes s with its top left corner at (x, y). It returns the x where the
// text ends.
func (f *Face) Draw(dst draw.Image, x, y int, c color.Color, s string) int {
	src := image.NewUniform(c)
	dot, prev := fixed.P(x, y+f.Ascent()), rune(-1)
	for _, r := range f.Visible(s) {
		if prev >= 0 {
			dot.X += f.glyphs.kern(f.face, prev, r)
		}
		g := f.glyphs.glyph(f.face, r, dot.X&0x3f)
		if at := g.mask.Rect.Add(image.Pt(dot.X.Floor(), dot.Y.Floor())); !at.Empty() {
			draw.DrawMask(dst, at, src, image.Point{}, &g.mask, g.mask.Rect.Min, draw.Over)
		}
		dot.X += f.glyphs.advance(f.face, r)
		prev = r
	}
	return dot.X.Ceil()
}

// Visible returns s as it is drawn: what the font cannot show, or what would
// not be seen, as code points.
func (f *Face) Visible(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, f.hides) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if f.shows(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "U+%04X", r)
		}
	}
	return b.String()
}

func (f *Face) hides(r rune) bool { return !f.shows(r) }

func (f *Face) shows(r rune) bool {
	if ' ' <= r && r <= '~' { // the fonts have all of ASCII
		return true
	}
	if !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) {
		return false
	}
	i, err := f.font.GlyphIndex(&f.buf, r)
	return err == nil && i != 0
}

// Shorten returns s, or, where s is wider than width, its beginning and end
// with an ellipsis between them. The result is never wider than width, but for
// the ellipsis itself.
func (f *Face) Shorten(s string, width int) string {
	s = f.Visible(s)
	if f.width(s) <= width {
		return s
	}
	r := []rune(s)
	// The widths of the results grow with the number of runes kept, so the
	// most that fit is found by halving.
	low, high := 0, len(r)-1
	for low < high {
		mid := (low + high + 1) / 2
		if f.width(middle(r, mid)) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return middle(r, low)
}

// middle keeps n runes of r, half from either end.
func middle(r []rune, n int) string {
	head := (n + 1) / 2
	return string(r[:head]) + "…" + string(r[len(r)-(n-head):])
}

// Wrap breaks s at spaces into lines of at most width pixels. A word that is
// wider is broken where it must be. There is always at least one line.
func (f *Face) Wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(f.Visible(s), " ") {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if f.width(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		var whole []string
		whole, line = f.chop(word, width)
		lines = append(lines, whole...)
	}
	return append(lines, line)
}

// chop breaks a word into pieces of at most width pixels, at least one rune
// each, and returns the last apart, for more to follow it.
func (f *Face) chop(word string, width int) (whole []string, rest string) {
	r := []rune(word)
	for {
		n := max(1, f.prefix(r, width))
		if n >= len(r) {
			return whole, string(r)
		}
		whole = append(whole, string(r[:n]))
		r = r[n:]
	}
}

// prefix returns how many of the first runes of r fit into width.
func (f *Face) prefix(r []rune, width int) int {
	dot := fixed.Int26_6(0)
	for i, c := range r {
		prev := rune(-1)
		if i > 0 {
			prev = r[i-1]
		}
		if dot += f.step(prev, c); dot.Ceil() > width {
			return i
		}
	}
	return len(r)
}
