package annotate

import "image"

// A plan is everything that is drawn on one picture, laid out in whole pixels
// of the frame before any of it is painted.
type plan struct {
	metrics
	set     typesetter
	frame   image.Rectangle
	canvas  image.Rectangle // frame, void and words
	extends bool            // whether the canvas may be larger than the frame
	box     image.Rectangle // empty where none is drawn
	face    image.Rectangle // the part of box that lies in the frame
	marks   []mark
	label   caption
	leader  [2]image.Point // from face to label, both the same for none
	words   caption        // in place of a box or of a label
}

func (t *Painter) plan(name string, p *Placement, frame image.Rectangle, canvas Canvas) *plan {
	m := metricsOf(frame.Size())
	pl := &plan{metrics: m, set: t.typesetter(m.em), frame: frame, canvas: frame, extends: canvas != FrameOnly}
	if p.State == Inside || p.State == Clipped || p.State == Outside {
		pl.box, pl.face = p.Pixels, p.Pixels.Intersect(frame)
	}
	if pl.extends {
		pl.extend(p)
	}
	if !pl.box.Overlaps(pl.canvas) {
		pl.box, pl.canvas = image.Rectangle{}, frame
	}
	name = pl.set.face.Shorten(name, max(pl.canvas.Dx()/2, pl.set.face.Width("reference")))
	if pl.face.Empty() {
		pl.putWords(notice(name, p))
	} else {
		pl.mark(p)
		pl.putLabel(name, p)
	}
	return pl
}

// extend makes room beyond every edge that the box crosses: for all of the box
// and for what is said of it, but for no more than half the frame.
func (pl *plan) extend(p *Placement) {
	for s := left; s <= bottom; s++ {
		over := p.Overshoot.of(s)
		if over == 0 {
			continue
		}
		margin := 4 * pl.gap
		if p.State == Clipped {
			margin = 2*pl.gap + s.across(pl.set.size(pl.tags(s, over)[0]))
		}
		pl.canvas = pl.canvas.Union(s.strip(pl.frame, 0, over+margin))
	}
	pl.canvas = pl.canvas.Intersect(reach(pl.frame))
}

// reach returns the frame and as much around it as pictures ever show: half its
// width or height beyond each edge.
func reach(frame image.Rectangle) image.Rectangle {
	half := frame.Size().Div(2)
	return image.Rectangle{Min: frame.Min.Sub(half), Max: frame.Max.Add(half)}
}

// extension returns how far the canvas reaches beyond an edge of the frame.
func (pl *plan) extension(s side) int {
	switch s {
	case left:
		return pl.frame.Min.X - pl.canvas.Min.X
	case top:
		return pl.frame.Min.Y - pl.canvas.Min.Y
	case right:
		return pl.canvas.Max.X - pl.frame.Max.X
	}
	return pl.canvas.Max.Y - pl.frame.Max.Y
}

// putLabel finds a place for the label: beside the box; else elsewhere, with a
// leader; else, where the face leaves no room at all, in a strip below the
// picture; else, where the canvas may not grow, on the face along its lower
// edge, if the label is small beside it.
func (pl *plan) putLabel(name string, p *Placement) {
	texts := labels(name, p)
	said := pl.fitting(texts)
	if len(said) == 0 {
		last := texts[len(texts)-1]
		said = pl.fitting([][]string{pl.set.shorten(last, pl.canvas.Dx())})
	}
	var ok bool
	if pl.label, ok = pl.seatClear(said, pl.box.Intersect(pl.canvas)); ok {
		pl.lead()
		return
	}
	if pl.extends {
		pl.putWords(texts[0][0])
		return
	}
	chin := pl.face
	chin.Min.Y = chin.Max.Y - 1
	pl.label, _ = pl.seatFirst(pl.small(said), chin, pl.taken())
}

// lead lays out a leader to a label that does not lie beside the box.
func (pl *plan) lead() {
	if apart(pl.label.rect, pl.box) > int64(9*pl.gap*pl.gap) {
		end := nearest(pl.face, middle(pl.label.rect))
		pl.leader = [2]image.Point{end, nearest(pl.label.rect, end)}
	}
}

// fitting returns those of the texts that the canvas can hold.
func (pl *plan) fitting(texts [][]string) [][]string {
	var fit [][]string
	for _, lines := range texts {
		if size := pl.set.size(lines); size.X <= pl.canvas.Dx() && size.Y <= pl.canvas.Dy() {
			fit = append(fit, lines)
		}
	}
	return fit
}

// taken returns the places of the tags.
func (pl *plan) taken() []image.Rectangle {
	var taken []image.Rectangle
	for _, m := range pl.marks {
		if !m.tag.rect.Empty() {
			taken = append(taken, m.tag.rect)
		}
	}
	return taken
}

// seatClear finds a place for the first of some texts that has one, with some
// air, clear of the tags and of the whole box, or else at least of the face.
func (pl *plan) seatClear(texts [][]string, about image.Rectangle) (caption, bool) {
	box := pl.box.Inset(-pl.casing).Intersect(pl.canvas)
	airy := []image.Rectangle{box}
	for _, tag := range pl.taken() {
		airy = append(airy, tag.Inset(-pl.gap))
	}
	if c, ok := pl.seatFirst(texts, about, airy); ok {
		return c, true
	}
	return pl.seatFirst(texts, about, append(pl.taken(), pl.face))
}

// seatFirst finds a place for the first of some texts that has one: beside what
// it is about for any of them, rather than far away for the first.
func (pl *plan) seatFirst(texts [][]string, about image.Rectangle, keep []image.Rectangle) (caption, bool) {
	for _, lines := range texts {
		if r, ok := seatBeside(pl.canvas, pl.set.size(lines), about, pl.gap, keep); ok {
			return caption{lines, r}, true
		}
	}
	for _, lines := range texts {
		if r, ok := seatAnywhere(pl.canvas, pl.set.size(lines), about, keep); ok {
			return caption{lines, r}, true
		}
	}
	return caption{}, false
}

// mostLines is how many lines words may have.
const mostLines = 4

// putWords puts words in a strip below the picture, or on its lower part where
// the canvas may not grow. A picture too small for words has none.
func (pl *plan) putWords(words string) {
	most := mostLines
	if !pl.extends {
		most = min(most, pl.canvas.Dy()/2/pl.set.face.Height())
	}
	if most == 0 || pl.canvas.Dx() < 6*pl.em {
		return
	}
	lines := pl.set.wrap(words, pl.canvas.Dx(), most)
	height := pl.set.size(lines).Y
	if pl.extends {
		pl.canvas.Max.Y += height
	}
	r := pl.canvas
	r.Min.Y = r.Max.Y - height
	pl.words = caption{lines, r}
}
