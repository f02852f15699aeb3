package seal_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/lvtool/lvtool/export/bag/seal"
)

// noon is when everything in these tests happens.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

var message = []byte("6fa1…  data/report.json\n")

// edKey returns the nth of endless Ed25519 keys, always the same.
func edKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func signer(tb testing.TB, key crypto.Signer) *seal.Signer {
	tb.Helper()
	s, err := seal.NewSigner(key)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// sshSigner and wrap go between the signers of the SSH library and those of seal.
func sshSigner(tb testing.TB, key crypto.Signer) ssh.Signer {
	tb.Helper()
	s, err := ssh.NewSignerFromSigner(key)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func wrap(tb testing.TB, key ssh.Signer) *seal.Signer {
	tb.Helper()
	s, err := seal.SignerOf(key)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// keys are one private key of each kind that signs.
func keys(tb testing.TB) map[string]crypto.Signer {
	tb.Helper()
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	rsa2048, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	return map[string]crypto.Signer{"ed25519": edKey(1), "ecdsa": p256, "rsa": rsa2048}
}

// privateText returns a private key as a file of OpenSSH, encrypted where there is
// a passphrase.
func privateText(tb testing.TB, key crypto.Signer, passphrase string) []byte {
	tb.Helper()
	block, err := ssh.MarshalPrivateKey(key, "a comment")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "a comment", []byte(passphrase))
	}
	if err != nil {
		tb.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}

func sign(tb testing.TB, message []byte, key *seal.Signer) []byte {
	tb.Helper()
	sig, err := seal.Sign(message, seal.Namespace, key)
	if err != nil {
		tb.Fatal(err)
	}
	return sig
}

func allowed(tb testing.TB, text string) *seal.AllowedSigners {
	tb.Helper()
	list, err := seal.ParseAllowedSigners([]byte(text), seal.AllowedOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// code returns the code of a finding, or nothing where there is no error.
func code(tb testing.TB, err error) seal.Code {
	tb.Helper()
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*seal.Error](err)
	if !ok {
		tb.Fatalf("got the error %T %v, want an *Error", err, err)
	}
	if e.Reason == "" || strings.ContainsAny(e.Reason, "\n\x1b") {
		tb.Errorf("got the reason %q, want one line of text", e.Reason)
	}
	return e.Code
}

func wantCode(tb testing.TB, err error, want seal.Code) {
	tb.Helper()
	if got := code(tb, err); got != want {
		tb.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// agentConn is a connection to an agent in this process: it answers what was
// written once something is read.
type agentConn struct {
	keyring         agent.Agent
	asked, answered bytes.Buffer
}

func (c *agentConn) Write(p []byte) (int, error) { return c.asked.Write(p) }

func (c *agentConn) Read(p []byte) (int, error) {
	if c.asked.Len() > 0 {
		err := agent.ServeAgent(c.keyring, struct {
			io.Reader
			io.Writer
		}{&c.asked, &c.answered})
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
	}
	return c.answered.Read(p)
}
