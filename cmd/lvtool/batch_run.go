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
others.

Examples:
   lvtool batch run -o run results/
   lvtool batch run --sample 20 --outputs sheet,originals -o run @list.txt`,
		Flags: slices.Concat(planFlags(), workFlags(), workSealFlags(), mergeFlags()),
		Action: func(c *cli.Context) error {
			run, p, err := makePlan(c)
			if err != nil {
				return err
			}
			for shard := range p.Shards {
				err := newWorker(c, run, p, shard).work()
				e, ok := errors.AsType[*exitError](err)
				switch {
				case err == nil:
				case ok && e.code == exitData:
					newTextConsole(c).complain("failed", err)
				case ok && e.code == exitConfig:
					return &exitError{code: exitFailed, err: e.err, hint: e.hint} // there is no engine to tell
				default:
					return err
				}
			}
			return mergeRuns(c, []plannedRun{{run, p}})
		},
	}
}

// jobContext returns the command line of convert or pack that a plan stands for. The
// options are those of the plan alone: no variable of a worker's changes them,
// but for where S3 is and as whom to ask, which makes no other pictures.
func jobContext(c *cli.Context, p *plan.Plan) (*cli.Context, error) {
	command := newConvertCommand()
	if p.Job.Kind == plan.Pack {
		command = newPackCommand()
	}
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
	if c.Bool("check") && p.Job.Kind == plan.Convert {
		_ = set.Set("check", "true") // convert has it
	}
	if p.Job.Kind == plan.Pack {
		if err := sealed(c, set); err != nil {
			return nil, err
		}
	}
	job := cli.NewContext(c.App, set, nil)
	job.Context, job.Command = c.Context, command
	return job, nil
}

// sealed sets how packs are signed, as the worker was told.
func sealed(c *cli.Context, set *flag.FlagSet) error {
	for _, f := range workSealFlags() {
		name := f.Names()[0]
		values := c.StringSlice(name)
		if _, list := f.(*cli.StringSliceFlag); !list {
			values = []string{c.String(name)}
		}
		for _, value := range values {
			if value == "" {
				continue // of a variable that is set to nothing
			}
			if err := set.Set(name, value); err != nil {
				return usageError("--%s %s: %v", name, value, err)
			}
		}
	}
	return nil
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
