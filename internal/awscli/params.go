package awscli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lvtool/lvtool/internal/pyval"
)

// minID is the length of a session id. The model has a pattern too, which the CLI leaves to the service.
const minID = 36

// Params are the parameters of the call before they are checked.
type Params struct {
	values *pyval.Dict
	binary bool // the session id came from fileb://
}

// Params puts together what the options and the files they name give; the command line wins. The
// error, of code 252, is a file that cannot be read or input that is no object.
func (o *Options) Params() (Params, error) {
	p := Params{values: &pyval.Dict{}}
	if n := len(o.SessionIDs); n > 0 {
		id := o.SessionIDs[n-1]
		content, binary, named, err := loadParam("--session-id", id)
		if err != nil {
			return Params{}, err
		}
		if named {
			id, p.binary = content, binary
		}
		p.values.Set("SessionId", id)
	}
	input, err := o.input()
	if err != nil || input == nil {
		return p, err
	}
	for _, key := range input.Keys() {
		if _, given := p.values.Get(key); !given {
			v, _ := input.Get(key)
			p.values.Set(key, v)
		}
	}
	return p, nil
}

// input reads --cli-input-json or --cli-input-yaml; it is nil without either.
func (o *Options) input() (*pyval.Dict, error) {
	if o.CLIInputJSON != nil && o.CLIInputYAML != nil {
		return nil, &Error{ExitParam, "Only one --cli-input- parameter may be specified."}
	}
	name, kind, value, parse := "cli-input-json", "JSON", o.CLIInputJSON, pyval.Parse
	if value == nil {
		name, kind, value, parse = "cli-input-yaml", "YAML", o.CLIInputYAML, parseYAML
	}
	if value == nil {
		return nil, nil
	}
	text, _, named, err := loadParam("--"+name, *value)
	if err != nil {
		return nil, err
	}
	if !named {
		text = *value
	}
	v, err := parse(text)
	if failure, ok := errors.AsType[*Error](err); ok {
		return nil, failure
	}
	if err != nil {
		return nil, paramError(name, "Invalid "+kind+" received.")
	}
	d, ok := v.(*pyval.Dict)
	if !ok {
		return nil, paramError("--"+name, fmt.Sprintf("Invalid type: expecting map, received <class '%s'>", typeOf(v)))
	}
	return d, nil
}

// SessionID checks the parameters as the CLI does before it sends them. The error, of code 252, lists all
// that is wrong.
func (p Params) SessionID() (string, error) {
	var wrong []string
	id, given := p.values.Get("SessionId")
	if !given {
		wrong = append(wrong, `Missing required parameter in input: "SessionId"`)
	}
	for _, key := range p.values.Keys() {
		if key != "SessionId" {
			wrong = append(wrong, fmt.Sprintf(`Unknown parameter in input: "%s", must be one of: SessionId`, key))
		}
	}
	text, ok := id.(string)
	switch n := len(pyval.Runes(text)); {
	case !given:
	case p.binary:
		wrong = append(wrong, badType("b"+pyval.Repr(text), "bytes"))
	case !ok:
		wrong = append(wrong, badType(pyval.Str(id), typeOf(id)))
	case n < minID:
		wrong = append(wrong,
			fmt.Sprintf("Invalid length for parameter SessionId, value: %d, valid min length: %d", n, minID))
	}
	if len(wrong) > 0 {
		return "", validationError(wrong...)
	}
	return text, nil
}

func badType(value, name string) string {
	return fmt.Sprintf("Invalid type for parameter SessionId, value: %s, type: <class '%s'>, "+
		"valid types: <class 'str'>", value, name)
}

func validationError(wrong ...string) *Error {
	return &Error{ExitParam, "Parameter validation failed:\n" + strings.Join(wrong, "\n")}
}

func typeOf(v any) string {
	if _, ok := v.(date); ok {
		return "datetime.date"
	}
	return pyval.TypeName(v)
}
