package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
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
overview.png shows them when there are several.

Examples:
   lvtool convert samples/session.json
   lvtool convert --threshold 90 --fail-below 90 -o out results/
   lvtool convert --session-id ID --wait
   lvtool convert s3://BUCKET/results/ -o s3://BUCKET/pictures/
   lvtool convert --aspect 35:45 --face-size 413x531 --face-edge pad result.json`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-out", Usage: "write to `DIR`, or s3://BUCKET/PREFIX/",
			},
			&cli.StringFlag{
				Name: "fail-below",
				Usage: "end with exit code 5 where a confidence is below `SCORE` or missing;" +
					" sets --threshold too where that is not given",
			},
		}, sessionFlags(), pictureFlags(), outputFlags()),
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
	overview *export.Overview
	index    export.Index
	// gateMissed counts the sessions that --fail-below is about.
	gateMissed int
}

func (v *converter) run() (err error) {
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	if v.source, err = newSource(v.c); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.source.close()) }()
	if v.out, err = newOutput(v.c, v.source.cloud, stamp); err != nil {
		return err
	}
	defer v.out.close()
	opts := v.source.opts
	v.index.Tool = opts.Tool
	v.overview = export.NewOverview(opts.Sheet, opts.Tool, v.putOverview)
	if err := v.source.each(v.c.Context, v.session, v.failed); err != nil {
		return v.stopped(err)
	}
	if err := v.finish(); err != nil {
		return err
	}
	return v.verdict()
}

// session converts one session. It returns an error only where going on makes
// no sense: the output cannot be written, or the user has had enough.
func (v *converter) session(s *decode.Session) error {
	name := v.out.folderName(s)
	stage, err := v.out.stage(name)
	if err != nil {
		return err
	}
	result, err := export.Convert(v.c.Context, s, v.source.options(s), stage.put)
	if err != nil {
		return errors.Join(err, stage.drop())
	}
	switch err := stage.commit(v.c.Context); {
	case isTaken(err):
		v.failed(err)
		return nil
	case err != nil:
		return err
	}
	entry := v.index.Add(result.Report, name)
	v.say(entry)
	if err := v.overview.Add(result, name); err != nil {
		return err
	}
	if v.belowGate(result.Report.Session.Confidence) {
		v.gateMissed++
	}
	return nil
}

// failed notes a document or session that could not be read.
func (v *converter) failed(err error) {
	v.index.Fail(err)
	complain(v.c.App.ErrWriter, err, "")
}

func (v *converter) belowGate(confidence decode.Number) bool {
	gate, err := decode.Number(v.c.String("fail-below")).Rat()
	if err != nil {
		return false
	}
	got, err := confidence.Rat()
	return err != nil || got.Cmp(gate) < 0
}

// say writes what was made of a session: a line for people, or one of JSON.
func (v *converter) say(e *export.IndexEntry) {
	if v.c.Bool("json") {
		_ = json.NewEncoder(v.c.App.Writer).Encode(e)
		return
	}
	sayf(v.c.App.Writer, "%s  %s", v.out.address(e.Folder), e.Summary())
	for _, p := range e.Problems {
		sayf(v.c.App.ErrWriter, "lvtool: %s: %s", e.Source.Name, p)
		if hint := adviceOn(p.Code); hint != "" {
			sayf(v.c.App.ErrWriter, "  hint: %s", hint)
		}
	}
}

func (v *converter) putOverview(name string, data []byte) error {
	v.index.Overview = append(v.index.Overview, name)
	return v.out.put(v.c.Context, name, data)
}

// finish writes what belongs to the run as a whole.
func (v *converter) finish() error {
	if len(v.index.Sessions) == 0 {
		return nil
	}
	if len(v.index.Sessions) > 1 {
		if err := v.overview.Close(); err != nil {
			return err
		}
	}
	data, err := v.index.JSON()
	if err != nil {
		return err
	}
	return v.out.put(v.c.Context, "index.json", data)
}

// stopped says what is left when a run ends before its end.
func (v *converter) stopped(err error) error {
	if v.c.Err() == nil {
		return err
	}
	if n := len(v.index.Sessions); n > 0 {
		sayf(v.c.App.ErrWriter, "lvtool: stopped after %d sessions, which are whole; run the same command again", n)
	}
	return err
}

// verdict turns what happened into the exit code.
func (v *converter) verdict() error {
	x := &v.index
	if err := outcome(v.c.App.ErrWriter, len(x.Sessions), x.Incomplete(), len(x.Failed)); err != nil {
		return err
	}
	if v.gateMissed == 0 {
		return nil
	}
	return &exitError{
		code: exitGate,
		err: fmt.Errorf("%d of %s: confidence below %s, or missing",
			v.gateMissed, count(len(x.Sessions), "session"), v.c.String("fail-below")),
		hint: "this is the gate set with --fail-below",
	}
}

// outcome turns counts of sessions into an exit code: those that were read, of
// them those that lack an image they name, and those that could not be read.
func outcome(w io.Writer, read, partly, failed int) error {
	switch {
	case read == 0 && failed == 0:
		return errors.New("no session in the input")
	case read == 0:
		return &exitError{code: exitFailed}
	case failed+partly > 0:
		sayf(w, "lvtool: of %s, %d could not be read, %d without an image that it names",
			count(read+failed, "session"), failed, partly)
		return &exitError{code: exitSomeFailed}
	}
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
