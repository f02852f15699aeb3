package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
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
		partFlag(),
	}
}

func newBatchMergeCommand() *cli.Command {
	return &cli.Command{
		Name: "merge", Usage: "make one index of all shards, and add them up", ArgsUsage: "RUN [REST…]",
		Description: `Writes RUN/index.json, with a line for every session in the order of the input,
and RUN/totals.json: sessions by status, confidence and problem. Every document of
the plan is in it once, or named among what failed; where a shard is not done, or
its results are not what its worker wrote, nothing is made. A session id that
several documents have is named, with its folders.

REST is what plan --resume has made of RUN, and so on: what it does again is taken
from there.

Examples:
   lvtool batch merge run
   lvtool batch merge --sample 20 s3://BUCKET/RUN/
   lvtool batch merge run rest`,
		Flags: append(mergeFlags(), runFlags()...),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return usageError("batch merge: give a RUN")
			}
			to, err := newCloud(c)
			if err != nil {
				return err
			}
			var runs []plannedRun
			for _, name := range c.Args().Slice() {
				run, err := openRun(c.Context, to, runOf(name))
				if err != nil {
					return err
				}
				p, err := readRunPlan(run, plan.File)
				if err != nil {
					return err
				}
				runs = append(runs, plannedRun{run, p})
			}
			return mergeRuns(c, runs)
		},
	}
}

// A plannedRun is a run with its plan.
type plannedRun struct {
	runPlace
	plan *plan.Plan
}

// base returns what stands before the folders of a run in the index of first.
func (r plannedRun) base(first runPlace) string {
	here, there := first.address(""), r.address("")
	if here == there {
		return ""
	}
	if rel, err := filepath.Rel(here, there); err == nil && !isS3(here) && !isS3(there) {
		there = filepath.ToSlash(rel)
	}
	return strings.TrimSuffix(there, "/") + "/"
}

// watches looks at runs, whose shards must be done but for those that the next
// does.
func watches(runs []plannedRun) ([]plan.Part, error) {
	var parts []plan.Part
	for i, r := range runs {
		w := plan.NewWatch(r.runPlace, r.plan) // which may be a plan.Prefetcher
		status, err := w.Look()
		if err != nil {
			return nil, err
		}
		if !status.Ended() && i == len(runs)-1 {
			return nil, notDone(r, w, status)
		}
		parts = append(parts, plan.Part{Watch: w, Base: r.base(runs[0])})
	}
	return parts, nil
}

// notDone says which shards are missing, and what is wrong with the first whose
// marker is damaged.
func notDone(r plannedRun, w *plan.Watch, status *plan.Status) error {
	err := fmt.Errorf("%s: shards not done: %s", r.address(""), ranges(status.Missing))
	if len(status.Damaged) > 0 {
		first := status.Damaged[0]
		err = fmt.Errorf("%w; damaged markers: %s; shard %d: %w", err, ranges(status.Damaged), first, w.Damage(first))
	}
	return &exitError{code: exitFailed, err: err, hint: "work on them, then merge again"}
}

// again says of results that are missing or damaged how to have them made again.
func again(err error, runs []plannedRun) error {
	e, ok := errors.AsType[*plan.ShardError](err)
	if !ok || !errors.Is(err, plan.ErrDamaged) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, r := range runs {
		if r.plan.Run == e.Run {
			return &exitError{
				code: exitFailed, err: fmt.Errorf("%s: shard %d: %w", r.address(e.File), e.Shard, unwrapPath(e.Err)),
				hint: fmt.Sprintf("run that shard again: lvtool batch work --plan %s --shard %d; then merge again",
					r.address(plan.File), e.Shard),
			}
		}
	}
	return err
}

// mergeRuns merges the results of a run, and of those that resume it.
func mergeRuns(c *cli.Context, runs []plannedRun) error {
	parts, err := watches(runs)
	if err != nil {
		return err
	}
	run := runs[0]
	console := newTextConsole(c)
	sampler, err := newSampler(c, run, run.plan, console)
	if err != nil {
		return err
	}
	totals, err := writeMerged(c, runs, parts, sampler)
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
	c *cli.Context, runs []plannedRun, parts []plan.Part, sampler *sampler,
) (totals *plan.Totals, err error) {
	run, force := runs[0], c.Bool("force")
	var unmerged error
	err = run.replace(c.Context, indexFile, force, func(f io.Writer) (err error) {
		index := export.NewIndexWriter(f, run.plan.Tool)
		sample := plan.NewSample(run.plan.Run, c.Int("sample"))
		if totals, err = plan.Merge(parts, index, sample); err != nil {
			unmerged = again(err, runs)
			return err
		}
		if sampler == nil {
			return errors.Join(run.tidy(nil), index.Close(nil, nil))
		}
		if err := sampler.show(sample.Folders(), totals.Sessions); err != nil {
			return err
		}
		if err := run.tidy(slices.Concat(sampler.tiles, sampler.pages)); err != nil {
			return err
		}
		return index.Close(sampler.tiles, sampler.pages)
	})
	if err != nil {
		return nil, cmp.Or(unmerged, err) // which names the file that it is about
	}
	return totals, run.replace(c.Context, totalsFile, force, func(f io.Writer) error {
		encoder := json.NewEncoder(f)
		encoder.SetIndent("", "  ")
		return encoder.Encode(totals)
	})
}
