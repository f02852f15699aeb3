package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/plan"
)

// resumePlan plans what another run has not done.
func resumePlan(c *cli.Context, spec *plan.Spec) (runPlace, *plan.Plan, error) {
	if err := onlyResume(c); err != nil {
		return nil, nil, err
	}
	to, err := newCloud(c)
	if err != nil {
		return nil, nil, err
	}
	old, err := openRun(c.Context, to, runOf(c.String("resume")))
	if err != nil {
		return nil, nil, err
	}
	was, err := readRunPlan(old, plan.File)
	if err != nil {
		return nil, nil, err
	}
	w := plan.NewWatch(old, was)
	if _, err := w.Look(); err != nil {
		return nil, nil, err
	}
	spec.Job, spec.Options, spec.Resumes = was.Job, was.Options, was.Run
	run, err := openRun(c.Context, to, c.String("output"))
	if err != nil {
		return nil, nil, err
	}
	console := newTextConsole(c)
	p, err := writePlan(c.Context, run, spec, w.Left(func(e *plan.ShardError) {
		console.say(lostResults(old.address(e.File), e, was.Shards[e.Shard].Entries))
	}))
	if errors.Is(err, plan.ErrNoEntries) {
		err = fmt.Errorf("%s: nothing is missing, and nothing failed", old.address(""))
	}
	return run, p, err
}

// lostResults says which documents are planned again because what became of them
// is not known.
func lostResults(address string, e *plan.ShardError, documents int) message {
	why := unwrapPath(e.Err).Error()
	if errors.Is(e.Err, fs.ErrNotExist) {
		why = "not there"
	}
	return message{
		level: slog.LevelWarn, event: "results_lost",
		text: fmt.Sprintf("%s: %s: shard %d is planned again as a whole, %s",
			address, why, e.Shard, count(documents, "document")),
		more: []slog.Attr{slog.Int("shard", e.Shard), slog.Int("documents", documents)},
	}
}

// onlyResume refuses what --resume takes from the other run.
func onlyResume(c *cli.Context) error {
	if c.NArg() > 0 || c.String("inventory") != "" {
		return usageError("with --resume, the documents are those of the other run: give no RESULT")
	}
	own := runFlags()
	for _, f := range planFlags() {
		name := f.Names()[0]
		if slices.ContainsFunc(own, func(o cli.Flag) bool { return o.Names()[0] == name }) || !c.IsSet(name) ||
			slices.Contains([]string{"output", "shards", "sessions-per-shard", "resume"}, name) {
			continue
		}
		return usageError("with --resume, the options are those of the other run: leave out --%s, and its variable",
			name)
	}
	return nil
}
