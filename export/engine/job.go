package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// maxCPUs is the most processors of a worker.
const maxCPUs = 256

// A Job is what every engine is told.
type Job struct {
	// Name is the job's: lower-case letters, digits and hyphens.
	Name string
	// Run is the id of the run, for people.
	Run string
	// Plan is where workers find the plan: s3://BUCKET/KEY, or a path.
	Plan string
	// Shards is how many the plan has.
	Shards int
	// CPUs is how many processors a worker has, and sessions it works on at a
	// time; 0 means one.
	CPUs int
	// Memory is how many MiB a worker may take; 0 means [Memory] of its processors.
	Memory int
	// Parallel is how many workers may run at a time; 0 leaves it to the engine,
	// where it may.
	Parallel int
	// Retries is how often a shard is tried again.
	Retries int
	// Env are variables of workers, such as AWS_REGION. They are not for secrets.
	Env []Variable
}

// A Variable is one of an environment.
type Variable struct{ Name, Value string }

// Memory returns how many MiB a worker needs at most that works on so many
// sessions at a time: measured at 251 MiB for one and 388 for two whose images
// all have the 16 million pixels that are the limit, and the rest to spare.
func Memory(cpus int) int { return 256 + 256*max(cpus, 1) }

// usual returns how many MiB a worker takes on images as the service writes
// them: measured at 73, 102 and 168 MiB for one, two and four of 1080×1920.
func usual(cpus int) int { return 64 + 64*cpus }

var (
	// A name with the number of a shard behind it is the name of a host, of at
	// most 63 characters.
	jobName  = lazyregexp.New(`^[a-z0-9]([-a-z0-9]{0,55}[a-z0-9])?$`)
	variable = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	object   = lazyregexp.New(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+`)
)

// normal returns a copy with the zero fields filled, or what is wrong with it.
func (j Job) normal() (Job, error) {
	j.CPUs = max(j.CPUs, 1)
	if j.Memory == 0 {
		j.Memory = Memory(j.CPUs)
	}
	switch {
	case !jobName.MatchString(j.Name):
		return j, fmt.Errorf("name %q: want at most 57 lower-case letters, digits and hyphens", j.Name)
	case !lazyregexp.New(`^[0-9a-f]{32}$`).MatchString(j.Run):
		return j, fmt.Errorf("run %q: not the id of a run", j.Run)
	case j.Shards < 1:
		return j, errors.New("a plan without a shard")
	case j.CPUs > maxCPUs:
		return j, fmt.Errorf("%d processors for a worker: want at most %d", j.CPUs, maxCPUs)
	case j.Memory < usual(1) || j.Memory > 1<<20:
		return j, fmt.Errorf("%d MiB of memory for a worker: want %d to %d", j.Memory, usual(1), 1<<20)
	case j.Parallel < 0 || j.Parallel > 10_000:
		return j, fmt.Errorf("%d workers at a time: want 1 to 10000", j.Parallel)
	case j.Retries < 0 || j.Retries > 100:
		return j, fmt.Errorf("%d retries: want 0 to 100", j.Retries)
	}
	if err := plain("plan", j.Plan); err != nil {
		return j, err
	}
	if strings.HasPrefix(j.Plan, "s3:") && !object.MatchString(j.Plan) {
		return j, fmt.Errorf("plan %q: want s3://BUCKET/KEY", j.Plan)
	}
	return j, j.checkEnv()
}

// checkEnv refuses variables that are none, that stand there twice, and those
// that say which shard a worker does.
func (j Job) checkEnv() error {
	for i, v := range j.Env {
		switch {
		case !variable.MatchString(v.Name):
			return fmt.Errorf("variable %q: want NAME=VALUE, the name of letters, digits and underscores", v.Name)
		case slices.Contains([]string{"JOB_COMPLETION_INDEX", "CLOUD_RUN_TASK_INDEX", "LVTOOL_SHARD"}, v.Name),
			strings.HasPrefix(v.Name, "AWS_BATCH"), strings.HasPrefix(v.Name, "SLURM_"):
			return fmt.Errorf("variable %s: the engine sets it", v.Name)
		case slices.ContainsFunc(j.Env[:i], func(o Variable) bool { return o.Name == v.Name }):
			return fmt.Errorf("variable %s: given twice", v.Name)
		}
		if err := text("variable "+v.Name, v.Value); err != nil {
			return err
		}
	}
	return nil
}

// plain refuses what is no text of one line, or empty.
func plain(what, s string) error {
	if s == "" {
		return fmt.Errorf("%s: missing", what)
	}
	return text(what, s)
}

// text refuses what is no text of one line.
func text(what, s string) error {
	bad := func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }
	if !utf8.ValidString(s) || strings.ContainsFunc(s, bad) {
		return fmt.Errorf("%s %+q: want printable characters alone", what, s)
	}
	return nil
}

// match refuses what is not as an expression says; empty is fine unless it is
// needed.
func match(what, s string, want *lazyregexp.Regexp, words string) error {
	if s != "" && !want.MatchString(s) {
		return fmt.Errorf("%s %+q: want %s", what, s, words)
	}
	return nil
}

// A reference to an image, as registries and engines read it.
var reference = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*` +
	`(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$`)

// checkImage refuses what names no image.
func checkImage(image string) error {
	if image == "" {
		return errors.New("image: missing: which one workers run must be said")
	}
	if len(image) > 255 {
		return errors.New("image: the name is too long")
	}
	return match("image", image, reference, "NAME:TAG or NAME@sha256:DIGEST")
}

// checkArch refuses an architecture that the engines do not know by this name.
func checkArch(arch string) error {
	if arch != "" && arch != "amd64" && arch != "arm64" {
		return fmt.Errorf("architecture %+q: want amd64 or arm64", arch)
	}
	return nil
}
