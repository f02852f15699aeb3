package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/awsconf"
)

// anyBucket stands for every bucket in --s3-bucket.
const anyBucket = "*"

// A cloud is the S3 of a command. Before something is asked of it, it touches
// neither config files nor network, and needs no credentials. It is safe for
// concurrent use.
type cloud struct {
	settings awsconf.Settings
	opts     s3source.Options
	// buckets are those that images may come from; none means any, for keys
	// that hold the session's id.
	buckets []string

	once  sync.Once
	store *s3source.Store
	err   error
}

// open returns the store, after it has found the configuration and credentials
// the first time. They are not looked for again.
func (c *cloud) open(ctx context.Context) (*s3source.Store, error) {
	c.once.Do(func() { c.store, c.err = c.load(ctx) })
	return c.store, c.err
}

func (c *cloud) load(ctx context.Context) (*s3source.Store, error) {
	cfg, err := awsconf.Load(ctx, c.settings)
	if err == nil {
		_, err = awsconf.Credentials(ctx, cfg)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, awsconf.ErrNoCredentials):
		return nil, s3source.ErrNoCredentials
	case err != nil:
		return nil, &configError{err}
	}
	return s3source.New(cfg, &c.opts), nil
}

// of returns the images of one session.
func (c *cloud) of(s *decode.Session) decode.Objects { return sessionImages{c, s.ID} }

type sessionImages struct {
	cloud   *cloud
	session string
}

func (s sessionImages) Object(ctx context.Context, o decode.S3Object, limit int64) (*decode.Object, error) {
	store, err := s.cloud.open(ctx)
	switch {
	case errors.Is(err, s3source.ErrNoCredentials):
		return nil, &s3source.Error{Op: s3source.OpGet, Object: o, Err: err}
	case err != nil:
		return nil, err
	case slices.Contains(s.cloud.buckets, anyBucket):
		return store.Object(ctx, o, limit)
	}
	return store.For(s.session, s.cloud.buckets...).Object(ctx, o, limit)
}

// traffic says how often S3 was asked, and asked again, if it was.
func (c *cloud) traffic() (message, bool) {
	if c.store == nil {
		return message{}, false
	}
	n := c.store.Stats()
	m := message{
		level: slog.LevelDebug, event: "s3",
		text: fmt.Sprintf("S3: %s, %d of them repeated after a failure, %d sent on to another region",
			count(int(n.Requests), "request"), n.Retries, n.Redirects),
		more: []slog.Attr{
			slog.Int64("requests", n.Requests), slog.Int64("retries", n.Retries), slog.Int64("redirects", n.Redirects),
			slog.Int64("received", n.Received), slog.Int64("sent", n.Sent),
		},
	}
	if n.Retries+n.Redirects > 0 {
		m.level = slog.LevelInfo
	}
	return m, true
}

// A configError says that the configuration of AWS cannot be used.
type configError struct{ err error }

func (e *configError) Error() string { return e.err.Error() }

func (e *configError) Unwrap() error { return e.err }

// ProblemCode is what a report calls it.
func (e *configError) ProblemCode() string { return "s3_config" }
