package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/review"
)

// isPack reports whether a path is the folder or the archive of a pack, by its
// looks.
func isPack(path string) bool {
	return isBag(path) || isArchive(path)
}

func isArchive(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && isArchiveName(path)
}

// receivedPath returns the log beside a pack.
func receivedPath(name string) string { return filepath.Clean(name) + pack.ReceivedEnd }

// readReceived returns the log beside a pack, nil where there is none.
func readReceived(name string) ([]byte, error) {
	data, err := os.ReadFile(receivedPath(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(receivedPath(name)), unwrapPath(err))
	}
	return data, nil
}

// A packedSession is a session that was read from its pack, and the log beside
// it.
type packedSession struct {
	*review.Session
	log *custody.Log
}

// errPack says that a pack does not verify.
var errPack = errors.New("does not verify")

// readPack verifies a pack and the log beside it, and reads its session.
func readPack(c *cli.Context, name string) (*packedSession, error) {
	s := &packedSession{}
	err := withPack(c, name, func(in *pack.Contents, log *custody.Log) (err error) {
		s.log = log
		s.Session, err = review.Read(c.Context, in.Payload(), filepath.Base(name), nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// withPack verifies a pack and the log beside it, and hands both to use while the
// pack is open. One that does not pass is an [errPack].
func withPack(c *cli.Context, name string, use func(*pack.Contents, *custody.Log) error) error {
	received, err := readReceived(name)
	if err != nil {
		return err
	}
	reader, err := newPackReader(c)
	if err != nil {
		return err
	}
	logName := filepath.ToSlash(receivedPath(name))
	opts := &pack.VerifyOptions{Each: each(c.Context, runtime.GOMAXPROCS(0))}
	opts.More = append(opts.More, pack.Received(logName, received))
	return reader.read(c.Context, name, opts, func(v *pack.Verification, in *pack.Contents) error {
		if err := refused(v); err != nil {
			return fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
		}
		after, err := custody.After(v.Info)
		if err != nil {
			return err
		}
		log, _, _ := custody.Verify(logName, received, after)
		return use(in, log)
	})
}

// refused says, as an error, the first that is wrong with a pack.
func refused(v *pack.Verification) error {
	for _, c := range v.Checks {
		if c.Verdict != pack.Failed {
			continue
		}
		for _, f := range c.Findings {
			if !f.Warning {
				return fmt.Errorf("%w: %s: %s", errPack, c.Name, f)
			}
		}
	}
	if v.Kind != pack.KindPack {
		return fmt.Errorf("%w: it is %s", errPack, kindWords[v.Kind])
	}
	return nil
}

// receivedDecisions returns the decisions in the log beside a pack. Whether its
// chain holds, readPack says.
func receivedDecisions(name string) ([]review.Entry, error) {
	data, err := readReceived(name)
	if err != nil {
		return nil, err
	}
	_, events, _ := custody.Verify(receivedPath(name), data, nil)
	entries, err := review.FromCustody(events)
	if err != nil {
		return nil, &exitError{
			code: exitVerify, err: fmt.Errorf("%s: %w", filepath.ToSlash(receivedPath(name)), err),
		}
	}
	return entries, nil
}
