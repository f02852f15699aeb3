package s3source

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lvtool/lvtool/decode"
)

// maxRedirects is how often one call may be sent on to another region: once to
// where the bucket is, and once more where what was remembered is stale.
const maxRedirects = 2

// A call is one thing to do, with as many requests as it takes.
type call struct {
	op     Op
	object decode.S3Object
	// send makes one request and reads its answer to the end.
	send func(ctx context.Context, region func(*s3.Options)) error
	// bytes is how many are sent or read: large ones get more time.
	bytes int64
}

// slowest is the rate at which large objects must move, in bytes a second.
const slowest = 1 << 20

// allowance is the time that the bytes of a call get.
func (c call) allowance() time.Duration { return time.Duration(c.bytes/slowest) * time.Second }

// do makes a call until it succeeds, fails for good, or is over its bounds. The
// error is an [*Error].
func (s *Store) do(ctx context.Context, c call) error {
	if err := s.allow(c); err != nil {
		return &Error{Op: c.op, Object: c.object, Err: err}
	}
	if err := s.pace.wait(ctx); err != nil { // before time is counted: many may wait
		return newError(ctx, c, context.Cause(ctx))
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.opts.Timeout+2*c.allowance(), ErrTimeout)
	defer cancel()
	var p progress
	for {
		region := s.regions.of(c.object.Bucket)
		err := s.try(ctx, c, region)
		if err == nil {
			return nil
		}
		failure := newError(ctx, c, err)
		failure.Owner = s.opts.Owner
		p.count(failure)
		if errors.Is(failure, ErrRegion) && p.moves < maxRedirects && s.follow(ctx, c.object.Bucket, region, err) {
			p.moves++
			continue
		}
		if p.tries-p.moves >= s.opts.Tries || p.same >= most(failure) || !s.pause(ctx, p.tries-p.moves, failure) {
			return failure
		}
		s.retries.Add(1)
		if err := s.pace.wait(ctx); err != nil {
			return failure
		}
	}
}

// A progress is how a call has gone so far.
type progress struct {
	tries, moves int
	last         error
	same         int // how many of the last tries ended in the last condition
}

func (p *progress) count(failure *Error) {
	p.tries++
	failure.Tries = p.tries
	if p.same++; p.last == nil || !errors.Is(failure, p.last) {
		p.last, p.same = failure.Err, 1
	}
}

// pause waits before the next try, and reports whether there is time for it.
// Where there is none, the failure that led here says more than that time is
// up, unless the caller gave up.
func (s *Store) pause(ctx context.Context, n int, failure *Error) bool {
	timer := time.NewTimer(s.opts.Backoff(n))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	if err := context.Cause(ctx); err != nil && !errors.Is(err, ErrTimeout) {
		failure.Err = err
	}
	return ctx.Err() == nil
}

// try makes one request.
func (s *Store) try(ctx context.Context, c call, region string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opts.TryTimeout+c.allowance(), ErrTimeout)
	defer cancel()
	if err := s.sign(ctx); err != nil {
		return err
	}
	s.requests.Add(1)
	err := c.send(ctx, func(o *s3.Options) {
		o.Region = region
		o.UsePathStyle = o.UsePathStyle && !isARN(c.object.Bucket)
	})
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// sign makes sure that there are credentials, so that their absence is not
// taken for a failure of S3. They are kept by the provider.
func (s *Store) sign(ctx context.Context) error {
	if s.credentials == nil || aws.IsCredentialsProvider(s.credentials, (*aws.AnonymousCredentials)(nil)) {
		return nil
	}
	if _, err := s.credentials.Retrieve(ctx); err != nil {
		return &credentialsError{err}
	}
	return nil
}

// allow says whether the bucket may be asked for this.
func (s *Store) allow(c call) error {
	if err := checkAddress(c.object); err != nil {
		return err
	}
	if c.object.Name == "" && !slices.Contains(ofBucket, c.op) {
		return fmt.Errorf("%w: no key", ErrAddress)
	}
	if len(s.opts.Buckets) > 0 && !slices.Contains(s.opts.Buckets, c.object.Bucket) {
		return ErrBucketRefused
	}
	return nil
}

// owner returns the account that must own the bucket, nil for any.
func (s *Store) owner() *string {
	if s.opts.Owner == "" {
		return nil
	}
	return &s.opts.Owner
}

// passing are the conditions that may be gone at the next try.
var passing = []error{ErrThrottled, ErrServer, ErrNetwork, ErrTimeout}

// most returns how many tries in a row a failure is worth, within the bounds of
// [Options].
func most(failure *Error) int {
	is := func(condition error) bool { return errors.Is(failure, condition) }
	switch {
	case slices.ContainsFunc(passing, is):
		return math.MaxInt
	case is(ErrChecksum):
		// Bytes that were damaged on the way are whole the next time; those
		// that lie damaged stay so.
		return 3
	case is(ErrClock):
		// The SDK has learnt from the answer what time it is there.
		return 2
	}
	return 1
}
