package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// An inline is the bytes of an image that a document holds.
type inline struct {
	data []byte
	// encoding is how the document writes them.
	encoding string
	problems []Problem
}

// inlineBytes decodes the JSON value of an image's bytes.
func inlineBytes(raw json.RawMessage, limit int64) (inline, error) {
	if len(raw) < 2 || raw[0] != '"' {
		return inline{}, fmt.Errorf("%w: not a string", ErrEncoding)
	}
	text := raw[1 : len(raw)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		var err error
		if text, err = jsontext.AppendUnquote(nil, raw); err != nil {
			return inline{}, fmt.Errorf("%w: %w", ErrEncoding, err)
		}
	}
	if len(text) == 0 {
		return inline{}, ErrNoImage
	}
	if size := int64(base64.RawStdEncoding.DecodedLen(len(text))); size > limit+2 {
		return inline{}, &LimitError{Limit: LimitImageBytes, Got: size, Max: limit}
	}
	data, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil {
		return inline{}, fmt.Errorf("%w: %w", ErrEncoding, err)
	}
	return inline{data: data, encoding: "base64"}, within(LimitImageBytes, int64(len(data)), limit)
}
