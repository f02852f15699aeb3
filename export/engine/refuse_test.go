package engine_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/export/engine"
	"github.com/lvtool/lvtool/internal/need"
)

// Values that could say more than they are meant to are refused, in words that
// name them.
func TestRefused(t *testing.T) {
	const k, b, s = 1, 2, 4 // the engines that refuse it
	for _, test := range []struct {
		who    int
		change func(*engine.Kubernetes, *engine.Batch, *engine.Slurm)
		want   string
	}{
		{k | b | s, jobs(func(j *engine.Job) { j.Name = "a\nspec: {}" }), "name"},
		{k | b | s, jobs(func(j *engine.Job) { j.Name = "UPPER" }), "name"},
		{k | b | s, jobs(func(j *engine.Job) { j.Name = strings.Repeat("a", 58) }), "57"},
		{k | b | s, jobs(func(j *engine.Job) { j.Run = "x" }), "run"},
		{k | b | s, jobs(func(j *engine.Job) { j.Plan = "" }), "plan: missing"},
		{k | b | s, jobs(func(j *engine.Job) { j.Plan = "s3://b/k\n#SBATCH -p x" }), "printable"},
		{k | b | s, jobs(func(j *engine.Job) { j.Plan = "s3://b/\xff" }), "printable"},
		{k | b | s, jobs(func(j *engine.Job) { j.Plan = "s3://UPPER/x" }), "BUCKET/KEY"},
		{k | b | s, jobs(func(j *engine.Job) { j.Plan = "run/plan.json" }), "plan run/plan.json"},
		{k | b | s, jobs(func(j *engine.Job) { j.Shards = 0 }), "shard"},
		{k | b | s, jobs(func(j *engine.Job) { j.CPUs = 1000 }), "processors"},
		{k | b | s, jobs(func(j *engine.Job) { j.Memory = 10 }), "MiB"},
		{k | b | s, jobs(func(j *engine.Job) { j.Parallel = -1 }), "workers"},
		{k | b | s, jobs(func(j *engine.Job) { j.Retries = 101 }), "retries"},
		{k | b | s, env("A B", "x"), "variable"},
		{k | b | s, env("A", "x\ny"), "printable"},
		{k | b | s, env("AWS_REGION", "x"), "twice"},
		{k | b | s, env("JOB_COMPLETION_INDEX", "1"), "engine sets it"},
		{k | b | s, env("AWS_BATCH_JOB_ARRAY_INDEX", "1"), "engine sets it"},
		{k | b | s, env("SLURM_ARRAY_TASK_ID", "1"), "engine sets it"},
		{k | b, images("a b"), "image"},
		{k | b, images(""), "image: missing"},
		{k | b, images("x:1\"\nx: y"), "image"},
		{k | b, images("-x"), "image"},
		{k, only(func(k *engine.Kubernetes) { k.Namespace = "A" }), "namespace"},
		{k, only(func(k *engine.Kubernetes) { k.ServiceAccount = "a\nb" }), "service account"},
		{k, only(func(k *engine.Kubernetes) { k.Secret = "a/b" }), "secret"},
		{k, only(func(k *engine.Kubernetes) { k.Claim = "x" }), "claim"},
		{k, only(func(k *engine.Kubernetes) { k.Claim, k.Mount = "x", "a/b" }), "mount"},
		{k, only(func(k *engine.Kubernetes) { k.Claim, k.Mount, k.Plan = "x", "/a", "/b/plan.json" }), "below"},
		{k, only(func(k *engine.Kubernetes) { k.Plan = "/b/plan.json" }), "mount a claim"},
		{k, only(func(k *engine.Kubernetes) { k.MaxFailed = 9 }), "may fail"},
		{k, only(func(k *engine.Kubernetes) { k.Arch = "x86" }), "architecture"},
		{b, aws(func(b *engine.Batch) { b.Queue = "" }), "queue"},
		{b, aws(func(b *engine.Batch) { b.Queue = "$(id)" }), "queue"},
		{b, aws(func(b *engine.Batch) { b.JobRole = "me" }), "role"},
		{b, aws(func(b *engine.Batch) { b.ExecutionRole = "" }), "Fargate needs one"},
		{b, aws(func(b *engine.Batch) { b.Shards = 10_001 }), "10000"},
		{b, aws(func(b *engine.Batch) { b.Retries = 10 }), "9 times"},
		{b, aws(func(b *engine.Batch) { b.CPUs = 3 }), "Fargate has 1, 2, 4, 8, 16"},
		{b, aws(func(b *engine.Batch) { b.Memory = 2000 }), "in steps of 1024"},
		{b, aws(func(b *engine.Batch) { b.Parallel = 5 }), "compute environment"},
		{b, aws(func(b *engine.Batch) { b.Time = time.Second }), "minute"},
		{b, aws(func(b *engine.Batch) { b.EC2, b.PublicIP = true, true }), "Fargate alone"},
		{s, cluster(func(s *engine.Slurm) { s.Partition = "a b" }), "partition"},
		{s, cluster(func(s *engine.Slurm) { s.Account = "$(id)" }), "account"},
		{s, cluster(func(s *engine.Slurm) { s.Log = "a b" }), "log"},
		{s, cluster(func(s *engine.Slurm) { s.Time = time.Second }), "two minutes"},
		{s, cluster(func(s *engine.Slurm) { s.Program = "a\nb" }), "program"},
	} {
		one, two, three := kubernetes(), batch(), slurm()
		test.change(&one, &two, &three)
		_, kubernetesErr := one.Manifest()
		_, batchErr := two.Script()
		_, slurmErr := three.Script()
		for i, err := range []error{kubernetesErr, batchErr, slurmErr} {
			refused := test.who&(1<<i) != 0
			switch said := fmt.Sprint(err); {
			case !refused && err != nil:
				t.Errorf("engine %d, %q: got %v", i, test.want, err)
			case refused && (!strings.Contains(said, test.want) || strings.Contains(said, "\n")):
				t.Errorf("engine %d: got %v, want %q", i, err, test.want)
			}
		}
	}
}

