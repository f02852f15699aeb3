package awscli

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/width"

	"github.com/lvtool/lvtool/internal/pyval"
)

const (
	padding      = 4 // columns around a cell
	defaultWidth = 80

	cellColor  = "\x1b[1m\x1b[34m"
	frameColor = "\x1b[2m\x1b[33m"
	resetColor = "\x1b[0m"
)

// columns is how many columns of a terminal s takes, by the CLI's count.
func columns(s string) int {
	n := 0
	for _, r := range pyval.Runes(s) {
		n++
		if wide(r) {
			n++
		}
	}
	return n
}

// wide counts characters of ambiguous width as wide, and those that Unicode has not assigned.
func wide(r rune) bool {
	if utf16.IsSurrogate(r) {
		return false
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
		return true
	}
	return unicode.Is(unicode.Cn, r)
}

func (t *table) render(w *writer, style Style) error {
	total := t.width()
	limit := style.Width
	if limit == 0 {
		limit = defaultWidth
	}
	if total > limit {
		t.turn()
		total = t.width()
	}
	out := &lines{w: w, style: style}
	out.raw(strings.Repeat("-", total) + "\n")
	for _, s := range t.sections {
		out.indent = s.indent
		s.render(out, total-2*s.indent)
	}
	return out.err
}

func (t *table) width() int {
	n := 0
	for _, s := range t.sections {
		n = max(n, s.width())
	}
	return n
}

func (s *section) width() int {
	borders := 2 + 2*s.indent
	cells := borders
	for _, w := range s.widths {
		cells += w + padding
	}
	return max(columns(s.title)+borders, cells)
}

// turn writes every section of one row the other way: a line for each of its columns.
func (t *table) turn() {
	for i, s := range t.sections {
		if len(s.rows) != 1 || len(s.headers) == 0 {
			continue
		}
		turned := &section{title: s.title, indent: s.indent, columns: 2, widths: make([]int, 2)}
		for k := range min(len(s.headers), len(s.rows[0])) {
			row := []string{s.headers[k], s.rows[0][k]}
			turned.rows = append(turned.rows, row)
			_ = turned.widen(row) // two cells, two columns
		}
		t.sections[i] = turned
	}
}

func (s *section) render(out *lines, total int) {
	if s.title != "" {
		out.line(center(s.title, total, "|"))
		if len(s.headers) == 0 && len(s.rows) == 0 {
			out.line("+" + repeat("-", total-2) + "+")
		}
	}
	widths := s.scaled(total)
	if len(s.headers) > 0 {
		out.rule(widths)
		var b strings.Builder
		for i := range min(len(widths), len(s.headers)) {
			b.WriteString(center(s.headers[i], widths[i], edge(i)))
		}
		out.line(b.String())
	}
	if len(s.rows) == 0 || len(widths) == 0 {
		return
	}
	out.rule(widths)
	for _, row := range s.rows {
		var b strings.Builder
		for i := range min(len(widths), len(row)) {
			b.WriteString(left(row[i], widths[i], edge(i), out.style.Color))
		}
		out.line(b.String())
	}
	out.rule(widths)
}

// scaled stretches or shrinks the columns to a total, in proportion; what rounding leaves over goes
// to the last columns, what it takes too much comes from the first.
func (s *section) scaled(total int) []int {
	sum := 0
	for _, w := range s.widths {
		sum += w + padding
	}
	scaled := make([]int, len(s.widths))
	off := -total
	factor := float64(total) / float64(sum)
	for i, w := range s.widths {
		scaled[i] = int(math.RoundToEven(factor * float64(w+padding)))
		off += scaled[i]
	}
	for n := len(scaled); off != 0 && n > 0; {
		for i := 0; i < n && off != 0; i++ {
			if off > 0 {
				scaled[i]--
				off--
			} else {
				scaled[n-1-i]++
				off++
			}
		}
	}
	return scaled
}

// edge is the left border of a cell: only the first has one of its own.
func edge(i int) string {
	if i == 0 {
		return "|"
	}
	return ""
}

func repeat(s string, n int) string { return strings.Repeat(s, max(n, 0)) }

// center puts text in the middle of a cell of the given width.
func center(text string, width int, border string) string {
	n := columns(text)
	before := width/2 - n/2 - 1
	after := width - 1 - (len(border) + before + n)
	return border + repeat(" ", before) + text + repeat(" ", after) + "|"
}

// left puts text at the left of a cell, two columns in where there is room for that.
func left(text string, width int, border string, color bool) string {
	n := columns(text)
	indent := 0
	if width >= n+2+len(border)+1 {
		indent = 2
	}
	after := width - 1 - (len(border) + indent + n)
	if color {
		text = cellColor + text + resetColor
	}
	return border + repeat(" ", indent) + text + repeat(" ", after) + "|"
}

// lines writes lines between the bars of their indentation.
type lines struct {
	w      *writer
	style  Style
	indent int
	err    error
}

func (l *lines) raw(s string) {
	if l.style.Color && l.style.Reset {
		s += resetColor
	}
	if l.err == nil {
		l.err = l.w.write(s)
	}
}

func (l *lines) line(s string) {
	bar := "|"
	if l.style.Color {
		bar = frameColor + bar + resetColor
	}
	bars := strings.Repeat(bar, l.indent)
	for _, piece := range []string{bars, s, bars, "\n"} {
		l.raw(piece)
	}
}

// rule draws the line between rows, with a cross between columns.
func (l *lines) rule(widths []int) {
	var b strings.Builder
	for i, w := range widths {
		if i == 0 {
			b.WriteString("+" + repeat("-", w-2) + "+")
			continue
		}
		b.WriteString(repeat("-", w-1) + "+")
	}
	l.line(b.String())
}
