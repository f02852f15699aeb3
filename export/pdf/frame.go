package pdf

import (
	"fmt"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// Distances, in points.
const (
	pictureWidth = 232 // of the place for a frame's picture
	gutter       = 16  // between that and the facts
	between      = 18  // frames
)

// pictureHeight is such that three frames find room on a page.
func (d *document) pictureHeight() float64 { return (d.room()-2*between)/3 - 1 }

// A textLine is a line of a frame's facts.
type textLine struct {
	style style
	text  string
}

// frame writes an image of the session: its picture to the left, the facts to
// the right, never parted. Facts that would not fit on a page are left out.
func (d *document) frame(r *export.FrameRecord, load func(pixels bool) *decode.Frame) error {
	m, err := d.mount(r, load)
	if err != nil {
		return err
	}
	width := d.content()
	x := 0.0
	height := 0.0
	if m != nil {
		x = pictureWidth + gutter
		height = m.h
	}
	lines := d.frameLines(r, width-x)
	text := 0.0
	for i, l := range lines {
		if text+l.style.leading() > d.room()-2*d.styles.note.leading() {
			lines = append(lines[:i], textLine{d.styles.note, "and more, in report.json"})
			text += d.styles.note.leading()
			break
		}
		text += l.style.leading()
	}
	page, y := d.place(min(max(height, text), d.room()))
	if m != nil {
		d.paint(page, m, margin, y)
	}
	for _, l := range lines {
		page.write(l.style, margin+x, y, l.text)
		y += l.style.leading()
	}
	d.space(between)
	return nil
}

// mount returns the picture of a frame, nil where there is none.
func (d *document) mount(r *export.FrameRecord, load func(pixels bool) *decode.Frame) (*mount, error) {
	if r.Width == nil {
		return nil, nil
	}
	f := load(false)
	if f != nil && f.Pixels == nil && !embeds(f) {
		f = load(true)
	}
	if f == nil || f.Pixels == nil && !embeds(f) {
		return nil, nil
	}
	p, err := d.picture(f)
	if err != nil {
		return nil, err
	}
	return newMount(r, p, d.pictureHeight()), nil
}

// picture writes the image of a frame, once.
func (d *document) picture(f *decode.Frame) (picture, error) {
	if p, ok := d.pictures[f.SHA256]; ok {
		return p, nil
	}
	p, err := d.file.addPicture(f)
	if err == nil {
		d.pictures[f.SHA256] = p
		d.order = append(d.order, p)
	}
	return p, err
}

// frameLines returns what is said of a frame.
func (d *document) frameLines(r *export.FrameRecord, width float64) []textLine {
	t := d.styles
	var lines []textLine
	add := func(s style, words string) {
		for _, line := range s.wrap(words, width, 2*mostLines) {
			lines = append(lines, textLine{s, line})
		}
	}
	add(t.head, r.Name)
	if r.Width != nil {
		add(t.body, r.SizeWords())
	} else {
		add(t.body, "could not be shown")
	}
	if p := r.Placement; p != nil {
		for _, words := range p.Words() {
			add(t.body, words)
		}
	}
	if b := r.Box; b != nil {
		add(t.label, boxWords(b))
		add(t.digest, fmt.Sprintf("left  %s  top    %s", given(b.Left), given(b.Top)))
		add(t.digest, fmt.Sprintf("width %s  height %s", given(b.Width), given(b.Height)))
	}
	if d.audience == export.Subject {
		return append(lines, d.frameProblems(r, width)...)
	}
	if words := origin(r.Origin); words != "" {
		add(t.label, words)
	}
	for _, digest := range []struct {
		name  string
		value *string
	}{{"SHA-256 of the file", r.SHA256}, {"SHA-256 of the pixels", r.PixelSHA256}} {
		if digest.value != nil {
			add(t.label, digest.name)
			add(t.digest, *digest.value)
		}
	}
	return append(lines, d.frameProblems(r, width)...)
}

// frameProblems returns the problems of a frame.
func (d *document) frameProblems(r *export.FrameRecord, width float64) []textLine {
	var lines []textLine
	for _, p := range d.told(r.Problems) {
		for _, line := range d.styles.body.wrap("! "+p.Code+": "+p.Message, width, 2*mostLines) {
			lines = append(lines, textLine{d.styles.body, line})
		}
	}
	return lines
}

// boxWords says what the numbers of a box are.
func boxWords(b *export.BoxRecord) string {
	if b.Unit != nil && *b.Unit == annotate.Pixel {
		return "box as given, in pixels"
	}
	return "box as given, in shares of the picture"
}

func given(n decode.Number) string {
	if n == "" {
		return "-"
	}
	return string(n)
}

// origin says where the bytes came from.
func origin(o *decode.Origin) string {
	switch {
	case o == nil:
		return ""
	case o.Kind == "s3":
		return decode.S3Object{Bucket: o.Bucket, Name: o.Key}.String()
	case o.Encoding != "":
		return "in the result, as " + o.Encoding
	}
	return o.Kind
}
