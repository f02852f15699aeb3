package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// onTerminal runs the program with standard error on a terminal of 80 columns,
// and returns what that was sent.
func onTerminal(t *testing.T, stdin io.Reader, args ...string) string {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminal to be had: ", err)
	}
	defer master.Close()
	fd := int(master.Fd())
	check(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	check(t, err)
	check(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}))
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	check(t, err)
	cmd := exec.CommandContext(t.Context(), "lvtool", args...)
	cmd.Stdin, cmd.Stderr = stdin, terminal
	check(t, cmd.Start())
	check(t, terminal.Close())
	sent, _ := io.ReadAll(master) // it ends with an error when the program does
	check(t, cmd.Wait())
	return string(sent)
}

// TestBar holds that on a terminal there is a bar, where the size of the input
// is known, that it fits the line, and that it is gone at the end.
func TestBar(t *testing.T) {
	b := newBatch(t, 80) // what is done within a tenth of a second shows no bar
	data, err := os.ReadFile(b.file)
	check(t, err)
	dir := t.TempDir()
	for _, tt := range []struct {
		name, want string
		stdin      io.Reader
		args       []string
	}{
		{name: "file", want: "% |", args: []string{b.file}},
		{name: "stdin", want: "sessions, ", args: []string{"-"}, stdin: strings.NewReader(string(data))},
		{name: "quiet", args: []string{"--quiet", b.file}},
		{name: "JSON", args: []string{"--log-format", "json", b.file}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := onTerminal(t, tt.stdin, append([]string{"convert", "--force", "-o", dir}, tt.args...)...)
			if tt.want == "" {
				if got != "" {
					t.Errorf("got %q, want nothing", got)
				}
				return
			}
			const erased = "\r\x1b[2K"
			if !strings.Contains(got, tt.want) || !strings.HasSuffix(got, erased) {
				t.Errorf("got %q, want %q in it, and erased", got, tt.want)
			}
			if strings.Contains(got, "\x1b[3") {
				t.Errorf("got %q, want no colours", got)
			}
			for _, line := range strings.FieldsFunc(got, func(r rune) bool { return r == '\r' || r == '\n' }) {
				if n := len([]rune(strings.NewReplacer("\x1b[2K", "", "\x1b[0K", "").Replace(line))); n > 80 {
					t.Errorf("got %d columns, want at most 80: %q", n, line)
				}
			}
		})
	}
}
