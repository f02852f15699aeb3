package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/internal/golden"
)

// TestReference holds README.md beside the commands to what they say of
// themselves. Run it with -update to write the file anew.
func TestReference(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Commands of lvtool\n\n" +
		"This is the help of every command, written by `go test ./cmd/lvtool -update`.\n")
	help(t, &b)
	helpAll(t, &b, newApp().Commands)
	if *golden.Update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("README.md is not what the commands say; run go test ./cmd/lvtool -update")
	}
}

// helpAll writes the help of commands, and of those below them.
func helpAll(t *testing.T, b *strings.Builder, commands []*cli.Command, above ...string) {
	t.Helper()
	for _, c := range commands {
		path := append(slices.Clone(above), c.Name)
		help(t, b, path...)
		helpAll(t, b, c.Subcommands, path...)
	}
}

func help(t *testing.T, b *strings.Builder, command ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := append(append([]string{"lvtool"}, command...), "--help")
	if code := run(context.Background(), args, nil, &stdout, &stderr); code != 0 {
		t.Fatalf("%q: exit code %d\n%s", args, code, &stderr)
	}
	b.WriteString("\n## " + strings.Join(append([]string{"lvtool"}, command...), " ") + "\n\n```\n")
	for line := range strings.Lines(stdout.String()) {
		if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > helpWidth {
			t.Errorf("%q: a line of %d columns: %s", command, n, line)
		}
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	b.WriteString("```\n")
}
