package s3source

import "context"

// Backoff is the pause that a nil Options.Backoff means.
var Backoff = backoff

// NewPace returns what waits for a turn at so many requests a second.
func NewPace(rate int) func(context.Context) error { return newPace(rate).wait }
