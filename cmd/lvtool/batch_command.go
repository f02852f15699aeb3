package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
machine. RUN is a folder that all machines see under the same path; a run cannot
be written to S3, though results are read from there.

Examples:
   lvtool batch plan --shards 100 -o run s3://BUCKET/results/
   lvtool batch work --plan run/plan.json
   lvtool batch status run
   lvtool batch merge run`,
		HideHelpCommand: true,
		Subcommands: []*cli.Command{
			newBatchPlanCommand(), newBatchWorkCommand(), newBatchStatusCommand(),
			newBatchMergeCommand(), newBatchRunCommand(), newBatchManifestCommand(), newBatchImageCommand(),
		},
	}
}

// runFolder refuses what cannot be the folder of a run.
func runFolder(name string) (string, error) {
	switch {
	case name == "":
		return "", usageError("give the folder of the run")
	case isS3(name):
		return "", usageError("%s: a run cannot be in S3: give a folder that all machines share", name)
	}
	return name, nil
}

// argumentRun opens the run that the one argument of a command names.
func argumentRun(c *cli.Context) (string, *plan.Plan, error) {
	if c.NArg() != 1 {
		return "", nil, usageError("batch %s: give one RUN", c.Command.Name)
	}
	dir, err := runFolder(c.Args().First())
	if err != nil {
		return "", nil, err
	}
	p, err := openPlan(filepath.Join(dir, plan.File))
	return dir, p, err
}

// openPlan reads the plan in a file.
func openPlan(name string) (*plan.Plan, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(name), unwrapPath(err))
	}
	defer f.Close()
	p, err := plan.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
	}
	return p, nil
}

// writeBeside writes a file of a run, which appears whole.
func writeBeside(dir, name string, data []byte) error {
	target := filepath.Join(dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(target), folderMode)
	var f *os.File
	if err == nil {
		f, err = os.CreateTemp(filepath.Dir(target), ".part-")
	}
	if err == nil {
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err == nil {
			err = os.Rename(f.Name(), target)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.ToSlash(target), unwrapPath(err))
	}
	return nil
}

func newBatchStatusCommand() *cli.Command {
	return &cli.Command{
		Name: "status", Usage: "say which shards of a run are done, failed or missing", ArgsUsage: "RUN",
		Description: `A shard has failed where nothing of it could be read; it is missing until a
worker has come to its end. Shards are named by their number.`,
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print a line of JSON"}},
		Action: func(c *cli.Context) error {
			dir, p, err := argumentRun(c)
			if err != nil {
				return err
			}
			s, err := plan.Look(os.DirFS(dir), p)
			if err != nil {
				return err
			}
			console := newTextConsole(c)
			if c.Bool("json") {
				console.resultJSON(s)
				return nil
			}
			console.result(fmt.Sprintf("run %s: %d of %s done, %d failed, %d missing", s.Run, s.Done,
				count(s.Shards, "shard"), len(s.Failed), len(s.Missing)))
			console.result(fmt.Sprintf("%d of %s: %s, %d incomplete, %d failed", s.Entries,
				count(s.Planned, "document"), count(s.Sessions, "session"), s.Incomplete, s.Counts.Failed))
			sayShards(console, "failed", s.Failed)
			sayShards(console, "missing", s.Missing)
			return nil
		},
	}
}

// newTextConsole returns a console for commands that have no --log-format.
func newTextConsole(c *cli.Context) *console {
	return &console{out: c.App.Writer, err: c.App.ErrWriter, now: clock(c.Context)}
}

// sayShards lists shards, neighbours as FIRST-LAST, as engines take them.
func sayShards(t *console, what string, shards []int) {
	if len(shards) > 0 {
		t.result(what + ": " + ranges(shards))
	}
}

// ranges writes ascending numbers as 0-3,7.
func ranges(numbers []int) string {
	var b []byte
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Append(b, numbers[i])
		if last > i {
			b = fmt.Appendf(b, "-%d", numbers[last])
		}
		i = last + 1
	}
	return string(b)
}

// jobFlags are those flags of convert that a plan keeps.
func jobFlags() []cli.Flag {
	return slices.DeleteFunc(slices.Concat(sessionFlags(), pictureFlags()), func(f cli.Flag) bool {
		category, ok := f.(cli.CategorizableFlag)
		return f.Names()[0] == "json" || ok && category.GetCategory() == sessions
	})
}
