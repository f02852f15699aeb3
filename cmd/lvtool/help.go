package main

import (
	"strings"

	"github.com/urfave/cli/v2"
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
