// Package tsa asks timestamp authorities over HTTP, as RFC 3161, section 3.4,
// has it. It checks nothing of an answer but that it may be one: see package
// export/bag/seal.
package tsa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The media types of queries and answers.
const (
	queryType = "application/timestamp-query"
	replyType = "application/timestamp-reply"
)

// The defaults of a [Client].
const (
	DefaultTimeout = 30 * time.Second
	DefaultBytes   = 1 << 20
)

// A Client asks authorities. The zero Client is ready to use.
type Client struct {
	// HTTP sends the queries: [http.DefaultClient] where nil.
	HTTP *http.Client
	// Timeout bounds one answer, and Bytes its length; the defaults where zero.
	Timeout time.Duration
	Bytes   int64
	// UserAgent is the name that is sent; that of net/http where empty.
	UserAgent string
}

// Ask sends a query in DER to the authority at an address, and returns its answer.
// Nothing else of the caller's goes over the network. The address may hold a name
// and a password; no error repeats them.
func (c *Client) Ask(ctx context.Context, address string, query []byte) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address of the timestamp authority should be like https://tsa.example.com/tsr")
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	answer, err := c.send(ctx, u.String(), query)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no answer within %v", timeout)
	}
	if err != nil {
		return nil, fmt.Errorf("timestamp authority %s: %w", u.Redacted(), err)
	}
	return answer, nil
}

func (c *Client) send(ctx context.Context, address string, query []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", queryType)
	request.Header.Set("Accept", replyType)
	if c.UserAgent != "" {
		request.Header.Set("User-Agent", c.UserAgent)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if e, ok := errors.AsType[*url.Error](err); ok {
		return nil, e.Err // without the address
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return c.read(response)
}

func (c *Client) read(r *http.Response) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("it answered %d %s", r.StatusCode, strings.ToLower(http.StatusText(r.StatusCode)))
	case err != nil || kind != replyType:
		return nil, fmt.Errorf("it answered with %+.100q, not %s: is the address right?", kind, replyType)
	}
	most := c.Bytes
	if most == 0 {
		most = DefaultBytes
	}
	answer, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("its answer broke off: %w", err)
	case int64(len(answer)) > most:
		return nil, fmt.Errorf("its answer is longer than %d bytes", most)
	}
	return answer, nil
}
