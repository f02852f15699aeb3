package awscli_test

import (
	"errors"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/pyval"
)

// FuzzYAML asserts that YAML reads back: every text as that text.
func FuzzYAML(f *testing.F) {
	for _, seed := range []string{
		"yes", "1e5", "- a", "a: b", "  x  ", "line\nline", "写 é 😀", strings.Repeat("word ", 40),
		"\x1b\u2028", "'\"", "---",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if pyval.CheckText(text) != nil || strings.ContainsRune(text, 0) {
			t.Skip()
		}
		d := &pyval.Dict{}
		d.Set("text", pyval.NewList(text, pyval.NewList(text)))
		var b strings.Builder
		if err := awscli.Write(&b, "yaml", d, awscli.Style{}); err != nil {
			t.Fatal(err)
		}
		var back struct{ Text []yaml.Node }
		if err := yaml.Unmarshal([]byte(b.String()), &back); err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		if len(back.Text) != 2 || back.Text[0].Value != text || back.Text[1].Content[0].Value != text {
			t.Errorf("got %q, want %q in %q", back.Text[0].Value, text, b.String())
		}
	})
}

// FuzzFormats asserts that every format prints whatever the service may send, or refuses it with code
// 255, and that the lines of a table are of one width.
func FuzzFormats(f *testing.F) {
	f.Add(`{"SessionId":"x","Status":"SUCCEEDED","AuditImages":[{"BoundingBox":{"Left":-0.07}},null]}`)
	f.Add(`{"Feedback":[{"Code":"A","Message":"m"},{"Code":"B"}],"Later":{"a":[[1],[2,[3]]]}}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, body string) {
		results, err := awscli.Results([]byte(body))
		if err != nil {
			mustBeGeneral(t, err)
			return
		}
		for _, format := range awscli.Formats {
			var b strings.Builder
			err := awscli.Write(&b, format, results, awscli.Style{})
			if err != nil {
				mustBeGeneral(t, err)
				continue
			}
			if out := b.String(); out != "" && !strings.HasSuffix(out, "\n") {
				t.Errorf("%s: got %q, want whole lines", format, out)
			}
		}
	})
}

func mustBeGeneral(t *testing.T, err error) {
	t.Helper()
	if failure, ok := errors.AsType[*awscli.Error](err); !ok || failure.Code != awscli.ExitGeneral {
		t.Errorf("got %v, want an error of code 255", err)
	}
}

// FuzzArgs asserts that every command line is either understood, with a session or without the need of
// one, or refused with code 252.
func FuzzArgs(f *testing.F) {
	for _, seed := range []string{
		"--session-id x", "--o json --q=a", "-- -x", "--cli-input-json {}", "--generate-cli-skeleton", "--c", "-1 foo",
	} {
		f.Add(strings.ReplaceAll(seed, " ", "\n"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		args := strings.Split(text, "\n")
		o, err := awscli.ParseArgs(args, func(*awscli.Options) error { return nil })
		if err != nil {
			if failure, ok := errors.AsType[*awscli.Error](err); !ok || failure.Code != awscli.ExitParam {
				t.Errorf("%q: got %v, want an error of code 252", args, err)
			}
			return
		}
		noneNeeded := o.Help || o.Version || o.CLIInputJSON != nil || o.CLIInputYAML != nil || o.Skeleton != ""
		if len(o.SessionIDs) == 0 && !noneNeeded {
			t.Errorf("%q: got %+v, want a session", args, o)
		}
	})
}
