package main

import (
	"context"
	"errors"
	"io"

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
	err := app.RunContext(ctx, flagsFirst(app, helpLast(app, args)))
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

// nameless refuses an output without a name, which a shell makes of a variable that
// is not set.
func nameless(c *cli.Context) error {
	if has(c, "output") && !c.Command.SkipFlagParsing && c.String("output") == "" {
		return usageError("--output: it is empty: give a name")
	}
	return nil
}

// groupArgs is what a command takes that does nothing by itself.
const groupArgs = "COMMAND"

// prepare gives commands what all of them have.
func prepare(commands []*cli.Command) {
	for _, c := range commands {
		if c.OnUsageError == nil {
			c.OnUsageError = onUsageError
		}
		if action := c.Action; action == nil {
			c.Action, c.ArgsUsage = noSubcommand, groupArgs
		} else {
			c.Action = func(ctx *cli.Context) error {
				if err := nameless(ctx); err != nil {
					return withHelp(ctx, err)
				}
				return withHelp(ctx, action(ctx))
			}
		}
		// A pack or result named h or help is not a call for help, which would
		// look as if all were well with it: --help is.
		c.HideHelpCommand = true
		if !c.SkipFlagParsing { // fetch has the variables of the AWS CLI
			c.Flags = withVariables(c.Flags)
		}
		prepare(c.Subcommands)
	}
}
