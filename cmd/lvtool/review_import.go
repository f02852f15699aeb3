package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

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
	return m.files(files)
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

// files checks all files before any is taken.
func (m *importer) files(names []string) error {
	logs := map[string][]byte{}
	var said []string
	for _, name := range names {
		data, d, err := readDecisions(name)
		if err != nil {
			return err
		}
		found, err := review.Check(d, m.about, &m.opts)
		if err != nil {
			return m.refuse(name, err)
		}
		if err := m.log(logs, data, d, found); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		said = append(said, fmt.Sprintf("%s  %s by %s", name, count(len(d.Decisions), "decision"), d.Reviewer))
	}
	if !m.c.Bool("check") {
		if err := m.write(logs); err != nil {
			return err
		}
	}
	for _, line := range said {
		sayf(m.c.App.Writer, "%s", line)
	}
	return nil
}

// readDecisions reads a file that the page exported.
func readDecisions(name string) ([]byte, *review.Decisions, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, notFound(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 128<<20)) // ParseDecisions has a limit that is lower
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, unwrapPath(err))
	}
	d, err := review.ParseDecisions(bytes.NewReader(data))
	if err != nil {
		return nil, nil, &exitError{
			code: exitVerify, err: fmt.Errorf("%s: %w", name, err), hint: "give the file as the page exported it",
		}
	}
	return data, d, nil
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
func (m *importer) log(logs map[string][]byte, data []byte, d *review.Decisions, found []int) error {
	byDir := map[string]*review.Decisions{}
	for i, at := range found {
		dir := m.folders[at].dir
		if byDir[dir] == nil {
			byDir[dir] = &review.Decisions{Reviewer: d.Reviewer, Blind: d.Blind}
		}
		byDir[dir].Decisions = append(byDir[dir].Decisions, d.Decisions[i])
	}
	for dir, part := range byDir {
		log, ok := logs[dir]
		if !ok {
			var err error
			if log, err = readLog(dir); err != nil {
				return err
			}
		}
		log, err := review.Append(log, data, part)
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

// write writes the logs, each whole or not at all.
func (m *importer) write(logs map[string][]byte) error {
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	for dir, log := range logs {
		out, err := newOutput(dir, stamp)
		if err != nil {
			return err
		}
		if err := out.put(filepath.Base(review.LogName), log); err != nil {
			return err
		}
	}
	return nil
}
