package awscli

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lvtool/lvtool/internal/pyval"
)

// Response is an answer of the service after the last attempt.
type Response struct {
	Status      int
	QueryError  string // the header x-amzn-query-error
	Body        []byte
	Attempts    int
	MaxAttempts int
}

// ServiceError is what the CLI reports for an answer that is not a success: code 254, or 255 where
// the body is one that it stumbles over. It is nil for a success.
func ServiceError(r Response) *Error {
	if r.Status < 300 {
		return nil
	}
	code, message, err := r.parse()
	if err != nil {
		return err
	}
	retries := ""
	if r.Attempts >= r.MaxAttempts {
		retries = fmt.Sprintf(" (reached max retries: %d)", r.Attempts-1)
	}
	return failf(ExitService, "An error occurred (%s) when calling the %s operation%s: %s",
		code, Operation, retries, message)
}

// parse finds code and message, as the CLI's parser of AWS JSON does.
func (r Response) parse() (code, message string, failure *Error) {
	if r.Status == http.StatusMultipleChoices {
		return "Unknown", "Unknown", nil // neither a success nor an error to the CLI
	}
	status := strconv.Itoa(r.Status)
	trimmed := strings.TrimSpace(string(r.Body))
	if r.Status >= 500 && (trimmed == "" || strings.HasPrefix(trimmed, "<html>")) {
		return status, http.StatusText(r.Status), nil
	}
	d, err := r.errorBody()
	if err != nil {
		return "", "", err
	}
	message = pyval.Str(first(d, "", "message", "Message"))
	if query, kind, ok := strings.Cut(r.QueryError, ";"); ok && query != "" && !strings.Contains(kind, ";") {
		return shortCode(query), message, nil
	}
	switch typ := first(d, status, "__type").(type) {
	case nil:
		return "", message, nil
	case string:
		return shortCode(typ), message, nil
	default:
		if pyval.Scalar(typ) {
			return "", "", failf(ExitGeneral, "argument of type '%s' is not iterable", pyval.TypeName(typ))
		}
		return pyval.Str(typ), message, nil
	}
}

// errorBody reads the body; text that is no JSON is the message.
func (r Response) errorBody() (*pyval.Dict, *Error) {
	d := &pyval.Dict{}
	if len(r.Body) == 0 {
		return d, nil
	}
	text, err := decode(r.Body)
	if failure, ok := errors.AsType[*Error](err); ok {
		return nil, failure
	}
	v, err := pyval.Parse(text)
	if err != nil {
		d.Set("message", text)
		return d, nil
	}
	d, ok := v.(*pyval.Dict)
	if !ok {
		return nil, failf(ExitGeneral, "'%s' object has no attribute 'get'", pyval.TypeName(v))
	}
	return d, nil
}

// shortCode is a code without its name space.
func shortCode(code string) string {
	return code[strings.LastIndexByte(code, '#')+1:]
}

// first is the value of the first key that d has, null too.
func first(d *pyval.Dict, otherwise any, keys ...string) any {
	for _, key := range keys {
		if v, ok := d.Get(key); ok {
			return v
		}
	}
	return otherwise
}

// decode is Python's body.decode("utf-8").
func decode(body []byte) (string, error) {
	if utf8.Valid(body) {
		return string(body), nil
	}
	i := 0
	for rest := body; ; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n <= 1 {
			break
		}
		rest, i = rest[n:], i+n
	}
	return "", failf(ExitGeneral,
		"'utf-8' codec can't decode byte 0x%02x in position %d: invalid byte", body[i], i)
}
