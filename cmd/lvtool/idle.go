package main

import (
	"os"

	"github.com/urfave/cli/v2"
)

// An idle option is one that a command line gives, and nothing takes up: who gives
// it expects something that would not be done. Variables are set for many
// commands, so that they may be there in vain.

// idle refuses an option that is given on the command line, unless it is of use;
// hence says why it is not, and what to do.
func idle(c *cli.Context, name string, use bool, hence string) error {
	if use || !typed(c, name) {
		return nil
	}
	return usageError("--%s: %s", name, hence)
}

// typed reports whether an option is given on the command line alone: of one that its
// variable sets too, the parser does not say which it was.
func typed(c *cli.Context, name string) bool {
	if !c.IsSet(name) {
		return false
	}
	return os.Getenv(variableOf(name)) == ""
}

// idlePaper refuses options of a PDF, and of it and a page, where there is neither.
func idlePaper(c *cli.Context, pdf, page bool) error {
	return firstError(
		idle(c, "paper", pdf, "it is that of a PDF: give --pdf too"),
		idle(c, "audience", pdf || page,
			"PDF and page are for somebody, the pictures are not: give --pdf or --html too"),
	)
}

// idleLive refuses options of sessions to fetch where there are none.
func idleLive(c *cli.Context, live bool) error {
	const hence = "it is about sessions to fetch: give --session-id too"
	return firstError(
		idle(c, "wait", live, hence), idle(c, "wait-timeout", live, hence),
		idle(c, "rate", live, hence), idle(c, "evidence", live, hence),
		idle(c, "wait-timeout", c.Bool("wait"), "give --wait too"),
	)
}

// idleSeal refuses options of signing and encrypting where nothing is signed or
// encrypted.
func idleSeal(c *cli.Context) error {
	return firstError(
		idle(c, signPassphrase, len(c.StringSlice("sign")) > 0, "it is about signing: give --sign too"),
		idleEncryption(c),
	)
}

func idleEncryption(c *cli.Context) error {
	to := c.StringSlice("encrypt-to")
	return idle(c, encryptPassphrase, len(to) == 1 && to[0] == byPassphrase, "give --encrypt-to "+byPassphrase+" too")
}
