package decode

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A value is a part of a document.
type value struct {
	kind jsontext.Kind
	// raw is the value as JSON. For a JSON document it is a part of the
	// document's own bytes.
	raw []byte
	// at is where raw starts in the document.
	at int
	// parent is what holds the value, and token is its name or index there.
	parent *value
	token  string
	// members are those of an object, items those of an array. Both are empty
	// for bulk, which is image bytes written as numbers: making a value of each
	// would take a hundred times their memory.
	members []member
	items   []*value
	bulk    bool
	// nested is how many strings the value lies in.
	nested int
}

// A member is a member of an object.
type member struct {
	name  string
	value *value
}

// pointer returns the JSON pointer (RFC 6901) of v in the value from; in the
// whole document where that is nil.
func (v *value) pointer(from *value) string {
	var tokens []string
	for ; v.parent != nil && v != from; v = v.parent {
		tokens = append(tokens, v.token)
	}
	var b strings.Builder
	for _, token := range slices.Backward(tokens) {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
	}
	return b.String()
}

// text returns the characters of a string.
func (v *value) text() string {
	if v.kind != jsontext.KindString {
		return ""
	}
	if bytes.IndexByte(v.raw, '\\') < 0 {
		return string(v.raw[1 : len(v.raw)-1])
	}
	s, err := jsontext.AppendUnquote(nil, v.raw)
	if err != nil {
		return "" // cannot happen: the parser has accepted the string
	}
	return string(s)
}

// null reports whether v is null.
func (v *value) null() bool { return v.kind == jsontext.KindNull }

// member returns the member called name, nil for none.
func (v *value) member(name string) *value {
	for _, m := range v.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// scalarValue returns the value of an element that is no object, array or
// string.
func scalarValue(raw []byte) *value {
	kind := jsontext.KindNumber
	if string(raw) == "null" {
		kind = jsontext.KindNull
	}
	return &value{kind: kind, raw: raw}
}

// A parser makes a tree of one JSON text.
type parser struct {
	dec    *jsontext.Decoder
	data   []byte
	limits Limits
	// values is how many values there are so far.
	values *int
}

// parse makes a tree of the single JSON text in data, which it keeps, and adds
// its values to those counted already. The error is a [LimitError] or a
// [*jsontext.SyntacticError].
func parse(data []byte, limits Limits, values *int) (*value, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	return (&parser{dec: dec, data: data, limits: limits, values: values}).parse()
}

func (p *parser) parse() (*value, error) {
	root, err := p.value(nil, "", 0)
	if err != nil {
		return nil, err
	}
	rest := bytes.TrimLeft(p.data[p.dec.InputOffset():], " \t\r\n")
	if len(rest) > 0 {
		return nil, &jsontext.SyntacticError{ByteOffset: int64(len(p.data) - len(rest)), Err: errSecondText}
	}
	return root, nil
}

var errSecondText = errors.New("something follows the end of the JSON text")

func (p *parser) value(parent *value, token string, depth int) (*value, error) {
	*p.values++
	if err := within(LimitValues, *p.values, p.limits.Values); err != nil {
		return nil, err
	}
	v := &value{kind: p.dec.PeekKind(), parent: parent, token: token}
	nested := v.kind == jsontext.KindBeginObject || v.kind == jsontext.KindBeginArray
	v.at = p.next()
	v.bulk = nested && bulk(p.data[v.at:])
	if !nested || v.bulk {
		if _, err := p.dec.ReadValue(); err != nil {
			return nil, err
		}
		v.raw = p.since(v.at)
		return v, nil
	}
	if err := within(LimitDepth, depth+1, p.limits.Depth); err != nil {
		return nil, err
	}
	return v, p.children(v, depth+1)
}

// children reads what is in an object or array.
func (p *parser) children(v *value, depth int) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	for kind := p.dec.PeekKind(); kind != '}' && kind != ']'; kind = p.dec.PeekKind() {
		token := strconv.Itoa(len(v.items))
		if v.kind == jsontext.KindBeginObject {
			name, err := p.dec.ReadToken()
			if err != nil {
				return err
			}
			token = name.String()
		}
		child, err := p.value(v, token, depth)
		if err != nil {
			return err
		}
		if v.kind == jsontext.KindBeginObject {
			v.members = append(v.members, member{token, child})
		} else {
			v.items = append(v.items, child)
		}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	v.raw = p.since(v.at)
	return nil
}

// next returns where the next value starts.
func (p *parser) next() int {
	at := p.dec.InputOffset()
	rest := p.data[at:]
	return int(at) + len(rest) - len(bytes.TrimLeft(rest, " \t\r\n:,"))
}

// since returns the bytes from at to the end of what was read last.
func (p *parser) since(at int) []byte {
	end := p.dec.InputOffset()
	return p.data[at:end:end]
}

// bulk reports whether data starts with an array of numbers, or an object
// whose names and values are numbers. It reads no further than the end of the
// array or object, or where another starts, so that the time of a whole
// document stays proportional to its size.
func bulk(data []byte) bool {
	allowed, end := &inArray, byte(']')
	if data[0] == '{' {
		allowed, end = &inObject, '}'
	}
	digits := false
	for _, c := range data[1:] {
		if c == end {
			return digits
		}
		if !allowed[c] {
			return false
		}
		digits = digits || c >= '0' && c <= '9'
	}
	return false
}

var (
	inArray  = setOf("0123456789+-.eE, \t\r\n")
	inObject = setOf("0123456789+-.eE, \t\r\n\":")
)

func setOf(chars string) (set [256]bool) {
	for _, c := range []byte(chars) {
		set[c] = true
	}
	return set
}
