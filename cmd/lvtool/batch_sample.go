package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
	"github.com/lvtool/lvtool/export/review"
)

// A sampler shows some sessions of a run: on an overview, and on a page to decide
// from.
type sampler struct {
	c       *cli.Context
	run     runPlace
	plan    *plan.Plan
	console *console
	opts    *export.Options
	export  export.Converter
	// folders are the sessions, of so many.
	folders []string
	of      int
	// tiles are the files of the overview, and pages those to decide from.
	tiles, pages []string
	overview     *export.Overview
	// failed counts the sessions that are not what their reports say.
	failed int
}

// newSampler returns what shows a sample; nil where none is wanted.
func newSampler(c *cli.Context, run runPlace, p *plan.Plan, console *console) (*sampler, error) {
	switch n := c.Int("sample"); {
	case n < 0:
		return nil, usageError("--sample %d: want the number of sessions to show", n)
	case n == 0:
		return nil, nil
	}
	job, err := jobContext(c, p)
	if err != nil {
		return nil, err
	}
	opts, err := exportOptions(job)
	if err != nil {
		return nil, err
	}
	if !opts.Makes(export.OutputOriginals) {
		return nil, usageError("--sample: the pages show the originals, and this run has none: see its --outputs")
	}
	opts.Outputs = nil // all: the overview needs small pictures
	return &sampler{c: c, run: run, plan: p, console: console, opts: opts}, nil
}

// show writes the overview and the page.
func (s *sampler) show(folders []string, of int) error {
	s.folders, s.of = folders, of
	s.overview = export.NewOverview(s.opts, func(name string, data []byte) error {
		s.tiles = append(s.tiles, name)
		return s.put(name, data)
	})
	opts := &review.Options{
		Name: reviewPage, Tool: export.Tool{Version: version},
		Title: fmt.Sprintf("Sample: %d of %s", len(folders), count(of, "session")),
	}
	made, err := review.Write(s.sessions(s.c.Context), opts, s.put)
	if err == nil {
		err = s.overview.Close()
	}
	if err != nil {
		return err
	}
	s.pages = made.Files
	for _, name := range slices.Concat(s.tiles, s.pages) {
		s.console.result(fmt.Sprintf("%s: a sample of %d of %s", s.run.address(name), made.Sessions,
			count(of, "session")))
	}
	return nil
}

func (s *sampler) put(name string, data []byte) error {
	return s.run.replace(s.c.Context, name, s.c.Bool("force"), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// sessions reads the sessions one by one. One that does not match its report is
// left out, and said.
func (s *sampler) sessions(ctx context.Context) iter.Seq2[*review.Session, error] {
	return func(yield func(*review.Session, error) bool) {
		for _, folder := range s.folders {
			one, err := s.read(ctx, folder)
			if _, mismatch := errors.AsType[*review.MismatchError](err); mismatch {
				s.failed++
				s.console.complain("mismatch", err)
				continue
			}
			if err == nil {
				err = s.tile(ctx, one, folder)
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// read reads a session from its folder, or from the payload of its pack.
func (s *sampler) read(ctx context.Context, folder string) (*review.Session, error) {
	files, done, err := s.run.open(folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = done() }() // it was only read
	if s.plan.Job.Kind == plan.Pack {
		if files, err = fs.Sub(files, "data"); err != nil {
			return nil, err
		}
	}
	return review.Read(ctx, files, path.Base(folder), &s.opts.Load.Limits)
}

// tile adds a session to the overview.
func (s *sampler) tile(ctx context.Context, one *review.Session, folder string) error {
	session := &decode.Session{ID: one.Name}
	images := frameImages{}
	for _, f := range one.Frames {
		if f.Data == nil {
			continue
		}
		o := decode.S3Object{Bucket: "folder", Name: f.Record.Name}
		images[o] = f.Data
		session.Images = append(session.Images, decode.Image{Name: f.Record.Name, S3: &o, Box: boxOf(f.Record)})
	}
	opts := *s.opts
	opts.Load.Objects = images
	small, err := s.export.Thumbnail(ctx, session, &opts)
	if err != nil {
		return err
	}
	return s.overview.Add(&export.Result{Report: one.Report, Thumbnail: small}, folder)
}

// boxOf returns the box of a frame as its result has it.
func boxOf(f *export.FrameRecord) *decode.Box {
	if f.Box == nil {
		return nil
	}
	return &decode.Box{Left: f.Box.Left, Top: f.Box.Top, Width: f.Box.Width, Height: f.Box.Height}
}

// frameImages are images that have been read.
type frameImages map[decode.S3Object][]byte

// Object returns an image.
func (m frameImages) Object(_ context.Context, o decode.S3Object, _ int64) (*decode.Object, error) {
	data, ok := m[o]
	if !ok {
		return nil, decode.ErrNotFound
	}
	return &decode.Object{Data: data}, nil
}
