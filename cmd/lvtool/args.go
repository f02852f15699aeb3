package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves the flags of a command before its arguments. The flag
// parser stops at the first argument and would take the flags behind it for
// file names, without a word.
//
// Arguments behind "--" stay arguments, and so do "-" (standard input) and the
// values of flags. A flag that the command does not have moves as well, so that
// the parser complains about it.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 2 || slices.Contains(args, "--generate-bash-completion") {
		return args
	}
	at := slices.IndexFunc(args[1:], func(a string) bool { return !isFlag(a) }) + 1
	command := app.Command(args[at])
	if at == 0 || command == nil || command.SkipFlagParsing {
		return args
	}
	if at+1 < len(args) {
		if sub := subcommand(command, args[at+1]); sub != nil {
			at, command = at+1, sub
		}
	}
	flags, rest := split(command, args[at+1:])
	moved := slices.Concat(args[:at+1], flags)
	if slices.ContainsFunc(flags, func(f string) bool { return f == "--help" || f == "-h" }) {
		return moved // whose help, no argument changes
	}
	if len(rest) > 0 {
		// The parser shall not look at what is left, whatever it begins with.
		moved = append(append(moved, "--"), rest...)
	}
	return moved
}

// subcommand returns the command of that name below another, nil for none.
func subcommand(command *cli.Command, name string) *cli.Command {
	for _, c := range command.Subcommands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// split separates the flags of a command, with their values, from its
// arguments. Where a flag lacks its value, what follows is dropped: the parser
// then finds the flag last, and complains.
func split(command *cli.Command, args []string) (flags, rest []string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			return flags, append(rest, args[i+1:]...)
		case !isFlag(a):
			rest = append(rest, a)
			continue
		}
		flags = append(flags, a)
		if !takesValue(command, a) {
			continue
		}
		if i++; i == len(args) || names(command, args[i]) != nil {
			return flags, nil
		}
		flags = append(flags, args[i])
	}
	return flags, rest
}

func isFlag(a string) bool { return len(a) > 1 && a[0] == '-' }

// takesValue reports whether a is a flag whose value is the next argument.
func takesValue(command *cli.Command, a string) bool {
	_, isBool := names(command, a).(*cli.BoolFlag)
	return !isBool && names(command, a) != nil && !strings.Contains(a, "=")
}

// names returns the flag that a names, with or without a value behind "=".
func names(command *cli.Command, a string) cli.Flag {
	if !isFlag(a) {
		return nil
	}
	name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
	for _, f := range command.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}
