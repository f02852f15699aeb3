package main

import (
	"cmp"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/engine"
	"github.com/lvtool/lvtool/export/plan"
)

func newBatchManifestCommand() *cli.Command {
	return &cli.Command{
		Name:  "manifest",
		Usage: "print what a job engine needs to work on a plan",
		Description: `kubernetes prints an Indexed Job, aws-batch a script that registers a job
definition and submits an array job, slurm a script for sbatch. The number of
shards and the id of the run are those of the plan. Nothing is sent anywhere.

Examples:
   lvtool batch manifest kubernetes --plan s3://BUCKET/RUN/plan.json --image IMAGE > job.yaml
   lvtool batch manifest slurm --plan RUN/plan.json > job.sh`,
		HideHelpCommand: true,
		Subcommands:     []*cli.Command{newKubernetesCommand(), newAWSBatchCommand(), newSlurmCommand()},
	}
}

// manifestFlags are the flags of every engine.
func manifestFlags(more ...cli.Flag) []cli.Flag {
	return slices.Concat([]cli.Flag{
		&cli.StringFlag{Name: "plan", Value: "lvtool-run/plan.json", Usage: "`FILE` of the plan, in its run"},
		&cli.StringFlag{Name: "plan-at", Usage: "where workers find it, if elsewhere: a `PATH`, or s3://BUCKET/KEY"},
		&cli.StringFlag{Name: "name", Usage: "`NAME` of the job (default: lvtool- and the begin of the run's id)"},
		&cli.IntFlag{Name: "cpus", Value: 1, Usage: "`N` processors for a worker, and sessions at a time"},
		&cli.IntFlag{
			Name:  "memory",
			Usage: "`MIB` of memory that a worker may take (default: 256, and 256 for each processor)",
		},
		&cli.IntFlag{Name: "retries", Value: 5, Usage: "try a shard again `N` times"},
		&cli.StringSliceFlag{Name: "env", Usage: "set the variable `NAME=VALUE` for workers; not for secrets"},
	}, more, runFlags())
}

// imageFlags are the flags of engines that run containers.
func imageFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "image", Usage: "`IMAGE` of lvtool, as batch image makes it"},
		&cli.StringFlag{Name: "arch", Value: "amd64", Usage: "`ARCHITECTURE` of the image: amd64 or arm64"},
	}
}

// parallelFlag says how many workers run at a time.
func parallelFlag() cli.Flag {
	return &cli.IntFlag{Name: "parallelism", Usage: "run at most `N` workers at a time (default: 10 in Kubernetes)"}
}

func newKubernetesCommand() *cli.Command {
	return &cli.Command{
		Name: "kubernetes", Usage: "print an Indexed Job of Kubernetes", ArgsUsage: " ",
		Description: `A pod a shard, not as root, with a file system that it cannot write. A shard fails
for good with the exit codes 64 and 65; disruptions do not count; anything else is
tried again. The plan is in S3, or on a claim that is mounted: --claim.

Example:
   lvtool batch manifest kubernetes --plan s3://BUCKET/RUN/plan.json \
        --image REGISTRY/lvtool:1 --service-account lvtool | kubectl apply -f -`,
		Flags: manifestFlags(append(
			imageFlags(), parallelFlag(),
			&cli.StringFlag{Name: "namespace", Usage: "run in namespace `NAME`"},
			&cli.StringFlag{Name: "service-account", Usage: "run as service account `NAME`, for its rights in S3"},
			&cli.StringFlag{Name: "secret", Usage: "set the keys of the secret `NAME` as variables"},
			&cli.StringFlag{Name: "claim", Usage: "mount the persistent volume claim `NAME=PATH`, on which the run is"},
			&cli.IntFlag{Name: "max-failed", Usage: "give up when more than `N` shards failed (default: a tenth)"},
		)...),
		Action: manifestAction(func(c *cli.Context, job engine.Job) ([]byte, error) {
			claim, mount, _ := strings.Cut(c.String("claim"), "=")
			return engine.Kubernetes{
				Job: job, Image: c.String("image"), Arch: c.String("arch"), Namespace: c.String("namespace"),
				ServiceAccount: c.String("service-account"), Secret: c.String("secret"), Claim: claim, Mount: mount,
				MaxFailed: c.Int("max-failed"),
			}.Manifest()
		}),
	}
}

func newAWSBatchCommand() *cli.Command {
	return &cli.Command{
		Name: "aws-batch", Usage: "print a job definition and an array job of AWS Batch", ArgsUsage: " ",
		Description: `The script needs the AWS CLI. The two documents that it sends are printed alone
with --part. The job definition knows nothing of the plan, so that other runs can
use it too. A shard fails for good with the exit codes 64 and 65; anything else is
tried again. How many workers run at a time is up to the queue.

Example:
   lvtool batch manifest aws-batch --plan s3://BUCKET/RUN/plan.json \
        --image REGISTRY/lvtool:1 --queue QUEUE --job-role ARN --execution-role ARN | sh`,
		Flags: manifestFlags(append(
			imageFlags(),
			&cli.StringFlag{Name: "queue", Usage: "`NAME` or ARN of the job queue"},
			&cli.StringFlag{Name: "job-role", Usage: "`ARN` of the role of workers, for their rights in S3"},
			&cli.StringFlag{Name: "execution-role", Usage: "`ARN` of the role that starts them; Fargate needs it"},
			&cli.BoolFlag{Name: "ec2", Usage: "the queue is one of EC2, not of Fargate"},
			&cli.BoolFlag{Name: "public-ip", Usage: "on Fargate, give workers an address of the internet"},
			timeFlag("24h"),
			&cli.StringFlag{Name: "part", Value: "script", Usage: "print `PART`: script, job-definition or job"},
		)...),
		Action: manifestAction(func(c *cli.Context, job engine.Job) ([]byte, error) {
			limit, err := timeOf(c)
			if err != nil {
				return nil, err
			}
			b := engine.Batch{
				Job: job, Image: c.String("image"), Arch: c.String("arch"), Queue: c.String("queue"),
				JobRole: c.String("job-role"), ExecutionRole: c.String("execution-role"), EC2: c.Bool("ec2"),
				PublicIP: c.Bool("public-ip"), Time: limit,
			}
			switch part := c.String("part"); part {
			case "script":
				return b.Script()
			case "job-definition":
				return b.Definition()
			case "job":
				return b.Submission()
			default:
				return nil, usageError("--part %q: want script, job-definition or job", part)
			}
		}),
	}
}

