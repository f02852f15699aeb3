package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// indexFile is what merge makes of the results, and totalsFile is what it writes
// beside it.
const (
	indexFile  = "index.json"
	totalsFile = "totals.json"
)

func mergeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{
			Name: "sample", Category: batches,
			Usage: "show `N` sessions, picked evenly and always the same, in overview.png and " + reviewPage,
		},
		&cli.BoolFlag{Name: "force", Category: batches, Usage: "overwrite what an earlier merge wrote to S3"},
	}
}

func newBatchMergeCommand() *cli.Command {
	return &cli.Command{
		Name: "merge", Usage: "make one index of all shards, and add them up", ArgsUsage: "RUN",
		Description: `Writes RUN/index.json, with a line for every session in the order of the input,
and RUN/totals.json: sessions by status, confidence and problem. Every document of
the plan is in it once, or named among what failed; where a shard is not done, or
its results are not what its worker wrote, nothing is made. A session id that
several documents have is named, with its folders.`,
		Flags: append(mergeFlags(), runFlags()...),
		Action: func(c *cli.Context) error {
			run, p, err := argumentRun(c)
			if err != nil {
				return err
			}
			return mergeRun(c, run, p)
		},
	}
}

// mergeRun merges the results of a run.
func mergeRun(c *cli.Context, run runPlace, p *plan.Plan) error {
	w := plan.NewWatch(run, p)
	status, err := w.Look()
	if err != nil {
		return err
	}
	if !status.Ended() {
		return &exitError{
			code: exitFailed, err: fmt.Errorf("%s: shards not done: %s", run.address(""), ranges(status.Missing)),
			hint: "work on them, then merge again",
		}
	}
	console := newTextConsole(c)
	sampler, err := newSampler(c, run, p, console)
	if err != nil {
		return err
	}
	totals, err := writeMerged(c, run, w, p, sampler)
	if err != nil {
		return err
	}
	console.result(fmt.Sprintf("%s: %s, %d incomplete, %d failed",
		run.address(indexFile), count(totals.Sessions, "session"), totals.Incomplete, totals.Failed))
	for _, r := range totals.Repeated {
		console.say(message{
			level: slog.LevelWarn, event: "repeated",
			text: fmt.Sprintf("session %s is there %d times: %s", r.ID, len(r.Folders), strings.Join(r.Folders, ", ")),
		})
	}
	if totals.Failed+totals.Incomplete > 0 || sampler != nil && sampler.failed > 0 {
		return &exitError{code: exitSomeFailed}
	}
	return nil
}

// writeMerged writes what a run came to.
func writeMerged(
	c *cli.Context, run runPlace, w *plan.Watch, p *plan.Plan, sampler *sampler,
) (totals *plan.Totals, err error) {
	force := c.Bool("force")
	err = run.replace(c.Context, indexFile, force, func(f io.Writer) (err error) {
		index := export.NewIndexWriter(f, p.Tool)
		sample := plan.NewSample(p.Run, c.Int("sample"))
		if totals, err = w.Merge(index, sample); err != nil {
			return err
		}
		if sampler == nil {
			return index.Close(nil)
		}
		if err := sampler.show(sample.Folders(), totals.Sessions); err != nil {
			return err
		}
		return index.Close(sampler.pages)
	})
	if err != nil {
		return nil, err
	}
	return totals, run.replace(c.Context, totalsFile, force, func(f io.Writer) error {
		encoder := json.NewEncoder(f)
		encoder.SetIndent("", "  ")
		return encoder.Encode(totals)
	})
}
