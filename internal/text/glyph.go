package text

import (
	"image"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// A glyphCache remembers what a font says of characters: rasterising one, and
// looking up how close two may stand, cost far more than drawing it.
type glyphCache struct {
	advances map[rune]fixed.Int26_6
	kerns    map[[2]rune]fixed.Int26_6
	glyphs   map[glyphKey]*glyph
	size     int // bytes of the glyphs' masks
}

// A glyphKey is a character and how far right of a whole pixel it stands.
type glyphKey struct {
	r  rune
	at fixed.Int26_6
}

// A glyph is the shape of a character; the mask's rectangle is where it lies
// around the whole pixel.
type glyph struct{ mask image.Alpha }

// A map is forgotten when it is full, whatever texts come. A sheet in one
// language uses far less.
const (
	mostCached = 8192
	mostBytes  = 1 << 20
)

// remembered returns m[k], which make fills in where it is missing.
func remembered[K comparable, V any](m *map[K]V, k K, fill func() V) V {
	v, ok := (*m)[k]
	if !ok {
		if *m == nil || len(*m) >= mostCached {
			*m = map[K]V{}
		}
		v = fill()
		(*m)[k] = v
	}
	return v
}

func (c *glyphCache) advance(f font.Face, r rune) fixed.Int26_6 {
	return remembered(&c.advances, r, func() fixed.Int26_6 {
		advance, _ := f.GlyphAdvance(r)
		return advance
	})
}

func (c *glyphCache) kern(f font.Face, prev, r rune) fixed.Int26_6 {
	return remembered(&c.kerns, [2]rune{prev, r}, func() fixed.Int26_6 { return f.Kern(prev, r) })
}

// glyph returns the shape of r when it stands at 1/64 pixels right of a whole one.
func (c *glyphCache) glyph(f font.Face, r rune, at fixed.Int26_6) *glyph {
	if c.size > mostBytes {
		c.glyphs, c.size = nil, 0
	}
	return remembered(&c.glyphs, glyphKey{r, at}, func() *glyph {
		rect, mask, from, _, _ := f.Glyph(fixed.Point26_6{X: at}, r)
		if rect.Empty() {
			return new(glyph)
		}
		g := &glyph{*image.NewAlpha(rect)}
		draw.Draw(&g.mask, rect, mask, from, draw.Src)
		c.size += len(g.mask.Pix)
		return g
	})
}
