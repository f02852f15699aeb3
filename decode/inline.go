package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An inline is the bytes of an image that a document holds.
type inline struct {
	data []byte
	// encoding is how the document writes them.
	encoding string
	problems []Problem
}

// note notes something of how the bytes are written.
func (in *inline) note(message string) {
	in.problems = append(in.problems, Problem{"encoding", message})
}

// as sets how the bytes are written, where that is not plain Base64.
func (in *inline) as(encoding, found string) {
	in.encoding = encoding
	in.note("the bytes are written as " + found)
}

// The encodings of inline bytes, as [Origin] names them.
const (
	encBase64     = "base64"
	encBase64URL  = "base64url"
	encDataURL    = "data-url"
	encTwice      = "base64-twice"
	encHex        = "hex"
	encInts       = "int-list"
	encSigned     = "signed-int-list"
	encIntText    = "int-text"
	encKeyed      = "number-keyed"
	encNodeBuffer = "node-buffer"
	encObject     = "object"
	encLatin1     = "latin1"
)

// deepest is how many encodings may lie in each other: a Buffer of Base64 of a
// data URL is more than any program has been seen to write.
const deepest = 4

// inlineBytes decodes the JSON value of an image's bytes, however it writes
// them. Each image is decided on its own, since programs convert some and
// forget others. Plain Base64 is decoded into buf where that has room.
func inlineBytes(buf []byte, raw json.RawMessage, limit int64) (inline, error) {
	d := &byteReader{limit: limit, buf: buf}
	err := d.value(raw, 0)
	if err == nil && len(d.data) == 0 {
		err = refuseStripped("the document has nothing in place of its bytes")
	}
	if err != nil {
		return inline{}, err
	}
	return d.inline, within(LimitImageBytes, int64(len(d.data)), limit)
}

// A byteReader decodes the bytes of an image.
type byteReader struct {
	inline
	limit int64
	buf   []byte
}

func (d *byteReader) value(raw []byte, depth int) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case depth > deepest || len(raw) == 0:
		return fmt.Errorf("%w: too many encodings lie in each other", ErrEncoding)
	case raw[0] == '"':
		return d.quoted(raw, depth)
	case raw[0] == '[':
		d.as(encInts, "a list of numbers, not as Base64")
		return d.numbers(raw[1 : len(raw)-1])
	case raw[0] == '{' && bulk(raw):
		d.as(encKeyed, "an object with numbers for names, as JSON.stringify writes a Uint8Array, not as Base64")
		return d.keyed(raw)
	case raw[0] == '{':
		return d.object(raw, depth)
	}
	return fmt.Errorf("%w: %s is not bytes", ErrEncoding, printable(string(raw)))
}

// quoted decodes a JSON string.
func (d *byteReader) quoted(raw []byte, depth int) error {
	text := raw[1 : len(raw)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		var err error
		if text, err = jsontext.AppendUnquote(nil, raw); err != nil {
			return fmt.Errorf("%w: %w", ErrEncoding, err)
		}
	}
	return d.text(text, depth)
}

// text decodes a string. What it is shows in its first characters.
func (d *byteReader) text(text []byte, depth int) error {
	if isLatin1(text) {
		d.as(encLatin1, "characters, one for each byte, not as Base64")
		return d.latin1(text)
	}
	text = bytes.TrimSpace(text)
	switch {
	case depth > deepest:
		return fmt.Errorf("%w: too many encodings lie in each other", ErrEncoding)
	case hasAnyPrefix(text, "data:"):
		_, body, ok := bytes.Cut(text, []byte(","))
		if !ok {
			return fmt.Errorf("%w: a data: URL without data", ErrEncoding)
		}
		if err := d.text(body, depth+1); err != nil {
			return err
		}
		if d.encoding == encBase64 {
			d.as(encDataURL, "a data: URL, not as Base64 alone")
		} else {
			d.note("they stand in a data: URL")
		}
		return nil
	case isHex(text):
		d.as(encHex, "hexadecimal digits, not as Base64")
		return d.hex(text)
	case looksLikeInts(text):
		d.as(encIntText, "numbers in a string, not as Base64")
		return d.numbers(bytes.Trim(text, "[]"))
	case len(text) > 1 && (text[0] == '{' || text[0] == '[' || text[0] == '"') && json.Valid(text):
		d.note("they are JSON in a string")
		return d.value(text, depth+1)
	}
	return d.base64(text, depth)
}

// object decodes an object that a program has written in place of bytes.
func (d *byteReader) object(raw []byte, depth int) error {
	values := 0
	v, err := parse(raw, Limits{Depth: 8, Values: 64}, &values)
	if err != nil {
		return fmt.Errorf("%w: an object that is no known way to write bytes", ErrEncoding)
	}
	if v.member("CanRead") != nil {
		return &RefusalError{"dotnet-stream", "a .NET stream without its bytes", dotnetAdvice, ErrEncoding}
	}
	inner, name := bytesMember(v)
	if inner == nil {
		return refuseObject(v)
	}
	if err := d.value(inner.raw, depth+1); err != nil {
		return err
	}
	if t := v.member("type"); t != nil && t.text() == "Buffer" {
		d.encoding, d.problems = encNodeBuffer, nil
		d.note("the bytes are written as a Node Buffer, not as Base64")
		return nil
	}
	if name == "hb" {
		d.window(v)
	}
	if d.encoding == encBase64 {
		d.as(encObject, "an object around Base64")
	}
	return nil
}

// bytesMember returns the member of an object that holds the bytes, and its
// folded name.
func bytesMember(v *value) (*value, string) {
	for _, m := range v.members {
		switch name := fold(m.name); name {
		case "data", "bytes", "base64", "hb", "$binary", "$bytes", "bytesvalue", "buffer", "content", "body", "value",
			"blob", "array", "raw":
			if !m.value.null() {
				return m.value, name
			}
		}
		if m.name == "B" { // DynamoDB
			return m.value, m.name
		}
	}
	return nil, ""
}

// window cuts the bytes to the part that a Java ByteBuffer shows of its array.
func (d *byteReader) window(v *value) {
	from, to := number(v.member("offset"), 0), number(v.member("limit"), len(d.data))
	from += number(v.member("position"), 0)
	if from >= 0 && to <= len(d.data) && from < to {
		d.data = d.data[from:to]
	}
}

// number returns the small number that v is, or else otherwise.
func number(v *value, otherwise int) int {
	if v == nil {
		return otherwise
	}
	if n, ok := index(v.raw); ok {
		return n
	}
	return otherwise
}

func refuseObject(v *value) error {
	if len(v.members) == 0 {
		return &RefusalError{
			"js-empty-object",
			"an empty object, which is all that JSON.stringify writes of an ArrayBuffer, a Blob or a stream",
			nodeAdvice, ErrEncoding,
		}
	}
	var names []string
	for _, m := range v.members[:min(len(v.members), 5)] {
		names = append(names, m.name)
	}
	return fmt.Errorf("%w: an object with %s, which is no known way to write bytes",
		ErrEncoding, printable(strings.Join(names, ", ")))
}
