package awscli

import (
	"regexp"
	"strings"
)

// yamlTag is the type that YAML 1.2 gives a plain scalar.
type yamlTag string

const (
	yamlString yamlTag = "str"
	yamlNull   yamlTag = "null"
	yamlBool   yamlTag = "bool"
	yamlInt    yamlTag = "int"
	yamlFloat  yamlTag = "float"
	yamlDate   yamlTag = "timestamp"
	yamlOther  yamlTag = "other" // a merge key, a default value: not text, and nothing lvtool reads
)

// resolvers are tried in order on scalars that begin with one of the characters.
var resolvers = []struct {
	first   string
	pattern *regexp.Regexp
	tag     yamlTag
}{
	{"tTfF", regexp.MustCompile(`^(?:true|True|TRUE|false|False|FALSE)\n?$`), yamlBool},
	{"-+0123456789.", regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?` +
		`|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?` +
		`|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\n?$`), yamlFloat},
	{"-+0123456789", regexp.MustCompile(`^[-+]?(?:0b[0-1_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+)\n?$`), yamlInt},
	{"<", regexp.MustCompile(`^<<\n?$`), yamlOther},
	{"~nN", regexp.MustCompile(`^(?:~|null|Null|NULL|)\n?$`), yamlNull},
	{"0123456789", regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}` +
		`|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?` +
		`(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\n?$`), yamlDate},
	{"=", regexp.MustCompile(`^=\n?$`), yamlOther},
	{"!&*", regexp.MustCompile(`^[!&*]\n?$`), yamlOther},
}

// resolve is what a reader would take a plain scalar for.
func resolve(s string) yamlTag {
	if s == "" {
		return yamlNull
	}
	for _, r := range resolvers {
		if strings.IndexByte(r.first, s[0]) >= 0 && r.pattern.MatchString(s) {
			return r.tag
		}
	}
	return yamlString
}
