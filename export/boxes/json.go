package boxes

import (
	"bytes"
	"encoding/json"
)

// A member is one of a JSON object.
type member struct {
	name  string
	value any
}

// writeObject writes an object with a line for each member, and for each
// element of a member that is a list.
func writeObject(members []member) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{")
	for i, m := range members {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		if err := writeJSON(&b, m.name); err != nil {
			return nil, err
		}
		b.WriteString(": ")
		if err := writeValue(&b, m.value); err != nil {
			return nil, err
		}
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// writeList writes a list with a line for each element.
func writeList(list []any) ([]byte, error) {
	var b bytes.Buffer
	if err := writeValue(&b, list); err != nil {
		return nil, err
	}
	b.WriteString("\n")
	return b.Bytes(), nil
}

func writeValue(b *bytes.Buffer, v any) error {
	list, ok := v.([]any)
	if !ok {
		return writeJSON(b, v)
	}
	b.WriteString("[")
	for i, e := range list {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		if err := writeJSON(b, e); err != nil {
			return err
		}
	}
	b.WriteString("\n]")
	return nil
}

func writeJSON(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a line feed
	return nil
}
