package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

func newReviewImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "check the decisions of a reviewer and keep them with the sessions",
		ArgsUsage: "FILE… DIR…",
		Description: `FILE is what the page exported, DIR what the page was made of. A decision is
taken where the report, the source and the images that it names are those of a
session in DIR; a file with any that does not match is refused as a whole, with
exit code 3. What is taken is added to DIR/decisions.jsonl, each line with the
digest of the one before.

Example:
   lvtool review import review.json out`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "reasons", Usage: "take no reason but those of `FILE`"},
			&cli.BoolFlag{Name: "check", Usage: "check, and write nothing"},
		},
		Action: func(c *cli.Context) error {
			m := &importer{c: c}
			return m.run()
		},
	}
}

// An importer is one run of the import command.
type importer struct {
	c       *cli.Context
	folders []sessionFolder
	about   []review.Binding // of folders
	opts    review.CheckOptions
}

func (m *importer) run() error {
	files, dirs := filesAndFolders(m.c.Args().Slice())
	if len(files) == 0 || len(dirs) == 0 {
		return usageError("review import: give at least one FILE that the page exported, and one DIR that it is about")
	}
	var err error
	if name := m.c.String("reasons"); name != "" {
		if m.opts.Reasons, err = readReasons(name); err != nil {
			return usageError("--reasons %s: %v", name, err)
		}
	}
	reviews, err := readReviews(files)
	if err != nil {
		return err
	}
	if m.folders, err = sessionFolders(dirs); err != nil {
		return err
	}
	for _, f := range m.folders {
		s, err := f.read(m.c)
		if err != nil {
			return &exitError{code: exitVerify, err: err, hint: mismatchAdvice(err)}
		}
		m.about = append(m.about, s.Binding())
	}
	return m.take(reviews)
}

// filesAndFolders tells arguments apart. What does not exist is a file, whose
// absence is then said.
func filesAndFolders(args []string) (files, dirs []string) {
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			dirs = append(dirs, arg)
		} else {
			files = append(files, arg)
		}
	}
	return files, dirs
}

// take checks all files before any is taken.
func (m *importer) take(reviews []reviewFile) error {
	logs := map[string][]byte{}
	for _, r := range reviews {
		found, err := review.Check(r.Decisions, m.about, &m.opts)
		if err != nil {
			return m.refuse(r.name, err)
		}
		if err := m.log(logs, r, found); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	if !m.c.Bool("check") {
		if err := m.writeLogs(logs); err != nil {
			return err
		}
	}
	for _, r := range reviews {
		sayf(m.c.App.Writer, "%s  %s by %s", r.name, count(len(r.Decisions.Decisions), "decision"), r.Reviewer)
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

// log adds decisions to the logs of the folders that their sessions lie in.
func (m *importer) log(logs map[string][]byte, r reviewFile, found []int) error {
	byDir := map[string]*review.Decisions{}
	for i, at := range found {
		dir := m.folders[at].dir
		if byDir[dir] == nil {
			byDir[dir] = &review.Decisions{Reviewer: r.Reviewer, Blind: r.Blind}
		}
		byDir[dir].Decisions = append(byDir[dir].Decisions, r.Decisions.Decisions[i])
	}
	for dir, part := range byDir {
		log, ok := logs[dir]
		if !ok {
			var err error
			if log, err = readLog(dir); err != nil {
				return err
			}
		}
		log, err := review.Append(log, r.data, part)
		if errors.Is(err, review.ErrLog) {
			return &exitError{code: exitVerify, err: fmt.Errorf("%s: %w", logPath(dir), err)}
		}
		if err != nil {
			return err
		}
		logs[dir] = log
	}
	return nil
}

// writeLogs writes the logs, each whole or not at all.
func (m *importer) writeLogs(logs map[string][]byte) error {
	for _, dir := range slices.Sorted(maps.Keys(logs)) {
		err := writeFiles(m.c.Context, dir, func(put export.Put) error { return put(review.LogName, logs[dir]) })
		if err != nil {
			return err
		}
	}
	return nil
}
