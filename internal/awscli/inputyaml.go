package awscli

import (
	"errors"
	"io"
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/lvtool/lvtool/internal/pyval"
)

// maxYAMLNodes bounds what aliases can unfold to.
const maxYAMLNodes = 100_000

var errYAML = errors.New("invalid YAML")

// date is a YAML timestamp, which no parameter takes; the text is as written.
type date string

func (d date) String() string { return string(d) }

// parseYAML reads one YAML document with the types of YAML 1.2, in which yes and no are text.
func parseYAML(text string) (any, error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var doc, next yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, errYAML
	}
	if err := decoder.Decode(&next); !errors.Is(err, io.EOF) {
		return nil, errYAML
	}
	left := maxYAMLNodes
	return fromYAML(&doc, &left)
}

func fromYAML(n *yaml.Node, left *int) (any, error) {
	if *left--; *left < 0 {
		return nil, errYAML
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return fromYAML(n.Content[0], left)
	case yaml.AliasNode:
		return fromYAML(n.Alias, left)
	case yaml.SequenceNode:
		l := &pyval.List{}
		for _, item := range n.Content {
			v, err := fromYAML(item, left)
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, v)
		}
		return l, nil
	case yaml.MappingNode:
		return fromYAMLMapping(n, left)
	}
	return scalarValue(n)
}

func fromYAMLMapping(n *yaml.Node, left *int) (any, error) {
	d := &pyval.Dict{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, err := fromYAML(n.Content[i], left)
		if err != nil {
			return nil, err
		}
		value, err := fromYAML(n.Content[i+1], left)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, &Error{ExitGeneral, "keywords must be strings"}
		}
		if _, twice := d.Get(name); twice {
			return nil, errYAML
		}
		d.Set(name, value)
	}
	return d, nil
}

func scalarValue(n *yaml.Node) (any, error) {
	s := n.Value
	tag := yamlString
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle
	const text = quoted | yaml.LiteralStyle | yaml.FoldedStyle | yaml.TaggedStyle
	if n.Style&text == 0 {
		tag = resolve(s)
	}
	switch tag {
	case yamlNull:
		return nil, nil
	case yamlBool:
		return strings.EqualFold(s, "true"), nil
	case yamlInt:
		return yamlInteger(s)
	case yamlFloat:
		return yamlReal(s)
	case yamlDate:
		return date(s), nil
	}
	return s, nil
}

func yamlInteger(s string) (any, error) {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "+"), "_", "")
	n, ok := new(big.Int).SetString(strings.Replace(s, "0o", "0", 1), yamlBase(s))
	if !ok {
		return nil, errYAML
	}
	return n, nil
}

// yamlBase lets only 0x, 0b and 0o change the base: a leading zero does not.
func yamlBase(s string) int {
	s = strings.TrimPrefix(s, "-")
	switch {
	case strings.HasPrefix(s, "0o"):
		return 8
	case strings.HasPrefix(s, "0x"), strings.HasPrefix(s, "0b"):
		return 0
	}
	return 10
}

func yamlReal(s string) (any, error) {
	s = strings.ToLower(strings.ReplaceAll(s, "_", ""))
	if strings.HasSuffix(s, ".inf") || strings.HasSuffix(s, ".nan") {
		s = strings.Replace(s, ".", "", 1)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, errYAML
	}
	return f, nil
}
