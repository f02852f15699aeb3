package export

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/lvtool/lvtool/internal/text"
)

// A layer is a part of a page, laid out but not drawn: what stands where. It is
// as wide as its owner likes and height pixels high.
type layer struct {
	height   int
	fills    []fill
	pictures []picture
	runs     []run
}

// A fill is a rectangle of one colour, behind everything else.
type fill struct {
	rect  image.Rectangle
	color color.Color
}

// A picture is shown in the rectangle of its own size.
type picture struct {
	rect  image.Rectangle
	image *image.RGBA
}

// A run is one line of text. Its rectangle is as wide as the text and as high
// as a line of its style.
type run struct {
	rect  image.Rectangle
	style style
	text  string
}

// A style is how text looks.
type style struct {
	face  *text.Face
	color color.Color
}

// lineHeight is the distance between two lines of a paragraph.
func (s style) lineHeight() int { return s.face.Height() * 6 / 5 }

// write puts one line with its top left corner at (x, y).
func (l *layer) write(s style, x, y int, line string) {
	r := image.Rect(x, y, x+s.face.Width(line), y+s.face.Height())
	l.runs = append(l.runs, run{r, s, line})
	l.height = max(l.height, r.Max.Y)
}

// paragraph puts lines one below the other and returns the y below them.
func (l *layer) paragraph(s style, x, y int, lines []string) int {
	for _, line := range lines {
		l.write(s, x, y, line)
		y += s.lineHeight()
	}
	return y
}

// fill puts a rectangle of one colour.
func (l *layer) fill(r image.Rectangle, c color.Color) {
	l.fills = append(l.fills, fill{r, c})
	l.height = max(l.height, r.Max.Y)
}

// picture puts a picture with its top left corner at p.
func (l *layer) picture(p image.Point, m *image.RGBA) {
	r := image.Rectangle{Max: m.Rect.Size()}.Add(p)
	l.pictures = append(l.pictures, picture{r, m})
	l.height = max(l.height, r.Max.Y)
}

// put puts the parts of another layer with its origin at p.
func (l *layer) put(p image.Point, m *layer) {
	for _, f := range m.fills {
		l.fills = append(l.fills, fill{f.rect.Add(p), f.color})
	}
	for _, q := range m.pictures {
		l.pictures = append(l.pictures, picture{q.rect.Add(p), q.image})
	}
	for _, r := range m.runs {
		l.runs = append(l.runs, run{r.rect.Add(p), r.style, r.text})
	}
	l.height = max(l.height, p.Y+m.height)
}

// draw draws l on white.
func (l *layer) draw(m *image.RGBA) {
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	for _, f := range l.fills {
		draw.Draw(m, f.rect, image.NewUniform(f.color), image.Point{}, draw.Src)
	}
	for _, p := range l.pictures {
		how := draw.Over
		if p.image.Opaque() {
			how = draw.Src // the same pixels, and much faster
		}
		draw.Draw(m, p.rect, p.image, p.image.Rect.Min, how)
	}
	for _, r := range l.runs {
		r.style.face.Draw(m, r.rect.Min.X, r.rect.Min.Y, r.style.color, r.text)
	}
}
