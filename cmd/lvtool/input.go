package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
)

// resultSuffixes are the names of files that a folder is searched for.
var resultSuffixes = []string{".json", ".jsonl", ".ndjson", ".yaml", ".yml"}

// An input is a document to read results from.
type input struct {
	// name is what messages call it: as it was given.
	name string
	// label is what outputs call it, which depends on the file, not on where
	// the user stands.
	label string
	open  func() (io.ReadCloser, error)
}

// inputs returns the documents that the arguments name: files, folders,
// patterns and "-" for standard input, in the order given; the files of a
// folder or pattern sorted by name.
func inputs(c *cli.Context) ([]input, error) {
	if c.NArg() == 0 {
		return nil, usageError("%s: give at least one RESULT: a file, a folder, a pattern, or - for standard input",
			c.Command.Name)
	}
	var all []input
	for _, arg := range c.Args().Slice() {
		if arg == "-" {
			stdin := func() (io.ReadCloser, error) { return io.NopCloser(c.App.Reader), nil }
			all = append(all, input{name: "stdin", label: "stdin", open: stdin})
			continue
		}
		files, err := expand(arg)
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			open := func() (io.ReadCloser, error) { return os.Open(name) }
			all = append(all, input{name: filepath.ToSlash(name), label: label(arg, name), open: open})
		}
	}
	return all, nil
}

// label returns what outputs call a file: its name, or, where the argument is
// a folder, its path from there.
func label(arg, name string) string {
	if rel, err := filepath.Rel(arg, name); err == nil && rel != "." && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(name)
}

// expand returns the files that one argument names. A file that does not exist
// is an error now, before any work is done.
func expand(arg string) ([]string, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return folderFiles(arg)
	case err == nil:
		return []string{arg}, nil
	case !errors.Is(err, fs.ErrNotExist) || !strings.ContainsAny(arg, "*?["):
		return nil, notFound(arg, err)
	}
	files, err := filepath.Glob(arg)
	if err != nil {
		return nil, usageError("%s: not a pattern: %v", arg, err)
	}
	if len(files) == 0 {
		return nil, &exitError{code: exitFailed, err: fmt.Errorf("%s: no file matches", arg)}
	}
	return files, nil
}

func notFound(arg string, err error) error {
	e := &exitError{code: exitFailed, err: fmt.Errorf("%s: %w", arg, unwrapPath(err))}
	if strings.HasPrefix(strings.TrimSpace(arg), "{") {
		e.err = errors.New("the argument is JSON, not a file name")
		e.hint = "pipe the result in: aws rekognition get-face-liveness-session-results … | lvtool convert -"
	}
	return e
}

// unwrapPath drops the operation and name that errors of package os carry,
// since messages begin with the name already.
func unwrapPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// folderFiles returns the result files in a folder and below it, sorted. Hidden
// files and what lvtool wrote itself are passed over.
func folderFiles(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", path, unwrapPath(err))
		case strings.HasPrefix(d.Name(), ".") && path != root && d.IsDir():
			return fs.SkipDir
		case d.Type().IsRegular() && isResultName(d.Name()) && !isOwn(path):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no result in the folder (looked for %s, also compressed)",
			root, strings.Join(resultSuffixes, ", "))
	}
	return files, nil
}

func isResultName(name string) bool {
	if strings.HasPrefix(name, ".") {
		return false
	}
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return slices.Contains(resultSuffixes, filepath.Ext(name))
}

// ownHead is how many bytes of a document tell whether lvtool wrote it.
const ownHead = 64

// isOwn reports whether a file is a report or index that lvtool wrote.
func isOwn(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, ownHead)
	n, _ := io.ReadFull(f, head)
	return isOwnJSON(head[:n])
}

// isOwnJSON reports whether a document begins as everything that lvtool writes
// does: with the name of its schema.
func isOwnJSON(head []byte) bool {
	text := strings.Join(strings.Fields(string(head)), "")
	return strings.HasPrefix(text, `{"schema":"lvtool.`)
}

// eachSession hands every session of the inputs to do, in order, and every
// error that reading them meets to failed; neither ends the rest. It stops when
// the context ends, or when do returns an error, and returns that.
func eachSession(ctx context.Context, all []input, limits decode.Limits,
	do func(*decode.Session) error, failed func(error),
) error {
	for _, in := range all {
		if err := in.eachSession(ctx, limits, do, failed); err != nil {
			return err
		}
	}
	return nil
}

func (in *input) eachSession(ctx context.Context, limits decode.Limits,
	do func(*decode.Session) error, failed func(error),
) error {
	r, err := in.open()
	if err != nil {
		failed(fmt.Errorf("%s: %w", in.name, unwrapPath(err)))
		return nil
	}
	defer r.Close()
	for s, err := range decode.Sessions(r, &decode.Options{Name: in.name, Limits: limits}) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			failed(err)
			continue
		}
		s.Source.Name = in.label
		if err := do(s); err != nil {
			return err
		}
	}
	return ctx.Err()
}
