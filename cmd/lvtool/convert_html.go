package main

import (
	"iter"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

const reviewPage = "review.html"

func htmlFlag() cli.Flag {
	return &cli.BoolFlag{
		Name:  "html",
		Usage: "write " + reviewPage + " too, the page that lvtool review makes of the sessions of this run",
	}
}

// checkHTML refuses --html where there would be nothing to make a page of.
func (v *converter) checkHTML() error {
	switch {
	case !v.c.Bool("html"):
		return nil
	case isS3(v.c.String("output")):
		return usageError("--html: the page is made of a folder of this machine: give one with -o")
	case !v.source.opts.Makes(export.OutputOriginals):
		return usageError("--html: the page shows the originals: add %s to --outputs", export.OutputOriginals)
	}
	return nil
}

// writeHTML writes the reviewer's page of the sessions of this run, in their
// order. It is made of what lies in their folders, so that it is the same
// whether this run made them or an earlier one.
func (v *converter) writeHTML() error {
	if len(v.places) == 0 {
		return nil
	}
	decided, err := earlier(v.places)
	if err != nil {
		return err
	}
	opts := &review.Options{
		Name: reviewPage, Audience: v.source.opts.Audience, Earlier: decided, Tool: export.Tool{Version: version},
	}
	made, err := review.Write(v.pageSessions(), opts, func(name string, data []byte) error {
		return v.out.put(v.c.Context, name, data)
	})
	if err == nil {
		v.pages = made.Files
	}
	return err
}

func (v *converter) pageSessions() iter.Seq2[*review.Session, error] {
	return func(yield func(*review.Session, error) bool) {
		for _, p := range v.places {
			s, err := p.readWith(v.c.Context, &v.source.opts.Load.Limits)
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}
