package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/export"
)

// Made says what [Write] made.
type Made struct {
	// Files are the names of the files, the one to open first.
	Files []string
	// Sessions counts the sessions that the pages show.
	Sessions int
	// Repeated are the names of sessions that were left out, since their report
	// is that of one before, byte for byte.
	Repeated []string
}

// Write makes the page of some sessions and hands it to put. Where they are more
// than a page holds ([Options]), it makes several, and an index of them under
// the name that the page would have had. Sessions are taken one by one and held
// no longer than until their page is made. Write fails with an [ErrOptions],
// and with the error of sessions or put.
func Write(sessions iter.Seq2[*Session, error], opts *Options, put export.Put) (*Made, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	w := &writer{opts: opts.withDefaults(), put: put, seen: map[string]bool{}}
	for s, err := range sessions {
		if err != nil {
			return nil, err
		}
		if err := w.add(s); err != nil {
			return nil, err
		}
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	return &w.made, nil
}

// A writer is one run of Write.
type writer struct {
	opts  *Options
	put   export.Put
	made  Made
	seen  map[string]bool // reports
	page  []*sessionView  // the page being filled
	bytes int             // of its images
	index []indexPage     // the pages that were made
}

// add adds a session to the page, or begins another.
func (w *writer) add(s *Session) error {
	report := digest(s.ReportJSON)
	if w.seen[report] {
		w.made.Repeated = append(w.made.Repeated, s.Name)
		return nil
	}
	w.seen[report] = true
	w.made.Sessions++
	v := s.view(len(w.page)+1, w.opts)
	if len(w.page) > 0 && (len(w.page) == w.opts.PageSessions || w.bytes+v.bytes > w.opts.PageBytes) {
		if err := w.flush(true); err != nil {
			return err
		}
		v = s.view(1, w.opts)
	}
	w.page = append(w.page, v)
	w.bytes += v.bytes
	return nil
}

// finish makes the last page, and the index of several.
func (w *writer) finish() error {
	if err := w.flush(false); err != nil {
		return err
	}
	if len(w.index) == 1 {
		return nil
	}
	w.made.Files = slices.Insert(w.made.Files, 0, w.opts.Name)
	return w.execute(w.opts.Name, "index.html", struct {
		common
		Pages []indexPage
	}{w.common(w.made.Sessions, assets().index), w.index})
}

// An indexPage is a page, as the index lists it.
type indexPage struct {
	File          string
	Number, First int
	Sessions      []indexSession
}

type indexSession struct {
	N                    int
	Title, Status, Short string
	Problems             int
}

// common is what all files show.
type common struct {
	Title, For, Maker, Count string
	Policy                   string
	Style                    template.CSS
	Audience                 Audience
	Scored, Decides          bool
}

func (w *writer) common(sessions int, policy string) common {
	c := common{
		Title: w.opts.Title, Count: plural(sessions, "session"),
		Maker:  strings.TrimSpace("lvtool " + w.opts.Tool.Version),
		Policy: policy, Style: assets().style,
		Audience: w.opts.Audience, Scored: w.opts.scored(), Decides: w.opts.decides(),
		For: w.opts.Audience.Words(),
	}
	if w.opts.Blind {
		c.For += ", without score and earlier decisions"
	}
	return c
}

// flush makes the page of the sessions that are held. more says that another
// will follow.
func (w *writer) flush(more bool) error {
	number := len(w.index) + 1
	policy := assets().policy
	if w.opts.Served {
		policy = assets().served
	}
	p := struct {
		common
		Number                int // 0 for the only page
		Index, Previous, Next string
		Page, Save            string
		Start, Script         template.JS
		Data                  template.JS
		Statuses              []string
		Reasons               []Reason
		Sessions              []*sessionView
	}{
		common: w.common(len(w.page), policy), Start: start, Script: assets().script,
		Statuses: statuses(w.page), Reasons: w.opts.Reasons, Sessions: w.page,
	}
	if w.opts.Served {
		p.Save = SaveName
	}
	name := w.opts.Name
	if more || number > 1 {
		name, p.Number = w.pageName(number), number
		p.Index = path.Base(w.opts.Name)
		if number > 1 {
			p.Previous = w.pageName(number - 1)
		}
		if more {
			p.Next = w.pageName(number + 1)
		}
	}
	for _, v := range w.page {
		v.Of = len(w.page)
	}
	var err error
	if p.Data, p.Page, err = w.data(); err != nil {
		return err
	}
	w.note(name, number)
	w.page, w.bytes = nil, 0
	return w.execute(name, "page.html", p)
}

// note lists the page that is made in the index.
func (w *writer) note(name string, number int) {
	entry := indexPage{File: name, Number: number, First: 1}
	if number > 1 {
		last := w.index[number-2]
		entry.First = last.First + len(last.Sessions)
	}
	for _, v := range w.page {
		entry.Sessions = append(entry.Sessions, indexSession{v.N, v.Title, v.Status, v.Short, len(v.Problems)})
	}
	w.index = append(w.index, entry)
	w.made.Files = append(w.made.Files, name)
}

// pageName returns the name of one page of several.
func (w *writer) pageName(n int) string {
	ext := path.Ext(w.opts.Name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(w.opts.Name, ext), n, ext)
}

func (w *writer) execute(name, tmpl string, data any) error {
	var b bytes.Buffer
	if err := assets().page.ExecuteTemplate(&b, tmpl, data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return w.put(name, b.Bytes())
}

// data returns what the script knows, and its digest, which is what decisions
// call the page.
func (w *writer) data() (text template.JS, page string, err error) {
	type entry struct {
		N int `json:"n"`
		*Binding
	}
	list := []entry{}
	for _, v := range w.page {
		e := entry{N: v.N}
		if w.opts.bound() {
			e.Binding = &v.binding
		}
		list = append(list, e)
	}
	reasons := []Reason{}
	if w.opts.decides() {
		reasons = w.opts.Reasons
	}
	data, err := json.Marshal(map[string]any{
		"schema": DecisionsSchema, "audience": w.opts.Audience, "blind": w.opts.Blind, "decides": w.opts.decides(),
		"sessions": list, "reasons": reasons,
	})
	if err != nil {
		return "", "", fmt.Errorf("writing the page's data: %w", err)
	}
	// Marshal has escaped what would end the element, and JSON is JavaScript.
	return template.JS(data), digest(data), nil //nolint:gosec // see above
}

// statuses returns the different statuses of sessions, sorted.
func statuses(list []*sessionView) []string {
	set := map[string]bool{}
	for _, v := range list {
		if v.Status != "" {
			set[v.Status] = true
		}
	}
	return sortedKeys(set)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
