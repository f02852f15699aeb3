package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode/rekognition"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/awscli"
	"github.com/lvtool/lvtool/internal/awsconf"
	"github.com/lvtool/lvtool/internal/lazyregexp"
	"github.com/lvtool/lvtool/internal/pipeline"
)

// liveWorkers is how many sessions are fetched at a time, and how many answers
// are held: a result is gone soon, so that fetching does not wait for what is
// made of those before.
const liveWorkers = 100

// liveFlags are the flags of every command that reads results, as fetch has
// them.
func liveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name: "session-id", Category: sessions,
			Usage: "fetch the session `ID` from Amazon Rekognition, or those in @FILE; can be given again",
		},
		&cli.BoolFlag{
			Name: "wait", Category: sessions, Usage: "ask until the session is SUCCEEDED, FAILED or EXPIRED",
		},
		value("wait-timeout", sessions, "stop waiting after `TIME` such as 90s (default 3m)"),
		value("rate", sessions, "at most `N` sessions begun in a second (default 5)"),
		value("evidence", sessions,
			"write to `FILE`, for several sessions a folder, who answered what when: request id, date, digest"),
	}
}

var serviceID = lazyregexp.New(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// liveScheme is what the name of a session begins with that is, or was to be,
// fetched.
const liveScheme = "rekognition:"

// liveInputs returns what --session-id names: nothing, or one input that stands
// for all sessions.
func liveInputs(c *cli.Context, from *cloud) ([]input, error) {
	given := c.StringSlice("session-id")
	if len(given) == 0 {
		return nil, nil
	}
	for _, id := range given {
		if id == "" || id[0] != '@' && !serviceID.MatchString(id) {
			return nil, usageError("--session-id %s: want the 36 characters of a session id, or @FILE", id)
		}
	}
	return liveInput(c, from, given)
}

// liveInput returns the input that stands for sessions to fetch.
func liveInput(c *cli.Context, from *cloud, given []string) ([]input, error) {
	f := &fetch{in: c.App.Reader, out: c.App.Writer, err: c.App.ErrWriter, options: &awscli.Options{
		SessionIDs:  given,
		Wait:        c.Bool("wait"),
		WaitTimeout: c.String("wait-timeout"),
		Rate:        c.String("rate"),
		Evidence:    c.String("evidence"),
	}}
	f.settings.aws = from.settings
	ids, err := f.options.Sessions(f.in)
	if ids == nil && err == nil {
		ids = given[:1] // the same, once or more often
	}
	if err == nil {
		err = f.settings.checkOwn(f.options)
	}
	if e, ok := errors.AsType[*awscli.Error](err); ok {
		return nil, usageError("%s", sentence(e))
	}
	if err != nil {
		return nil, err
	}
	in := input{name: "Amazon Rekognition", live: true}
	in.list = func(ctx context.Context) iter.Seq2[input, error] { return f.live(ctx, in, ids) }
	return []input{in}, nil
}

// liveError is an error met before anything was asked, in the words of the AWS
// CLI but in lvtool's manner.
func liveError(err error) error {
	if e, ok := errors.AsType[*awscli.Error](err); ok {
		return errors.New(sentence(e))
	}
	if errors.Is(err, awsconf.ErrNoCredentials) {
		return s3source.ErrNoCredentials
	}
	return err
}

// sentence returns what an error says as lvtool begins and ends its messages.
func sentence(e *awscli.Error) string {
	return strings.ToLower(e.Message[:1]) + strings.TrimSuffix(e.Message[1:], ".")
}

// An answered is what became of the question for a session.
type answered struct {
	id     string
	answer *rekognition.Answer
	err    error
}

// live yields the sessions in the order of their ids, fetched side by side.
func (f *fetch) live(ctx context.Context, from input, ids []string) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		client, err := f.client(ctx, func() error { return f.makeFolder(len(ids)) })
		if err != nil {
			yield(from, liveError(err))
			return
		}
		pace := time.NewTicker(time.Duration(float64(time.Second) / f.settings.rate))
		defer pace.Stop()
		for a := range pipeline.Map(ctx, liveWorkers, ids, func(ctx context.Context, i int, id string) answered {
			if i > 0 {
				select {
				case <-pace.C:
				case <-ctx.Done():
				}
			}
			answer, err := f.ask(ctx, client, id)
			return answered{id, answer, err}
		}) {
			if !yield(f.document(a, len(ids))) {
				return
			}
		}
	}
}

// makeFolder makes the folder of --evidence, where there are several sessions.
func (f *fetch) makeFolder(sessions int) error {
	if sessions < 2 {
		return nil
	}
	return f.makeFolders()
}

// document returns the document that the service answered with. That it has no
// session id or status, the document says itself.
func (f *fetch) document(a answered, sessions int) (input, error) {
	in := input{name: liveScheme + a.id}
	in.label = in.name
	if a.answer != nil {
		record := f.options.Evidence
		if sessions > 1 {
			_, record = f.files(a.id)
		}
		if err := f.keep(a.id, a.answer, "", record); err != nil {
			return in, err
		}
	}
	if a.err != nil && !errors.Is(a.err, rekognition.ErrIncomplete) {
		return in, fmt.Errorf("%s: %w", in.name, a.err)
	}
	in.open = func(context.Context) (*document, error) {
		return &document{ReadCloser: io.NopCloser(bytes.NewReader(a.answer.Body)), label: in.label}, nil
	}
	return in, nil
}
