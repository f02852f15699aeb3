package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
)

func newConvertCommand() *cli.Command {
	return &cli.Command{
		Name:      "convert",
		Usage:     "make marked pictures, face crops, a contact sheet and a report",
		ArgsUsage: "RESULT…",
		Description: `RESULT is a file, a folder, a pattern, s3://BUCKET/KEY, s3://BUCKET/PREFIX/, or -
for standard input. With --session-id it can be left out.

Every session becomes a folder of its own, named by its id, that appears when it
is whole: sheet.png, report.json, originals/, annotated/ and faces/. Next to
them, index.json lists the sessions of this run and what failed, and
overview.png shows them when there are several; --html adds review.html, to decide
from. With --outputs only some of this is made, faster; report.json is always
there, and names what else is.

The same command again goes on where a run was stopped or killed: sessions that
are whole stay as they are, unless their input, the options or lvtool itself
have changed, or --force is given.

Examples:
   lvtool convert samples/session.json
   lvtool convert --threshold 90 --fail-below 90 -o out results/
   lvtool convert --session-id ID --wait
   lvtool convert s3://BUCKET/results/ -o s3://BUCKET/pictures/
   lvtool convert --outputs sheet,report --png small results/
   lvtool convert --aspect 35:45 --face-size 413x531 --face-edge pad result.json`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-out",
				Usage: "write to `DIR`, or s3://BUCKET/PREFIX/",
			},
			&cli.StringFlag{
				Name: "fail-below",
				Usage: "end with exit code 5 where a confidence is below `SCORE` or missing;" +
					" sets --threshold too where that is not given",
			},
			htmlFlag(),
		}, batchFlags(), sessionFlags(), pictureFlags(), outputFlags()),
		Action: func(c *cli.Context) error {
			v := &converter{c: c}
			return v.run()
		},
	}
}

// A converter is one run of the convert command.
type converter struct {
	c        *cli.Context
	source   *source
	out      *output
	console  *console
	progress *progress
	export   export.Converter
	overview *export.Overview
	records  recorder
	index    *export.IndexWriter
	indexTo  io.Closer
	// tiles are the files of the overview, and pages those of --html.
	tiles, pages []string
	// places are where the sessions are, for --html.
	places []sessionPlace
	failed *failedList
	tally  tally
	// attempt says that this is one of several attempts to do the same, perhaps at
	// the same time: a session that lacks what may be had another time is not kept.
	attempt bool
}

func (v *converter) run() (err error) {
	if v.console, err = newConsole(v.c); err != nil {
		return err
	}
	defer func() { err = v.console.last(v.c.Context, err) }()
	jobs, err := jobs(v.c)
	if err != nil {
		return err
	}
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	if v.source, err = newSource(v.c); err != nil {
		return err
	}
	defer func() {
		if traffic, ok := v.source.cloud.traffic(); ok {
			v.console.say(traffic)
		}
		err = cmp.Or(err, v.source.close())
	}()
	err = firstError(v.checkHTML(), idlePaper(v.c, v.source.opts.Makes(export.OutputPDF), v.c.Bool("html")))
	if err != nil {
		return err
	}
	if v.out, err = newOutput(v.c, v.source.cloud, stamp, v.console.swept); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, v.out.close()) }()
	if v.failed, err = newFailedList(v.c.String("failed")); err != nil {
		return err
	}
	defer v.failed.drop()
	return v.batch(jobs)
}

// batch converts all sessions.
func (v *converter) batch(jobs int) error {
	file, err := v.out.create("index.json")
	if err != nil {
		return err
	}
	v.indexTo = file
	if err := v.claim(); err != nil {
		return errors.Join(err, file.Close())
	}
	v.index = export.NewIndexWriter(file, v.source.opts.Tool)
	v.records = indexRecorder{v.index}
	if v.source.opts.Makes(export.OutputOverview) {
		v.overview = export.NewOverview(v.source.opts, v.putPage)
	}
	v.progress = newProgress(v.console, v.source.size())
	ctx, cancel := context.WithCancel(v.c.Context)
	defer cancel() // for the reading, when a write has failed
	for o, err := range v.stream(ctx, jobs) {
		if err := v.take(o, err); err != nil {
			return v.stopped(err)
		}
	}
	if err := v.c.Err(); err != nil {
		return v.stopped(err)
	}
	if err := errors.Join(v.finish(), v.failed.publish()); err != nil {
		return err
	}
	return v.verdict()
}

// claim refuses to begin where a file is in the way of what surely comes last.
func (v *converter) claim() error {
	var names []string
	if v.c.Bool("html") {
		names = append(names, reviewPage)
	}
	if v.source.opts.Makes(export.OutputOverview) && len(v.source.all) > 1 {
		names = append(names, export.OutputOverview+".png")
	}
	return v.out.claim(names...)
}

// finish writes what belongs to the run as a whole.
func (v *converter) finish() error {
	if v.overview != nil && v.tally.read > 1 {
		if err := v.overview.Close(); err != nil {
			return err
		}
	}
	if err := v.writeHTML(); err != nil {
		return err
	}
	if err := errors.Join(v.index.Close(v.tiles, v.pages), v.indexTo.Close()); err != nil || v.tally.read == 0 {
		return err
	}
	return v.out.publish(v.c.Context)
}

func (v *converter) putPage(name string, data []byte) error {
	v.tiles = append(v.tiles, name)
	return v.out.put(v.c.Context, name, data)
}
