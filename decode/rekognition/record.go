package rekognition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// maxBody bounds an answer: five images of 204,800 bytes as Base64 are 1.4 MB.
const maxBody = 64 << 20

var errTooLarge = errors.New("answer larger than 64 MiB")

// recorder keeps the last answer of a call as it came, before the SDK reads it.
type recorder struct {
	client   *Client
	answer   *Answer
	endpoint string
	attempts int
}

func (r *recorder) install(o *rekognition.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(r, middleware.After) // next to the transport
	})
}

// ID names the recorder in the SDK's stack of handlers.
func (r *recorder) ID() string { return "lvtool/record" }

// HandleDeserialize runs once for every attempt.
func (r *recorder) HandleDeserialize(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	r.attempts++
	r.answer = nil
	if request, ok := in.Request.(*smithyhttp.Request); ok {
		r.endpoint = request.URL.String()
	}
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		r.note("no answer: %v", err)
		return out, metadata, err
	}
	if err := r.keep(response); err != nil {
		r.note("answer not read: %v", err)
		return out, metadata, err
	}
	r.note("HTTP status %d, %d bytes, request id %s", response.StatusCode, len(r.answer.Body), r.answer.RequestID)
	return out, metadata, nil
}

// keep reads the body. The SDK gets an empty object for a success, whose members it would only
// misread, and the body itself for an error, which decides about the next attempt.
func (r *recorder) keep(response *smithyhttp.Response) error {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	err = errors.Join(err, response.Body.Close())
	if err == nil && len(body) > maxBody {
		return errTooLarge
	}
	if err != nil {
		return bodyError{err}
	}
	r.answer = &Answer{
		Body:       body,
		HTTPStatus: response.StatusCode,
		RequestID:  response.Header.Get("X-Amzn-Requestid"),
		Date:       response.Header.Get("Date"),
		QueryError: response.Header.Get("X-Amzn-Query-Error"),
		Endpoint:   r.endpoint,
	}
	if response.StatusCode < 300 {
		body = []byte("{}")
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

func (r *recorder) note(format string, args ...any) {
	if r.client.trace != nil {
		r.client.trace(fmt.Sprintf("%s: attempt %d of %d: ", r.endpoint, r.attempts, r.client.attempts) +
			fmt.Sprintf(format, args...))
	}
}

// bodyError is a failure while the body was read, which the SDK by itself would not retry.
type bodyError struct{ error }

// Unwrap returns what failed.
func (b bodyError) Unwrap() error { return b.error }

// RetryableError tells the SDK to try again.
func (b bodyError) RetryableError() bool { return true }
