package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/review"
)

func newReviewImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "check the decisions of a reviewer and keep them with the sessions",
		ArgsUsage: "FILE… DIR|PACK…",
		Description: `FILE is what the page exported, DIR and PACK what the page was made of. A decision
is taken where the report, the source and the images that it names are those of a
session there; a file with any that does not match is refused as a whole, with
exit code 3. What is taken is added to DIR/decisions.jsonl, each line with the
digest of the one before.

A pack is verified first, and not changed: its decisions go into the log beside
it, PACK` + pack.ReceivedEnd + `, which goes on after the custody log inside. lvtool
verify checks it with the pack. Nothing seals that log: keep the head that is
printed somewhere else, or sign the file.

Examples:
   lvtool review import review.json out
   lvtool review import review.json lvtool-packs`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{
				Name: "reasons", Usage: "take the reasons of `FILE`, as the page had them, not the built-in ones",
			},
			&cli.BoolFlag{Name: "check", Usage: "check, and write nothing"},
		}, packReadFlags()...),
		Action: func(c *cli.Context) error {
			m := &importer{c: c}
			return m.run()
		},
	}
}

// An importer is one run of the import command.
type importer struct {
	c        *cli.Context
	places   []sessionPlace
	sessions []*packedSession // without their images
	about    []review.Binding // of sessions
	opts     review.CheckOptions
}

func (m *importer) run() error {
	files, places := filesAndPlaces(m.c.Args().Slice())
	if len(files) == 0 || len(places) == 0 {
		return usageError(
			"review import: give at least one FILE that the page exported, and one DIR or PACK that it is about")
	}
	if err := m.readOptions(); err != nil {
		return err
	}
	reviews, err := readReviews(files)
	if err != nil {
		return err
	}
	if m.places, err = sessionPlaces(m.c, places); err != nil {
		return err
	}
	if err := m.read(); err != nil {
		return err
	}
	return m.take(reviews)
}

// readOptions reads what decisions are held to.
func (m *importer) readOptions() (err error) {
	m.opts = review.CheckOptions{Reasons: review.DefaultReasons(), Now: clock(m.c.Context)()}
	if name := m.c.String("reasons"); name != "" {
		if m.opts.Reasons, err = readReasons(name); err != nil {
			return err
		}
	}
	return nil
}

// read reads what the decisions can be about.
func (m *importer) read() error {
	for _, p := range m.places {
		s, err := p.readPacked(m.c)
		if m.c.Err() != nil {
			return m.c.Err()
		}
		if err != nil {
			return &exitError{code: exitVerify, err: err, hint: mismatchAdvice(err)}
		}
		m.about = append(m.about, s.Binding())
		s.Session = nil
		m.sessions = append(m.sessions, s)
	}
	return nil
}

// filesAndPlaces tells arguments apart. What does not exist is a file, whose
// absence is then said.
func filesAndPlaces(args []string) (files, dirs []string) {
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() || isArchive(arg) {
			dirs = append(dirs, arg)
		} else {
			files = append(files, arg)
		}
	}
	return files, dirs
}

// take checks all files before any is taken.
func (m *importer) take(reviews []reviewFile) error {
	logs := newDecisionLogs(m)
	for _, r := range reviews {
		found, err := review.Check(r.Decisions, m.about, &m.opts)
		if err != nil {
			return m.refuse(r.name, err)
		}
		if err := logs.add(r, found); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	if !m.c.Bool("check") {
		if err := logs.write(); err != nil {
			return err
		}
	}
	for _, r := range reviews {
		sayf(m.c.App.Writer, "%s  %s by %s", r.name, count(len(r.Decisions.Decisions), "decision"), r.Reviewer)
	}
	if !m.c.Bool("check") {
		logs.say()
	}
	return nil
}

// A reviewFile is a file that the page exported.
type reviewFile struct {
	*review.Decisions
	name string
	data []byte
}

func readReviews(names []string) ([]reviewFile, error) {
	var all []reviewFile
	for _, name := range names {
		r, err := readReview(name)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func readReview(name string) (reviewFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return reviewFile{}, notFound(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 128<<20)) // ParseDecisions has a limit that is lower
	if err != nil {
		return reviewFile{}, fmt.Errorf("%s: %w", name, unwrapPath(err))
	}
	d, err := review.ParseDecisions(bytes.NewReader(data))
	if err != nil {
		return reviewFile{}, &exitError{
			code: exitVerify, err: fmt.Errorf("%s: %w", name, err), hint: "give the file as the page exported it",
		}
	}
	return reviewFile{d, name, data}, nil
}

// refuse says everything that does not match.
func (m *importer) refuse(name string, err error) error {
	n := 0
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			n++
			code := ""
			if one, ok := errors.AsType[*review.MismatchError](e); ok {
				code = " (" + string(one.Code) + ")"
			}
			sayf(m.c.App.ErrWriter, "lvtool: %s: %v%s", name, e, code)
		}
	}
	return &exitError{
		code: exitVerify, err: fmt.Errorf("%s: refused, %s", name, count(n, "mismatch")),
		hint: "decisions hold only for the very reports and images that were on the page",
	}
}
