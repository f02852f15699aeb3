package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

var errNoPassphrase = errors.New("no passphrase was given")

// askPassphrase asks on the terminal that standard input is for the passphrase
// of a key, which is not shown. Where there is no terminal it is [errLocked].
func askPassphrase(c *cli.Context, key string) ([]byte, error) {
	in, ok := c.App.Reader.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return nil, errLocked
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
	fmt.Fprintf(c.App.ErrWriter, "passphrase of %s: ", printable(key))
	passphrase, err := term.ReadPassword(fd)
	fmt.Fprintln(c.App.ErrWriter)
	switch {
	case c.Err() != nil:
		return nil, c.Err()
	case err != nil:
		return nil, err
	case len(passphrase) == 0:
		return nil, errNoPassphrase
	}
	return passphrase, nil
}
