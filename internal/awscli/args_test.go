package awscli_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/pyval"
)

const id = "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b03"

func noCheck(*awscli.Options) error { return nil }

func parseArgs(t *testing.T, args ...string) *awscli.Options {
	t.Helper()
	o, err := awscli.ParseArgs(args, noCheck)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return o
}

func TestParseArgs(t *testing.T) {
	o := parseArgs(t, "--sess", id, "--reg=eu-west-1", "--q", "a.b", "--no-s", "--color", "on", "--cli-read", "5",
		"--raw", "-1", "--wait")
	got := strings.Join([]string{o.SessionIDs[0], o.Region, *o.Query, o.Color, *o.ReadTimeout, o.Raw}, " ")
	if want := id + " eu-west-1 a.b on 5 -1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !o.NoSignRequest || !o.Wait || o.NoVerifySSL || o.Debug {
		t.Errorf("flags: got %+v", o)
	}
}

// TestParseArgsOrder holds that the check comes after the options of every command and before those of
// the operation.
func TestParseArgsOrder(t *testing.T) {
	errCheck := errors.New("checked")
	check := func(o *awscli.Options) error {
		if o.Output != "text" || len(o.SessionIDs) > 0 {
			t.Errorf("got %+v, want the output alone", o)
		}
		return errCheck
	}
	_, err := awscli.ParseArgs([]string{"--session-id", "--nope", "--output", "text"}, check)
	if !errors.Is(err, errCheck) {
		t.Errorf("got %v, want the check's error", err)
	}
}

func TestSkeletonValue(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"--generate-cli-skeleton", "input"},
		{"--generate-cli-skeleton yaml-input", "yaml-input"},
		{"--generate-cli-skeleton --debug", "input"},
		{"--session-id x --generate-cli-skeleton output", "output"},
	} {
		if got := parseArgs(t, strings.Fields(test.args)...).Skeleton; got != test.want {
			t.Errorf("%s: got %q, want %q", test.args, got, test.want)
		}
	}
}

func TestSessions(t *testing.T) {
	other := strings.Replace(id, "5f", "6f", 1)
	file := filepath.Join(t.TempDir(), "ids")
	if err := os.WriteFile(file, []byte(other+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args  []string
		stdin string
		want  []string
	}{
		{[]string{"--session-id", id}, "", nil},
		{[]string{id}, "", nil},
		{[]string{id, "--session-id", id}, "", nil},
		{[]string{"--session-id", "x", "--session-id", id}, "", nil}, // to the CLI, the last counts
		{[]string{"--session-id", id, "--session-id", other}, "", []string{id, other}},
		{[]string{id, other, id}, "", []string{id, other}},
		{[]string{"@" + file}, "", []string{other}},
		{[]string{"--session-id", "@-", "@" + file}, "# c\n" + id + "\r\n\n", []string{id, other}},
	}
	for _, test := range tests {
		got, err := parseArgs(t, test.args...).Sessions(strings.NewReader(test.stdin))
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, %v, want %q", test.args, got, err, test.want)
		}
	}
}

func TestSessionID(t *testing.T) {
	const wrongType = "Invalid type for parameter SessionId, value: %s, type: <class '%s'>, valid types: <class 'str'>"
	tests := []struct {
		option, value string
		want          string // the id, or what the error says
	}{
		{"--session-id", id, id},
		{"--cli-input-json", `{"SessionId":"` + id + `"}`, id},
		{"--cli-input-yaml", "SessionId: " + id, id},
		{
			"--cli-input-yaml", "x: &a " + id + "\nSessionId: *a",
			`Unknown parameter in input: "x", must be one of: SessionId`,
		},
		{
			"--cli-input-yaml", "SessionId: !!str 5",
			"Invalid length for parameter SessionId, value: 1, valid min length: 36",
		},
		{"--cli-input-yaml", "SessionId: 0x1F", fmt.Sprintf(wrongType, "31", "int")},
		{"--cli-input-yaml", "SessionId: -.inf", fmt.Sprintf(wrongType, "-inf", "float")},
		{"--cli-input-yaml", "SessionId: [~, {a: false}]", fmt.Sprintf(wrongType, "[None, {'a': False}]", "list")},
	}
	for _, test := range tests {
		params, err := parseArgs(t, test.option, test.value).Params()
		if err != nil {
			t.Errorf("%q: %v", test.value, err)
			continue
		}
		got, err := params.SessionID()
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "Parameter validation failed:\n")
		}
		if got != test.want {
			t.Errorf("%q: got %q, want %q", test.value, got, test.want)
		}
	}
}

// TestYAMLBomb holds that aliases cannot unfold without end.
func TestYAMLBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 12 {
		n, m := string(rune('a'+i)), string(rune('a'+i+1))
		if i == 0 {
			n = "a0"
		}
		b.WriteString(m + ": &" + m + " [" + strings.TrimSuffix(strings.Repeat("*"+n+", ", 10), ", ") + "]\n")
	}
	_, err := parseArgs(t, "--cli-input-yaml", b.String()).Params()
	if err == nil || !strings.Contains(err.Error(), "Invalid YAML received.") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestParamFileTooLarge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 17<<20); err != nil {
		t.Fatal(err)
	}
	_, err := parseArgs(t, "--session-id", "file://"+name).Params()
	if err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestResults(t *testing.T) {
	tests := []struct{ body, want string }{
		{`{"Status":"S","SessionId":"x"}`, `{"SessionId":"x","Status":"S"}`},
		{`{"Later":{"b":null,"a":[null,{"c":null}]},"Status":"S"}`, `{"Status":"S","Later":{"a":[null,{}]}}`},
		{
			`{"Metadata":{"SDKType":"js"},"Feedback":[{"Message":"m","Code":"C","New":1}],"Challenge":{"Version":"1"}}`,
			`{"Challenge":{"Version":"1"},"Feedback":[{"Code":"C","Message":"m","New":1}],"Metadata":{"SDKType":"js"}}`,
		},
		{`{"ResponseMetadata":{"RequestId":"x"},"Confidence":1e400}`, `{"Confidence":Infinity}`},
		{`{"AuditImages":[null,{"Bytes":null}]}`, `{"AuditImages":[null,{}]}`},
		{``, `{}`},
		{`no JSON`, `{}`},
		{`[]`, `error 'list' object has no attribute 'get'`},
		{`null`, `error 'NoneType' object has no attribute 'setdefault'`},
		{`{"AuditImages":5}`, `error 'int' object is not iterable`},
		{"\"\xff\"", `error 'utf-8' codec can't decode byte 0xff in position 1: invalid byte`},
	}
	for _, test := range tests {
		got := ""
		if results, err := awscli.Results([]byte(test.body)); err != nil {
			got = "error " + err.Error()
		} else {
			got = pyval.Compact(results)
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.body, got, test.want)
		}
	}
}
