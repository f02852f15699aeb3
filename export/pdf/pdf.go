package pdf

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// A Paper is the size of the pages.
type Paper string

// The papers.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// ErrPaper says that there is no such paper.
var ErrPaper = errors.New("not a size of paper")

// size returns the width and height in points, 1/72 inch.
func (p Paper) size() (w, h float64, err error) {
	switch p {
	case "", A4:
		return 595.276, 841.89, nil
	case Letter:
		return 612, 792, nil
	}
	return 0, 0, fmt.Errorf("%w: %.40q", ErrPaper, string(p))
}

// Options say how the pages look. Nil means the zero Options.
type Options struct {
	// Paper is A4 where it is "".
	Paper Paper
	// Audience is [export.Reviewer] where it is "". For [export.Subject] the file
	// holds no score, nothing that tells it, and no digest by which the report that
	// has it could be guessed.
	Audience export.Audience
}

// Write writes the session of a report as a PDF. The report is one of
// [export.Convert], [export.Inspect] or [export.ParseReport]. load returns the
// image of its frame of a number, and is called for one after the other: first
// for its file, which is enough of a JPEG, then, where pixels is true, for one
// with pixels. A frame that the report has no size of, one without pixels, and
// nil are shown by their facts alone. Only one frame is held at a time.
//
// It fails with [ErrPaper], and with the error of w.
func Write(
	w io.Writer, r *export.Report, load func(number int, pixels bool) *decode.Frame, opts *Options,
) error {
	if opts == nil {
		opts = &Options{}
	}
	width, height, err := opts.Paper.size()
	if err != nil {
		return err
	}
	d := &document{
		file: newFile(w), report: r, audience: opts.Audience, width: width, height: height,
		styles: newStyles(), pictures: map[decode.Digest]picture{},
	}
	d.layer = d.file.add("<< /Type /OCG /Name (boxes) >>")
	d.header()
	for i, f := range r.Frames {
		if err := d.frame(f, func(pixels bool) *decode.Frame { return load(i, pixels) }); err != nil {
			return err
		}
	}
	if err := d.finish(); err != nil {
		return fmt.Errorf("writing PDF: %w", err)
	}
	return nil
}

// margin is what is left free around the pages, in points; footer is the height
// of their foot.
const (
	margin = 42
	footer = 30
)

// A document is a PDF in the making.
type document struct {
	file          *file
	report        *export.Report
	audience      export.Audience
	width, height float64
	styles        *styles
	layer         int // object of the layer that boxes are drawn in
	pictures      map[decode.Digest]picture
	order         []picture // as they were added
	pages         []*content
	y             float64 // where the next block begins on the last page
}

// scored reports whether the file may say what the score is.
func (d *document) scored() bool { return d.audience != export.Subject }

func (d *document) content() float64 { return d.width - 2*margin }

// room returns how high a block can be at most.
func (d *document) room() float64 { return d.height - 2*margin - footer }

// place begins a page where the last has no room for a block of that height, and
// returns the page and where the block begins.
func (d *document) place(height float64) (page *content, y float64) {
	if len(d.pages) == 0 || d.y+height > margin+d.room() {
		d.pages = append(d.pages, &content{height: d.height})
		d.y = margin
	}
	y = d.y
	d.y += height
	return d.pages[len(d.pages)-1], y
}

// lines puts lines of text one below the other, where they may part.
func (d *document) lines(s style, x float64, lines []string) {
	for _, line := range lines {
		page, y := d.place(s.leading())
		page.write(s, margin+x, y, line)
	}
}

// space leaves room, but not at the top of a page.
func (d *document) space(height float64) {
	if len(d.pages) > 0 && d.y > margin {
		d.y += height
	}
}

// finish writes the foot of the pages, the pages, and all they need.
func (d *document) finish() error {
	for i, page := range d.pages {
		d.foot(page, i+1)
	}
	resources := d.resources()
	parent := d.file.reserve()
	var kids []string
	for _, page := range d.pages {
		text := d.file.stream("", []byte(page.String()))
		kids = append(kids, fmt.Sprintf("%d 0 R", d.file.add(fmt.Sprintf(
			"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources %d 0 R /Contents %d 0 R >>",
			parent, num(d.width), num(d.height), resources, text))))
	}
	d.file.object(parent, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " ")))
	catalog := d.file.add(fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (en) "+
		"/ViewerPreferences << /DisplayDocTitle true >> "+
		"/OCProperties << /OCGs [%[2]d 0 R] /D << /Order [%[2]d 0 R] /ON [%[2]d 0 R] >> >> >>", parent, d.layer))
	title := "Face Liveness session"
	if id := d.report.Session.ID; id != nil {
		title += " " + clip(*id)
	}
	info := d.file.add(fmt.Sprintf("<< /Title %s /Producer %s >>", textString(title), textString(d.report.Tool.Name())))
	return d.file.finish(catalog, info)
}

// resources writes what all pages share and returns its number.
func (d *document) resources() int {
	var b strings.Builder
	b.WriteString("<< /Font <<")
	for _, f := range d.styles.all {
		if len(f.used) > 0 {
			fmt.Fprintf(&b, " /%s %d 0 R", f.name, f.add(d.file))
		}
	}
	b.WriteString(" >> /XObject <<")
	for _, p := range d.order {
		fmt.Fprintf(&b, " /I%d %d 0 R", p.number, p.number)
	}
	fmt.Fprintf(&b, " >> /Properties << /boxes %d 0 R >> >>", d.layer)
	return d.file.add(b.String())
}

// foot writes which page of which session this is.
func (d *document) foot(page *content, number int) {
	s := d.styles.note
	y := d.height - margin - footer + 12
	page.fill(rect{margin, y, d.content(), 0.6}, lineColor)
	of := fmt.Sprintf("page %d of %d", number, len(d.pages))
	page.write(s, d.width-margin-s.width(of), y+6, of)
	name := "session " + orNone(d.report.Session.ID)
	page.write(s, margin, y+6, s.wrap(name, d.content()-s.width(of)-20, 1)[0])
	if d.scored() {
		const note = "The confidence is the service's score for the whole session, not for one picture."
		page.write(s, margin, y+6+s.leading(), note)
	}
}
