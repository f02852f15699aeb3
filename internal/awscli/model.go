package awscli

import (
	"github.com/lvtool/lvtool/internal/pyval"
)

// Operation is the name the CLI prints in titles and errors.
const Operation = "GetFaceLivenessSessionResults"

// shape is a part of the service's model. A shape without members and element is a scalar, which
// the CLI passes on whatever it is.
type shape struct {
	members []member
	element *shape
}

// member is a named part of a structure, in the model's order.
type member struct {
	name  string
	shape *shape
}

var scalar = &shape{}

func structure(members ...member) *shape { return &shape{members: members} }

func scalars(names ...string) *shape {
	s := &shape{}
	for _, name := range names {
		s.members = append(s.members, member{name, scalar})
	}
	return s
}

var image = structure(
	member{"Bytes", scalar},
	member{"S3Object", scalars("Bucket", "Name", "Version")},
	member{"BoundingBox", scalars("Width", "Height", "Left", "Top")},
)

// results is the model of the answer. Feedback and Metadata came in September 2026.
var results = structure(
	member{"SessionId", scalar},
	member{"Status", scalar},
	member{"Confidence", scalar},
	member{"ReferenceImage", image},
	member{"AuditImages", &shape{element: image}},
	member{"Challenge", scalars("Type", "Version")},
	member{"Feedback", &shape{element: scalars("Code", "Message")}},
	member{"Metadata", scalars("SDKType")},
)

// metadata is where the CLI keeps the request id; it never prints it.
const metadata = "ResponseMetadata"

// Results gives the body of a successful answer the shape of the model: members in the model's order,
// those the model does not know behind them, null members left out. A body that is no JSON is an
// empty answer, as for the CLI. The error, of code 255, is a value where the model has a structure
// or a list.
func Results(body []byte) (*pyval.Dict, error) {
	text, err := decode(body)
	if err != nil {
		return nil, err
	}
	v, err := pyval.Parse(text)
	if _, deep := err.(*pyval.DepthError); deep { //nolint:errorlint // Parse returns it unwrapped
		return nil, general(err)
	}
	if err != nil || text == "" {
		return &pyval.Dict{}, nil
	}
	if v == nil {
		return nil, noAttribute(v, "setdefault")
	}
	shaped, err := results.apply(v)
	if err != nil {
		return nil, err
	}
	return shaped.(*pyval.Dict), nil
}

func (s *shape) apply(v any) (any, error) {
	switch {
	case s.members != nil:
		return s.structure(v)
	case s.element != nil:
		return s.list(v)
	}
	return v, nil
}

func (s *shape) structure(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	d, ok := v.(*pyval.Dict)
	if !ok {
		return nil, noAttribute(v, "get")
	}
	out := &pyval.Dict{}
	for _, m := range s.members {
		value, _ := d.Get(m.name)
		if value == nil {
			continue
		}
		shaped, err := m.shape.apply(value)
		if err != nil {
			return nil, err
		}
		out.Set(m.name, shaped)
	}
	s.addUnknown(d, out)
	return out, nil
}

// addUnknown adds the members that the model does not have, as a newer model would.
func (s *shape) addUnknown(d, out *pyval.Dict) {
	for _, name := range d.Keys() {
		value, _ := d.Get(name)
		if s.has(name) || value == nil || s == results && name == metadata {
			continue
		}
		out.Set(name, prune(value))
	}
}

func (s *shape) has(name string) bool {
	for _, m := range s.members {
		if m.name == name {
			return true
		}
	}
	return false
}

// prune leaves null members out of a value of unknown shape.
func prune(v any) any {
	switch v := v.(type) {
	case *pyval.List:
		out := &pyval.List{}
		for _, item := range v.Items {
			out.Items = append(out.Items, prune(item))
		}
		return out
	case *pyval.Dict:
		out := &pyval.Dict{}
		for _, key := range v.Keys() {
			if value, _ := v.Get(key); value != nil {
				out.Set(key, prune(value))
			}
		}
		return out
	}
	return v
}

// list shapes the items of what Python can iterate over.
func (s *shape) list(v any) (any, error) {
	items, err := iterate(v)
	if err != nil {
		return nil, err
	}
	out := &pyval.List{}
	for _, item := range items {
		shaped, err := s.element.apply(item)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, shaped)
	}
	return out, nil
}

// iterate is Python's iter(v): items, keys or characters.
func iterate(v any) ([]any, error) {
	var items []any
	switch v := v.(type) {
	case *pyval.List:
		return v.Items, nil
	case *pyval.Dict:
		for _, key := range v.Keys() {
			items = append(items, key)
		}
	case string:
		for _, r := range pyval.Runes(v) {
			items = append(items, pyval.Text([]rune{r}))
		}
	default:
		return nil, failf(ExitGeneral, "'%s' object is not iterable", pyval.TypeName(v))
	}
	return items, nil
}

func noAttribute(v any, name string) error {
	return failf(ExitGeneral, "'%s' object has no attribute '%s'", pyval.TypeName(v), name)
}
