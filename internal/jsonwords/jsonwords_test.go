package jsonwords_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/lvtool/lvtool/internal/jsonwords"
)

type document struct {
	Text string  `json:"text"`
	N    int     `json:"n"`
	List []inner `json:"list"`
	Yes  bool    `json:"yes"`
}

type inner struct {
	Of *document `json:"of"`
}

// Both decoders' errors come in the same words, without those of Go.
func TestOf(t *testing.T) {
	for _, tt := range []struct{ data, want, strict string }{
		{data: "", want: "it is empty"},
		{data: " \n", want: "it is empty"},
		{data: `{"text":`, want: "the JSON text ends before it is complete"},
		{data: "{\"text\":\n", want: "the JSON text ends before it is complete"},
		{data: `{"text":"a`, want: "the JSON text ends before it is complete"},
		{data: `[1,2`, want: "the JSON text ends before it is complete", strict: "it holds a list, where an object"},
		{data: "hello", want: "it is not JSON"},
		{data: "{\n  \"text\": ä}", want: `it is not JSON from line 2, column 11 on, where "\u00e4" stands`},
		{data: `{"n":1}}`, want: "more stands behind the JSON text, from line 1, column 8 on"},
		{
			data: `{"n":1,}`, want: `it is not JSON from line 1, column 8 on, where "}" stands`,
			strict: "it is not JSON from line 1, column 7",
		},
		{data: `{"text":5}`, want: `"/text" holds a number, where text belongs`},
		{data: `{"n":"5"}`, want: `"/n" holds text, where a whole number belongs`},
		{data: `{"n":1e99}`, want: `"/n" holds a number, where a whole number belongs`, strict: "/n: "},
		{data: `{"list":{}}`, want: `"/list" holds an object, where a list belongs`},
		{data: `{"yes":[]}`, want: `"/yes" holds a list, where true or false belongs`},
		{data: `[]`, want: `it holds a list, where an object belongs`},
		{data: `{"text":"\q"}`, strict: "an escape that JSON does not have: it is not JSON from line 1, column 10"},
		{data: `{"text":"\ud800"}`, strict: "half of a character: it is not JSON from line 1, column 10"},
		{data: "{\"text\":\"\xff\"}", strict: "text that is not UTF-8: it is not JSON from line 1, column 10"},
		{data: `{"other":5}`, strict: `the member "other" is not known`},
		{data: `{"list":[{"x":5}]}`, strict: `the member "x" is not known in "/list/0"`},
		{data: `{"n":1,"n":2}`, strict: `the name "n" stands twice in one object`},
	} {
		if tt.want != "" {
			err := json.Unmarshal([]byte(tt.data), &document{})
			if got := jsonwords.Of([]byte(tt.data), err); got == nil || got.Error() != tt.want || !errors.Is(got, err) {
				t.Errorf("%q, encoding/json: got %v, want %s", tt.data, got, tt.want)
			}
		}
		strict := tt.strict
		if strict == "" {
			strict = tt.want
		}
		err := jsonv2.Unmarshal([]byte(tt.data), &document{}, jsonv2.RejectUnknownMembers(true))
		if got := jsonwords.Of([]byte(tt.data), err); got == nil || !strings.HasPrefix(got.Error(), strict) {
			t.Errorf("%q, json: got %v, want %s", tt.data, got, strict)
		}
	}
}

// A decoder that reads from a stream has errors of its own.
func TestOfStream(t *testing.T) {
	for data, want := range map[string]string{
		`{"x":1}`:   `the member "x" is not known`,
		`{"text":"`: "the JSON text ends before it is complete",
	} {
		d := json.NewDecoder(strings.NewReader(data))
		d.DisallowUnknownFields()
		if got := jsonwords.Of([]byte(data), d.Decode(&document{})); got == nil || got.Error() != want {
			t.Errorf("%s: got %v, want %s", data, got, want)
		}
	}
}

// Errors that are not of a decoder stay as they are.
func TestOfOthers(t *testing.T) {
	if err := jsonwords.Of(nil, nil); err != nil {
		t.Errorf("got %v of no error", err)
	}
	other := errors.New("something else")
	if err := jsonwords.Of(nil, other); !errors.Is(err, other) || err.Error() != other.Error() {
		t.Errorf("got %v", err)
	}
}
