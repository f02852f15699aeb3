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
	"github.com/lvtool/lvtool/internal/need"
)

const readme = "../../README.md"

// The guides go on where the README ends.
const (
	guides   = "guides"
	awsGuide = "guides/aws.md"
)

// TestReadme runs every command that the README and the guides show with its output,
// and expects just that output. The timestamp authority is at $TSA. The two commands
// at the top, which call the go tool, are run by .ci/run in a fresh clone.
func TestReadme(t *testing.T) {
	need.Program(t, "sh")
	pages, err := filepath.Glob(guides + "/*.md")
	if err != nil || len(pages) < 5 {
		t.Fatal("no guides: ", pages, err)
	}
	tsa := newAuthority(t, time.Now().Add(-time.Second))
	server := httptest.NewServer(tsa)
	defer server.Close()
	t.Setenv("TSA", server.URL)
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tsa.root.Raw})
	shown := 0
	for _, page := range append(pages, readme) {
		t.Run(strings.TrimSuffix(filepath.Base(page), ".md"), func(t *testing.T) {
			shown += runPage(t, page, root)
		})
	}
	if shown < 25 {
		t.Errorf("the pages show %d commands with output, which cannot be all", shown)
	}
}

// runPage runs the commands of a page in a new folder that has the samples, and the
// certificate tsa.pem, and returns how many they are.
func runPage(t *testing.T, page string, tsa []byte) int {
	t.Helper()
	text, err := os.ReadFile(page)
	check(t, err)
	dir := t.TempDir()
	samples, err := filepath.Abs("../../samples")
	check(t, err)
	if err := os.Symlink(samples, filepath.Join(dir, "samples")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "tsa.pem"), tsa, 0o600))
	steps := consoleSteps(string(text))
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
			t.Errorf("%s:%d: $ %s\ngot:\n%swant:\n%s", page, s.line, s.command, got, s.output)
		}
	}
	if *golden.Update {
		check(t, os.WriteFile(page, text, 0o644))
	}
	return len(steps)
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
