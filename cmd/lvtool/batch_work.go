package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// shardVariables are where engines say which shard a worker is to do, in the
// order in which they are asked: Kubernetes, AWS Batch, Slurm, Cloud Run.
func shardVariables() []string {
	return []string{
		"JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "SLURM_ARRAY_TASK_ID", "CLOUD_RUN_TASK_INDEX",
	}
}

// workFlags are those of a batch that mean something to a worker.
func workFlags() []cli.Flag {
	return slices.DeleteFunc(batchFlags(), func(f cli.Flag) bool { return f.Names()[0] == "failed" })
}

func newBatchWorkCommand() *cli.Command {
	return &cli.Command{
		Name: "work", Usage: "do one shard of a run",
		Description: `The shard is that of --shard, else of the first of these variables that is set:
JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, SLURM_ARRAY_TASK_ID,
CLOUD_RUN_TASK_INDEX; how many there are, the plan says. A shard that is done is
left alone, and one that was begun is taken up where it was. Single documents that
cannot be read are listed in the results, and do not fail the shard.

Exit codes: 0 done; 64 the options or the environment are wrong, 65 the plan is
damaged or nothing of the shard can be read: do not try again; 75 interrupted, or
something failed that may work later: try again.`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "plan", Value: "lvtool-run/plan.json", Usage: "`FILE` of the plan, in its run"},
			&cli.StringFlag{Name: "shard", Usage: "do the shard `N`, counted from 0"},
		}, workFlags()),
		OnUsageError: func(c *cli.Context, err error, sub bool) error {
			return workError(c.Context, onUsageError(c, err, sub))
		},
		Action: func(c *cli.Context) error {
			return workError(c.Context, workOne(c))
		},
	}
}

// workError gives an error the exit code that job engines act on.
func workError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &exitError{code: exitAgain, err: errors.New("interrupted; the same command again goes on from here")}
	}
	if err == nil {
		return nil
	}
	code := exitAgain
	e, ok := errors.AsType[*exitError](err)
	switch {
	case ok && e.code >= exitConfig:
		return err
	case ok && e.code == exitUsage, errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		code = exitConfig
	case errors.Is(err, plan.ErrDamaged):
		code = exitData
	}
	return &exitError{code: code, err: err, hint: hintOf(err)}
}

// interruptedCode returns the exit code of a command line that was interrupted.
func interruptedCode(args []string) int {
	if len(args) > 2 && args[1] == "batch" && args[2] == "work" {
		return exitAgain
	}
	return exitInterrupted
}

// workOne does the shard that a command line, or its engine, names.
func workOne(c *cli.Context) error {
	name, err := runFolder(c.String("plan"))
	if err != nil {
		return err
	}
	p, err := openPlan(name)
	if err != nil {
		return err
	}
	shard, err := shardOf(c, len(p.Shards))
	if err != nil {
		return err
	}
	return newWorker(c, filepath.Dir(name), p, shard).run()
}

// shardOf returns the shard that is to be done, of n.
func shardOf(c *cli.Context, n int) (int, error) {
	value, from := c.String("shard"), "--shard"
	for _, variable := range shardVariables() {
		if value == "" {
			value, from = os.Getenv(variable), variable
		}
	}
	if value == "" {
		return 0, usageError("which shard? give --shard")
	}
	shard, err := strconv.Atoi(value)
	if err != nil || shard < 0 || shard >= n {
		return 0, usageError("%s %q: the plan has the shards 0 to %d", from, value, n-1)
	}
	return shard, nil
}

// A worker does one shard.
type worker struct {
	c       *cli.Context
	dir     string
	plan    *plan.Plan
	shard   int
	results bytes.Buffer
	writer  *plan.ResultWriter
	// again is the first error that may not come another time.
	again error
}

func newWorker(c *cli.Context, dir string, p *plan.Plan, shard int) *worker {
	w := &worker{c: c, dir: dir, plan: p, shard: shard}
	w.writer = plan.NewResultWriter(&w.results)
	return w
}

func (w *worker) run() (err error) {
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
	name := filepath.Join(w.dir, filepath.FromSlash(plan.ShardFile(w.shard)))
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", filepath.ToSlash(name), plan.ErrDamaged, unwrapPath(err))
	}
	entries, err := w.plan.Shard(w.shard, data)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
	}
	if err := w.convert(console, entries); err != nil {
		return err
	}
	return w.publish()
}

// done reports whether the shard has a marker, and the results that it stands
// for.
func (w *worker) done() bool {
	m, done, err := w.plan.Marker(os.DirFS(w.dir), w.shard)
	if err != nil || !done {
		return false
	}
	data, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(plan.ResultsFile(w.shard))))
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
	v := &converter{c: job, console: console, records: w}
	v.source, err = sourceOf(job, func(c *cli.Context, to *cloud) ([]input, error) {
		return plannedInputs(c, to, entries)
	})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, v.source.close()) }()
	dir := filepath.Join(w.dir, filepath.FromSlash(plan.SessionsFolder(w.shard)))
	target, err := newDirTarget(dir, stamp, console.swept)
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

// add keeps a session.
func (w *worker) add(it *item, e *export.IndexEntry) error {
	for _, p := range e.Problems {
		if p.Code == "s3_throttled" || p.Code == "s3_server" || p.Code == "s3_network" || p.Code == "s3_timeout" {
			w.again = cmp.Or(w.again, fmt.Errorf("%s: %s", e.Folder, p))
		}
	}
	return w.writer.Session(it.from.entry, e)
}

// fail keeps what could not be read.
func (w *worker) fail(it *item) error {
	for _, passing := range []error{
		s3source.ErrThrottled, s3source.ErrServer, s3source.ErrNetwork, s3source.ErrTimeout, s3source.ErrExpiredToken,
	} {
		if errors.Is(it.err, passing) {
			w.again = cmp.Or(w.again, it.err)
		}
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
	if err := writeBeside(w.dir, plan.ResultsFile(w.shard), w.results.Bytes()); err != nil {
		return err
	}
	if err := writeBeside(w.dir, marker, m.Encode()); err != nil {
		return err
	}
	if nothing {
		return &exitError{code: exitData, err: fmt.Errorf("shard %d: nothing of it could be read", w.shard)}
	}
	return nil
}
