package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

var (
	errNoPassphrase   = errors.New("no passphrase was given")
	errTwoPassphrases = errors.New("the two passphrases differ")
)

// A passphrase is where a secret of the user comes from: the file of a flag, the
// environment variable of a similar name, or the terminal.
type passphrase struct {
	flag string // --sign-passphrase-file has the variable LVTOOL_SIGN_PASSPHRASE
	// of is what the passphrase opens, and locked what is said where it cannot be
	// had.
	of     string
	locked error
	// twice has a terminal ask again, for what cannot be opened after a slip.
	twice bool
}

// variable is the environment variable that may hold the passphrase itself.
func (p passphrase) variable() string {
	return "LVTOOL_" + strings.ToUpper(strings.ReplaceAll(strings.TrimSuffix(p.flag, "-file"), "-", "_"))
}

// passphraseFileFlag is the flag of a passphrase.
func passphraseFileFlag(flag, of string) cli.Flag {
	return value(flag, sealing, fmt.Sprintf("the passphrase of %s is in `FILE`, or in the variable %s; else a terminal"+
		" is asked", of, passphrase{flag: flag}.variable()))
}

// read returns the passphrase.
func (p passphrase) read(c *cli.Context) ([]byte, error) {
	if file := c.String(p.flag); file != "" {
		secret, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--%s %s: %w", p.flag, filepath.ToSlash(file), unwrapPath(err))
		}
		return given(bytes.TrimRight(secret, "\r\n"))
	}
	if secret, ok := os.LookupEnv(p.variable()); ok {
		return given([]byte(secret))
	}
	first, err := p.ask(c, "passphrase of "+p.of)
	if err != nil || !p.twice {
		return first, err
	}
	second, err := p.ask(c, "again")
	if err == nil && !bytes.Equal(first, second) {
		err = errTwoPassphrases
	}
	return first, err
}

// once returns read, which is not asked twice and is safe for concurrent use.
func (p passphrase) once(c *cli.Context) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) { return p.read(c) })
}

func given(secret []byte) ([]byte, error) {
	if len(secret) == 0 {
		return nil, errNoPassphrase
	}
	return secret, nil
}

// ask asks on the terminal that standard input is, which does not show what is
// typed.
func (p passphrase) ask(c *cli.Context, question string) ([]byte, error) {
	in, ok := c.App.Reader.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return nil, p.locked
	}
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	// Who interrupts while the terminal is silent gets it back at once; the
	// reading ends with the program.
	stop := context.AfterFunc(c.Context, func() { _ = term.Restore(fd, before) })
	defer stop()
	fmt.Fprintf(c.App.ErrWriter, "%s: ", printable(question))
	secret, err := term.ReadPassword(fd)
	fmt.Fprintln(c.App.ErrWriter)
	switch {
	case c.Err() != nil:
		return nil, c.Err()
	case err != nil:
		return nil, err
	}
	return given(secret)
}
