package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/lvtool/lvtool/export/engine"
	"github.com/lvtool/lvtool/internal/golden"
)

// evil is text that must not become anything else.
const evil = `a'b"c $(HOME) ${HOME} $$ ` + "`id`" + ` {{.}} \n - x: "y" # é日`

func job() engine.Job {
	return engine.Job{
		Name: "lvtool-5d41402abc4b", Run: "5d41402abc4b2a76b9719d911017c592",
		Plan: "s3://example-evidence/run-1/plan.json", Shards: 8, Retries: 5,
		Env: []engine.Variable{{Name: "AWS_REGION", Value: "eu-central-1"}},
	}
}

func kubernetes() engine.Kubernetes {
	return engine.Kubernetes{Job: job(), Image: "registry.example/lvtool:1"}
}

func batch() engine.Batch {
	return engine.Batch{
		Job: job(), Image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/lvtool:1", Queue: "evidence",
		JobRole:       "arn:aws:iam::123456789012:role/lvtool-task",
		ExecutionRole: "arn:aws:iam::123456789012:role/lvtool-execution",
	}
}

func slurm() engine.Slurm { return engine.Slurm{Job: job()} }

// same holds that data is what testdata has.
func same(t *testing.T, name string, data []byte, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join("testdata", name)
	if *golden.Update {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, data, want)
	}
}

func TestGolden(t *testing.T) {
	k := kubernetes()
	data, err := k.Manifest()
	same(t, "kubernetes.yaml", data, err)
	k.Namespace, k.ServiceAccount, k.Secret, k.Arch, k.CPUs = "evidence", "lvtool", "aws", "arm64", 2
	k.Plan, k.Claim, k.Mount, k.Shards, k.Parallel, k.MaxFailed = "/data/run/plan.json", "evidence", "/data", 1, 3, 1
	data, err = k.Manifest()
	same(t, "kubernetes-folder.yaml", data, err)

	b := batch()
	data, err = b.Script()
	same(t, "batch.sh", data, err)
	b.EC2, b.ExecutionRole, b.Shards = true, "", 1
	data, err = b.Script()
	same(t, "batch-ec2.sh", data, err)

	s := slurm()
	data, err = s.Script()
	same(t, "slurm.sh", data, err)
	s.Plan, s.Program, s.Parallel, s.CPUs = "/shared/run's/plan.json", "/opt/lv tool/lvtool", 100, 4
	s.Partition, s.Account, s.Time, s.Log = "main", "audit", 90*time.Minute, "/shared/log"
	data, err = s.Script()
	same(t, "slurm-all.sh", data, err)
}

// What a value says in a manifest is the value, whatever is in it.
func TestKubernetesQuotes(t *testing.T) {
	k := kubernetes()
	k.Plan = "s3://example-evidence/" + evil
	k.Env = append(k.Env, engine.Variable{Name: "EVIL", Value: evil}, engine.Variable{Name: "EMPTY"})
	data, err := k.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Spec struct {
			Completions, Parallelism int
			Template                 struct {
				Spec struct {
					Containers []struct {
						Args []string
						Env  []struct{ Name, Value string }
					}
				}
			}
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&m); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if err := d.Decode(&m); err == nil {
		t.Error("there is a second document")
	}
	c := m.Spec.Template.Spec.Containers
	if len(c) != 1 || len(c[0].Args) != 7 || len(c[0].Env) != 4 || m.Spec.Completions != 8 {
		t.Fatalf("got %+v", m)
	}
	if got := expand(c[0].Args[3]); got != k.Plan {
		t.Errorf("the plan is %q, want %q", got, k.Plan)
	}
	if got := expand(c[0].Env[2].Value); got != evil || c[0].Env[3].Value != "" {
		t.Errorf("the variable is %q, want %q", got, evil)
	}
}

// expand does what Kubernetes does with arguments and variables: $$ is a dollar,
// and $(NAME) another value.
func expand(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '$' && i+1 < len(s) {
			switch s[i+1] {
			case '$':
				i++
			case '(':
				b.WriteString("EXPANDED")
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// The documents are such as the API of AWS Batch describes them, for all kinds
// of jobs.
func TestBatchSchema(t *testing.T) {
	for i, change := range []func(*engine.Batch){
		func(*engine.Batch) {},
		func(b *engine.Batch) { b.Shards = 1 },
		func(b *engine.Batch) { b.Shards, b.Retries = 10_000, 9 },
		func(b *engine.Batch) { b.EC2, b.ExecutionRole, b.JobRole, b.CPUs = true, "", "", 3 },
		func(b *engine.Batch) { b.CPUs, b.PublicIP, b.Arch, b.Time = 16, true, "arm64", time.Minute },
		func(b *engine.Batch) { b.CPUs, b.Memory = 8, 20<<10 },
		func(b *engine.Batch) { b.Env = append(b.Env, engine.Variable{Name: "EVIL", Value: evil}) },
		func(b *engine.Batch) { b.Plan = "s3://example-evidence/" + evil },
	} {
		b := batch()
		change(&b)
		definition, err := b.Definition()
		check(t, "definition", definition, err)
		submission, err := b.Submission()
		check(t, "job", submission, err)
		var d struct {
			Retry struct {
				Evaluate []struct{ OnExitCode, OnReason, Action string } `json:"evaluateOnExit"`
			} `json:"retryStrategy"`
			Container struct {
				Environment []struct{ Name, Value string }
			} `json:"containerProperties"`
		}
		var s struct{ Parameters struct{ Plan string } }
		if err := errors.Join(json.Unmarshal(definition, &d), json.Unmarshal(submission, &s)); err != nil {
			t.Fatal(err)
		}
		if s.Parameters.Plan != b.Plan {
			t.Errorf("%d: the plan is %q, want %q", i, s.Parameters.Plan, b.Plan)
		}
		for k, v := range b.Env {
			if got := d.Container.Environment[k]; got.Value != v.Value {
				t.Errorf("%d: %s is %q, want %q", i, v.Name, got.Value, v.Value)
			}
		}
		e := d.Retry.Evaluate
		if len(e) != 4 || e[0].Action != "EXIT" || e[2].OnExitCode != "75" || e[2].Action != "RETRY" {
			t.Errorf("%d: got %+v", i, e)
		}
	}
}

// check holds that a document follows its schema.
func check(t *testing.T, name string, data []byte, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	schema, err := c.Compile(filepath.Join("testdata", "aws-batch.schema.json") + "#/$defs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%s: %v\n%s", name, err, data)
	}
}

// The schema refuses what the service would.
func TestSchemaBites(t *testing.T) {
	b := batch()
	definition, err := b.Definition()
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	schema, err := c.Compile(filepath.Join("testdata", "aws-batch.schema.json") + "#/$defs/definition")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"attempts": 6`, `"attempts": 11`},
		{`"onExitCode": "64"`, `"onExitCode": "x"`},
		{`"VCPU"`, `"CPU"`},
		{`"image"`, `"imge"`},
		{`"RETRY"`, `"AGAIN"`},
		{`"attemptDurationSeconds": 86400`, `"attemptDurationSeconds": 30`},
		{`["FARGATE"]`, `"FARGATE"`},
		{`"value": "2048"`, `"value": 2048`},
		{`"name": "AWS_REGION"`, `"name": "AWS_BATCH_X"`},
	} {
		bad := bytes.Replace(definition, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(bad, definition) {
			t.Fatalf("no %s in\n%s", change[0], definition)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(document) == nil {
			t.Errorf("%s is accepted", change[1])
		}
	}
}
