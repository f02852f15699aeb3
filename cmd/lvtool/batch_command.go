package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/plan"
)

func newBatchCommand() *cli.Command {
	return &cli.Command{
		Name:  "batch",
		Usage: "divide a large convert into shards that any job engine can run",
		Description: `plan writes what is to be done; work does one shard of it, anywhere; status says
how far all are; merge makes one index of them. run does all of it on this
machine. RUN is s3://BUCKET/PREFIX/, or a folder that all machines see under the
same path.

Examples:
   lvtool batch plan --shards 100 -o run s3://BUCKET/results/
   lvtool batch work --plan run/plan.json
   lvtool batch status run
   lvtool batch merge run
   lvtool batch plan -o s3://BUCKET/run/ s3://BUCKET/results/`,
		Subcommands: []*cli.Command{
			newBatchPlanCommand(), newBatchWorkCommand(), newBatchStatusCommand(),
			newBatchMergeCommand(), newBatchRunCommand(), newBatchManifestCommand(), newBatchImageCommand(),
		},
	}
}

// runFlags are the flags of a command that reads a run: where its S3 is, and as
// whom to ask.
func runFlags() []cli.Flag {
	return slices.DeleteFunc(append(amazonFlags(), kmsFlag()), func(f cli.Flag) bool {
		return f.Names()[0] == "s3-bucket"
	})
}

// argumentRun opens the run that the one argument of a command names.
func argumentRun(c *cli.Context) (runPlace, *plan.Plan, error) {
	if c.NArg() != 1 {
		return nil, nil, usageError("batch %s: give one RUN", c.Command.Name)
	}
	to, err := newCloud(c)
	if err != nil {
		return nil, nil, err
	}
	run, err := openRun(c.Context, to, runOf(c.Args().First()))
	if err != nil {
		return nil, nil, err
	}
	p, err := readRunPlan(run, plan.File)
	return run, p, err
}

// newTextConsole returns a console for commands that have no --log-format.
func newTextConsole(c *cli.Context) *console {
	return &console{out: c.App.Writer, err: c.App.ErrWriter, now: clock(c.Context)}
}

// jobFlags are those flags of convert that a plan keeps.
func jobFlags() []cli.Flag {
	all := slices.Concat(sessionFlags(), pictureFlags(), []cli.Flag{kmsFlag()})
	return slices.DeleteFunc(all, func(f cli.Flag) bool {
		category, ok := f.(cli.CategorizableFlag)
		return f.Names()[0] == "json" || ok && category.GetCategory() == sessions
	})
}
