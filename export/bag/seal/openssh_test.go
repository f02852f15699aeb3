package seal_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/internal/need"
)

func write(tb testing.TB, dir, name string, text []byte) string {
	tb.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// run runs a program with stdin, in a folder, and returns what it wrote.
func run(tb testing.TB, dir string, stdin []byte, name string, args ...string) (string, error) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), name, args...)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(stdin)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func mustRun(tb testing.TB, dir string, stdin []byte, name string, args ...string) string {
	tb.Helper()
	out, err := run(tb, dir, stdin, name, args...)
	if err != nil {
		tb.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// TestKeygenVerifies has ssh-keygen check what Sign makes, also where it should
// find something.
func TestKeygenVerifies(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := signer(t, key)
			write(t, dir, "sig", sign(t, message, s))
			line := `a@b namespaces="lvtool-pack@*",valid-after="20260101Z" ` + s.Public() + "\n"
			write(t, dir, "allowed", []byte(line))
			args := []string{
				"-Y", "verify", "-f", "allowed", "-I", "a@b", "-s", "sig", "-Overify-time=20261122120000Z", "-n",
			}
			mustRun(t, dir, message, keygen, append(args, seal.Namespace)...)
			if out, err := run(t, dir, []byte("else"), keygen, append(args, seal.Namespace)...); err == nil {
				t.Errorf("got %s of other data", out)
			}
			if out, err := run(t, dir, message, keygen, append(args, "file")...); err == nil {
				t.Errorf("got %s for another namespace", out)
			}
		})
	}
}

// TestKeygenSigns checks what ssh-keygen signs, with keys that it made, plain and
// encrypted, which ParseKey also reads.
func TestKeygenSigns(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "m", message)
			mustRun(t, dir, nil, keygen, "-q", "-t", kind, "-N", "", "-C", "x", "-f", "key")
			mustRun(t, dir, nil, keygen, "-q", "-Y", "sign", "-f", "key", "-n", seal.Namespace, "m")
			list := allowed(t, "a "+string(read(t, filepath.Join(dir, "key.pub"))))
			use := seal.Use{Namespace: seal.Namespace, Identity: "a", Time: noon}
			got, err := list.Verify(message, read(t, filepath.Join(dir, "m.sig")), use)
			wantCode(t, err, "")
			if out := mustRun(t, dir, nil, keygen, "-l", "-f", "key"); !strings.Contains(out, got.Key) {
				t.Errorf("got the fingerprint %s, want that of %s", got.Key, out)
			}
			mustRun(t, dir, nil, keygen, "-q", "-p", "-a", "1", "-N", "sesame", "-f", "key")
			sesame := func() ([]byte, error) { return []byte("sesame"), nil }
			key, err := seal.ParseKey(read(t, filepath.Join(dir, "key")), sesame)
			if err != nil {
				t.Fatal(err)
			}
			_, err = list.Verify(message, sign(t, message, key), use)
			wantCode(t, err, "")
		})
	}
}

