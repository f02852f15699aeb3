package rekognition

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNotEnded says that a session was not at its end when the wait for it was.
var ErrNotEnded = errors.New("session has not ended")

// WaitOptions say how long and how often to ask. The zero value means the defaults.
type WaitOptions struct {
	Timeout time.Duration // of the whole wait; 0: 3 minutes, after which a session's results are gone
	First   time.Duration // between the first two questions; 0: 1 s
	Max     time.Duration // between later ones, each 1.5 times the one before; 0: 10 s
}

func (o WaitOptions) withDefaults() WaitOptions {
	if o.Timeout == 0 {
		o.Timeout = 3 * time.Minute
	}
	if o.First == 0 {
		o.First = time.Second
	}
	if o.Max == 0 {
		o.Max = 10 * time.Second
	}
	return o
}

// Wait asks until the session is SUCCEEDED, FAILED or EXPIRED. When the time is up, the error is
// [ErrNotEnded] and the answer the last one. An error of the service ends the wait, but for
// [ErrThrottled] and [ErrService], which are asked again.
func (c *Client) Wait(ctx context.Context, sessionID string, opts WaitOptions) (*Answer, error) {
	o := opts.withDefaults()
	limited, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	var last *Answer
	for pause := o.First; ; pause = min(pause*3/2, o.Max) {
		answer, err := c.Fetch(limited, sessionID)
		if answer != nil {
			last = answer
		}
		switch {
		case ctx.Err() != nil:
			return last, ctx.Err()
		case limited.Err() != nil:
			return last, notEnded(last, o.Timeout)
		case err != nil && !errors.Is(err, ErrThrottled) && !errors.Is(err, ErrService):
			return answer, err
		case err == nil && answer.Ended():
			return answer, nil
		}
		select {
		case <-time.After(pause):
		case <-limited.Done():
		}
	}
}

func notEnded(last *Answer, timeout time.Duration) error {
	status := "never told"
	if last != nil {
		if _, s := last.Session(); s != "" {
			status = s
		}
	}
	return fmt.Errorf("%w after %s: status %s", ErrNotEnded, timeout, status)
}
