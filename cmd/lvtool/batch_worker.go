package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
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
	if w.done() {
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
	if err := w.convert(console, entries); err != nil {
		return err
	}
	return w.publish()
}

// entries returns what the shard is to do.
func (w *worker) entries() ([]plan.Entry, error) {
	name := plan.ShardFile(w.shard)
	data, err := w.run.ReadFile(name)
	if isConfig(err) {
		err = fmt.Errorf("%w: %w", plan.ErrDamaged, err) // since the plan could be read
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

// done reports whether the shard has a marker, and the results that it stands
// for.
func (w *worker) done() bool {
	m, done, err := w.plan.Marker(w.run, w.shard)
	if err != nil || !done {
		return false
	}
	data, err := w.run.ReadFile(plan.ResultsFile(w.shard, m.SHA256))
	return err == nil && decode.Digest(sha256.Sum256(data)).String() == m.SHA256
}

// convert makes what is not there of the sessions of the shard.
func (w *worker) convert(console *console, entries []plan.Entry) (err error) {
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
	v := &converter{c: job, console: console, records: w, attempt: true}
	v.source, err = sourceOf(job, func(c *cli.Context, to *cloud) ([]input, error) {
		return plannedInputs(c, to, entries)
	})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, v.source.close()) }()
	target, err := w.run.sessions(w.c.Context, plan.SessionsFolder(w.shard), stamp, console.swept)
	if err != nil {
		return err
	}
	v.out = &output{target, folderNames{}}
	defer func() { err = cmp.Or(err, v.out.close()) }()
	v.progress = newProgress(console, v.source.size())
	ctx, cancel := context.WithCancel(w.c.Context)
	defer cancel() // for the reading, when a write has failed
	for o, err := range v.stream(ctx, jobs) {
		if err := v.take(o, err); err != nil {
			return err
		}
	}
	return cmp.Or(w.c.Err(), w.again)
}

// errPassing says that a session could not be made, and may be another time.
var errPassing = errors.New("cannot be made now")

// passing says, as an error, why a session is not to be kept as it is: that what
// it lacks may be had another time, or when somebody has set something right.
func passing(r *export.Report) error {
	for _, p := range r.AllProblems() {
		switch p.Code {
		case "s3_throttled", "s3_server", "s3_network", "s3_timeout", "s3_expired_credentials":
			return fmt.Errorf("%w: %s", errPassing, p)
		case "s3_no_credentials", "s3_bad_credentials", "s3_config", "s3_clock", "s3_tls":
			return &exitError{code: exitConfig, err: errors.New(p.String()), hint: adviceOn(p.Code)}
		}
	}
	return nil
}

// settle takes a session that another attempt has made in the meantime, given the
// error that says so. What a killed attempt has left of one, made of other
// answers of S3, is made anew: that it is whole then, in spite of any other
// attempt, is found out last.
func (v *converter) settle(ctx context.Context, it *item, taken error) (*export.Result, error) {
	data, err := v.out.existing(ctx, it.name)
	if err != nil {
		return nil, err
	}
	if data != nil {
		report, err := export.Earlier(data, it.session, v.source.options(it.session))
		if err != nil {
			return nil, taken
		}
		if v.out.check(ctx, it.name, report.Outputs, true) == nil {
			return &export.Result{Report: report}, nil
		}
	}
	result, err := v.make(ctx, it, v.out.forced().stage)
	if err != nil {
		return nil, err
	}
	if err := v.out.check(ctx, it.name, result.Report.Outputs, true); err != nil {
		return nil, fmt.Errorf("%s: %w: another attempt is at it: %w", v.out.address(it.name), errPassing, err)
	}
	return result, nil
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

// publish writes the results, and last the marker.
func (w *worker) publish() error {
	m, err := w.writer.Close(w.plan, w.shard)
	if err != nil {
		return err
	}
	if w.done() {
		return nil // by another attempt
	}
	nothing := m.Sessions == 0 && m.Failed > 0
	marker := plan.DoneFile(w.shard)
	if nothing {
		marker = plan.FailedFile(w.shard)
	}
	if err := w.run.put(w.c.Context, plan.ResultsFile(w.shard, m.SHA256), w.results.Bytes()); err != nil {
		return err
	}
	// The first marker holds: that of another attempt stands for its results.
	if err := w.run.put(w.c.Context, marker, m.Encode()); err != nil && !isTaken(err) {
		return err
	}
	if nothing {
		return &exitError{code: exitData, err: fmt.Errorf("shard %d: nothing of it could be read", w.shard)}
	}
	return nil
}
