package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// A worker does one shard.
type worker struct {
	c       *cli.Context
	run     runPlace
	plan    *plan.Plan
	shard   int
	results bytes.Buffer
	writer  *plan.ResultWriter
	// again is the first error that may not come another time.
	again error
}

func newWorker(c *cli.Context, run runPlace, p *plan.Plan, shard int) *worker {
	w := &worker{c: c, run: run, plan: p, shard: shard}
	w.writer = plan.NewResultWriter(&w.results)
	return w
}

func (w *worker) work() (err error) {
	console, err := newConsole(w.c)
	if err != nil {
		return err
	}
	if err := w.idle(); err != nil {
		return err
	}
	done, err := w.standing(plan.DoneFile(w.shard))
	if errors.Is(err, plan.ErrForeign) {
		return err // before anything is done in vain
	}
	if done && !w.c.Bool("check") {
		console.say(message{event: "done", text: fmt.Sprintf("shard %d is done already", w.shard)})
		return nil
	}
	if !w.plan.SameTool(tool(nil)) {
		return usageError("the plan was made by another build of lvtool (%s): work with that one", w.plan.Tool.Version)
	}
	entries, err := w.entries()
	if err != nil {
		return err
	}
	if err := w.do(console, entries); err != nil {
		return err
	}
	return w.publish()
}

// idle refuses options that say nothing to the job of the plan.
func (w *worker) idle() error {
	isPack := w.plan.Job.Kind == plan.Pack
	const unsigned = "this plan makes no packs, and nothing is signed: leave it out"
	errs := []error{idle(w.c, "check", !isPack, "this plan makes packs, which lvtool verify checks: leave it out")}
	for _, f := range workSealFlags() {
		errs = append(errs, idle(w.c, f.Names()[0], isPack, unsigned))
	}
	return firstError(errs...)
}

// entries returns what the shard is to do.
func (w *worker) entries() ([]plan.Entry, error) {
	name := plan.ShardFile(w.shard)
	data, err := w.run.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, decode.ErrNotFound) {
		// The plan could be read, and is the last of its files to be written.
		return nil, &exitError{
			code: exitData, err: fmt.Errorf("%s: %w: it is not there", w.run.address(name), plan.ErrDamaged),
			hint: "put it back, or plan the run anew",
		}
	}
	if err != nil {
		return nil, placed(w.run.address(name), err)
	}
	entries, err := w.plan.Shard(w.shard, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.run.address(name), err)
	}
	return entries, nil
}

// do makes what is not there of the sessions of the shard.
func (w *worker) do(console *console, entries []plan.Entry) (err error) {
	job, err := jobContext(w.c, w.plan)
	if err != nil {
		return err
	}
	jobs, err := jobs(w.c)
	if err != nil {
		return err
	}
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	from, err := sourceOf(job, func(c *cli.Context, to *cloud) ([]input, error) {
		return plannedInputs(c, to, entries)
	})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, from.close()) }()
	target, err := w.run.sessions(w.c.Context, plan.SessionsFolder(w.shard), stamp, console.swept)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, target.close()) }()
	if w.plan.Job.Kind == plan.Pack {
		err = w.pack(&packer{c: job, console: console, source: from, out: foldersOf(target, false)}, jobs)
	} else {
		v := &converter{c: job, console: console, source: from, out: &output{target, folderNames{}}}
		err = w.convert(v, jobs)
	}
	return cmp.Or(err, w.c.Err(), w.again)
}

func (w *worker) convert(v *converter, jobs int) error {
	v.records, v.attempt = w, true
	v.progress = newProgress(v.console, v.source.size())
	ctx, cancel := context.WithCancel(w.c.Context)
	defer cancel() // for the reading, when a write has failed
	for o, err := range v.stream(ctx, jobs) {
		if err := v.take(o, err); err != nil {
			return err
		}
	}
	return nil
}

// add keeps a session.
func (w *worker) add(it *item, e *export.IndexEntry) error { return w.writer.Session(it.from.entry, e) }

// fail keeps what could not be read.
func (w *worker) fail(it *item) error {
	if slices.ContainsFunc([]error{
		errPassing, s3source.ErrThrottled, s3source.ErrServer, s3source.ErrNetwork, s3source.ErrTimeout,
		s3source.ErrExpiredToken,
	}, func(condition error) bool { return errors.Is(it.err, condition) }) {
		w.again = cmp.Or(w.again, it.err)
	}
	return w.writer.Fail(it.from.entry, it.err.Error())
}