// TestKeygenAgrees has ssh-keygen and the package read the same lists of allowed
// signers, and expects the same answer.
func TestKeygenAgrees(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	key := signer(t, edKey(1))
	dir := t.TempDir()
	sig := sign(t, message, key)
	write(t, dir, "sig", sig)
	for name, line := range map[string]string{
		"plain":            "a@b " + line1,
		"wildcard":         "?@* " + line1,
		"negated":          "*,!a@b " + line1,
		"negated other":    "*,!c@b " + line1,
		"namespace":        `a@b namespaces="x,lvtool-*" ` + line1,
		"other namespace":  `a@b namespaces="x" ` + line1,
		"capitals":         `a@b NameSpaces="lvtool-pack@v1" ` + line1,
		"not yet":          `a@b valid-after="20261122120001Z" ` + line1,
		"just":             `a@b valid-after="20261122120000Z" ` + line1,
		"no longer":        `a@b valid-before="20261122115959Z" ` + line1,
		"still":            `a@b valid-before="20261122120000Z" ` + line1,
		"both":             `a@b valid-after="20260101",valid-before="20270101Z" ` + line1,
		"authority":        "a@b cert-authority " + line1,
		"unknown option":   "a@b touch-me-not " + line1,
		"empty namespaces": `a@b namespaces="" ` + line1,
		"quoted principal": `"a@b" ` + line1,
		"no key":           "a@b ssh-ed25519",
		"key cut":          "a@b ssh-ed25519 AAAA",
		"comment":          "# a@b " + line1,
		"second line":      "a@b cert-authority " + line1 + "\na@b " + line1,
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, dir, "allowed", []byte(line+"\n"))
			out, errKeygen := run(t, dir, message, keygen, "-Y", "verify", "-f", path, "-I", "a@b", "-s", "sig",
				"-n", seal.Namespace, "-Overify-time=20261122120000Z")
			list, err := seal.ParseAllowedSigners([]byte(line+"\n"), seal.AllowedOptions{})
			if err == nil {
				_, err = list.Verify(message, sig, seal.Use{Namespace: seal.Namespace, Identity: "a@b", Time: noon})
			}
			if (err == nil) != (errKeygen == nil) {
				t.Errorf("got %v, want as ssh-keygen says: %s", err, out)
			}
		})
	}
}

// TestKeygenCertifies checks a signature by a key that ssh-keygen certified, as
// ssh-keygen does.
func TestKeygenCertifies(t *testing.T) {
	keygen := need.Program(t, "ssh-keygen")
	dir := t.TempDir()
	write(t, dir, "m", message)
	mustRun(t, dir, nil, keygen, "-q", "-t", "ed25519", "-N", "", "-f", "ca")
	mustRun(t, dir, nil, keygen, "-q", "-t", "ed25519", "-N", "", "-f", "key")
	mustRun(t, dir, nil, keygen, "-q", "-s", "ca", "-I", "id", "-n", "a@b", "-V", "20260101:20270101", "key.pub")
	mustRun(t, dir, nil, keygen, "-q", "-Y", "sign", "-f", "key-cert.pub", "-n", seal.Namespace, "m")
	for who, want := range map[string]bool{"a@b": true, "c@b": false} {
		line := "*@b cert-authority " + string(read(t, filepath.Join(dir, "ca.pub")))
		path := write(t, dir, "allowed", []byte(line))
		out, errKeygen := run(t, dir, message, keygen, "-Y", "verify", "-f", path, "-I", who, "-s", "m.sig",
			"-n", seal.Namespace, "-Overify-time=20261122120000Z")
		_, err := allowed(t, line).Verify(message, read(t, filepath.Join(dir, "m.sig")),
			seal.Use{Namespace: seal.Namespace, Identity: who, Time: noon})
		if (err == nil) != want || (errKeygen == nil) != want {
			t.Errorf("%s: got %v, ssh-keygen %s, want good %t", who, err, out, want)
		}
	}
}

// TestAgentSigns signs by an agent of OpenSSH, and has ssh-keygen check it.
func TestAgentSigns(t *testing.T) {
	keygen, add := need.Program(t, "ssh-keygen"), need.Program(t, "ssh-add")
	dir := t.TempDir()
	socket := filepath.Join(dir, "s")
	server := exec.CommandContext(t.Context(), need.Program(t, "ssh-agent"), "-D", "-a", socket)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Wait() })              // the context of the test has ended it
	if _, err := out.Read(make([]byte, 1)); err != nil { // it writes once it listens
		t.Fatal(err)
	}
	t.Setenv("SSH_AUTH_SOCK", socket)
	for name, private := range keys(t) {
		path := write(t, dir, "key", privateText(t, private, ""))
		mustRun(t, dir, nil, add, "-q", path)
		conn, err := new(net.Dialer).DialContext(t.Context(), "unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		want := signer(t, private)
		key, err := seal.AgentKey(conn, want.Key())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		write(t, dir, "sig", sign(t, message, key))
		list := write(t, dir, "allowed", []byte("a@b "+want.Public()+"\n"))
		mustRun(t, dir, message, keygen, "-Y", "verify", "-f", list, "-I", "a@b", "-s", "sig", "-n", seal.Namespace)
	}
}
