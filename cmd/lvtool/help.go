package main

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// flagHelp returns what help says of a flag: its names, the word for its value,
// what it does, and its default where it has one. That every flag has a
// variable is said once, in the help of the program.
func flagHelp(f cli.Flag) string {
	d := f.(cli.DocGenerationFlag)
	word, usage := "", d.GetUsage()
	if d.TakesValue() {
		word = "VALUE"
		if _, rest, ok := strings.Cut(usage, "`"); ok {
			word, _, _ = strings.Cut(rest, "`")
		}
	}
	var names []string
	for _, n := range f.Names() {
		names = append(names, strings.TrimSpace(dashes(n)+" "+word))
	}
	usage = strings.ReplaceAll(usage, "`", "")
	if v := d.GetDefaultText(); d.TakesValue() && v != "" && v != "0" {
		usage += " (default " + strings.Trim(v, `"`) + ")"
	}
	return strings.Join(names, ", ") + "\t" + usage
}

func dashes(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// helpWidth is how many columns help has at most.
const helpWidth = 100

// setHelp has the library write help as lvtool does.
func setHelp() {
	cli.FlagStringer = flagHelp
	print := cli.HelpPrinter
	cli.HelpPrinter = func(w io.Writer, template string, data any) {
		var b strings.Builder
		print(&b, template, data)
		for line := range strings.Lines(b.String()) {
			_, _ = io.WriteString(w, wrapHelp(line))
		}
	}
}

// optionHelp is a line of help that begins with an option.
var optionHelp = lazyregexp.New(`^( +-\S.*?  +)(\S.*)\n$`)

// wrapHelp breaks the line of an option that is too long: what follows stands
// below what the first line says.
func wrapHelp(line string) string {
	m := optionHelp.FindStringSubmatch(line)
	if m == nil || utf8.RuneCountInString(line) <= helpWidth {
		return line
	}
	indent := utf8.RuneCountInString(m[1])
	var b strings.Builder
	b.WriteString(m[1])
	column := indent
	for i, word := range strings.Fields(m[2]) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > helpWidth:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String() + "\n"
}
