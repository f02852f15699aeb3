package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestPassphrase holds that the passphrase of a key is asked for on a terminal,
// and that the terminal does not show it.
func TestPassphrase(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("no ssh-keygen")
	}
	const secret = "correct horse"
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	check(t, exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-N", secret, "-f", key).Run())
	for _, tt := range []struct {
		name, typed, want string
		fails             bool
	}{
		{name: "right", typed: secret + "\n", want: "passphrase of "},
		{name: "wrong", typed: "wrong\n", want: "passphrase", fails: true},
		{name: "none", typed: "\n", want: "no passphrase was given", fails: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
			if err != nil {
				t.Skip("no terminal to be had: ", err)
			}
			defer master.Close()
			check(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
			number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
			check(t, err)
			terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
			check(t, err)
			cmd := exec.CommandContext(t.Context(), "lvtool", "pack", "-q", "--sign", key,
				"-o", filepath.Join(dir, tt.name), "../../samples/tiny.json")
			cmd.Stdin, cmd.Stderr = terminal, terminal
			check(t, cmd.Start())
			check(t, terminal.Close())
			said := readUntil(master, "key: ")
			_, err = master.WriteString(tt.typed)
			check(t, err)
			said += readUntil(master, "never")
			if err := cmd.Wait(); (err != nil) != tt.fails {
				t.Errorf("got %v, want failure %t; the terminal: %q", err, tt.fails, said)
			}
			if !strings.Contains(said, tt.want) || strings.Contains(said, secret) {
				t.Errorf("got %q, want %q, and the passphrase not in it", said, tt.want)
			}
		})
	}
}

// readUntil returns what a terminal is sent until there is text in it, and the
// program has had time to silence it, or the program ends.
func readUntil(master *os.File, text string) string {
	var b bytes.Buffer
	for one := make([]byte, 1); !strings.HasSuffix(b.String(), text); {
		if n, err := master.Read(one); n == 0 || err != nil {
			return b.String()
		}
		b.Write(one)
	}
	for range 200 {
		mode, err := unix.IoctlGetTermios(int(master.Fd()), unix.TCGETS)
		if err != nil || mode.Lflag&unix.ECHO == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return b.String()
}
