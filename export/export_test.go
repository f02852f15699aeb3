package export

import (
	"image"
	"io"
)

// A Geometry is where the parts of a page stand.
type Geometry struct {
	Page     image.Rectangle
	Texts    []PlacedText
	Pictures []image.Rectangle
	Fills    []image.Rectangle
}

// A PlacedText is a line of text on a page.
type PlacedText struct {
	Rect image.Rectangle
	Text string
}

// SheetGeometry lays out a sheet without drawing it.
func SheetGeometry(r *Report, pictures []Picture, l Layout) []Geometry {
	pages, width := newTheme().layOut(r, pictures, l)
	list := make([]Geometry, len(pages))
	for i, p := range pages {
		list[i] = geometry(p, width)
	}
	return list
}

// OverviewGeometry lays out the page that o would put next, without drawing it.
func OverviewGeometry(o *Overview) Geometry { return geometry(o.layOut(), o.grid.page()) }

func geometry(l *layer, width int) Geometry {
	g := Geometry{Page: image.Rect(0, 0, width, l.height)}
	for _, r := range l.runs {
		g.Texts = append(g.Texts, PlacedText{r.rect, r.text})
	}
	for _, p := range l.pictures {
		g.Pictures = append(g.Pictures, p.rect)
	}
	for _, f := range l.fills {
		g.Fills = append(g.Fills, f.rect)
	}
	return g
}

// MaxPage is the height that a page may have.
const MaxPage = maxPage

// Shrink is shrink.
func Shrink(m *image.RGBA, bounds image.Point) *image.RGBA { return new(shrinker).shrink(m, bounds) }

// Spread is spread.
func Spread(src []byte) []byte { return spread(src) }

// ParseUpTo is ParseReport with another limit.
func ParseUpTo(r io.Reader, limit int64) (*Report, error) { return parse(r, limit) }
