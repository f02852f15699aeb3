package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// A source is what the commands have in common that read results: which
// documents, with what options, and the S3 behind them.
type source struct {
	cloud *cloud
	all   []input
	opts  *export.Options
	root  *os.Root // of --s3-root; nil where images come from S3 itself
	err   io.Writer
}

// newSource reads the arguments and flags of a command. What is wrong with
// them is an error before anything is read.
func newSource(c *cli.Context) (*source, error) {
	s := &source{err: c.App.ErrWriter}
	var err error
	if s.cloud, err = newCloud(c); err != nil {
		return nil, err
	}
	if s.all, err = inputs(c, s.cloud); err != nil {
		return nil, err
	}
	if s.opts, err = exportOptions(c); err != nil {
		return nil, err
	}
	s.opts.KeepSource = len(c.StringSlice("session-id")) > 0
	if dir := c.String("s3-root"); dir != "" {
		if s.root, err = os.OpenRoot(dir); err != nil {
			return nil, usageError("--s3-root %s: %v", dir, unwrapPath(err))
		}
		s.opts.Load.Objects = decode.DirObjects(s.root.FS())
	}
	return s, nil
}

// close ends the reading, and says what S3 had to be asked again.
func (s *source) close() error {
	s.cloud.report(s.err)
	if s.root == nil {
		return nil
	}
	return s.root.Close()
}

// options are the options for one session: which objects it may get depends on
// whose they are.
func (s *source) options(of *decode.Session) *export.Options {
	if s.root != nil {
		return s.opts
	}
	opts := *s.opts
	opts.Load.Objects = s.cloud.of(of)
	return &opts
}

// each hands every session to do, in order, and every error that reading meets
// to failed; neither ends the rest. It stops when the context ends, or when do
// returns an error, and returns that.
func (s *source) each(ctx context.Context, do func(*decode.Session) error, failed func(error)) error {
	for i := range s.all {
		if err := s.expand(ctx, &s.all[i], do, failed); err != nil {
			return err
		}
	}
	return nil
}

// expand goes through the documents that an input stands for.
func (s *source) expand(ctx context.Context, in *input, do func(*decode.Session) error, failed func(error)) error {
	if in.list == nil {
		return s.document(ctx, in, do, failed)
	}
	for one, err := range in.list(ctx) {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			failed(err)
			continue
		}
		if err := s.document(ctx, &one, do, failed); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// document goes through the sessions of one document.
func (s *source) document(ctx context.Context, in *input, do func(*decode.Session) error, failed func(error)) error {
	d, err := in.open(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errOwn):
		return nil
	case err != nil:
		failed(err)
		return nil
	}
	defer d.Close()
	opts := &decode.Options{Name: in.name, Limits: s.opts.Load.Limits}
	for one, err := range decode.Sessions(d, opts) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			failed(err)
			continue
		}
		one.Source.Name = d.label
		one.Problems = append(one.Problems, d.problems...)
		if err := do(one); err != nil {
			return err
		}
	}
	return ctx.Err()
}
