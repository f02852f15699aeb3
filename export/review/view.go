package review

import (
	"cmp"
	"fmt"
	"html/template"
	"math/big"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// A sessionView is what the template shows of a session.
type sessionView struct {
	N, Of                  int
	Title, Folder          string
	Status, Challenge      string
	Scored                 bool
	Comparison, Short, Met string
	SortScore              string
	HasScore, HasTick      bool
	ScoreAt, TickAt        int
	Search                 string
	Problems, Feedback     []remarkView
	Frames                 []frameView
	Faces                  []faceView
	Wide                   int // frames in a row
	Measures               []measureView
	Facts, Digests         []factView
	Earlier                []earlierView
	Source                 string
	bytes                  int // of images and sources, embedded
	binding                Binding
}

type remarkView struct{ Frame, Code, Message string }

type factView struct{ Name, Value string }

type earlierView struct{ Choice, Words, By, Time, Reasons, Note string }

// view returns what a page with the number n-th session shows of s.
func (s *Session) view(n int, opts *Options) *sessionView {
	r := s.Report
	v := &sessionView{
		N:       n,
		Title:   orText(r.Session.ID, "Session without an id"),
		Folder:  s.Name,
		Status:  orText(r.Session.Status, ""),
		Scored:  opts.scored(),
		Wide:    min(max(len(s.Frames), 1), 6),
		Facts:   s.facts(opts),
		binding: s.Binding(),
	}
	if r.Session.ID != nil && *r.Session.ID == s.Name {
		v.Folder = ""
	}
	if c := r.Session.Challenge; c != nil {
		v.Challenge = strings.TrimSpace(c.Type + " " + c.Version)
	}
	if v.Scored {
		v.score(r)
	}
	v.remarks(s, opts)
	for i, f := range s.Frames {
		v.Frames = append(v.Frames, f.view(fmt.Sprintf("%d-%d", n, i)))
		v.bytes += len(v.Frames[i].Image)
	}
	v.Faces = s.faces(n)
	if opts.Audience != Subject {
		v.Measures = s.measures()
		v.Digests = s.digests(v.binding.Report)
	}
	if opts.Audience != Subject && v.Scored {
		v.Source = source(s.ReportJSON)
		v.bytes += len(v.Source)
	}
	v.Earlier = s.earlier(opts)
	v.Search = v.search()
	return v
}

// maxSource is the most bytes of a report that a page shows.
const maxSource = 1 << 20

// source returns what is shown of a report: all of it, unless that is
// more than any result gives.
func source(report []byte) string {
	if len(report) > maxSource {
		return fmt.Sprintf("not shown: %d bytes, more than %d", len(report), maxSource)
	}
	return string(report)
}

// score fills in what is known of the session's confidence.
func (v *sessionView) score(r *export.Report) {
	short := *r
	short.Session.Confidence = cut(r.Session.Confidence)
	v.Comparison = capital(short.Comparison())
	v.Short, v.Met = or(string(short.Session.Confidence), "no confidence"), "none"
	if r.Threshold != nil && r.Threshold.Met != nil {
		v.Short = strings.NewReplacer("confidence ", "", "threshold ", "").Replace(short.Comparison())
		v.Met = map[bool]string{true: "met", false: "below"}[*r.Threshold.Met]
	}
	if v.ScoreAt, v.HasScore = thousandths(r.Session.Confidence); v.HasScore {
		score, _ := r.Session.Confidence.Rat()
		v.SortScore = score.FloatString(12)
	}
	if r.Threshold != nil {
		v.TickAt, v.HasTick = thousandths(r.Threshold.Value)
		v.TickAt = max(0, v.TickAt-2)
	}
}

// cut returns a confidence with two decimals at most, never more than it is, so
// that one below a threshold never looks as if it met it. The facts have all
// digits.
func cut(n decode.Number) decode.Number {
	r, err := n.Rat()
	if err != nil || r.Sign() < 0 {
		return n
	}
	hundredths := new(big.Int).Quo(new(big.Int).Mul(r.Num(), big.NewInt(100)), r.Denom())
	text := new(big.Rat).SetFrac(hundredths, big.NewInt(100)).FloatString(2)
	return decode.Number(strings.TrimSuffix(strings.TrimRight(text, "0"), "."))
}

// thousandths returns a number of 0 to 100 in tenths, cut.
func thousandths(n decode.Number) (int, bool) {
	r, err := n.Rat()
	if err != nil || r.Sign() < 0 || r.Cmp(big.NewRat(100, 1)) > 0 {
		return 0, false
	}
	r.Mul(r, big.NewRat(10, 1))
	return int(new(big.Int).Quo(r.Num(), r.Denom()).Int64()), true
}

// remarks fills in the problems and the feedback.
func (v *sessionView) remarks(s *Session, opts *Options) {
	for _, p := range s.Report.AllProblems() {
		if opts.scored() || !s.Report.Tells(p.Code+" "+p.Message) {
			v.Problems = append(v.Problems, remarkView{orText(p.Frame, ""), p.Code, p.Message})
		}
	}
	for _, f := range s.Report.Session.Feedback {
		if opts.scored() || !s.Report.Tells(f.Code+" "+f.Message) {
			v.Feedback = append(v.Feedback, remarkView{Code: f.Code, Message: f.Message})
		}
	}
}

func (v *sessionView) search() string {
	words := []string{v.Title, v.Folder, v.Status}
	for _, p := range v.Problems {
		words = append(words, p.Code, p.Message)
	}
	return strings.ToLower(strings.Join(words, " "))
}

func (s *Session) facts(opts *Options) []factView {
	r := s.Report
	status := orText(r.Session.Status, "not in the result")
	if status == "SUCCEEDED" {
		status += ": the check was completed"
	}
	list := []factView{{"Status", status}}
	if opts.scored() {
		list = append(list, factView{"Confidence", r.Comparison()})
	}
	list = append(list, factView{"Frames", fmt.Sprint(len(s.Frames))})
	if opts.Audience == Subject {
		return list
	}
	if names := sortedKeys(r.Session.Extra); opts.scored() && len(names) > 0 {
		list = append(list, factView{"Also given", strings.Join(names, ", ") + " (see report.json)"})
	}
	list = append(list, factView{"Source", fmt.Sprintf("%s, %d bytes", r.Source.Name, r.Source.Bytes)})
	return append(list, factView{"Report by", strings.TrimSpace("lvtool " + r.Tool.Version + " " + r.Tool.Go)})
}

func (s *Session) digests(report string) []factView {
	list := []factView{{"source", s.Report.Source.SHA256}, {"report.json", report}}
	for _, f := range s.Frames {
		if f.Data == nil {
			continue
		}
		list = append(list, factView{f.Record.Name, *f.Record.SHA256},
			factView{f.Record.Name + ", pixels", f.PixelSHA256.String()})
	}
	return list
}

// earlier returns the decisions that were made about s before.
func (s *Session) earlier(opts *Options) []earlierView {
	var list []earlierView
	report := digest(s.ReportJSON)
	for _, e := range opts.Earlier {
		if e.Report == report {
			list = append(list, earlierView{
				Choice: string(e.Choice), Words: choiceWords(e.Choice), By: e.Reviewer, Time: e.Time,
				Reasons: strings.Join(reasonTexts(e.Reasons, opts.Reasons), ", "), Note: e.Note,
			})
		}
	}
	return list
}

func choiceWords(c Choice) string {
	if c == Resubmit {
		return "asked for resubmission"
	}
	return "decided: " + string(c)
}

// reasonTexts returns what codes stand for, where the list says.
func reasonTexts(codes []string, list []Reason) []string {
	var texts []string
	for _, code := range codes {
		i := slices.IndexFunc(list, func(r Reason) bool { return r.Code == code })
		if i >= 0 {
			code = list[i].Text
		}
		texts = append(texts, code)
	}
	return texts
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare[string])
	return keys
}

func orText(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

// capital returns s, which begins with an ASCII letter, with a capital one.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// trusted marks text that this package made of numbers and Base64 alone.
func trusted(format string, args ...any) template.HTML {
	return template.HTML(fmt.Sprintf(format, args...)) //nolint:gosec // callers pass numbers and Base64
}
