package export

import (
	"image"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// header lays out what is known of the session as a whole.
func (t *theme) header(r *Report, width int) *layer {
	l := &layer{}
	tool := t.note.face.Shorten(r.Tool.name(), width/3)
	l.write(t.note, width-t.note.face.Width(tool), 8, tool)
	l.write(t.title, 0, 0, "Face Liveness session")
	y := t.title.lineHeight() + 4
	y = l.paragraph(t.id, 0, y, t.id.fit(orNone(r.Session.ID), width, 2)) + 10
	l.fill(image.Rect(0, y, width, y+1), line)
	y += 21

	left := width * 11 / 20
	l.put(image.Pt(0, y), t.facts(r, left))
	l.put(image.Pt(left+gap, y), t.confidence(r, width-left-gap))
	l.height += 12
	return l
}

// facts lays out a table of names and values.
func (t *theme) facts(r *Report, width int) *layer {
	s := &r.Session
	l := &layer{}
	y := t.fact(l, 0, width, "Status", t.name, orNone(s.Status))
	if s.Status != nil && *s.Status == "SUCCEEDED" {
		last := l.runs[len(l.runs)-1].rect
		l.write(t.label, last.Max.X+8, last.Min.Y, "the check was completed")
	}
	y = t.fact(l, y, width, "Challenge", t.body, challengeWords(s))
	y = t.fact(l, y, width, "Images", t.body, countWords(r))
	if sdk := sdkType(s); sdk != "" {
		y = t.fact(l, y, width, "SDK type", t.body, clip(sdk, longest/2)+" (self-reported by the client)")
	}
	if len(s.Extra) > 0 {
		names := strings.Join(slices.Sorted(maps.Keys(s.Extra)), ", ")
		y = t.fact(l, y, width, "Also given", t.body, clip(names, longest/2)+" (see report.json)")
	}
	y = t.fact(l, y, width, "Source", t.body, r.Source.Name)
	t.fact(l, y, width, "SHA-256", t.digest, r.Source.SHA256)
	return l
}

// fact puts a name and its value at y and returns the y below.
func (t *theme) fact(l *layer, y, width int, name string, s style, value string) int {
	const column = 92
	l.write(t.label, 0, y, name)
	// Smaller letters stand on the same line as the name.
	drop := max(0, t.label.face.Ascent()-s.face.Ascent())
	return l.paragraph(s, column, y+drop, s.fit(value, width-column, 3)) - drop + 5
}

// confidence lays out the confidence in words and as a bar from 0 to 100, with
// the threshold as a tick.
func (t *theme) confidence(r *Report, width int) *layer {
	const (
		bar  = 14
		over = 5 // the tick stands out by this much
	)
	l := &layer{}
	y := l.paragraph(t.head, 0, 0, t.head.fit(capital(r.Comparison()), width, 4)) + 8
	ground := image.Rect(0, y, width, y+bar)
	l.fill(ground, line)
	if w, ok := scale(r.Session.Confidence, width); ok {
		l.fill(image.Rect(0, y, w, y+bar), accent)
	}
	if r.Threshold != nil {
		if x, ok := scale(r.Threshold.Value, width-3); ok {
			l.fill(image.Rect(x, y-over, x+3, y+bar+over), ink)
		}
	}
	y += bar + over + 3
	l.write(t.note, 0, y, "0")
	l.write(t.note, width-t.note.face.Width("100"), y, "100")
	note := "The service's score for the whole session."
	if r.Threshold != nil {
		note += " The tick is the caller's threshold."
	}
	l.paragraph(t.note, 0, y+t.note.lineHeight(), t.note.wrap(note, width))
	return l
}

// capital returns s with a capital letter.
func capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// notes lays out the feedback and the problems as single lines, so that a page
// may end between any two.
func (t *theme) notes(r *Report, width int) []*layer {
	var list []*layer
	if len(r.Session.Feedback) > 0 {
		list = append(list, t.heading("Feedback of the service"))
		for i, f := range r.Session.Feedback {
			if i == mostRemarks {
				list = append(list, t.more(len(r.Session.Feedback)-i))
				break
			}
			list = append(list, t.remark(f.Code, f.Message, width)...)
		}
	}
	return append(list, t.problems(r, width)...)
}

// mostRemarks is the most remarks of one kind that a sheet shows.
const mostRemarks = 100

// problems lays out the problems of the session and of its frames.
func (t *theme) problems(r *Report, width int) []*layer {
	type problem struct{ code, message string }
	var all []problem
	for _, p := range r.Problems {
		all = append(all, problem{p.Code, p.Message})
	}
	for _, f := range r.Frames {
		for _, p := range f.Problems {
			all = append(all, problem{p.Code, f.Name + ": " + p.Message})
		}
	}
	if len(all) == 0 {
		return nil
	}
	title := "Problems"
	if len(r.Frames) == 0 {
		title = "No image to show"
	}
	list := []*layer{t.heading(title)}
	for i, p := range all {
		if i == mostRemarks {
			return append(list, t.more(len(all)-i))
		}
		list = append(list, t.remark(p.code, p.message, width)...)
	}
	return list
}

// heading lays out the title of a list.
func (t *theme) heading(title string) *layer {
	l := &layer{}
	l.write(t.head, 0, 16, title)
	l.height += 6
	return l
}

// more says how many remarks are left out.
func (t *theme) more(n int) *layer {
	l := &layer{}
	l.write(t.note, inset, 0, "and "+plural(n, "more remark")+" in report.json")
	return l
}

// remark lays out a code and, to the right of it, a message.
func (t *theme) remark(code, message string, width int) []*layer {
	const column = 260
	codes := t.digest.wrap(code, column-2*inset)
	messages := t.body.wrap(message, width-column)
	list := make([]*layer, max(len(codes), len(messages)))
	for i := range list {
		l := &layer{height: t.body.lineHeight()}
		l.fill(image.Rect(0, 0, 4, l.height), accent)
		if i < len(codes) {
			l.write(t.digest, inset, t.body.face.Ascent()-t.digest.face.Ascent(), codes[i])
		}
		if i < len(messages) {
			l.write(t.body, column, 0, messages[i])
		}
		list[i] = l
	}
	list[len(list)-1].height += 6
	return list
}
