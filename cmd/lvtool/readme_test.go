package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lvtool/lvtool/internal/golden"
)

const readme = "../../README.md"

// TestReadme runs every command that the README shows with its output, and
// expects just that output. They run one after the other in one folder that
// has the samples, and tsa.pem, the root of the timestamp authority at $TSA. The
// two commands at the top, which call the go tool, are run by .ci/run in a fresh
// clone.
func TestReadme(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to run the commands of the README with")
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(samples, filepath.Join(dir, "samples")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	tsa := newAuthority(t, time.Now().Add(-time.Second))
	server := httptest.NewServer(tsa)
	defer server.Close()
	t.Setenv("TSA", server.URL)
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tsa.root.Raw})
	check(t, os.WriteFile(filepath.Join(dir, "tsa.pem"), root, 0o600))
	steps := consoleSteps(string(text))
	if len(steps) < 3 {
		t.Fatalf("the README shows %d commands with output, which cannot be all", len(steps))
	}
	code := 0
	for _, s := range steps {
		got := ""
		if s.command == "echo $?" {
			got = fmt.Sprintln(code)
		} else {
			got, code = shell(t, dir, s.command)
		}
		switch {
		case got == s.output:
		case *golden.Update:
			old := "\n$ " + s.command + "\n" + s.output
			text = bytes.Replace(text, []byte(old), []byte("\n$ "+s.command+"\n"+got), 1)
		default:
			t.Errorf("line %d: $ %s\ngot:\n%swant:\n%s", s.line, s.command, got, s.output)
		}
	}
	if *golden.Update {
		if err := os.WriteFile(readme, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A consoleStep is a command of a ```console block, and what it prints.
type consoleStep struct {
	line            int
	command, output string
}

func consoleSteps(markdown string) []consoleStep {
	var steps []consoleStep
	inside := false
	for i, line := range strings.Split(markdown, "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && isCommand:
			steps = append(steps, consoleStep{line: i + 1, command: command})
		case inside && len(steps) > 0:
			steps[len(steps)-1].output += line + "\n"
		}
	}
	return steps
}

// shell runs a command line; it returns what it wrote to both streams, and its
// exit code.
func shell(t *testing.T, dir, command string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), exit.ExitCode()
	}
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return string(out), 0
}

// TestReadmeLibrary holds the library's ten lines in the README to those of the
// tested example.
func TestReadmeLibrary(t *testing.T) {
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(example), "\t// readme\n")
	if len(parts) != 3 {
		t.Fatalf("the example has %d marks, want 2", len(parts)-1)
	}
	var lines strings.Builder
	for line := range strings.Lines(parts[1]) {
		lines.WriteString(strings.TrimPrefix(line, "\t"))
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "```go\n"+lines.String()+"```\n") {
		t.Errorf("the README does not have these lines:\n%s", &lines)
	}
}
