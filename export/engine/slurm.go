package engine

import (
	"bytes"
	"cmp"
	_ "embed" // the template
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// Slurm is an array job.
type Slurm struct {
	Job
	// Program is the path of lvtool on the nodes; empty means that of PATH.
	Program string
	// Partition and Account are Slurm's; empty leaves them to Slurm.
	Partition, Account string
	// Time is the most that a shard may take; 0 leaves it to Slurm.
	Time time.Duration
	// Log is the folder for what workers say; empty means the one where the job
	// is submitted.
	Log string
}

//go:embed slurm.sh.tmpl
var slurmText string

var (
	word   = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	folder = lazyregexp.New(`^[A-Za-z0-9._/+@=-]+$`)
)

// Script returns the script that sbatch takes.
func (s Slurm) Script() ([]byte, error) {
	var err error
	if s.Job, err = s.normal(); err != nil {
		return nil, err
	}
	s.Program = cmp.Or(s.Program, "lvtool")
	switch {
	case s.Time != 0 && s.Time < 2*time.Minute || s.Time > 365*24*time.Hour:
		return nil, fmt.Errorf("time %v: want two minutes or more, so that a worker can end by itself", s.Time)
	case !strings.HasPrefix(s.Plan, "s3://") && !strings.HasPrefix(s.Plan, "/"):
		return nil, fmt.Errorf("plan %s: want an absolute path, that all nodes see", s.Plan)
	}
	for _, err := range []error{
		text("program", s.Program),
		match("partition", s.Partition, word, "the name of a partition"),
		match("account", s.Account, word, "the name of an account"),
		match("log", s.Log, folder, "a path of letters, digits and the characters . _ / + @ = -"),
	} {
		if err != nil {
			return nil, err
		}
	}
	t, err := template.New("slurm").Funcs(template.FuncMap{"sh": quoteShell}).Parse(slurmText)
	if err != nil {
		return nil, errors.Join(errors.New("the template is broken"), err) // cannot happen: tests make one
	}
	var b bytes.Buffer
	err = t.Execute(&b, s)
	return b.Bytes(), err
}

// Last is the number of the last shard.
func (j Job) Last() int { return j.Shards - 1 }

// Minutes is the time in whole minutes.
func (s Slurm) Minutes() int { return int((s.Time + time.Minute - 1) / time.Minute) }

// quoteShell returns a text as one word of a shell.
func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
