package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// totalsFile is what merge writes beside the index.
const totalsFile = "totals.json"

func newBatchMergeCommand() *cli.Command {
	return &cli.Command{
		Name: "merge", Usage: "make one index of all shards, and add them up", ArgsUsage: "RUN",
		Description: `Writes RUN/index.json, with a line for every session in the order of the input,
and RUN/totals.json: sessions by status, confidence and problem. Every document of
the plan is in it once, or named among what failed; where a shard is not done, or
its results are not what its worker wrote, nothing is made.`,
		Action: func(c *cli.Context) error {
			dir, p, err := argumentRun(c)
			if err != nil {
				return err
			}
			return mergeRun(c, dir, p)
		},
	}
}

// mergeRun merges the results of a run.
func mergeRun(c *cli.Context, dir string, p *plan.Plan) error {
	status, err := plan.Look(os.DirFS(dir), p)
	if err != nil {
		return err
	}
	if len(status.Missing) > 0 {
		return &exitError{
			code: exitFailed, err: fmt.Errorf("%s: shards not done: %s", dir, ranges(status.Missing)),
			hint: "work on them, then merge again",
		}
	}
	totals, err := mergeIndex(dir, p)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	if err := errors.Join(encoder.Encode(totals), writeBeside(dir, totalsFile, b.Bytes())); err != nil {
		return err
	}
	newTextConsole(c).result(fmt.Sprintf("%s: %s, %d incomplete, %d failed",
		filepath.ToSlash(filepath.Join(dir, "index.json")), count(totals.Sessions, "session"),
		totals.Incomplete, totals.Failed))
	if totals.Failed+totals.Incomplete > 0 {
		return &exitError{code: exitSomeFailed}
	}
	return nil
}

// mergeIndex writes the index of a run.
func mergeIndex(dir string, p *plan.Plan) (totals *plan.Totals, err error) {
	f, err := os.CreateTemp(dir, ".part-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	index := export.NewIndexWriter(f, p.Tool)
	if totals, err = plan.Merge(os.DirFS(dir), p, index); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := errors.Join(index.Close(nil), f.Close()); err != nil {
		return nil, err
	}
	return totals, os.Rename(f.Name(), filepath.Join(dir, "index.json"))
}
