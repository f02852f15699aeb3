package engine

import (
	"bytes"
	"cmp"
	_ "embed" // the template
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"text/template"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// Kubernetes is an Indexed Job.
type Kubernetes struct {
	Job
	// Image is that of lvtool.
	Image string
	// Arch is the image's architecture, amd64 where it is empty.
	Arch string
	// Namespace is where the job runs; empty leaves it to who applies it.
	Namespace string
	// ServiceAccount is whom workers run as, for their rights in S3.
	ServiceAccount string
	// Secret names one whose keys become variables of workers.
	Secret string
	// Claim names a persistent volume claim, mounted at Mount, where the run is a
	// folder.
	Claim, Mount string
	// MaxFailed is how many shards may fail before the others are given up; 0
	// means a tenth, and one at least.
	MaxFailed int
}

//go:embed kubernetes.yaml.tmpl
var kubernetesText string

var (
	label     = lazyregexp.New(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	subdomain = lazyregexp.New(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){0,10}$`)
)

// Manifest returns the job as YAML.
func (k Kubernetes) Manifest() ([]byte, error) {
	var err error
	if k.Job, err = k.normal(); err != nil {
		return nil, err
	}
	if err := k.check(); err != nil {
		return nil, err
	}
	k.Arch = cmp.Or(k.Arch, "amd64")
	k.Parallel = min(cmp.Or(k.Parallel, 10), k.Shards)
	k.MaxFailed = cmp.Or(k.MaxFailed, (k.Shards+9)/10)
	t, err := template.New("kubernetes").Funcs(template.FuncMap{"yaml": quoteYAML, "literal": literal}).
		Parse(kubernetesText)
	if err != nil {
		return nil, err // cannot happen: tests make one
	}
	var b bytes.Buffer
	err = t.Execute(&b, k)
	return b.Bytes(), err
}

// Request is how many MiB a worker is given room for on its machine.
func (k Kubernetes) Request() int { return min(usual(k.CPUs), k.Memory) }

// Soft is the MiB at which a worker collects its garbage harder.
func (j Job) Soft() int { return j.Memory * 9 / 10 }

func (k Kubernetes) check() error {
	for _, err := range []error{
		checkImage(k.Image),
		checkArch(k.Arch),
		match("namespace", k.Namespace, label, "at most 63 lower-case letters, digits and hyphens"),
		match("service account", k.ServiceAccount, subdomain, "the name of a service account"),
		match("secret", k.Secret, subdomain, "the name of a secret"),
		match("claim", k.Claim, subdomain, "the name of a persistent volume claim"),
		text("mount", k.Mount),
	} {
		if err != nil {
			return err
		}
	}
	switch inS3 := strings.HasPrefix(k.Plan, "s3://"); {
	case (k.Claim == "") != (k.Mount == ""):
		return errors.New("a claim needs the path where it is mounted")
	case k.Mount != "" && (!path.IsAbs(k.Mount) || path.Clean(k.Mount) != k.Mount || strings.Contains(k.Mount, ":")):
		return fmt.Errorf("mount %q: want an absolute path without . and .. and colons", k.Mount)
	case !inS3 && k.Claim == "":
		return fmt.Errorf("plan %s: pods do not see this machine's folders: plan in S3, or mount a claim", k.Plan)
	case !inS3 && !strings.HasPrefix(path.Clean(k.Plan), strings.TrimSuffix(k.Mount, "/")+"/"):
		return fmt.Errorf("plan %s: it is not below %s, where the claim is mounted", k.Plan, k.Mount)
	case k.MaxFailed < 0 || k.MaxFailed > k.Shards:
		return fmt.Errorf("%d shards that may fail: want 1 to %d", k.MaxFailed, k.Shards)
	}
	return nil
}

// quoteYAML returns a text as a scalar of YAML: JSON's strings are such, but for
// a character that YAML does not have in there.
func quoteYAML(s string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// literal returns what Kubernetes takes for the text: it replaces $(NAME) in
// arguments and variables, and makes $ of $$.
func literal(s string) string { return strings.ReplaceAll(s, "$", "$$") }
