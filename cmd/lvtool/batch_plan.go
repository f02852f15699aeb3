package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/plan"
)

// planFlags are the flags of a command that plans.
func planFlags() []cli.Flag {
	return slices.Concat([]cli.Flag{
		&cli.StringFlag{
			Name: "output", Aliases: []string{"o"}, Value: "lvtool-run",
			Usage: "write to `RUN`: a folder, or s3://BUCKET/PREFIX/",
		},
		&cli.IntFlag{Name: "shards", Usage: "make `N` shards, at most 10000; fewer where there are fewer documents"},
		&cli.IntFlag{
			Name:  "sessions-per-shard",
			Usage: "at most `N` documents a shard; without it 1000, or as many as 10000 shards need",
		},
	}, jobFlags())
}

func newBatchPlanCommand() *cli.Command {
	return &cli.Command{
		Name: "plan", Usage: "write what a run is to do, divided into shards", ArgsUsage: "RESULT…",
		Description: `RESULT is what it is to convert, but for standard input and live sessions. A
document is one entry of a shard, however many sessions it holds. The options are
kept in the plan, for every worker; paths are kept as given. A plan is never
changed: the same command again finds it, another is refused.`,
		Flags: planFlags(),
		Action: func(c *cli.Context) error {
			run, p, err := makePlan(c)
			if err != nil {
				return err
			}
			newTextConsole(c).result(fmt.Sprintf("%s: run %s, %s in %s", run.address(plan.File), p.Run,
				count(p.Entries, "document"), count(len(p.Shards), "shard")))
			return nil
		},
	}
}

// makePlan writes the plan that a command line asks for, unless it is there.
func makePlan(c *cli.Context) (run runPlace, p *plan.Plan, err error) {
	if c.Int("shards") < 0 || c.Int("sessions-per-shard") < 0 {
		return nil, nil, usageError("--shards, --sessions-per-shard: want a whole number above 0")
	}
	s, err := newSource(c)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if run, err = openRun(c.Context, s.cloud, c.String("output")); err != nil {
		return nil, nil, err
	}
	spool, err := os.CreateTemp("", "lvtool-plan-")
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	spec := &plan.Spec{
		Tool: tool(nil), Options: jobOptions(c),
		Shards: c.Int("shards"), PerShard: c.Int("sessions-per-shard"),
	}
	p, err = placePlan(c.Context, run, func(put export.Put) (*plan.Plan, error) {
		return plan.Write(spec, s.entries(c), spool, put)
	})
	return run, p, err
}

// placePlan writes a plan where there is none; else it must be the same.
func placePlan(
	ctx context.Context, run runPlace, write func(export.Put) (*plan.Plan, error),
) (p *plan.Plan, err error) {
	was, err := readRunPlan(run, plan.File)
	if errors.Is(err, fs.ErrNotExist) {
		err = run.fill(ctx, func(put export.Put) (err error) {
			p, err = write(put)
			return err
		})
		return p, err
	}
	if err != nil {
		return nil, err
	}
	if p, err = write(func(string, []byte) error { return nil }); err != nil {
		return nil, err
	}
	if p.Run != was.Run {
		return nil, fmt.Errorf("%s is of run %s, and this is %s: give another RUN",
			run.address(plan.File), was.Run, p.Run)
	}
	return p, nil
}

// jobOptions returns the options that a plan keeps.
func jobOptions(c *cli.Context) map[string][]string {
	options := map[string][]string{}
	for _, f := range jobFlags() {
		name := f.Names()[0]
		switch _, list := f.(*cli.StringSliceFlag); {
		case list && c.IsSet(name):
			options[name] = c.StringSlice(name)
		case !list && (c.IsSet(name) || !isBystander(f) && fmt.Sprint(c.Value(name)) != ""):
			options[name] = []string{fmt.Sprint(c.Value(name))}
		}
	}
	return options
}

// entries yields the documents of the input. What cannot be listed is an error:
// a plan has all or nothing.
func (s *source) entries(c *cli.Context) iter.Seq2[plan.Entry, error] {
	return func(yield func(plan.Entry, error) bool) {
		for i := range s.all {
			in := &s.all[i]
			if in.list == nil {
				if !yield(in.planned(false)) {
					return
				}
				continue
			}
			for one, err := range in.list(c.Context) {
				e, named := one.planned(true)
				if !yield(e, errors.Join(err, named, c.Err())) {
					return
				}
			}
		}
	}
}

// planned returns the entry of an input.
func (in *input) planned(listed bool) (plan.Entry, error) {
	switch {
	case in.name == stdinName && in.file == "", in.live:
		return plan.Entry{}, usageError("%s: cannot be read again by a worker", in.name)
	case isS3(in.label):
		return plan.Entry{Input: in.label}, nil // in a copy of the bucket
	case in.file == "":
		return plan.Entry{Input: in.name, Listed: listed}, nil
	}
	return plan.Entry{Input: filepath.ToSlash(in.file), Label: in.label}, nil
}
