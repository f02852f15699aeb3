package awsconf

import (
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// SafeBodies returns a client that shows net/http nothing of a request's body but Read and Close.
//
// The SDK closes the body as soon as an answer begins, and its WriteTo then returns io.EOF, which
// net/http takes for a failed request: it closes the connection under the answer that is being
// read. A server that answers within microseconds loses every fortieth answer that way.
func SafeBodies(client aws.HTTPClient) aws.HTTPClient {
	if _, ok := client.(safeBodies); ok {
		return client
	}
	return safeBodies{client}
}

type safeBodies struct {
	client aws.HTTPClient
}

// Do sends a request.
func (c safeBodies) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r = r.WithContext(r.Context()) // a copy
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return c.client.Do(r)
}
