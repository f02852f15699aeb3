package review

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"strings"

	"github.com/lvtool/lvtool/annotate"
)

// A frameView is what the template shows of a frame.
type frameView struct {
	Key, Name, Label string
	View             string // the viewBox
	Image            template.HTML
	Void, Overlay    template.HTML
	Words            []string
}

// A faceView is a face, cut out of a frame that the page already holds.
type faceView struct {
	Name, Label, Words string
	View, Cut, Ref     string
	X, Y, W, H         int
}

// view returns what is shown of f, whose elements have ids that end in key.
func (f *Frame) view(key string) frameView {
	v := frameView{Key: key, Name: f.Record.Name, Words: f.words()}
	v.Label = v.Name + ": " + strings.Join(v.Words, "; ")
	if f.Data == nil {
		return v
	}
	frame := image.Rectangle{Max: f.Placement.Frame}
	canvas := f.canvas()
	v.View = viewBox(canvas)
	v.Image = trusted(`<image id="f%s" width="%d" height="%d" preserveAspectRatio="none" href="data:%s;base64,%s"/>`,
		key, frame.Dx(), frame.Dy(), mediaType(*f.Record.Format), base64.StdEncoding.EncodeToString(f.Data))
	if canvas != frame {
		v.Void = trusted(`<rect class="void" x="%d" y="%d" width="%d" height="%d" fill="url(#hatch)"/>`,
			canvas.Min.X, canvas.Min.Y, canvas.Dx(), canvas.Dy())
	}
	v.Overlay = f.overlay(key, canvas)
	return v
}

// canvas returns what is shown: the frame, and as much of the box beyond it as
// lies within half the frame's width or height of each edge, with some margin.
func (f *Frame) canvas() image.Rectangle {
	frame := image.Rectangle{Max: f.Placement.Frame}
	if !f.Placement.Pixels.Overlaps(frame) || f.Placement.Pixels.In(frame) {
		return frame
	}
	margin := max(4, max(frame.Dx(), frame.Dy())/40)
	canvas := frame
	o := f.Placement.Overshoot
	half := frame.Size().Div(2)
	grow := func(over, most int) int {
		if over == 0 {
			return 0
		}
		return min(over, most) + margin
	}
	canvas.Min.X -= grow(o.Left, half.X)
	canvas.Min.Y -= grow(o.Top, half.Y)
	canvas.Max.X += grow(o.Right, half.X)
	canvas.Max.Y += grow(o.Bottom, half.Y)
	return canvas
}

// overlay draws the box: dashed where it lies beyond the frame, solid in it.
// Each line has a wider one below it, to stand out from any picture.
func (f *Frame) overlay(key string, canvas image.Rectangle) template.HTML {
	frame := image.Rectangle{Max: f.Placement.Frame}
	box := f.Placement.Pixels
	if !box.Overlaps(canvas) {
		return trusted(`<g class="overlay" id="o%s"></g>`, key)
	}
	// Numbers far outside would lose their digits in the browser.
	box = box.Intersect(canvas.Inset(-max(canvas.Dx(), canvas.Dy())))
	rect := fmt.Sprintf(`x="%d" y="%d" width="%d" height="%d"`, box.Min.X, box.Min.Y, box.Dx(), box.Dy())
	beyond := ""
	if !box.In(frame) {
		beyond = fmt.Sprintf(`<rect class="case" %s/><rect class="box beyond" %s/>`, rect, rect)
	}
	return trusted(`<g class="overlay" id="o%s">%s<svg width="%d" height="%d" viewBox="0 0 %d %d">`+
		`<rect class="case" %s/><rect class="box" %s/></svg></g>`,
		key, beyond, frame.Dx(), frame.Dy(), frame.Dx(), frame.Dy(), rect, rect)
}

func viewBox(r image.Rectangle) string {
	return fmt.Sprintf("%d %d %d %d", r.Min.X, r.Min.Y, r.Dx(), r.Dy())
}

// mediaType returns that of a format, which is one that package decode decodes.
func mediaType(format string) string {
	switch format {
	case "jpeg", "png", "webp":
		return "image/" + format
	}
	panic("review: format " + format) // cannot happen: Read sets it from what was decoded
}

// margin of a face, in hundredths of the box.
const faceMargin = 15

// faces cuts the faces out, each in the middle of a tile of one size, so that a
// pixel is as large in all of them.
func (s *Session) faces(n int) []faceView {
	var list []faceView
	var cuts []image.Rectangle
	tile := image.Point{}
	for i, f := range s.Frames {
		cut := f.face()
		if cut.Empty() {
			continue
		}
		tile.X, tile.Y = max(tile.X, cut.Dx()), max(tile.Y, cut.Dy())
		cuts = append(cuts, cut)
		list = append(list, faceView{
			Name: f.Record.Name, Ref: fmt.Sprintf("f%d-%d", n, i), Cut: viewBox(cut), W: cut.Dx(), H: cut.Dy(),
			Label: "Face in " + f.Record.Name, Words: fmt.Sprintf("%d×%d px", cut.Dx(), cut.Dy()),
		})
	}
	for i := range list {
		list[i].View = viewBox(image.Rectangle{Max: tile})
		list[i].X, list[i].Y = (tile.X-cuts[i].Dx())/2, (tile.Y-cuts[i].Dy())/2
	}
	return list
}

// face returns what is cut out: the part of the box in the frame and a margin,
// as far as there is picture.
func (f *Frame) face() image.Rectangle {
	p := &f.Placement
	if f.Data == nil || p.State != annotate.Inside && p.State != annotate.Clipped {
		return image.Rectangle{}
	}
	c := p.Clipped
	by := image.Pt(c.Dx()*faceMargin/100, c.Dy()*faceMargin/100)
	return image.Rectangle{Min: c.Min.Sub(by), Max: c.Max.Add(by)}.Intersect(image.Rectangle{Max: p.Frame})
}
