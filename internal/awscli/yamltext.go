package awscli

import (
	"fmt"
	"strings"
)

// folds says whether the space at i may become a line break: past the width, not at an end, and not
// one of several.
func (e *emitter) folds(r []rune, i int) bool {
	return e.column > yamlWidth && i > 0 && i < len(r)-1 && r[i+1] != ' ' && r[i-1] != ' '
}

// plain writes text as it is. Text with line breaks never comes here.
func (e *emitter) plain(s string, fold bool) {
	if !e.space && s != "" {
		e.put(" ")
	}
	r := []rune(s)
	for i, c := range r {
		if c == ' ' && fold && e.folds(r, i) {
			e.newline()
			continue
		}
		e.put(string(c))
	}
	e.space, e.fresh = false, false
}

// single writes text between single quotes; a line break in it is an empty line.
func (e *emitter) single(s string, fold bool) {
	e.indicator("'", true, false, false)
	r := []rune(s)
	breaks := false
	for i, c := range r {
		switch {
		case c == ' ' && fold && e.folds(r, i):
			e.newline()
		case c == ' ':
			e.put(" ")
		case lineBreak(c):
			if !breaks && c == '\n' {
				e.lineBreak("\n")
			}
			e.lineBreak(string(c))
			e.fresh, breaks = true, true
		default:
			if breaks {
				e.newline()
			}
			e.put(strings.ReplaceAll(string(c), "'", "''"))
			e.fresh, breaks = false, false
		}
	}
	if breaks {
		e.newline()
	}
	e.indicator("'", false, false, false)
	e.space, e.fresh = false, false
}

// double writes text between double quotes, with escapes.
func (e *emitter) double(s string, fold bool) {
	e.indicator(`"`, true, false, false)
	r := []rune(s)
	spaces := false
	for i, c := range r {
		switch {
		case !printable(c) || lineBreak(c) || c == '"' || c == '\\':
			e.put(escape(c))
			spaces = false
		case c == ' ':
			if fold && !spaces && e.column > yamlWidth && i > 0 && i < len(r)-1 {
				e.newline()
				if r[i+1] == ' ' {
					e.put(`\`)
				}
			} else {
				e.put(" ")
			}
			spaces = true
		default:
			e.put(string(c))
			spaces = false
		}
	}
	e.indicator(`"`, false, false, false)
	e.space, e.fresh = false, false
}

var escapes = map[rune]string{
	0: `\0`, '\a': `\a`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\v': `\v`, '\f': `\f`, '\r': `\r`, 0x1b: `\e`,
	'"': `\"`, '\\': `\\`, 0x85: `\N`, 0xa0: `\_`, 0x2028: `\L`, 0x2029: `\P`,
}

func escape(r rune) string {
	s, ok := escapes[r]
	switch {
	case ok:
		return s
	case r < 0x100:
		return fmt.Sprintf(`\x%02X`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return fmt.Sprintf(`\U%08X`, r)
}
