package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

func newReviewCommand() *cli.Command {
	return &cli.Command{
		Name:      "review",
		Usage:     "make one HTML file to decide from; take decisions in; compare reviewers",
		ArgsUsage: "DIR|PACK…",
		Description: `DIR is a folder that convert wrote, or the folder of one of its sessions. Every
image must have the digest that its report names; a session that does not match
is left out, and said. PACK is the folder or archive of an evidence pack, or a
folder of such. It is verified first, as lvtool verify does without keys, with
the log that lies beside it; one that does not pass is left out.

The page opens anywhere, sends no request, and keeps decisions in the browser
until they are exported as review.json. Where there is too much for one page,
review.html is an index, with review-1.html and so on beside it. Decisions that
were imported before are shown, unless --blind is given.

Examples:
   lvtool convert --threshold 90 -o out results/
   lvtool review -o review.html out
   lvtool review import review.json out
   lvtool review -o review.html lvtool-packs evidence.zip
   lvtool review import review.json lvtool-packs evidence.zip
   lvtool review compare first.json second.json`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "review.html", Usage: "write to `FILE`"},
			&cli.BoolFlag{Name: "force", Usage: "replace FILE where lvtool did not make it"},
		}, pageFlags()...),
		Subcommands: []*cli.Command{newReviewImportCommand(), newReviewCompareCommand(), newReviewServeCommand()},
		Action: func(c *cli.Context) error {
			r := &reviewer{c: c}
			return r.run()
		},
	}
}

// pageFlags are those of what a page shows.
func pageFlags() []cli.Flag {
	return append([]cli.Flag{
		audienceFlag("", "`WHOM` the page is for: reviewer, auditor (decides nothing), or subject"+
			" (no score in the file)"),
		&cli.BoolFlag{Name: "blind", Usage: "leave out the score and every earlier decision"},
		&cli.StringFlag{Name: "reasons", Usage: "let reviewers tick the reasons of `FILE`, not the built-in ones"},
		&cli.StringFlag{Name: "title", Usage: "head the page with `TEXT`"},
	}, packReadFlags()...)
}

// A reviewer is one run of the review command.
type reviewer struct {
	c      *cli.Context
	failed int
}

func (r *reviewer) run() error {
	places, err := sessionPlaces(r.c, r.c.Args().Slice())
	if err != nil {
		return err
	}
	opts, err := r.options()
	if err != nil {
		return err
	}
	if opts.Earlier, err = earlier(places); err != nil {
		return err
	}
	var made *review.Made
	dir := filepath.Dir(r.c.String("output"))
	err = writeFiles(r.c.Context, dir, overwriter(r.c.Bool("force"), isOwnPage), func(put export.Put) (err error) {
		made, err = review.Write(r.sessions(places), opts, put)
		if err == nil && made.Sessions == 0 && r.failed > 0 {
			err = fmt.Errorf("%s: not written: there is no session to show", filepath.ToSlash(r.c.String("output")))
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.say(made, dir)
}

// writeFiles writes the files that make puts to a folder, each whole, and none
// where make fails, or where one may not be overwritten.
func writeFiles(
	ctx context.Context, dir string, mayOverwrite func(file string) error, make func(export.Put) error,
) (err error) {
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	out, err := newDirTarget(dir, stamp, func(string, int) {})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.close()) }()
	out.mayOverwrite = mayOverwrite
	err = make(func(name string, data []byte) error { return out.put(ctx, name, data) })
	if err != nil {
		return err
	}
	return out.publish(ctx)
}

func (r *reviewer) options() (*review.Options, error) {
	opts := &review.Options{
		Audience: review.Audience(r.c.String("audience")),
		Blind:    r.c.Bool("blind"),
		Title:    r.c.String("title"),
		Name:     filepath.Base(r.c.String("output")),
		Tool:     export.Tool{Version: version},
	}
	err := oneOf("audience", opts.Audience, review.Reviewer, review.Auditor, review.Subject)
	if err != nil {
		return nil, err
	}
	decides := opts.Audience == review.Reviewer
	err = idle(r.c, "reasons", decides, "only a reviewer's page decides: leave it out")
	if err != nil {
		return nil, err
	}
	if file := r.c.String("reasons"); file != "" {
		if opts.Reasons, err = readReasons(file); err != nil {
			return nil, err
		}
	}
	if err := opts.Validate(); err != nil {
		return nil, usageError("review: %s", strings.TrimPrefix(err.Error(), review.ErrOptions.Error()+": "))
	}
	return opts, nil
}

// readReasons reads the file of --reasons.
func readReasons(name string) ([]review.Reason, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, usageError("--reasons %s: %v", name, unwrapPath(err))
	}
	defer f.Close()
	reasons, err := review.ParseReasons(f)
	if err != nil {
		why := strings.TrimPrefix(err.Error(), review.ErrOptions.Error()+": ")
		return nil, usageError("--reasons %s: not a %s file: %s", name, review.ReasonsSchema, why)
	}
	return reasons, nil
}

// sessions reads the sessions one by one. One that does not match its report is
// left out.
func (r *reviewer) sessions(places []sessionPlace) iter.Seq2[*review.Session, error] {
	return func(yield func(*review.Session, error) bool) {
		for _, p := range places {
			s, err := p.read(r.c)
			if r.c.Err() != nil {
				yield(nil, r.c.Err())
				return
			}
			if err != nil {
				r.failed++
				complain(r.c.App.ErrWriter, err, mismatchAdvice(err))
				continue
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}

func mismatchAdvice(err error) string {
	switch {
	case errors.Is(err, review.ErrMismatch):
		return "the files are not as convert left them: convert the result again, and find out what changed them"
	case errors.Is(err, errPack):
		return "lvtool verify says all that is wrong with it"
	}
	return ""
}

func (r *reviewer) say(made *review.Made, dir string) error {
	for _, name := range made.Repeated {
		sayf(r.c.App.ErrWriter, "lvtool: %s: left out, since its report is that of a session before", name)
	}
	for i, name := range made.Files {
		what := count(made.Sessions, "session")
		if i > 0 {
			what = fmt.Sprintf("page %d of %d", i, len(made.Files)-1)
		}
		sayf(r.c.App.Writer, "%s  %s", filepath.ToSlash(filepath.Join(dir, name)), what)
	}
	if r.failed > 0 {
		sayf(r.c.App.ErrWriter, "lvtool: of %s, %d could not be shown",
			count(made.Sessions+r.failed, "session"), r.failed)
		return &exitError{code: exitSomeFailed}
	}
	return nil
}
