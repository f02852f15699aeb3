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

// TestPassphrase holds that passphrases are asked for on a terminal, and that the
// terminal does not show them.
func TestPassphrase(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("no ssh-keygen")
	}
	const secret = "correct horse"
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	check(t, exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-N", secret, "-f", key).Run())
	in := func(name string) string { return filepath.Join(dir, name) }
	sign := func(to string) []string {
		return []string{"pack", "-q", "--sign", key, "-o", in(to), "../../samples/tiny.json"}
	}
	lock := func(to, name string) []string {
		return []string{"pack", "-q", "--encrypt-to", to, "-o", in(name), "../../samples/tiny.json"}
	}
	type typed []string
	for _, tt := range []struct {
		name  string
		args  []string
		typed typed
		want  string
		fails bool
	}{
		{"right", sign("right"), typed{secret}, "passphrase of ", false},
		{"wrong", sign("wrong"), typed{"wrong"}, "passphrase", true},
		{"none", sign("none"), typed{""}, "no passphrase was given", true},
		{"to a key", lock(key+".pub", "key.zip.age"), nil, "", false},
		{"identity", []string{"verify", "--identity", key, in("key.zip.age")}, typed{secret}, "passphrase of ", false},
		{"to a passphrase", lock("passphrase", "p.zip.age"), typed{secret, secret}, "again: ", false},
		{"slip", lock("passphrase", "slip.zip.age"), typed{secret, "wrong"}, "the two passphrases differ", true},
		{"archive", []string{"verify", in("p.zip.age")}, typed{secret}, "passphrase of the archive: ", false},
		{"other archive", []string{"verify", in("p.zip.age")}, typed{"wrong"}, "1 of 1 pack did not pass", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			said, err := typedOn(t, tt.args, tt.typed)
			if (err != nil) != tt.fails {
				t.Errorf("got %v, want failure %t; the terminal: %q", err, tt.fails, said)
			}
			if !strings.Contains(said, tt.want) || strings.Contains(said, secret) {
				t.Errorf("got %q, want %q, and the passphrase not in it", said, tt.want)
			}
		})
	}
}

// typedOn runs lvtool on a terminal of its own, where each line is typed after
// a question, and returns what the terminal showed.
func typedOn(t *testing.T, args, typed []string) (string, error) {
	t.Helper()
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
	cmd := exec.CommandContext(t.Context(), "lvtool", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	check(t, cmd.Start())
	check(t, terminal.Close())
	var said strings.Builder
	for _, line := range typed {
		said.WriteString(readUntil(master, ": "))
		_, err = master.WriteString(line + "\n")
		check(t, err)
	}
	said.WriteString(readUntil(master, "never"))
	return said.String(), cmd.Wait()
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
