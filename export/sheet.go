package export

import (
	"fmt"
	"image"
	"iter"
)

// maxPage is the height in pixels that a page may have. A single row of tiles
// is never divided, and is always lower.
const maxPage = 2200

// Sheet yields the pages of r's contact sheet: what is known of the session,
// and a tile for every frame. The report is one of [Convert], [Inspect] or
// [ParseReport]. The i-th picture is that of the i-th frame; where it is
// missing, the tile says why. A layout that is not valid is taken for the zero
// one.
func Sheet(r *Report, pictures []Picture, l Layout) iter.Seq[*image.RGBA] {
	return func(yield func(*image.RGBA) bool) {
		pages, width := newTheme().layOut(r, pictures, l)
		for i, p := range pages {
			m := new(canvas).sized(width, p.height)
			p.draw(m)
			if !yield(m) {
				return
			}
			pages[i] = nil // its pictures are needed no more
		}
	}
}

// layOut returns the pages of a sheet and their width.
func (t *theme) layOut(r *Report, pictures []Picture, l Layout) (pages []*layer, width int) {
	if l.Validate() != nil {
		l = Layout{}
	}
	all := tiles(r, pictures)
	g := newGrid(l, len(all))
	f := flow{theme: t, width: g.content, running: "Face Liveness session " + orNone(r.Session.ID)}
	f.add(t.header(r, g.content))
	for _, l := range t.notes(r, g.content) {
		f.add(l)
	}
	f.add(&layer{height: gap})
	for len(all) > 0 {
		n := min(g.columns, len(all))
		f.add(t.row(g, all[:n]))
		all = all[n:]
	}
	const note = "lvtool shows what the service answered. The confidence is the service's score for the whole" +
		" session, not for one picture."
	return f.finish(note), g.page()
}

// A flow puts layers one below the other, on as many pages as they need.
type flow struct {
	theme   *theme
	width   int
	running string // stands at the top of every page but the first
	pages   []*layer
}

// footer is the height of a page's foot, with its margin.
const footer = 36 + margin

func (f *flow) add(l *layer) {
	last := len(f.pages) - 1
	if last < 0 || f.pages[last].height+l.height+footer > maxPage {
		f.begin()
		last++
	}
	page := f.pages[last]
	page.put(image.Pt(margin, page.height), l)
}

// begin begins a page.
func (f *flow) begin() {
	page := &layer{height: margin}
	if len(f.pages) > 0 {
		s := f.theme.note
		page.write(s, margin, margin, s.face.Shorten(clip(f.running, longest), f.width))
		page.height += inset
	}
	f.pages = append(f.pages, page)
}

// finish writes the foot of every page and returns them.
func (f *flow) finish(note string) []*layer {
	s := f.theme.note
	for i, page := range f.pages {
		number := fmt.Sprintf("page %d/%d", i+1, len(f.pages))
		y := page.height
		page.fill(image.Rect(margin, y, margin+f.width, y+1), line)
		x := margin + f.width - s.face.Width(number)
		page.write(s, x, y+12, number)
		page.paragraph(s, margin, y+12, s.fit(note, f.width-s.face.Width(number)-inset, 1))
		page.height = y + footer
	}
	return f.pages
}
