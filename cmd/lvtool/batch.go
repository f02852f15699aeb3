package main

import (
	"context"
	"errors"
	"iter"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/pipeline"
)

const (
	// maxJobs is the most sessions that may be worked on at a time.
	maxJobs = 1024
	// inHand is how many bytes of documents may be held by the sessions that are
	// worked on or wait for it.
	inHand = 64 << 20
)

// batchFlags are the flags of a command that works on many sessions.
func batchFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{
			Name: "jobs", Aliases: []string{"j"}, Category: batches,
			Usage: "work on `N` sessions at a time; 0 means one for every core",
		},
		&cli.BoolFlag{
			Name: "check", Category: batches,
			Usage: "take a session for whole only where its files have the digests, not just the sizes, of its report",
		},
		&cli.StringFlag{
			Name: "failed", Category: batches,
			Usage: "write the inputs of which something failed to `FILE`; RESULT @FILE reads them again",
		},
		&cli.BoolFlag{
			Name: "quiet", Aliases: []string{"q"}, Category: batches,
			Usage: "say only what failed: no line for each session, no remarks on them, no progress",
		},
		&cli.BoolFlag{
			Name: "verbose", Aliases: []string{"v"}, Category: batches,
			Usage: "say too which sessions were whole already, and why others are made again",
		},
		&cli.StringFlag{
			Name: "log-format", Value: string(textLog), Category: batches,
			Usage: "`FORMAT` of what is said on standard error: text, or json for a line of JSON each",
		},
	}
}

// jobs returns how many sessions are worked on at a time.
func jobs(c *cli.Context) (int, error) {
	switch n := c.Int("jobs"); {
	case n < 0 || n > maxJobs:
		return 0, usageError("--jobs %d: want 1 to %d, or 0 for one for every core", n, maxJobs)
	case n > 0:
		return n, nil
	}
	return runtime.GOMAXPROCS(0), nil
}

// An item is one session of a batch, or something in the place of one that
// could not be read.
type item struct {
	from *input
	// session is nil once it has been worked on.
	session *decode.Session
	// name is the session's folder, id its id, and line and pointer where it is.
	name, id string
	line     int
	pointer  string
	err      error
	// at is how many bytes of the input had been read when the item was.
	at int64
}

func newItem(from *input, s *decode.Session, name string) *item {
	return &item{from: from, session: s, name: name, id: s.ID, line: s.Source.Line, pointer: s.Source.Pointer}
}

// weight is what an item holds.
func (it *item) weight() int64 {
	if it.session == nil {
		return 0
	}
	return int64(len(it.session.Source.Data))
}

// items yields the sessions of the input, and names their folders, so that
// these do not depend on how many are worked on at a time.
func (s *source) items(ctx context.Context, folderName func(*decode.Session) string) iter.Seq[*item] {
	return func(yield func(*item) bool) {
		left := false
		pass := func(it *item) {
			it.at = s.read.Load()
			left = left || !yield(it)
		}
		// Its error is that of the context, or errLeft.
		_ = s.each(ctx, sink{
			session: func(in *input, one *decode.Session) error {
				pass(newItem(in, one, folderName(one)))
				if left {
					return errLeft
				}
				return nil
			},
			failed: func(in *input, err error) {
				if !left {
					pass(&item{from: in, err: err})
				}
			},
		})
	}
}

// errLeft says that nobody wants further sessions.
var errLeft = errors.New("left")

// An outcome is what became of an item.
type outcome struct {
	*item
	// result is nil where the session failed, for the reason item.err.
	result *export.Result
	// kept says that an earlier run made the session; else again is why one that
	// was there is made again, if there was one.
	kept  bool
	again string
}

// stream works on the items.
func (v *converter) stream(ctx context.Context, jobs int) iter.Seq2[*outcome, error] {
	s := &pipeline.Stream[*item, *outcome]{
		Workers: jobs,
		Do:      v.work,
		Weight:  (*item).weight,
		Budget:  inHand,
	}
	return s.Run(ctx, v.source.items(ctx, v.out.folderName))
}

// work makes of an item what is to be made. It returns an error only where
// going on makes no sense: the output cannot be written, or the user has had
// enough.
func (v *converter) work(ctx context.Context, it *item) (*outcome, error) {
	o := &outcome{item: it}
	if it.err != nil {
		return o, nil
	}
	defer func() { it.session = nil }()
	var err error
	if o.result, o.again, err = v.earlier(ctx, it); err != nil {
		return nil, err
	}
	if o.kept = o.result != nil; o.kept {
		return o, nil
	}
	o.result, err = v.make(ctx, it, v.out.stage)
	if isTaken(err) && v.attempt {
		o.result, err = v.settle(ctx, it, err)
	}
	if isTaken(err) || errors.Is(err, errPassing) {
		o.result, it.err = nil, err
		return o, nil
	}
	return o, err
}

// make converts a session into a stage that begin begins.
func (v *converter) make(
	ctx context.Context, it *item, begin func(string) (stage, error),
) (*export.Result, error) {
	stage, err := begin(it.name)
	if err != nil {
		return nil, err
	}
	result, err := v.export.Convert(ctx, it.session, v.source.options(it.session), stage.put)
	if err == nil && v.attempt {
		err = passing(result.Report)
	}
	if err != nil {
		return nil, errors.Join(err, stage.drop())
	}
	return result, stage.commit(ctx)
}
