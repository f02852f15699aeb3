package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"time"

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
		&cli.StringFlag{
			Name: "inventory",
			Usage: "plan the results that the S3 Inventory of `MANIFEST` lists, its manifest.json here or in S3;" +
				" those below RESULT, s3://BUCKET/PREFIX/, or all",
		},
		&cli.StringFlag{
			Name: "resume",
			Usage: "plan what `RUN` has not done: shards that have not ended, and documents of which something" +
				" failed or lacks an image, or of which the results are lost; with its options",
		},
		&cli.IntFlag{Name: "shards", Usage: "make `N` shards, at most 10000; fewer where there are fewer documents"},
		&cli.IntFlag{
			Name:  "sessions-per-shard",
			Usage: "at most `N` documents a shard; without it 1000, or as many as 10000 shards need",
		},
		&cli.BoolFlag{
			Name: "pack", Category: packing,
			Usage: "make evidence packs, as lvtool pack does; work --sign signs them",
		},
		&cli.BoolFlag{
			Name: "signed", Category: packing, Usage: "have no worker make a pack that it has no --sign for",
		},
	}, packFlags(), jobFlags())
}

func newBatchPlanCommand() *cli.Command {
	return &cli.Command{
		Name: "plan", Usage: "write what a run is to do, divided into shards", ArgsUsage: "RESULT…",
		Description: `RESULT is what it is to convert, but for standard input and live sessions. A
document is one entry of a shard, however many sessions it holds. The options are
kept in the plan, for every worker; paths are kept as given. A plan is never
changed: the same command again finds it, another is refused.

Of tens of millions of documents none is held in memory: those of a folder, of a
prefix in S3, of an S3 Inventory (CSV, whose newest versions are read as they were
listed), or of @FILE, a list that may be in S3 and compressed with gzip. Its lines
are names, or JSON with "input", as --failed writes it, or with "bucket", "key"
and, where one is meant, "versionId".

Examples:
   lvtool batch plan -o s3://BUCKET/run/ s3://BUCKET/results/
   lvtool batch plan -o run --inventory s3://INVENTORY/…/manifest.json s3://BUCKET/results/
   lvtool batch plan -o run --sessions-per-shard 500 @s3://BUCKET/list.jsonl.gz
   lvtool batch plan -o run --pack --signed --case KYC-0815 results/
   lvtool batch plan -o run2 --resume run`,
		Flags: planFlags(),
		Action: func(c *cli.Context) error {
			run, p, err := makePlan(c)
			if err != nil {
				return err
			}
			newTextConsole(c).result(fmt.Sprintf("%s: %s in %s", run.address(plan.File),
				count(p.Entries, "document"), count(len(p.Shards), "shard")))
			return nil
		},
	}
}

// checkShards refuses sizes of shards that no plan can have.
func checkShards(c *cli.Context) error {
	for _, name := range []string{"shards", "sessions-per-shard"} {
		if c.IsSet(name) && c.Int(name) < 1 {
			return usageError("--%s %d: want a whole number above 0", name, c.Int(name))
		}
	}
	switch {
	case c.IsSet("shards") && c.IsSet("sessions-per-shard"):
		return usageError("--shards, --sessions-per-shard: give one of them: the other follows from it")
	case c.Int("shards") > plan.MaxShards:
		return usageError("--shards %d: a plan has %d shards at most", c.Int("shards"), plan.MaxShards)
	}
	return nil
}

// makePlan writes the plan that a command line asks for, unless it is there.
func makePlan(c *cli.Context) (run runPlace, p *plan.Plan, err error) {
	if err := checkShards(c); err != nil {
		return nil, nil, err
	}
	spec := &plan.Spec{Tool: tool(nil), Shards: c.Int("shards"), PerShard: c.Int("sessions-per-shard")}
	if c.String("resume") != "" {
		return resumePlan(c, spec)
	}
	s, err := sourceOf(c, planInputs)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if spec.Job, err = jobOf(c, s); err != nil {
		return nil, nil, err
	}
	spec.Options = jobOptions(c, spec.Job.Kind)
	if run, err = openRun(c.Context, s.cloud, c.String("output")); err != nil {
		return nil, nil, err
	}
	p, err = writePlan(c.Context, run, spec, s.entries(c.Context))
	return run, p, err
}

// writePlan writes a plan where there is none; else it must be the same.
func writePlan(
	ctx context.Context, run runPlace, spec *plan.Spec, entries iter.Seq2[plan.Entry, error],
) (p *plan.Plan, err error) {
	spool, err := os.CreateTemp("", "lvtool-plan-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	was, err := readRunPlan(run, plan.File)
	if errors.Is(err, fs.ErrNotExist) {
		err = run.fill(ctx, func(put export.Put) (err error) {
			p, err = plan.Write(spec, entries, spool, put)
			return err
		})
		return p, err
	}
	if err != nil {
		return nil, err
	}
	spec.Job.Time = was.Job.Time // so that the same command finds its plan
	p, err = plan.Write(spec, entries, spool, func(string, []byte) error { return nil })
	if err != nil {
		return nil, err
	}
	if p.Run != was.Run {
		return nil, fmt.Errorf("%s is of run %s, and this is %s: give another RUN",
			run.address(plan.File), was.Run, p.Run)
	}
	return p, nil
}

// jobOf returns the job that a command line asks for.
func jobOf(c *cli.Context, s *source) (plan.Job, error) {
	if !c.Bool("pack") {
		for _, f := range append(packFlags(), &cli.BoolFlag{Name: "signed"}) {
			if name := f.Names()[0]; c.IsSet(name) {
				return plan.Job{}, usageError("--%s is about packs: give --pack too", name)
			}
		}
		return plan.Job{Kind: plan.Convert}, idlePaper(c, s.opts.Makes(export.OutputPDF), false)
	}
	if err := idlePaper(c, s.opts.Makes(export.OutputPDF), c.Bool("html")); err != nil {
		return plan.Job{}, err
	}
	stamp, err := sourceDate()
	if err != nil {
		return plan.Job{}, err
	}
	if stamp.IsZero() {
		stamp = clock(c.Context)()
	}
	_, err = packOptions(c, s.opts, stamp) // what is wrong with them is said now
	return plan.Job{Kind: plan.Pack, Time: stamp.UTC().Format(time.RFC3339), Signed: c.Bool("signed")}, err
}

// jobOptions returns the options that a plan keeps.
func jobOptions(c *cli.Context, kind plan.Kind) map[string][]string {
	options := map[string][]string{}
	flags := jobFlags()
	if kind == plan.Pack {
		flags = append(flags, packFlags()...)
	}
	for _, f := range flags {
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