func jobs(f func(*engine.Job)) func(*engine.Kubernetes, *engine.Batch, *engine.Slurm) {
	return func(k *engine.Kubernetes, b *engine.Batch, s *engine.Slurm) {
		f(&k.Job)
		f(&b.Job)
		f(&s.Job)
	}
}

func env(name, value string) func(*engine.Kubernetes, *engine.Batch, *engine.Slurm) {
	return jobs(func(j *engine.Job) { j.Env = append(j.Env, engine.Variable{Name: name, Value: value}) })
}

func images(name string) func(*engine.Kubernetes, *engine.Batch, *engine.Slurm) {
	return func(k *engine.Kubernetes, b *engine.Batch, _ *engine.Slurm) { k.Image, b.Image = name, name }
}

func only(f func(*engine.Kubernetes)) func(*engine.Kubernetes, *engine.Batch, *engine.Slurm) {
	return func(k *engine.Kubernetes, _ *engine.Batch, _ *engine.Slurm) { f(k) }
}

func aws(f func(*engine.Batch)) func(*engine.Kubernetes, *engine.Batch, *engine.Slurm) {
	return func(_ *engine.Kubernetes, b *engine.Batch, _ *engine.Slurm) { f(b) }
}

func cluster(f func(*engine.Slurm)) func(*engine.Kubernetes, *engine.Batch, *engine.Slurm) {
	return func(_ *engine.Kubernetes, _ *engine.Batch, s *engine.Slurm) { f(s) }
}

// A stand-in for a program: it writes its arguments down, a line each, and ends
// with the exit code that the variable of its name says.
const standIn = `#!/bin/bash
name=${0##*/}
{ printf '%s\n' "$name" "$@"; printf 'EVIL=%s\n' "${EVIL-}"; } >>"$CALLS"
code=${name}_code
printf '%s' "${STATE-}"
exit "${!code:-0}"
`

