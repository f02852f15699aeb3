package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// onUsageError says what the parser of options found in the words of the command
// line: it writes -name for every option, however it was given.
func onUsageError(c *cli.Context, err error, _ bool) error {
	text := strings.TrimPrefix(err.Error(), "cli: ")
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		e := usageError("%s has no option %s", commandName(c), dashed(name))
		e.hint = didYouMean(name, optionNames(c.Command.Flags), dashed)
		return withHelp(c, e)
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		text = dashed(name) + " needs a value"
	}
	if unread := unreadable(c, text); unread != "" {
		text = unread
	}
	return withHelp(c, usageError("%s", text))
}

// What the parser says of a value that is none of the option's kind, on the
// command line and in a variable.
var (
	badValue    = lazyregexp.New(`(?s)^invalid (?:boolean )?value (".*") for (?:flag )?-([^ ]+): `)
	badVariable = lazyregexp.New(`(?s)^could not parse (".*") as .* from (.*) for flag ([^ ]+): `)
)

// unreadable says, in lvtool's words, which value of an option is none of its
// kind; "" for another complaint of the parser.
func unreadable(c *cli.Context, text string) string {
	var quoted, name, from string
	if m := badValue.FindStringSubmatch(text); m != nil {
		quoted, name, from = m[1], m[2], dashed(m[2])
	} else if m := badVariable.FindStringSubmatch(text); m != nil {
		variable := strings.TrimPrefix(m[2], `environment variable "`)
		quoted, name, from = m[1], m[3], strings.TrimSuffix(variable, `"`)
	} else {
		return ""
	}
	value, err := strconv.Unquote(quoted)
	if err != nil {
		value = quoted
	}
	want := "a whole number"
	if _, isBool := names(c.Command, dashed(name)).(*cli.BoolFlag); isBool {
		want = "true or false"
	}
	return fmt.Sprintf("%s=%s: want %s", from, value, want)
}

// commandName returns the words that a command is called by, as "batch plan".
func commandName(c *cli.Context) string { return strings.TrimPrefix(c.Command.HelpName, "lvtool ") }

// withHelp names, where an error has no hint of its own, the help of the command
// whose line was wrong.
func withHelp(c *cli.Context, err error) error {
	if e, ok := errors.AsType[*exitError](err); ok && e.code == exitUsage && e.hint == "" {
		e.hint = "see " + c.Command.HelpName + " --help"
	}
	return err
}

// noCommand is what runs where the first argument names no command.
func noCommand(c *cli.Context) error {
	name := c.Args().First()
	if name == "" {
		return cli.ShowAppHelp(c)
	}
	return unknownCommand(name, c.App.VisibleCommands())
}

// noSubcommand is what runs of a command that has others below it, and does
// nothing by itself.
func noSubcommand(c *cli.Context) error {
	name := c.Args().First()
	if name == "" {
		return cli.ShowSubcommandHelp(c)
	}
	return withHelp(c, unknownCommand(name, c.Command.Subcommands))
}

// helpLast turns "help batch plan", and "batch help plan", into "batch plan --help":
// the library knows help on the commands of the first level alone. Of a command
// that takes arguments itself, help is one. And --version, which every other program
// has, is the command of that name.
func helpLast(app *cli.App, args []string) []string {
	if len(args) == 2 && args[1] == "--version" {
		return []string{args[0], "version"}
	}
	isHelp := func(i int) bool { return len(args) > i && (args[i] == "help" || args[i] == "h") }
	if isHelp(1) && len(args) > 2 {
		return append(append([]string{args[0]}, args[2:]...), "--help")
	}
	if !isHelp(2) {
		return args
	}
	if c := app.Command(args[1]); c != nil && c.ArgsUsage == groupArgs {
		return append(append([]string{args[0], args[1]}, args[3:]...), "--help")
	}
	return args
}

func unknownCommand(name string, commands []*cli.Command) *exitError {
	err := usageError("unknown command %q", name)
	var names []string
	for _, command := range commands {
		names = append(names, command.Names()...)
	}
	err.hint = didYouMean(name, names, func(name string) string { return `"` + name + `"` })
	return err
}

func optionNames(flags []cli.Flag) []string {
	var names []string
	for _, f := range flags {
		names = append(names, f.Names()...)
	}
	return names
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// didYouMean returns a hint that names what is spelled most like name, or "" if
// nothing is: a third of the letters, and at least one, may be others.
func didYouMean(name string, known []string, show func(string) string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, k := range known {
		if d := distance(name, k); len(k) > 1 && d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + show(best) + "?"
}

// distance returns how many bytes must be put in, left out or replaced to make b
// of a (Levenshtein). Both are as long as people type.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
