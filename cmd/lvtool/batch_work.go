package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
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
	flags := slices.DeleteFunc(batchFlags(), func(f cli.Flag) bool { return f.Names()[0] == "failed" })
	for _, f := range flags {
		if check, ok := f.(*cli.BoolFlag); ok && check.Name == "check" {
			check.Usage += "; look so at shards too that are done"
		}
	}
	return flags
}

// workSealFlags are those of [sealFlags] that mean something to a worker: keys
// are nothing for a plan.
func workSealFlags() []cli.Flag {
	return slices.DeleteFunc(sealFlags(), func(f cli.Flag) bool { return f.Names()[0] == "encrypt-to" })
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
damaged, the marker is of another run, or nothing of the shard can be read: do not
try again; 75 interrupted, or something failed that may work later: try again.

Examples:
   lvtool batch work --plan run/plan.json --shard 0
   SLURM_ARRAY_TASK_ID=7 lvtool batch work --plan s3://BUCKET/RUN/plan.json`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{
				Name: "plan", Value: "lvtool-run/plan.json",
				Usage: "`FILE` of the plan, in its run, or s3://BUCKET/PREFIX/plan.json",
			},
			&cli.StringFlag{Name: "shard", Usage: "do the shard `N`, counted from 0"},
		}, workFlags(), workSealFlags(), runFlags()),
		OnUsageError: func(c *cli.Context, err error, sub bool) error {
			return workError(c.Context, onUsageError(c, err, sub))
		},
		Action: func(c *cli.Context) error {
			return workError(c.Context, withHelp(c, workOne(c)))
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
	case errors.Is(err, plan.ErrDamaged):
		code = exitData
	case ok && e.code == exitUsage, isConfig(err):
		code = exitConfig
	}
	return &exitError{code: code, err: err, hint: hintOf(err)}
}

// isConfig reports whether an error will come again until somebody sets something
// right.
func isConfig(err error) bool {
	if _, ok := errors.AsType[*configError](err); ok {
		return true
	}
	return slices.ContainsFunc([]error{
		fs.ErrNotExist, fs.ErrPermission, syscall.EISDIR, syscall.ENOTDIR, decode.ErrNotFound,
		s3source.ErrAddress, s3source.ErrBucketRefused,
		s3source.ErrDenied, s3source.ErrNoCredentials, s3source.ErrBadCredentials, s3source.ErrRegion,
		s3source.ErrTLS, s3source.ErrClock,
	}, func(condition error) bool { return errors.Is(err, condition) })
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
	if c.NArg() > 0 {
		return usageError("batch work: takes no argument: %q; the plan is that of --plan", c.Args().First())
	}
	to, err := newCloud(c)
	if err != nil {
		return err
	}
	run, p, err := namedPlan(c, to)
	if err != nil {
		return err
	}
	shard, err := shardOf(c, len(p.Shards))
	if err != nil {
		return err
	}
	return newWorker(c, run, p, shard).work()
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
		e := usageError("batch work: which shard? give --shard")
		e.hint = "or start it where one of these is set, as job engines do: " + strings.Join(shardVariables(), ", ")
		return 0, e
	}
	shard, err := strconv.Atoi(value)
	if err != nil || shard < 0 || shard >= n {
		return 0, usageError("%s %q: the plan has the shards 0 to %d", from, value, n-1)
	}
	return shard, nil
}
