package awscli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ParseArgs reads the arguments behind the command as the CLI does: options of every command first,
// then those of the operation, both by any unambiguous beginning of their name. In between it calls
// check, since the CLI looks at the values of the first before it looks for the second. The error, of
// code 252, is the CLI's, or that of check.
func ParseArgs(args []string, check func(*Options) error) (*Options, error) {
	o := &Options{Color: "auto"}
	if asksHelp(args) {
		return &Options{Help: true}, nil
	}
	rest, err := parsePass(o, globals, args)
	if err != nil || o.Version {
		return o, err
	}
	if o.AutoPrompt && o.NoAutoPrompt {
		return nil, &Error{
			ExitParam, "Both --cli-auto-prompt and --no-cli-auto-prompt cannot be specified at the same time.",
		}
	}
	if err := check(o); err != nil {
		return nil, err
	}
	rest, err = parsePass(o, locals, rest)
	if err != nil {
		return nil, err
	}
	return o, o.required(args, rest)
}

// asksHelp says whether the arguments ask for help: the word alone, or an option that the CLI does not have.
func asksHelp(args []string) bool {
	return slices.Equal(args, []string{"help"}) || slices.Contains(args, "-h") || slices.Contains(args, "--help")
}

// required refuses what is missing and what is left over. Of the arguments left over, those that
// are session ids, or name a file of them, are lvtool's.
func (o *Options) required(args, rest []string) error {
	unknown := o.takeIDs(rest)
	if len(o.SessionIDs) == 0 && !overridesRequired(args) {
		return usageError("the following arguments are required: --session-id")
	}
	if len(unknown) > 0 {
		return &Error{ExitParam, usage + "\nUnknown options: " + strings.Join(unknown, ", ") + "\n"}
	}
	return nil
}

// overridesRequired is the CLI's own test for the options that stand in for all others: by their
// whole name, as arguments of their own.
func overridesRequired(args []string) bool {
	for _, name := range []string{"--cli-input-json", "--cli-input-yaml"} {
		if slices.Contains(args, name) {
			return true
		}
	}
	i := slices.Index(args, "--generate-cli-skeleton")
	return i >= 0 && (i+1 == len(args) || args[i+1] != "output")
}

var sessionID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// takeIDs moves session ids and @files from the arguments left over to the options. The rest is in
// the order in which the CLI names it: its first positional argument last.
func (o *Options) takeIDs(rest []string) []string {
	var unknown, first []string
	positional := false
	for _, arg := range rest {
		switch {
		case arg == "--" && !positional:
			positional = true
		case sessionID.MatchString(arg) || isFile(arg):
			o.SessionIDs = append(o.SessionIDs, arg)
		case first == nil && (positional || arg == "-" || !strings.HasPrefix(arg, "-") || isValue(arg)):
			first = []string{arg}
		default:
			unknown = append(unknown, arg)
		}
	}
	return append(unknown, first...)
}

// match is an argument as a parser sees it: an option with perhaps a value behind "=", an option it
// does not know, or a value.
type match struct {
	option  *option
	unknown bool
	value   *string
}

func (m match) isValue() bool { return m.option == nil && !m.unknown }

// parsePass takes the options out of the arguments and returns the others in order.
func parsePass(o *Options, options []option, args []string) ([]string, error) {
	matches, end, err := matchAll(options, args)
	if err != nil {
		return nil, err
	}
	var rest []string
	for i := 0; i < len(args); i++ {
		m := match{}
		if i < end {
			m = matches[i]
		}
		if m.option == nil {
			rest = append(rest, args[i])
			continue
		}
		if m.value == nil && m.option.flag == nil && i+1 < end && matches[i+1].isValue() {
			i++
			m.value = &args[i]
		}
		if err := m.apply(o); err != nil {
			return nil, err
		}
		if o.Version {
			return nil, nil // printed at once, whatever follows
		}
	}
	return rest, nil
}

// matchAll looks at all arguments up to "--" before any is taken, as the CLI does: an ambiguous one
// is refused before a wrong value.
func matchAll(options []option, args []string) ([]match, int, error) {
	matches := make([]match, len(args))
	for i, arg := range args {
		if arg == "--" {
			return matches, i, nil
		}
		m, err := matchOne(options, arg)
		if err != nil {
			return nil, 0, err
		}
		matches[i] = m
	}
	return matches, len(args), nil
}

func matchOne(options []option, arg string) (match, error) {
	if len(arg) < 2 || arg[0] != '-' {
		return match{}, nil
	}
	name, value, hasValue := strings.Cut(arg, "=")
	m := match{}
	if hasValue {
		m.value = &value
	}
	var names []string
	for i := range options {
		if options[i].name == arg {
			return match{option: &options[i]}, nil
		}
		if options[i].name == name {
			m.option = &options[i]
			return m, nil
		}
		if strings.HasPrefix(name, "--") && strings.HasPrefix(options[i].name, name) {
			names = append(names, options[i].name)
			m.option = &options[i]
		}
	}
	switch {
	case len(names) > 1:
		return match{}, usageError(fmt.Sprintf("ambiguous option: %s could match %s", arg, strings.Join(names, ", ")))
	case len(names) == 0:
		return match{unknown: !isValue(arg)}, nil
	}
	return m, nil
}

var negative = regexp.MustCompile(`^-\d+$|^-\d*\.\d+$`)

// isValue says whether an argument with a leading dash is a value all the same.
func isValue(arg string) bool {
	return negative.MatchString(arg) || strings.Contains(arg, " ")
}

func (m match) apply(o *Options) error {
	opt := m.option
	switch {
	case opt.flag != nil && m.value != nil:
		return usageError(fmt.Sprintf("argument %s: ignored explicit argument '%s'", opt.name, *m.value))
	case opt.flag != nil:
		opt.flag(o)
		return nil
	case m.value == nil && opt.optional:
		opt.set(o, opt.choices[0])
		return nil
	case m.value == nil:
		return usageError(fmt.Sprintf("argument %s: expected one argument", opt.name))
	}
	if opt.choices != nil && !slices.Contains(opt.choices, *m.value) {
		return usageError(fmt.Sprintf("argument %s: %s", opt.name, invalidChoice(*m.value, opt.choices)))
	}
	opt.set(o, *m.value)
	return nil
}

// invalidChoice lists the choices two a line, and those that the value resembles.
func invalidChoice(value string, choices []string) string {
	lines := []string{"Invalid choice, valid choices are:\n"}
	for pair := range slices.Chunk(choices, 2) {
		cells := make([]string, len(pair))
		for i, choice := range pair {
			cells[i] = fmt.Sprintf("%-40s", choice)
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	if similar := closest(value, choices); len(similar) > 0 {
		lines = append(lines, fmt.Sprintf("\n\nInvalid choice: '%s', maybe you meant:\n", value))
		for _, choice := range similar {
			lines = append(lines, "  * "+choice)
		}
	}
	return strings.Join(lines, "\n")
}
