package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/plan"
)

func newBatchRunCommand() *cli.Command {
	return &cli.Command{
		Name: "run", Usage: "plan, work on all shards one after the other, and merge", ArgsUsage: "RESULT…",
		Description: `Does on this machine what engines do on many. The same command again goes on
where a run was stopped; a shard of which nothing can be read does not stop the
others.`,
		Flags: slices.Concat(planFlags(), workFlags(), []cli.Flag{mergeForceFlag()}),
		Action: func(c *cli.Context) error {
			run, p, err := makePlan(c)
			if err != nil {
				return err
			}
			for shard := range p.Shards {
				err := newWorker(c, run, p, shard).work()
				if e, ok := errors.AsType[*exitError](err); ok && e.code == exitData {
					newTextConsole(c).complain("failed", err)
					continue
				}
				if err != nil {
					return err
				}
			}
			return mergeRun(c, run, p)
		},
	}
}

// jobContext returns the command line of convert that a plan stands for. The
// options are those of the plan alone: no variable of a worker's changes them,
// but for where S3 is and as whom to ask, which makes no other pictures.
func jobContext(c *cli.Context, p *plan.Plan) (*cli.Context, error) {
	command := newConvertCommand()
	set := flag.NewFlagSet(command.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	for _, f := range command.Flags {
		if err := f.Apply(set); err != nil {
			return nil, err
		}
	}
	for name, values := range p.Options {
		for _, value := range values {
			if err := set.Set(name, value); err != nil {
				return nil, fmt.Errorf("%w: option %s: %w", plan.ErrDamaged, name, err)
			}
		}
	}
	for _, f := range runFlags() {
		if name := f.Names()[0]; c.IsSet(name) {
			_ = set.Set(name, fmt.Sprint(c.Value(name))) // it was one
		}
	}
	if c.Bool("check") {
		_ = set.Set("check", "true") // convert has it
	}
	job := cli.NewContext(c.App, set, nil)
	job.Context, job.Command = c.Context, command
	return job, nil
}

// plannedInputs returns the documents of a shard.
func plannedInputs(c *cli.Context, to *cloud, entries []plan.Entry) ([]input, error) {
	all := make([]input, len(entries))
	for i, e := range entries {
		switch {
		case !isS3(e.Input):
			all[i] = fileInput(filepath.FromSlash(e.Input), e.Label)
		case c.String("s3-root") == "":
			o, err := parseS3(e.Input)
			if err != nil {
				return nil, err
			}
			all[i] = s3Document(to, o, e.Listed)
		default:
			some, err := s3Inputs(c, to, e.Input)
			if err != nil {
				return nil, err
			}
			all[i] = some[0]
		}
		all[i].entry = i
	}
	return all, nil
}
