package decode

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// yamlStart is a first line as YAML has it and logs do not: a document marker,
// an item of a list, or a name with a colon and no JSON after it.
var yamlStart = lazyregexp.New(`^(?:---(?:\s|$)|%YAML|#|- |` +
	`["']?[A-Za-z_$][\w.$-]*["']?[ \t]*:(?:[ \t]+[^{\r\n]*)?\r?(?:\n|$))`)

// yaml splits a stream of YAML documents.
func (s *splitter) yaml() bool {
	for s.w.next(&inSpace) != 0 {
		t := text{line: s.w.line, column: s.w.column, yaml: true}
		n, err := s.frameYAML()
		if err != nil {
			// A log may start like YAML.
			if errors.Is(err, ErrTooLarge) && !s.found {
				return s.log()
			}
			return s.failHere(err)
		}
		if !s.found && n == len(s.w.rest()) && s.w.err != nil && !s.in.recorder.off {
			t.whole = s.in.recorder.data
		} else {
			s.in.recorder.stop()
		}
		s.found = true
		t.data = s.take(n, t.whole)
		if !s.text(t) {
			return false
		}
	}
	return s.end()
}

// frameYAML returns the length of the document here: up to the next marker.
func (s *splitter) frameYAML() (int, error) {
	for from := 0; ; {
		rest := s.w.rest()
		if i := bytes.Index(rest[from:], []byte("\n---")); i >= 0 {
			return from + i + 1, nil
		}
		if err := within(LimitDocument, int64(len(rest)), s.limits.Document); err != nil {
			return 0, err
		}
		from = max(0, len(rest)-3)
		if !s.w.more() {
			return len(s.w.rest()), s.w.failed()
		}
	}
}

// A mark is where something of a YAML document stands in the JSON made of it.
type mark struct {
	json, line, column int
}

// yamlToJSON writes a YAML document as JSON. It returns nothing for an empty
// one.
func yamlToJSON(data []byte, limits Limits) ([]byte, []mark, error) {
	// The parser's own tree takes a hundred times the memory of a short value,
	// so the values are counted, generously, before it is made.
	most := 2 + bytes.Count(data, []byte("- ")) + bytes.Count(data, []byte("-\n"))
	for _, c := range []string{":", ",", "[", "{", "?"} {
		most += 2 * bytes.Count(data, []byte(c))
	}
	if err := within(LimitValues, most, limits.Values); err != nil {
		return nil, nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if len(doc.Content) == 0 || doc.Content[0].ShortTag() == "!!null" {
		return nil, nil, nil
	}
	y := &yamlWriter{depth: limits.Depth}
	err := y.node(doc.Content[0], 0)
	return y.json, y.marks, err
}

// A yamlWriter writes JSON.
type yamlWriter struct {
	json  []byte
	marks []mark
	depth int
}

func (y *yamlWriter) node(n *yaml.Node, depth int) error {
	if err := within(LimitDepth, depth, y.depth); err != nil {
		return err
	}
	y.marks = append(y.marks, mark{len(y.json), n.Line, n.Column})
	switch n.Kind {
	case yaml.ScalarNode:
		return y.scalar(n)
	case yaml.MappingNode:
		return y.mapping(n, depth)
	case yaml.SequenceNode:
		return y.sequence(n, depth)
	}
	return fmt.Errorf("%w: line %d: YAML aliases are not read", ErrSyntax, n.Line)
}

func (y *yamlWriter) mapping(n *yaml.Node, depth int) error {
	y.json = append(y.json, '{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if name.Kind != yaml.ScalarNode || name.ShortTag() == "!!merge" {
			return fmt.Errorf("%w: line %d: a name that is not a string", ErrSyntax, name.Line)
		}
		if i > 0 {
			y.json = append(y.json, ',')
		}
		y.quote(name.Value)
		y.json = append(y.json, ':')
		if err := y.node(n.Content[i+1], depth+1); err != nil {
			return err
		}
	}
	y.json = append(y.json, '}')
	return nil
}

func (y *yamlWriter) sequence(n *yaml.Node, depth int) error {
	y.json = append(y.json, '[')
	for i, item := range n.Content {
		if i > 0 {
			y.json = append(y.json, ',')
		}
		if err := y.node(item, depth+1); err != nil {
			return err
		}
	}
	y.json = append(y.json, ']')
	return nil
}

// scalar writes a number with its digits where JSON writes numbers so, and a
// string for any other.
func (y *yamlWriter) scalar(n *yaml.Node) error {
	switch n.ShortTag() {
	case "!!null":
		y.json = append(y.json, "null"...)
		return nil
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return fmt.Errorf("%w: line %d: %w", ErrSyntax, n.Line, err)
		}
		y.json = strconv.AppendBool(y.json, b)
		return nil
	case "!!int", "!!float":
		if Number(n.Value).bounded() {
			y.json = append(y.json, n.Value...)
			return nil
		}
		if special, ok := yamlSpecial[n.Value]; ok {
			y.quote(special)
			return nil
		}
	}
	y.quote(n.Value)
	return nil
}

// quote writes a string. Invalid UTF-8, which the YAML parser refuses, would
// be replaced.
func (y *yamlWriter) quote(s string) { y.json, _ = jsontext.AppendQuote(y.json, s) }

// yamlSpecial are the numbers of YAML that JSON does not have, as the service
// writes them.
var yamlSpecial = map[string]string{
	".nan": "NaN", ".NaN": "NaN", ".NAN": "NaN",
	".inf": "Infinity", ".Inf": "Infinity", ".INF": "Infinity", "+.inf": "Infinity",
	"-.inf": "-Infinity", "-.Inf": "-Infinity", "-.INF": "-Infinity",
}
