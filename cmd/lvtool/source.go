package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"sync/atomic"

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
	// read is how many bytes of documents have been read.
	read atomic.Int64
}

// A sink takes what the documents hold, in their order.
type sink struct {
	// session takes a session; after an error there are no more.
	session func(*input, *decode.Session) error
	// failed takes what could not be read.
	failed func(*input, error)
}

// newSource reads the arguments and flags of a command. What is wrong with
// them is an error before anything is read.
func newSource(c *cli.Context) (*source, error) { return sourceOf(c, inputs) }

// sourceOf returns the source of other inputs than the arguments name.
func sourceOf(c *cli.Context, inputs func(*cli.Context, *cloud) ([]input, error)) (*source, error) {
	s := &source{}
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
	s.opts.KeepSource = slices.ContainsFunc(s.all, func(in input) bool { return in.live })
	if dir := c.String("s3-root"); dir != "" {
		if s.root, err = os.OpenRoot(dir); err != nil {
			return nil, usageError("--s3-root %s: %v", dir, unwrapPath(err))
		}
		s.opts.Load.Objects = decode.DirObjects(s.root.FS())
	}
	return s, nil
}

// close ends the reading.
func (s *source) close() error {
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

// each hands every session, and every error that reading meets, to a sink. It
// stops when the context ends, or when the sink returns an error, and returns
// that.
func (s *source) each(ctx context.Context, to sink) error {
	for i := range s.all {
		if err := s.expand(ctx, &s.all[i], to); err != nil {
			return err
		}
	}
	return nil
}

// expand goes through the documents that an input stands for.
func (s *source) expand(ctx context.Context, in *input, to sink) error {
	if in.list == nil {
		return s.document(ctx, in, to)
	}
	for one, err := range in.list(ctx) {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			to.failed(&one, err)
			continue
		}
		if err := s.document(ctx, &one, to); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// document goes through the sessions of one document.
func (s *source) document(ctx context.Context, in *input, to sink) error {
	d, err := in.open(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errOwn):
		return nil
	case err != nil:
		to.failed(in, err)
		return nil
	}
	defer d.Close()
	d.ReadCloser = &countingReader{d.ReadCloser, &s.read}
	opts := &decode.Options{Name: in.name, Limits: s.opts.Load.Limits, Bytes: d.bytes}
	for one, err := range decode.Sessions(d, opts) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			to.failed(in, err)
			continue
		}
		one.Source.Name = d.label
		one.Problems = append(one.Problems, d.problems...)
		if err := to.session(in, one); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// size returns how many bytes the documents have, 0 where that is not known
// before they are read.
func (s *source) size() int64 {
	var sum int64
	for i := range s.all {
		info, err := os.Stat(s.all[i].file)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		sum += info.Size()
	}
	return sum
}

// A countingReader adds up what is read.
type countingReader struct {
	io.ReadCloser
	read *atomic.Int64
}

// Read reads, and counts.
func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.read.Add(int64(n))
	return n, err
}
