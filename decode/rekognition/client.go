package rekognition

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"

	"github.com/lvtool/lvtool/internal/awsconf"
)

// Defaults of Options.
const (
	DefaultAttempts = 3
	DefaultBackoff  = 20 * time.Second
)

// Options adjust a Client. The zero value means the defaults.
type Options struct {
	// MaxAttempts is how often a request is sent at most while the service is busy or fails.
	// 0 means as the configuration says, else DefaultAttempts.
	MaxAttempts int

	// MaxBackoff bounds the wait between two attempts, which doubles and is random. 0 means DefaultBackoff.
	MaxBackoff time.Duration

	// Trace, if set, is told about every attempt, in one line without images or keys. Calls may come
	// from several goroutines.
	Trace func(line string)
}

// Client asks Amazon Rekognition. It is safe for use by several goroutines.
type Client struct {
	api         *rekognition.Client
	region      string
	credentials aws.CredentialsProvider
	attempts    int
	trace       func(string)
}

// New returns a client for the region, the endpoint and the credentials of cfg. Requests are not
// signed where cfg has no credentials.
func New(cfg aws.Config, opts Options) *Client {
	attempts := opts.MaxAttempts
	if attempts == 0 {
		attempts = cfg.RetryMaxAttempts
	}
	if attempts == 0 {
		attempts = DefaultAttempts
	}
	backoff := opts.MaxBackoff
	if backoff == 0 {
		backoff = DefaultBackoff
	}
	c := &Client{region: cfg.Region, credentials: cfg.Credentials, attempts: attempts, trace: opts.Trace}
	c.api = rekognition.NewFromConfig(cfg, func(o *rekognition.Options) {
		o.HTTPClient = awsconf.SafeBodies(o.HTTPClient)
		o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts = attempts
			s.MaxBackoff = backoff
			s.RateLimiter = ratelimit.None // the SDK's gives up for good after fifty failed requests
		})
	})
	return c
}

// Fetch asks for the results of a session.
//
// The answer is there whenever the service sent one, with an error too: an [*Error] for one that is
// not a success, and [ErrIncomplete] for a success without session id or status. A [*TransportError]
// says that there was no answer. The error is that of ctx when it ends.
func (c *Client) Fetch(ctx context.Context, sessionID string) (*Answer, error) {
	rec := &recorder{client: c}
	_, err := c.api.GetFaceLivenessSessionResults(ctx, &rekognition.GetFaceLivenessSessionResultsInput{
		SessionId: &sessionID,
	}, rec.install)
	if rec.answer == nil {
		return nil, c.failure(ctx, rec, err)
	}
	answer := rec.answer
	answer.Region = c.region
	answer.AccessKeyID = c.accessKey(ctx)
	answer.Attempts, answer.MaxAttempts = rec.attempts, c.attempts
	if answer.HTTPStatus >= 300 {
		return answer, newError(answer)
	}
	return answer, answer.check()
}

// failure is the error of a request without an answer.
func (c *Client) failure(ctx context.Context, rec *recorder, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case rec.attempts == 0:
		return fmt.Errorf("preparing request: %w", unwrapOperation(err))
	}
	return &TransportError{Reason: reasonOf(err), Endpoint: rec.endpoint, Attempts: rec.attempts, Err: cause(err)}
}

// accessKey is the id of the key that signed, which is no secret.
func (c *Client) accessKey(ctx context.Context) string {
	if c.credentials == nil {
		return ""
	}
	keys, err := c.credentials.Retrieve(ctx)
	if err != nil {
		return ""
	}
	return keys.AccessKeyID
}

// cause is the innermost error that still says what happened: the SDK's wrappers repeat themselves.
func cause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
