package main

import "github.com/urfave/cli/v2"

func newVerifyCommand() *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "check that a redacted copy was made of a full folder",
		Description: `Checks that the copy has just the files that its report lists, unchanged; that
its commitment is to the full folder; and that the document of the copy, made
again of the full folder, is the same. Exit code 3 says that it is not.

Example:
   lvtool verify --redacted copy/ID --of lvtool-out/ID --opening copy.opening.json`,
		Flags:  redactedFlags(),
		Action: verifyRedacted,
	}
}
