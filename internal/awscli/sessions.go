package awscli

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Sessions is the ids of several sessions, which the AWS CLI cannot ask for: given as arguments, by
// --session-id more than once, or one a line in a @file (@- is standard input; empty lines and those
// that begin with # do not count). It is nil where the CLI understands the command line.
func (o *Options) Sessions(stdin io.Reader) ([]string, error) {
	if o.Skeleton != "" || !o.several() {
		return nil, nil
	}
	if o.CLIInputJSON != nil || o.CLIInputYAML != nil {
		return nil, &Error{ExitParam, "Several sessions cannot be combined with --cli-input-json or --cli-input-yaml."}
	}
	var ids []string
	seen := map[string]bool{}
	for _, arg := range o.SessionIDs {
		list := []string{arg}
		if name, ok := strings.CutPrefix(arg, "@"); ok {
			var err error
			if list, err = readIDs(name, stdin); err != nil {
				return nil, err
			}
		}
		for _, id := range list {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// several says whether the ids are lvtool's affair. An id that is none, once more given, is one that
// the CLI would have replaced by the next.
func (o *Options) several() bool {
	files := slices.ContainsFunc(o.SessionIDs, isFile)
	ids := !slices.ContainsFunc(o.SessionIDs, func(s string) bool { return !isFile(s) && !sessionID.MatchString(s) })
	return ids && (files || len(slices.Compact(slices.Clone(o.SessionIDs))) > 1)
}

func isFile(s string) bool { return len(s) > 1 && s[0] == '@' }

func readIDs(name string, stdin io.Reader) ([]string, error) {
	var content []byte
	var err error
	if name == "-" {
		content, err = io.ReadAll(io.LimitReader(stdin, maxParam))
	} else {
		content, err = readFile(name)
	}
	if err != nil {
		return nil, paramError("@"+name, "Unable to load paramfile: "+errnoText(err, name))
	}
	var ids []string
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if !sessionID.MatchString(line) {
			return nil, paramError("@"+name, fmt.Sprintf("not a session id: %q", line))
		}
		ids = append(ids, line)
	}
	if len(ids) == 0 {
		return nil, paramError("@"+name, "no session ids in it")
	}
	return ids, nil
}
