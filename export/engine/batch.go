package engine

import (
	"bytes"
	"cmp"
	_ "embed" // the templates
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// Batch is an array job of AWS Batch.
type Batch struct {
	Job
	// Image is that of lvtool, and Arch its architecture, amd64 where it is empty.
	Image, Arch string
	// Queue is the name or the ARN of the job queue.
	Queue string
	// JobRole is the ARN of the role that workers have, for their rights in S3;
	// ExecutionRole that of who starts them, which Fargate needs.
	JobRole, ExecutionRole string
	// EC2 says that the queue is one of EC2, not of Fargate.
	EC2 bool
	// PublicIP gives workers on Fargate an address of the internet, where their
	// subnet has no other way to S3.
	PublicIP bool
	// Time is the most that an attempt may take; 0 means a day.
	Time time.Duration
}

//go:embed batch-definition.json.tmpl
var definitionText string

//go:embed batch-job.json.tmpl
var submissionText string

//go:embed batch.sh.tmpl
var submitText string

var (
	queue = lazyregexp.New(`^([A-Za-z0-9_-]{1,128}|` +
		`arn:[a-z0-9-]+:batch:[a-z0-9-]+:[0-9]{12}:job-queue/[A-Za-z0-9_-]{1,128})$`)
	role = lazyregexp.New(`^arn:[a-z0-9-]+:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$`)
)

// Definition returns the job definition as JSON, what `aws batch
// register-job-definition --cli-input-json` takes. It holds nothing of the plan:
// other runs can use it too.
func (b Batch) Definition() ([]byte, error) { return b.fill("definition", definitionText) }

// Submission returns the array job as JSON, what `aws batch submit-job
// --cli-input-json` takes.
func (b Batch) Submission() ([]byte, error) { return b.fill("job", submissionText) }

// Script returns a script that registers the definition and submits the job.
func (b Batch) Script() ([]byte, error) { return b.fill("script", submitText) }

// Capability is what AWS Batch calls the machines.
func (b Batch) Capability() string {
	if b.EC2 {
		return "EC2"
	}
	return "FARGATE"
}

// Attempts is how often a shard is tried in all.
func (b Batch) Attempts() int { return b.Retries + 1 }

// Seconds is the most that an attempt may take.
func (b Batch) Seconds() int { return int(cmp.Or(b.Time, 24*time.Hour) / time.Second) }

// CPU is what AWS Batch calls the architecture.
func (b Batch) CPU() string {
	if b.Arch == "arm64" {
		return "ARM64"
	}
	return "X86_64"
}

func (b Batch) fill(name, text string) ([]byte, error) {
	var err error
	if b.Memory == 0 && !b.EC2 {
		b.Memory = fargateMemory(max(b.CPUs, 1))
	}
	if b.Job, err = b.normal(); err == nil {
		err = b.check()
	}
	if err != nil {
		return nil, err
	}
	// A single quote would end one of the shell's, should a script hold it.
	quote := func(s string) (string, error) {
		q, err := quoteYAML(s)
		return strings.ReplaceAll(q, "'", `\u0027`), err
	}
	t := template.New(name).Funcs(template.FuncMap{"json": quote, "sh": quoteShell})
	t = template.Must(t.Parse(text)) // cannot panic: tests make them all
	for part, text := range map[string]string{"definition": definitionText, "job": submissionText} {
		template.Must(t.New(part).Parse(text))
	}
	var out bytes.Buffer
	if err := t.Lookup(name).Execute(&out, b); err != nil {
		return nil, err
	}
	if name != "script" && !json.Valid(out.Bytes()) {
		return nil, errors.New("the JSON is none") // cannot happen: tests make all kinds
	}
	return out.Bytes(), nil
}

func (b Batch) check() error {
	for _, err := range []error{
		checkImage(b.Image),
		checkArch(b.Arch),
		plain("queue", b.Queue),
		match("queue", b.Queue, queue, "the name or the ARN of a job queue"),
		match("job role", b.JobRole, role, "the ARN of a role"),
		match("execution role", b.ExecutionRole, role, "the ARN of a role"),
	} {
		if err != nil {
			return err
		}
	}
	switch {
	case !strings.HasPrefix(b.Plan, "s3://"):
		return fmt.Errorf("plan %s: workers do not see this machine's folders: plan in S3", b.Plan)
	case b.Shards > 10_000:
		return fmt.Errorf("%d shards: an array has at most 10000", b.Shards)
	case b.Parallel != 0:
		return errors.New("how many workers run at a time is up to the compute environment of the queue")
	case b.Attempts() > 10:
		return fmt.Errorf("%d retries: AWS Batch tries at most 9 times again", b.Retries)
	case b.Seconds() < 60:
		return fmt.Errorf("time %v: want a minute or more", b.Time)
	case !b.EC2 && b.ExecutionRole == "":
		return errors.New("execution role: missing; Fargate needs one")
	case !b.EC2:
		return checkFargate(b.CPUs, b.Memory)
	case b.PublicIP:
		return errors.New("a public address is for Fargate alone")
	}
	return nil
}

// fargate has the sizes of machines that Fargate has: for so many processors,
// from so many GiB to so many, in steps of so many.
var fargate = map[int][3]int{1: {2, 8, 1}, 2: {4, 16, 1}, 4: {8, 30, 1}, 8: {16, 60, 4}, 16: {32, 120, 8}}

// fargateMemory returns the least MiB that a worker on Fargate can have, 0 where
// it cannot have so many processors.
func fargateMemory(cpus int) int {
	size := fargate[cpus]
	for gib := size[0]; gib > 0 && gib <= size[1]; gib += size[2] {
		if gib<<10 >= Memory(cpus) {
			return gib << 10
		}
	}
	return 0
}

func checkFargate(cpus, memory int) error {
	size, ok := fargate[cpus]
	if !ok {
		var have []string
		for n := range fargate {
			have = append(have, strconv.Itoa(n))
		}
		slices.SortFunc(have, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
		return fmt.Errorf("%d processors: Fargate has %s", cpus, strings.Join(have, ", "))
	}
	if gib := memory >> 10; memory&1023 != 0 || gib < size[0] || gib > size[1] || (gib-size[0])%size[2] != 0 {
		return fmt.Errorf("%d MiB of memory: with %d processors, Fargate has %d to %d in steps of %d",
			memory, cpus, size[0]<<10, size[1]<<10, size[2]<<10)
	}
	return nil
}