func newSlurmCommand() *cli.Command {
	return &cli.Command{
		Name: "slurm", Usage: "print a script for sbatch", ArgsUsage: " ",
		Description: `An array job, a task a shard. Slurm itself tries again what a lost node did, and
the script what was stopped, throttled or crashed; the exit codes 64 and 65 fail a
shard for good. A minute before the time is up, the worker is told to stop, and the
shard goes on with the next attempt. The run is a folder that all nodes see under
the same path, or in S3.

Example:
   lvtool batch manifest slurm --plan run/plan.json > job.sh && sbatch job.sh`,
		Flags: manifestFlags(
			parallelFlag(),
			&cli.StringFlag{Name: "program", Value: "lvtool", Usage: "`PATH` of lvtool on the nodes"},
			&cli.StringFlag{Name: "partition", Usage: "submit to partition `NAME`"},
			&cli.StringFlag{Name: "account", Usage: "charge account `NAME`"},
			timeFlag(""),
			&cli.StringFlag{Name: "log", Usage: "write what workers say into folder `DIR`"},
		),
		Action: manifestAction(func(c *cli.Context, job engine.Job) ([]byte, error) {
			limit, err := timeOf(c)
			if err != nil {
				return nil, err
			}
			return engine.Slurm{
				Job: job, Program: c.String("program"), Partition: c.String("partition"),
				Account: c.String("account"), Time: limit, Log: c.String("log"),
			}.Script()
		}),
	}
}

func timeFlag(value string) cli.Flag {
	return &cli.StringFlag{Name: "time", Value: value, Usage: "end an attempt after `DURATION`, such as 90m"}
}

func timeOf(c *cli.Context) (time.Duration, error) {
	if c.String("time") == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(c.String("time"))
	if err != nil || d <= 0 {
		return 0, usageError("--time %q: want a duration, such as 90m or 12h", c.String("time"))
	}
	return d, nil
}

// manifestAction prints what an engine makes of a job.
func manifestAction(manifest func(*cli.Context, engine.Job) ([]byte, error)) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.NArg() > 0 {
			return usageError("batch manifest %s: takes no argument: %s", c.Command.Name, c.Args().First())
		}
		job, err := engineJob(c)
		if err != nil {
			return err
		}
		data, err := manifest(c, job)
		if _, ok := errors.AsType[*exitError](err); err != nil && !ok {
			err = &exitError{code: exitUsage, err: err}
		}
		if err != nil {
			return err
		}
		_, err = c.App.Writer.Write(data)
		return err
	}
}

// engineJob returns what a command line and its plan say to every engine.
func engineJob(c *cli.Context) (engine.Job, error) {
	p, err := flagPlan(c)
	if err != nil {
		return engine.Job{}, err
	}
	job := engine.Job{
		Name: cmp.Or(c.String("name"), "lvtool-"+p.Run[:12]), Run: p.Run, Shards: len(p.Shards),
		CPUs: c.Int("cpus"), Memory: c.Int("memory"), Parallel: c.Int("parallelism"), Retries: c.Int("retries"),
	}
	if job.CPUs < 1 || c.IsSet("memory") && job.Memory < 1 || c.IsSet("parallelism") && job.Parallel < 1 {
		return job, usageError("--cpus, --memory, --parallelism: want a whole number above 0")
	}
	for _, v := range c.StringSlice("env") {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			return job, usageError("--env %s: want NAME=VALUE", v)
		}
		job.Env = append(job.Env, engine.Variable{Name: name, Value: value})
	}
	job.Plan, err = workersPlan(c)
	return job, err
}

// flagPlan reads the plan that --plan names.
func flagPlan(c *cli.Context) (*plan.Plan, error) {
	to, err := newCloud(c)
	if err != nil {
		return nil, err
	}
	_, p, err := namedPlan(c, to)
	return p, err
}

// namedPlan returns the run and the plan that --plan names.
func namedPlan(c *cli.Context, to *cloud) (runPlace, *plan.Plan, error) {
	dir, file := splitPlan(c.String("plan"))
	run, err := openRun(c.Context, to, dir)
	if err != nil {
		return nil, nil, err
	}
	p, err := readRunPlan(run, file)
	if e, ok := errors.AsType[*exitError](err); ok && e.code == exitFailed {
		e.hint = "give --plan FILE, the plan.json that lvtool batch plan wrote"
	}
	return run, p, err
}

// workersPlan returns where workers find the plan.
func workersPlan(c *cli.Context) (string, error) {
	if at := c.String("plan-at"); at != "" {
		return at, nil
	}
	name, file := splitPlan(c.String("plan"))
	if isS3(name) {
		return name + file, nil
	}
	name, err := filepath.Abs(name)
	if err == nil && runtime.GOOS == "windows" {
		err = usageError("--plan-at: say where workers find the plan")
	}
	return filepath.ToSlash(filepath.Join(name, file)), err
}
