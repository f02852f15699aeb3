package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/lvtool/lvtool/export"
)

// A schemaProblem is a place where a document does not follow its schema.
type schemaProblem struct {
	pointer, message string
}

// maxProblems bounds the problems that are kept of one document.
const maxProblems = 20

// The schemas of what packs hold. They are compiled once, which costs more than
// hashing a small pack; validating with them is safe for concurrent use.
var (
	compiledReport     = compiled(export.ReportSchema)
	compiledProvenance = compiled(ProvenanceSchema)
)

// compiled returns what compiles a schema, the first time it is called.
func compiled(schema func() []byte) func() (*jsonschema.Schema, error) {
	return sync.OnceValues(func() (*jsonschema.Schema, error) {
		const name = "schema.json"
		s, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema()))
		if err != nil {
			return nil, err
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource(name, s); err != nil {
			return nil, err
		}
		return compiler.Compile(name)
	})
}

// followSchema returns where a JSON document does not follow a schema. The error
// is about the document as a whole.
func followSchema(schema func() (*jsonschema.Schema, error), data []byte) ([]schemaProblem, error) {
	compiled, err := schema()
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if n := oddNumber(value); n != "" {
		return nil, fmt.Errorf("%w: %.40s", errNumber, n)
	}
	var invalid *jsonschema.ValidationError
	if err := compiled.Validate(value); errors.As(err, &invalid) {
		return leaves(nil, invalid, message.NewPrinter(language.English)), nil
	} else if err != nil {
		return nil, err
	}
	return nil, nil
}

// leaves appends the innermost problems, which say what is wrong.
func leaves(list []schemaProblem, e *jsonschema.ValidationError, p *message.Printer) []schemaProblem {
	if len(e.Causes) == 0 && len(list) < maxProblems {
		pointer := strings.Join(append([]string{""}, e.InstanceLocation...), "/")
		return append(list, schemaProblem{pointer, e.ErrorKind.LocalizedString(p)})
	}
	for _, cause := range e.Causes {
		list = leaves(list, cause, p)
	}
	return list
}

var errNumber = errors.New("a number that would take too long to compare")

// maxNumber is how long a number may be, and its exponent at most two digits
// and a sign: the validator computes with exact fractions, which a short number
// such as 1e999999999 makes enormous.
const maxNumber = 400

// oddNumber returns the first number in a JSON value that is beyond these.
func oddNumber(value any) string {
	switch v := value.(type) {
	case json.Number:
		i := strings.IndexAny(string(v), "eE")
		if len(v) > maxNumber || i >= 0 && len(strings.TrimLeft(string(v[i+1:]), "+-0")) > 2 {
			return string(v)
		}
	case []any:
		for _, e := range v {
			if n := oddNumber(e); n != "" {
				return n
			}
		}
	case map[string]any:
		for _, e := range v {
			if n := oddNumber(e); n != "" {
				return n
			}
		}
	}
	return ""
}
