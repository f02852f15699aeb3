package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode/rekognition"
	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/awsconf"
)

const fetchDescription = `Takes the place of "aws rekognition get-face-liveness-session-results": the same
options, environment variables and config files, the same output and exit codes
(252 wrong command line, 253 no region or credentials, 254 refused by the
service, 255 anything else). The results are gone three minutes after a session
is created.

   lvtool fetch --session-id ID
   lvtool fetch --session-id ID --query Confidence --output text
   lvtool fetch --session-id ID --wait --raw ID.json --evidence ID.evidence.json
   lvtool fetch ID ID @ids.txt | lvtool convert -

With several ids, or @FILE with one a line, every session is one line of JSON on
standard output, in the order of the ids; --raw and --evidence then name folders.

The options of the AWS CLI may be shortened as there, and have no LVTOOL
variables, but the CLI's: AWS_PROFILE, AWS_REGION, AWS_DEFAULT_OUTPUT, and so on.
There is no prompt: --cli-auto-prompt is refused. --generate-cli-skeleton output
fails as it does in the AWS CLI.`

func newFetchCommand() *cli.Command {
	return &cli.Command{
		Name:            "fetch",
		Usage:           "get the result of a session from Amazon Rekognition",
		UsageText:       "lvtool fetch --session-id ID [OPTIONS]\nlvtool fetch [OPTIONS] ID… | @FILE",
		Description:     fetchDescription,
		SkipFlagParsing: true, // the AWS CLI has its own rules for arguments
		HideHelp:        true,
		Flags:           fetchFlags(),
		Action: func(c *cli.Context) error {
			f := &fetch{in: c.App.Reader, out: c.App.Writer, err: c.App.ErrWriter}
			var err error
			if f.options, err = awscli.ParseArgs(c.Args().Slice(), f.settings.check); err == nil {
				if f.options.Help {
					return cli.ShowCommandHelp(c, "fetch")
				}
				err = f.run(c.Context)
			}
			return f.end(err)
		},
	}
}

// fetch is one run of the command.
type fetch struct {
	options  *awscli.Options
	settings settings
	in       io.Reader
	out, err io.Writer
}

// end reports an error as the AWS CLI does and turns it into an exit code.
func (f *fetch) end(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := errors.AsType[*exitError](err); ok {
		return err
	}
	failure := asCLI(err)
	report := failure.Report()
	if _, terminal := terminalWidth(f.err); terminal {
		report = harmless(report)
		if hint := fetchAdvice(err); hint != "" {
			report += "  hint: " + hint + "\n"
		}
	}
	fmt.Fprint(f.err, report)
	return &exitError{code: failure.Code}
}

// run follows the order in which the AWS CLI checks things, so that of several mistakes the same is
// reported.
func (f *fetch) run(ctx context.Context) error {
	o := f.options
	if o.Version {
		return f.print(fmt.Sprintf("lvtool/%s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH))
	}
	if err := f.settings.checkOwn(o); err != nil {
		return err
	}
	ids, err := o.Sessions(f.in)
	if err != nil {
		return err
	}
	if ids != nil {
		return f.many(ctx, ids)
	}
	params, err := o.Params()
	if err != nil {
		return err
	}
	switch o.Skeleton {
	case "input":
		return f.print(awscli.SkeletonJSON)
	case "yaml-input":
		return f.print(awscli.SkeletonYAML)
	}
	var id string
	client, err := f.client(ctx, func() (err error) {
		if o.Skeleton == "output" {
			return awscli.SkeletonOutput()
		}
		id, err = params.SessionID()
		return err
	})
	if err != nil {
		return err
	}
	return f.one(ctx, client, id)
}

// client configures a client. The parameters are checked after the region and before the keys.
func (f *fetch) client(ctx context.Context, check func() error) (*rekognition.Client, error) {
	if err := f.settings.configure(); err != nil {
		return nil, err
	}
	cfg, err := awsconf.Load(ctx, f.settings.aws)
	if err != nil {
		return nil, err
	}
	if err := f.settings.checkTarget(cfg.Region); err != nil {
		return nil, err
	}
	if err := check(); err != nil {
		return nil, err
	}
	if _, err := awsconf.Credentials(ctx, cfg); err != nil {
		return nil, err
	}
	opts := rekognition.Options{}
	if f.options.Debug {
		var one sync.Mutex
		opts.Trace = func(line string) {
			one.Lock()
			defer one.Unlock()
			sayf(f.err, "lvtool: debug: %s", line)
		}
	}
	return rekognition.New(cfg, opts), nil
}

// one fetches one session and prints it as the AWS CLI would.
func (f *fetch) one(ctx context.Context, client *rekognition.Client, id string) error {
	answer, err := f.ask(ctx, client, id)
	if answer == nil {
		return err
	}
	if err := f.keep(id, answer, f.options.Raw, f.options.Evidence); err != nil {
		return err
	}
	incomplete := errors.Is(err, rekognition.ErrIncomplete)
	if err != nil && !incomplete {
		return answerError(answer, err)
	}
	results, err := awscli.Results(answer.Body)
	if err != nil {
		return err
	}
	if err := f.display(results); err != nil {
		return err
	}
	if incomplete { // the AWS CLI is content with that
		sayf(f.err, "lvtool: warning: the answer has no session id or status: it is not one of Amazon Rekognition")
	}
	return nil
}

// ask fetches a session, or waits for its end.
func (f *fetch) ask(ctx context.Context, client *rekognition.Client, id string) (*rekognition.Answer, error) {
	if f.options.Wait {
		return client.Wait(ctx, id, rekognition.WaitOptions{Timeout: f.settings.wait})
	}
	return client.Fetch(ctx, id)
}

func (f *fetch) print(s string) error {
	if _, err := io.WriteString(f.out, s); err != nil {
		return fmt.Errorf("writing output: %w", err)
	}
	return nil
}

// stdout is the file that standard output is, or nil where it is none.
func (f *fetch) stdout() *os.File {
	file, _ := f.out.(*os.File)
	return file
}
