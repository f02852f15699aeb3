package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/review"
)

// A sessionPlace is where a session lies: in a folder, or in a pack.
type sessionPlace struct {
	// dir is the folder that was given, in which decisions are kept; of a pack,
	// its folder or archive, beside which they are kept.
	dir string
	// name is where the session lies in dir; "." for dir itself.
	name string
	pack bool
}

// sessionPlaces returns the places of sessions that the arguments name, those of
// one folder sorted by name.
func sessionPlaces(c *cli.Context, args []string) ([]sessionPlace, error) {
	if len(args) == 0 {
		return nil, usageError("%s: give at least one DIR that convert wrote, or PACK", commandName(c))
	}
	var all []sessionPlace
	for _, arg := range args {
		some, err := placesIn(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func placesIn(arg string) ([]sessionPlace, error) {
	if isS3(arg) {
		e := usageError("%s: want a folder or an archive of this machine", arg)
		e.hint = "copy it here first, as aws s3 sync does"
		return nil, e
	}
	switch {
	case isPack(arg):
		return []sessionPlace{{arg, ".", true}}, nil
	case hasReport(arg):
		return []sessionPlace{{arg, ".", false}}, nil
	}
	if info, err := os.Stat(arg); err == nil && !info.IsDir() {
		return nil, noPlace(arg)
	}
	entries, err := os.ReadDir(arg)
	if err != nil {
		return nil, notFound(arg, err)
	}
	var all []sessionPlace
	for _, e := range entries {
		path := filepath.Join(arg, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."), e.Type()&fs.ModeSymlink != 0:
		case isPack(path):
			all = append(all, sessionPlace{path, ".", true})
		case e.IsDir() && hasReport(path):
			all = append(all, sessionPlace{arg, e.Name(), false})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no session in it: want a folder that lvtool convert or lvtool pack wrote",
			filepath.ToSlash(arg))
	}
	return all, nil
}

// noPlace says of a file what was wanted.
func noPlace(arg string) error {
	e := &exitError{code: exitFailed, err: fmt.Errorf("%s: want a folder that lvtool convert or lvtool pack wrote,"+
		" or the archive of a pack", filepath.ToSlash(arg))}
	switch {
	case isOwn(arg):
		e.hint = "give the folder that it lies in: " + filepath.ToSlash(filepath.Dir(arg))
	case isResultName(filepath.Base(arg)):
		e.hint = "is it a result? run lvtool convert -o DIR " + filepath.ToSlash(arg) + " first, and give DIR"
	}
	return e
}

// hasReport reports whether a folder holds a report. Whether it is a good one
// shows when it is read.
func hasReport(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, review.ReportName))
	return err == nil && info.Mode().IsRegular()
}

// read reads the session; nothing outside its folder is touched.
func (p sessionPlace) read(c *cli.Context) (*review.Session, error) {
	s, err := p.readPacked(c)
	if err != nil {
		return nil, err
	}
	return s.Session, nil
}

// readPacked reads the session, and the log beside it where it lies in a pack.
func (p sessionPlace) readPacked(c *cli.Context) (*packedSession, error) {
	if p.pack {
		return readPack(c, p.dir)
	}
	s, err := p.readWith(c.Context, nil)
	return &packedSession{Session: s}, err
}

// readWith reads a session that lies in a folder.
func (p sessionPlace) readWith(ctx context.Context, limits *decode.Limits) (*review.Session, error) {
	path := filepath.Join(p.dir, p.name)
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(path), unwrapPath(err))
	}
	defer root.Close()
	return review.Read(ctx, root.FS(), filepath.Base(path), limits)
}

// earlier returns the decisions that are kept with the sessions.
func earlier(places []sessionPlace) ([]review.Entry, error) {
	var all []review.Entry
	last := ""
	for i, p := range places {
		if i > 0 && p.dir == last {
			continue
		}
		last = p.dir
		entries, err := p.decisions()
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}

// decisions returns the decisions that are kept with the session.
func (p sessionPlace) decisions() ([]review.Entry, error) {
	if p.pack {
		return receivedDecisions(p.dir)
	}
	log, err := readLog(p.dir)
	if err != nil {
		return nil, err
	}
	entries, err := review.ReadLog(log)
	if err != nil {
		return nil, &exitError{code: exitVerify, err: fmt.Errorf("%s: %w", logPath(p.dir), err)}
	}
	return entries, nil
}

func logPath(dir string) string { return filepath.ToSlash(filepath.Join(dir, review.LogName)) }

// readLog reads the log of decisions of a folder, which need not exist.
func readLog(dir string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(dir, review.LogName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", logPath(dir), unwrapPath(err))
	}
	return data, nil
}
