package pdf

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// Most lines of what, on paper.
const (
	mostRemarks = 60 // of feedback and of problems, each
	mostLines   = 4  // of one remark or fact
)

// header writes what is known of the session as a whole.
func (d *document) header() {
	t, r := d.styles, d.report
	d.lines(t.title, 0, []string{"Face Liveness session"})
	if d.audience != "" {
		d.lines(t.note, 0, []string{capital(d.audience.Words())})
	}
	d.lines(t.id, 0, t.id.wrap(orNone(r.Session.ID), d.content(), 3))
	d.space(6)
	page, y := d.place(12)
	page.fill(rect{margin, y, d.content(), 0.6}, lineColor)
	if d.scored() {
		d.lines(t.head, 0, t.head.wrap(capital(r.Comparison()), d.content(), 3))
		d.space(4)
	}
	d.fact("Status", t.body, status(r))
	d.fact("Challenge", t.body, r.Session.ChallengeWords())
	d.fact("Images", t.body, r.CountWords())
	if d.scored() {
		d.origins(r)
	}
	d.remarks(r)
	d.space(10)
}

// origins writes where the session came from.
func (d *document) origins(r *export.Report) {
	t := d.styles
	if sdk := r.Session.SDKType(); sdk != "" {
		d.fact("SDK type", t.body, sdk+" (self-reported by the client)")
	}
	if names := slices.Sorted(maps.Keys(r.Session.Extra)); len(names) > 0 {
		d.fact("Also given", t.body, strings.Join(names, ", ")+" (see report.json)")
	}
	d.fact("Source", t.body, r.Source.Name)
	d.fact("SHA-256", t.digest, r.Source.SHA256)
	d.fact("Made by", t.body, strings.TrimSpace(r.Tool.Name()+" "+r.Tool.Go))
}

func status(r *export.Report) string {
	s := orNone(r.Session.Status)
	if s == "SUCCEEDED" {
		s += " (the check was completed)"
	}
	return s
}

// fact writes a name and its value.
func (d *document) fact(name string, s style, value string) {
	const column = 66
	if value == "" {
		return
	}
	for i, line := range s.wrap(value, d.content()-column, mostLines) {
		page, y := d.place(d.styles.body.leading())
		if i == 0 {
			page.write(d.styles.label, margin, y, name)
		}
		// Smaller letters stand on the same line as the name.
		page.write(s, margin+column, y+float64(d.styles.body.face.Ascent()-s.face.Ascent())/precision, line)
	}
}

// remarks writes feedback and problems.
func (d *document) remarks(r *export.Report) {
	var feedback []decode.Problem
	for _, f := range r.Session.Feedback {
		feedback = append(feedback, decode.Problem(f))
	}
	d.list("Feedback of the service", d.told(feedback))
	d.list("Problems of the session", d.told(r.Problems))
}

// told returns what of some remarks the audience may read.
func (d *document) told(all []decode.Problem) []decode.Problem {
	if d.scored() {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(p decode.Problem) bool {
		return d.report.Tells(p.Code + " " + p.Message)
	})
}

func (d *document) list(title string, all []decode.Problem) {
	if len(all) == 0 {
		return
	}
	d.space(8)
	d.lines(d.styles.head, 0, []string{title})
	for i, p := range all {
		if i == mostRemarks {
			d.lines(d.styles.note, 0, []string{"and more, in report.json"})
			return
		}
		d.lines(d.styles.body, 8, d.styles.body.wrap(p.Code+": "+p.Message, d.content()-8, mostLines))
	}
}

func orNone(s *string) string {
	if s == nil {
		return "not in the result"
	}
	return *s
}

// capital returns s with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
