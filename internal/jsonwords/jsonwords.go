// Package jsonwords says in plain words what is wrong with a JSON document: the
// errors of Go's decoders name Go's types, and places by a count of bytes.
package jsonwords

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An explained is an error in other words.
type explained struct {
	words string
	err   error
}

// Error returns the words.
func (e *explained) Error() string { return e.words }

// Unwrap returns the error as the decoder had it.
func (e *explained) Unwrap() error { return e.err }

// Of returns an error that decoding data met, with what it says in plain words.
// Errors of other kinds come back as they are.
func Of(data []byte, err error) error {
	if words := explain(data, err); words != "" {
		return &explained{words, err}
	}
	return err
}

func explain(data []byte, err error) string {
	if err == nil {
		return ""
	}
	if text, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(text.Err, jsontext.ErrDuplicateName) {
			return fmt.Sprintf("the name %+.60q stands twice in one object", text.JSONPointer.LastToken())
		}
		return inText(text.Err) + syntax(data, int(text.ByteOffset))
	}
	if text, ok := errors.AsType[*json.SyntaxError](err); ok {
		return syntax(data, int(text.Offset)-1) // it counts the byte that is wrong
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return syntax(data, len(data))
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		what, _, _ := strings.Cut(kind.Value, " ") // "number 5", where it does not fit
		return mismatch("/"+strings.ReplaceAll(kind.Field, ".", "/"), article(what), kind.Type)
	}
	if kind, ok := errors.AsType[*jsonv2.SemanticError](err); ok {
		return semantic(kind)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Sprintf("the member %.62s is not known", name)
	}
	return ""
}

// inText says what is wrong within a text, for what stands there says little.
func inText(err error) string {
	if err == nil {
		return ""
	}
	switch text := err.Error(); {
	case strings.Contains(text, "surrogate"):
		return "half of a character: "
	case strings.Contains(text, "UTF-8"):
		return "text that is not UTF-8: "
	case strings.Contains(text, "escape"):
		return "an escape that JSON does not have: "
	}
	return ""
}

// syntax says that a document is no JSON at the byte at. What is wrong there is
// that the document ends, unless something stands there.
func syntax(data []byte, at int) string {
	if len(bytes.TrimSpace(data)) == 0 {
		return "it is empty"
	}
	at = max(at, 0)
	for at < len(data) && strings.IndexByte(" \t\r\n", data[at]) >= 0 {
		at++ // a decoder may stop before blanks
	}
	if at >= len(data)-1 && !json.Valid(data) && !endsBad(data, at) {
		return "the JSON text ends before it is complete"
	}
	if len(bytes.TrimSpace(data[:at])) == 0 {
		return "it is not JSON"
	}
	line := 1 + bytes.Count(data[:at], []byte("\n"))
	column := 1 + utf8.RuneCount(data[bytes.LastIndexByte(data[:at], '\n')+1:at])
	if json.Valid(data[:at]) {
		return fmt.Sprintf("more stands behind the JSON text, from line %d, column %d on", line, column)
	}
	r, _ := utf8.DecodeRune(data[at:])
	return fmt.Sprintf("it is not JSON from line %d, column %d on, where %+q stands", line, column, string(r))
}

// endsBad reports whether the last byte of a document is there, and wrong: with
// another in its place the document could go on.
func endsBad(data []byte, at int) bool {
	if at >= len(data) {
		return false
	}
	d := jsontext.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.ReadToken(); err != nil {
			return !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF)
		}
	}
}

func semantic(e *jsonv2.SemanticError) string {
	at := string(e.JSONPointer)
	switch {
	case errors.Is(e.Err, jsonv2.ErrUnknownName):
		where := ""
		if parent := e.JSONPointer.Parent(); parent != "" {
			where = fmt.Sprintf(" in %+.100q", string(parent))
		}
		return fmt.Sprintf("the member %+.60q is not known%s", e.JSONPointer.LastToken(), where)
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", at, e.Err)
	}
	return mismatch(at, kinds[e.JSONKind], e.GoType)
}

var kinds = map[jsontext.Kind]string{
	'n': "null", 'f': "true or false", 't': "true or false", '"': "text", '0': "a number",
	'{': "an object", '}': "an object", '[': "a list", ']': "a list",
}

// article returns what encoding/json calls a kind of value, as people would.
func article(kind string) string {
	switch kind {
	case "string":
		return "text"
	case "bool":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a number"
}

func mismatch(pointer, got string, want reflect.Type) string {
	if pointer == "" || pointer == "/" {
		return fmt.Sprintf("it holds %s, where %s belongs", got, words(want))
	}
	return fmt.Sprintf("%+.100q holds %s, where %s belongs", pointer, got, words(want))
}

// words says what JSON a type is decoded from.
func words(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return words(t.Elem())
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "a whole number"
}