// runScript runs a script with stand-ins for programs, and returns what they
// were called with, and its exit code.
func runScript(t *testing.T, script []byte, env []string, programs ...string) (calls []string, code int) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range append(programs, "script") {
		text := []byte(standIn)
		if name == "script" {
			text = script
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(need.Program(t, "bash"), filepath.Join(dir, "script"))
	cmd.Env = append(env, "PATH="+dir+":"+os.Getenv("PATH"), "CALLS="+filepath.Join(dir, "calls"), "HOME="+dir)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "calls"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.Split(string(bytes.TrimSuffix(data, []byte("\n"))), "\n"), cmd.ProcessState.ExitCode()
}

// A shell that runs the script passes on what was given, whatever is in it, and
// tries again what may work then.
func TestSlurmRuns(t *testing.T) {
	s := slurm()
	s.Plan = "s3://example-evidence/" + evil
	s.Env = append(s.Env, engine.Variable{Name: "EVIL", Value: evil})
	script, err := s.Script()
	if err != nil {
		t.Fatal(err)
	}
	work := []string{
		"lvtool", "batch", "work", "--plan", s.Plan, "--shard", "1003", "--jobs", "1", "--quiet", "EVIL=" + evil,
	}
	for _, test := range []struct {
		worker, state, restarts string
		again                   bool
		code                    int
	}{
		{"0", "RUNNING", "0", false, 0},
		{"64", "RUNNING", "0", false, 64},
		{"65", "RUNNING", "0", false, 65},
		{"75", "RUNNING", "0", true, 75},
		{"137", "RUNNING", "4", true, 137},
		{"75", "RUNNING", "5", false, 75},
		{"75", "COMPLETING", "0", false, 75},
	} {
		calls, code := runScript(t, script, []string{
			"SLURM_ARRAY_TASK_ID=3", "LVTOOL_FIRST_SHARD=1000", "SLURM_JOB_ID=77",
			"SLURM_RESTART_COUNT=" + test.restarts, "STATE=" + test.state, "lvtool_code=" + test.worker,
		}, "lvtool", "squeue", "scontrol")
		if code != test.code || !slices.Equal(calls[:len(work)], work) {
			t.Errorf("%+v: got exit code %d, calls %q, want %q", test, code, calls, work)
		}
		if again := slices.Contains(calls, "requeue"); again != test.again {
			t.Errorf("%+v: tried again: %t\n%q", test, again, calls)
		}
	}
}

// The script for AWS Batch gives the client the two documents.
func TestBatchRuns(t *testing.T) {
	b := batch()
	b.Plan = "s3://example-evidence/" + evil
	script, err := b.Script()
	if err != nil {
		t.Fatal(err)
	}
	definition, err := b.Definition()
	if err != nil {
		t.Fatal(err)
	}
	submission, err := b.Submission()
	if err != nil {
		t.Fatal(err)
	}
	calls, code := runScript(t, script, []string{"STATE=arn:of:definition"}, "aws")
	all := strings.Join(calls, "\n")
	if code != 0 || !strings.Contains(all, string(definition)) || !strings.Contains(all, string(submission)) ||
		!strings.Contains(all, "--job-definition\narn:of:definition\n") {
		t.Errorf("exit code %d, calls\n%s", code, all)
	}
}

// The AWS CLI, which knows the API, takes the documents. It checks them and
// sends nothing.
func TestBatchClient(t *testing.T) {
	if testing.Short() {
		t.Skip("the client takes its time")
	}
	client := need.Program(t, "aws")
	dry := "#!/bin/bash\nexec '" + client + "' \"$@\" --generate-cli-skeleton output\n"
	for name, change := range map[string]func(*engine.Batch){
		"Fargate": func(b *engine.Batch) { b.Plan = "s3://example-evidence/" + evil },
		"EC2":     func(b *engine.Batch) { b.EC2, b.Shards, b.ExecutionRole = true, 1, "" },
	} {
		b := batch()
		change(&b)
		script, err := b.Script()
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(dry), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, broken := range []bool{false, true} {
			if broken && b.EC2 {
				continue // once is enough: the client takes its time
			}
			if broken {
				script = bytes.Replace(script, []byte(`"attempts": 6`), []byte(`"atempts": 6`), 1)
			}
			cmd := exec.Command("/bin/sh", "-c", string(script))
			cmd.Env = []string{
				"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "AWS_DEFAULT_REGION=eu-central-1",
				"AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x", "AWS_EC2_METADATA_DISABLED=true",
			}
			out, err := cmd.CombinedOutput()
			if refused := bytes.Contains(out, []byte("atempts")); (err != nil) != broken || refused != broken {
				t.Errorf("%s, broken %t: %v\n%s", name, broken, err, out)
			}
		}
	}
}

// The scripts have nothing that shellcheck minds.
func TestShellcheck(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "*.sh"))
	if err != nil || len(scripts) != 4 {
		t.Fatal(scripts, err)
	}
	if out, err := exec.Command(need.Program(t, "shellcheck"), scripts...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
