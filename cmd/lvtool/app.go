package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

const description = `lvtool reads the JSON of get-face-liveness-session-results, marks and crops the
faces in its images, and writes contact sheets and a JSON report.

Examples:
   lvtool convert samples/session.json
   lvtool convert --threshold 90 -o out results/*.json
   aws rekognition get-face-liveness-session-results --session-id ID | lvtool convert -
   lvtool inspect samples/session.json

Every option can be given before or after the arguments, and as an environment
variable: --sheet-columns is LVTOOL_SHEET_COLUMNS.

Exit codes: 0 done; 1 failed; 2 wrong command line; 3 files or decisions do not
match; 4 finished, but some sessions failed or lack an image they should have; 5
the gate set with --fail-below was not met; 130 interrupted. batch work has those
that job engines act on: 64, 65, 75.`

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	app := newApp()
	app.Reader, app.Writer, app.ErrWriter = stdin, stdout, stderr
	err := app.RunContext(ctx, flagsFirst(app, args))
	if ctx.Err() != nil && (err == nil || errors.Is(err, ctx.Err())) {
		err = &exitError{code: exitInterrupted, err: err}
	}
	report(stderr, err)
	return exitCode(err)
}

func newApp() *cli.App {
	app := &cli.App{
		Name:                      "lvtool",
		Usage:                     "show, check and keep Face Liveness results",
		UsageText:                 "lvtool COMMAND [OPTIONS] RESULT…",
		Description:               description,
		Version:                   version,
		HideVersion:               true, // the version command says more
		Suggest:                   true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true,
		// The library would exit by itself; run returns the code instead.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError,
		Action:         noCommand,
		Commands: []*cli.Command{
			newConvertCommand(),
			newBatchCommand(),
			newInspectCommand(),
			newExportCommand(),
			newRedactCommand(),
			newFetchCommand(),
			newPackCommand(),
			newVerifyCommand(),
			newReviewCommand(),
			newCompletionCommand(),
			newVersionCommand(),
		},
	}
	prepare(app.Commands)
	return app
}

// prepare gives commands what all of them have.
func prepare(commands []*cli.Command) {
	for _, c := range commands {
		if c.OnUsageError == nil {
			c.OnUsageError = onUsageError
		}
		if !c.SkipFlagParsing { // fetch has the variables of the AWS CLI
			c.Flags = withVariables(c.Flags)
		}
		if len(c.Subcommands) > 0 && c.Action == nil {
			c.Action = noSubcommand
			c.ArgsUsage = "COMMAND"
		}
		prepare(c.Subcommands)
	}
}

func onUsageError(_ *cli.Context, err error, _ bool) error {
	return usageError("%s", strings.TrimPrefix(err.Error(), "cli: "))
}

// noCommand is what runs where the first argument names no command.
func noCommand(c *cli.Context) error {
	name := c.Args().First()
	if name == "" {
		return cli.ShowAppHelp(c)
	}
	return unknown(c.App.Commands, name, "command")
}

// noSubcommand is what runs where no command of a group is named.
func noSubcommand(c *cli.Context) error {
	name := c.Args().First()
	if name == "" {
		return cli.ShowSubcommandHelp(c)
	}
	return unknown(c.Command.Subcommands, name, "command of "+c.Command.Name)
}

// unknown says that a name is none of commands, and which it may have meant.
func unknown(commands []*cli.Command, name, what string) error {
	err := usageError("unknown %s %q", what, name)
	if like := cli.SuggestCommand(commands, name); like != "" {
		err.hint = like
	}
	return err
}
