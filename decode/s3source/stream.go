package s3source

import (
	"context"
	"errors"
	"io"
	"time"
)

// A stream is a body with a limit on how long each Read may take: the time
// that its reader takes between them does not count.
type stream struct {
	ctx      context.Context //nolint:containedctx // The context of the request that the body answers.
	cancel   context.CancelCauseFunc
	body     io.ReadCloser
	patience time.Duration
}

func (s *stream) Read(p []byte) (int, error) {
	timer := time.AfterFunc(s.patience, func() { s.cancel(ErrTimeout) })
	defer timer.Stop()
	n, err := s.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && s.ctx.Err() != nil {
		err = context.Cause(s.ctx)
	}
	return n, err
}

// Close ends the request.
func (s *stream) Close() error {
	s.cancel(nil)
	return s.body.Close()
}
