package export

import (
	"fmt"
	"image"

	"github.com/lvtool/lvtool/export/pngw"
)

// An Overview lays out one tile a session, page by page: overview.png,
// overview-2.png, …. It holds no more than a page of small pictures at a time.
// It is not safe for concurrent use.
type Overview struct {
	opts    *Options
	put     Put
	theme   *theme
	grid    grid
	tiles   []overviewTile
	before  int // sessions on earlier pages
	pages   int
	encoder pngw.Encoder
	canvas  canvas
	err     error
}

// An overviewTile is one session.
type overviewTile struct {
	report *Report
	folder string
	small  *image.RGBA
}

// captionHeight is the most that the words of a tile take.
const captionHeight = 170

// rows returns how many rows of tiles a page has, up to 8: as many as fit it.
func (g grid) rows() int {
	const head = 2*margin + footer
	return max(1, min(8, (maxPage-head)/(max(g.place.Y, captionHeight)+2*inset)))
}

// NewOverview returns an overview that hands its pages to put. Of opts, nil
// being the zero Options, it takes the layout of sheets, where that is valid,
// the tool and the PNG level.
func NewOverview(opts *Options, put Put) *Overview {
	if opts == nil {
		opts = &Options{}
	}
	l := opts.Sheet
	if l.Validate() != nil {
		l = Layout{}
	}
	if l.Tile == 0 {
		l.Tile = 120
	}
	if l.Columns == 0 {
		l.Columns = 4
	}
	g := newGrid(l, l.Columns)
	g.side = max(g.side, 300)
	g.content = max(minContent, g.columns*g.cell()+(g.columns-1)*gap)
	return &Overview{opts: opts, put: put, theme: newTheme(), grid: g}
}

// Add adds a session, and puts a page when it is full. The folder, which may be
// "", is where the session's files are. Once a page could not be put, Add fails
// with the same error.
func (o *Overview) Add(r *Result, folder string) error {
	if o.err != nil {
		return o.err
	}
	t := overviewTile{report: r.Report, folder: folder}
	if r.Thumbnail != nil {
		t.small = o.theme.small.shrink(r.Thumbnail, o.grid.place)
	}
	o.tiles = append(o.tiles, t)
	if len(o.tiles) == o.grid.columns*o.grid.rows() {
		o.err = o.flush()
	}
	return o.err
}

// Close puts the last page, if any session is left for it.
func (o *Overview) Close() error {
	if o.err == nil && len(o.tiles) > 0 {
		o.err = o.flush()
	}
	return o.err
}

// flush puts the sessions that have been added as a page.
func (o *Overview) flush() error {
	o.pages++
	page := o.layOut()
	m := o.canvas.sized(o.grid.page(), page.height)
	page.draw(m)
	text := []Text{{Keyword: "Software", Value: plain(o.opts.Tool.name())}, {Keyword: "lvtool:role", Value: "overview"}}
	file, err := o.encoder.Append(nil, m, &pngw.Options{Level: o.opts.PNG.level(), Text: text})
	if err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	o.before += len(o.tiles)
	o.tiles = o.tiles[:0]
	o.theme.small.reset()
	return o.put(pageName("overview", o.pages), file)
}

// layOut returns the page of the sessions that have been added.
func (o *Overview) layOut() *layer {
	t, g := o.theme, o.grid
	page := &layer{height: margin}
	head := &layer{}
	tool := t.note.face.Shorten(plain(o.opts.Tool.name()), g.content/3)
	head.write(t.note, g.content-t.note.face.Width(tool), 8, tool)
	head.write(t.title, 0, 0, "Face Liveness sessions")
	head.write(t.label, 0, t.title.lineHeight()+4, o.span())
	page.put(image.Pt(margin, page.height), head)
	page.height += 16
	for i := 0; i < len(o.tiles); i += g.columns {
		page.put(image.Pt(margin, page.height), o.row(o.tiles[i:min(i+g.columns, len(o.tiles))]))
	}
	y := page.height
	page.fill(image.Rect(margin, y, margin+g.content, y+1), line)
	number := fmt.Sprintf("page %d", o.pages)
	x := margin + g.content - t.note.face.Width(number)
	page.write(t.note, x, y+12, number)
	const note = "Each tile shows the reference image, or the first that could be shown. The confidence is the" +
		" service's score for the whole session."
	page.paragraph(t.note, margin, y+12, t.note.fit(note, x-margin-inset, 1))
	page.height = y + footer
	return page
}

// span says which sessions a page holds.
func (o *Overview) span() string {
	if len(o.tiles) == 1 {
		return fmt.Sprintf("session %d", o.before+1)
	}
	return fmt.Sprintf("sessions %d to %d", o.before+1, o.before+len(o.tiles))
}

// row lays out tiles side by side, under a line.
func (o *Overview) row(list []overviewTile) *layer {
	g := o.grid
	l := &layer{}
	l.fill(image.Rect(0, 0, g.content, 1), line)
	for i := range list {
		l.put(image.Pt(i*(g.cell()+gap), inset), o.tile(&list[i]))
	}
	l.height += inset
	return l
}

func (o *Overview) tile(s *overviewTile) *layer {
	t, g := o.theme, o.grid
	l := &layer{}
	if s.small != nil {
		l.picture(image.Pt((g.place.X-s.small.Rect.Dx())/2, 0), s.small)
	} else {
		place := image.Rect(0, 0, g.place.X, g.place.Y)
		l.fill(place, panel)
		t.empty(l, place)
	}
	r := s.report
	text := &layer{}
	y := 0
	put := func(s style, words string, lines int) { y = text.paragraph(s, 0, y, s.fit(words, g.side, lines)) }
	put(t.digest, or(r.Session.ID, "no session id"), 2)
	put(t.name, or(r.Session.Status, "no status"), 1)
	put(t.caption, capital(r.Comparison()), 3)
	put(t.note, plural(len(r.Frames), "image")+", "+plural(r.problems(), "problem"), 1)
	if s.folder != "" && (r.Session.ID == nil || s.folder != *r.Session.ID) {
		put(t.note, s.folder, 1)
	}
	l.put(image.Pt(g.place.X+inset, 0), text)
	return l
}

// problems returns the number of problems of r and of its frames.
func (r *Report) problems() int {
	n := len(r.Problems)
	for _, f := range r.Frames {
		n += len(f.Problems)
	}
	return n
}
