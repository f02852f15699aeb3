package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/pipeline"
)

// resultSuffixes are the names of files that a folder is searched for.
var resultSuffixes = []string{".json", ".jsonl", ".ndjson", ".yaml", ".yml"}

// An input is a document to read results from or, where it has a list, what
// stands for any number of them.
type input struct {
	// name is what messages call it: as it was given.
	name string
	// file is the path of a file, and label the document's, where they are known
	// before it has been opened.
	file, label string

	// entry is its number in the shard of a plan.
	entry int
	// listed says that it was found, not named.
	listed bool
	// live says that it stands for sessions to fetch, which exist nowhere else.
	live bool

	open func(context.Context) (*document, error)
	list func(context.Context) iter.Seq2[input, error]
}

// stdinName is what standard input is called.
const stdinName = "stdin"

// A document is an input that has been opened.
type document struct {
	io.ReadCloser
	// label is what outputs call it, which depends on the document, not on
	// where the user stands.
	label string
	// problems are the doubts about it.
	problems []decode.Problem
	// bytes is its size, where that is known.
	bytes int64
}

// inputs returns what the arguments name: files, folders, patterns, "-" for
// standard input, addresses in S3, and @FILE for a list of these, in the order
// given; the files of a folder or pattern sorted by name. Sessions to fetch come
// first.
func inputs(c *cli.Context, from *cloud) ([]input, error) {
	all, err := liveInputs(c, from)
	if err != nil {
		return nil, err
	}
	if c.NArg() == 0 && len(all) == 0 {
		return nil, usageError("%s: give at least one RESULT: a file, a folder, a pattern, s3://BUCKET/KEY,"+
			" or - for standard input", commandName(c))
	}
	for _, arg := range c.Args().Slice() {
		some, err := argument(c, from, arg)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, idleLive(c, slices.ContainsFunc(all, func(in input) bool { return in.live }))
}

// argument returns what one argument names.
func argument(c *cli.Context, from *cloud, arg string) ([]input, error) {
	if arg == "-" {
		return []input{{name: stdinName, open: func(ctx context.Context) (*document, error) {
			return &document{ReadCloser: io.NopCloser(pipeline.Reader(ctx, c.App.Reader)), label: stdinName}, nil
		}}}, nil
	}
	if list, ok := strings.CutPrefix(arg, "@"); ok {
		return listedInputs(c, from, list)
	}
	if isS3(arg) {
		return s3Inputs(c, from, arg)
	}
	if err := refuseWeb(arg); err != nil {
		return nil, err
	}
	files, err := expand(arg)
	if err != nil {
		return nil, err
	}
	all := make([]input, len(files))
	for i, name := range files {
		all[i] = fileInput(name, label(arg, name))
	}
	return all, nil
}

// isS3 reports whether an argument is the address of something in S3.
func isS3(arg string) bool { return strings.HasPrefix(arg, s3source.Scheme) }

// refuseWeb refuses a web address, which on the command line is a presigned one as
// a rule: what it is of can be read from S3 itself. Its signature is not repeated.
func refuseWeb(arg string) error {
	lower := strings.ToLower(arg)
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return nil
	}
	err := usageError("%s: a web address, which lvtool neither reads nor writes", decode.WithoutSecrets(arg))
	err.hint = "download it, and give the file"
	if o, ok := decode.OfWebAddress(arg); ok {
		err.hint = "give " + s3source.FormatURL(o) + ", for which your own permission counts"
	}
	return err
}

func fileInput(name, label string) input {
	called := filepath.ToSlash(name)
	return input{name: called, file: name, label: label, open: func(context.Context) (*document, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", called, unwrapPath(err))
		}
		d := &document{ReadCloser: f, label: label}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			d.bytes = info.Size()
		}
		return d, nil
	}}
}

// listedInputs returns the inputs of a list.
func listedInputs(c *cli.Context, from *cloud, list string) ([]input, error) {
	entries, err := listed(c.Context, from, list)
	if err != nil {
		return nil, err
	}
	var all []input
	for _, e := range entries {
		some, err := listedInput(c, from, e)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// listedInput returns the inputs that a line of a list stands for.
func listedInput(c *cli.Context, from *cloud, e failedEntry) ([]input, error) {
	id, live := strings.CutPrefix(e.Input, liveScheme)
	name := filepath.FromSlash(e.Input)
	switch {
	case isS3(e.Input):
		return s3Inputs(c, from, e.Input)
	case refuseWeb(e.Input) != nil:
		return nil, refuseWeb(e.Input)
	case live && serviceID.MatchString(id):
		return liveInput(c, from, []string{id})
	}
	return []input{fileInput(name, cmp.Or(e.Label, label(name, name)))}, nil
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

// unwrapPath drops the operation and names that errors of package os carry,
// since messages begin with the name already.
func unwrapPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err
	}
	return err
}

// folderFiles returns the result files in a folder and below it, sorted. Hidden
// files and what lvtool wrote itself are passed over.
func folderFiles(root string) ([]string, error) {
	var files []string
	err := walkResults(root, func(path string) error {
		files = append(files, path)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, noResults(root)
	}
	return files, nil
}

// walkResults hands the result files of [folderFiles] to found.
func walkResults(root string, found func(path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", path, unwrapPath(err))
		case strings.HasPrefix(d.Name(), ".") && path != root && d.IsDir():
			return fs.SkipDir
		case d.Type().IsRegular() && isResultName(d.Name()) && !isOwn(path):
			return found(path)
		}
		return nil
	})
}

// isFolder reports whether an argument is a folder of this machine.
func isFolder(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && info.IsDir()
}

func noResults(where string) error {
	return fmt.Errorf("%s: no result in the folder (looked for %s, also compressed)",
		where, strings.Join(resultSuffixes, ", "))
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
