package awscli

import (
	"strings"
	"unicode/utf8"
)

// scalarStyle is how YAML writes a text.
type scalarStyle int

const (
	plain scalarStyle = iota
	singleQuoted
	doubleQuoted
)

// textFacts is what decides the style of a text.
type textFacts struct {
	special               bool // a character that only an escape can spell
	multiline             bool
	leading, trailing     bool // space or a line break at an end
	spaceBreak            bool // a space before a line break
	breakSpace            bool // a line break before a space
	indicator, marker     bool // a character that YAML would read as its own; "---" or "..."
	previousSpace, breakB bool // the character before was a space, a line break
}

// styleOf chooses the plainest style that reads back as s. A key must fit in one line.
func styleOf(s string, key bool) scalarStyle {
	f := factsOf(s)
	style := plain
	if resolve(s) != yamlString || f.leading || f.trailing || f.multiline || f.indicator || f.marker {
		style = singleQuoted
	}
	if f.special || f.spaceBreak || f.breakSpace || key && f.multiline {
		style = doubleQuoted
	}
	return style
}

func factsOf(s string) textFacts {
	f := textFacts{marker: strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...")}
	afterBlank := true
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+n:])
		beforeBlank := i+n == len(s) || blank(next)
		f.indicator = f.indicator || indicates(r, i == 0, afterBlank, beforeBlank)
		f.special = f.special || !printable(r)
		f.note(r, i == 0, i+n == len(s))
		afterBlank = blank(r)
		i += n
	}
	return f
}

// indicates says whether r would be more than text at its place in a plain scalar of a block.
func indicates(r rune, first, afterBlank, beforeBlank bool) bool {
	switch {
	case first && strings.ContainsRune("#,[]{}&*!|>'\"%@`", r):
		return true
	case first && strings.ContainsRune("?-", r), r == ':':
		return beforeBlank
	}
	return r == '#' && afterBlank
}

// note keeps track of spaces and line breaks.
func (f *textFacts) note(r rune, first, last bool) {
	switch {
	case r == ' ':
		f.breakSpace = f.breakSpace || f.breakB
	case lineBreak(r):
		f.multiline = true
		f.spaceBreak = f.spaceBreak || f.previousSpace
	}
	if r == ' ' || lineBreak(r) {
		f.leading = f.leading || first
		f.trailing = f.trailing || last
	}
	f.previousSpace, f.breakB = r == ' ', lineBreak(r)
}

func blank(r rune) bool { return r == ' ' || r == '\t' || r == 0 || lineBreak(r) }

// lineBreak counts the breaks of Unicode too.
func lineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// printable is what the CLI's YAML library writes as it is: nothing beyond the basic plane.
func printable(r rune) bool {
	switch {
	case r == '\n', 0x20 <= r && r <= 0x7e:
		return true
	case r == 0xfeff, r == 0xfffe, r == 0xffff:
		return false
	}
	return 0xa0 <= r && r < 0x10000
}
