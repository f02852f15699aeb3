package decode

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
)

// typed are the names under which databases write a value together with its
// type: DynamoDB, MongoDB (Extended JSON) and Firestore (REST).
var typed = map[string]bool{
	"S": true, "N": true, "M": true, "L": true, "BOOL": true, "NULL": true, "B": true,
	"$numberDouble": true, "$numberInt": true, "$numberLong": true, "$numberDecimal": true, "$oid": true, "$uuid": true,
	"stringValue": true, "doubleValue": true, "integerValue": true, "booleanValue": true, "nullValue": true,
	"mapValue": true, "arrayValue": true, "bytesValue": true, "timestampValue": true,
}

// unwrap returns the value that v stands for, where v is an object that a
// database has put around it, or v itself.
func unwrap(v *value) *value {
	for len(v.members) == 1 && typed[v.members[0].name] {
		name, inner := v.members[0].name, v.members[0].value
		if name == "NULL" {
			return &value{kind: jsontext.KindNull, raw: []byte("null"), at: v.at, parent: v.parent, token: v.token}
		}
		if (name == "mapValue" || name == "arrayValue") && len(inner.members) == 1 {
			inner = inner.members[0].value
		}
		v = inner
		if numeric(name) && v.kind == jsontext.KindString && Number(v.text()).bounded() {
			return &value{kind: jsontext.KindNumber, raw: []byte(v.text()), at: v.at, parent: v.parent, token: v.token}
		}
	}
	return v
}

// numeric reports whether a database writes numbers as strings under name.
func numeric(name string) bool {
	return name == "N" || name == "integerValue" || strings.HasPrefix(name, "$number")
}

// decoded returns the tree of the JSON text that the string v holds, as it is
// or in Base64, compressed or not; nil where it holds none. The pointers of
// what is in the tree go through the string as if it were not one.
func (r *reader) decoded(v *value) *value {
	if v.kind != jsontext.KindString || v.nested >= r.limits.Unwrap {
		return nil
	}
	text := r.jsonText(v)
	if text == nil {
		return nil
	}
	root, err := r.parse(text)
	if err != nil {
		return nil
	}
	adopt(root, v)
	return root
}

// adopt puts the tree root in the place of the string v.
func adopt(root, v *value) {
	root.parent, root.token = v.parent, v.token
	var settle func(*value)
	settle = func(n *value) {
		n.at, n.nested = v.at, v.nested+1
		for _, m := range n.members {
			settle(m.value)
		}
		for _, item := range n.items {
			settle(item)
		}
	}
	settle(root)
}

// jsonText returns the JSON text that the string v holds, nil for none.
func (r *reader) jsonText(v *value) []byte {
	// Looking at the raw form spares a copy of every string that is no JSON.
	raw := bytes.TrimLeft(v.raw[1:len(v.raw)-1], " \t\r\n")
	switch {
	case len(raw) < 2:
		return nil
	case raw[0] == '{' || raw[0] == '[' || raw[0] == '\\':
		if text := []byte(strings.TrimSpace(v.text())); len(text) > 1 && opens(text[0]) {
			return text
		}
	case packedJSON(raw):
		data, err := base64.StdEncoding.DecodeString(v.text())
		if err != nil {
			return nil
		}
		if bytes.HasPrefix(data, []byte("\x1f\x8b")) {
			data = r.inflate(data)
		}
		if data = bytes.TrimSpace(data); len(data) > 1 && opens(data[0]) {
			return data
		}
	}
	return nil
}

// opens reports whether a JSON text worth reading may start with c.
func opens(c byte) bool { return c == '{' || c == '[' || c == '"' }

// packedJSON reports whether raw starts as Base64 of a JSON object or array
// does, or of gzip data.
func packedJSON(raw []byte) bool {
	for _, prefix := range []string{"eyJ", "eyA", "ewo", "ewk", "ew0K", "W3s", "Wwo", "W1s", "WyJ", "WyB", "H4sI"} {
		if bytes.HasPrefix(raw, []byte(prefix)) {
			return true
		}
	}
	return false
}

// inflate returns what gzip data holds, nil where it is broken. All that a
// document's strings hold may not be more than a document may have.
func (r *reader) inflate(data []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	most := r.limits.Document - r.inflated
	out, err := io.ReadAll(io.LimitReader(z, most+1))
	r.inflated += int64(len(out))
	if err != nil || int64(len(out)) > most {
		return nil
	}
	return out
}
