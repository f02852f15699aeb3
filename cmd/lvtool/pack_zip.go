package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
)

// A zipTarget is an archive of one pack.
type zipTarget struct {
	file  string
	force bool
	stamp time.Time
	// to are who can read the archive; none for everybody.
	to []seal.Recipient
	// first is the stage of the pack; others have no place.
	first *zipStage
}

// isZip reports whether --output names an archive.
func isZip(name string) bool {
	return strings.EqualFold(filepath.Ext(strings.TrimSuffix(name, encryptedSuffix)), ".zip")
}

// encryptedSuffix is what the names of encrypted archives end in.
const encryptedSuffix = ".age"

func newZipTarget(c *cli.Context, stamp time.Time) (*zipTarget, error) {
	t := &zipTarget{file: c.String("output"), force: c.Bool("force"), stamp: stamp}
	for _, who := range c.StringSlice("encrypt-to") {
		text, err := os.ReadFile(who)
		if errors.Is(err, fs.ErrNotExist) || strings.Contains(who, " ") {
			text, err = []byte(who), nil // itself a recipient
		}
		if err != nil {
			return nil, fmt.Errorf("--encrypt-to %s: %w", who, unwrapPath(err))
		}
		some, err := seal.ParseRecipients(text)
		if err == nil && len(some) == 0 {
			err = errNobody
		}
		if err != nil {
			return nil, usageError("--encrypt-to %s: %v", who, err)
		}
		t.to = append(t.to, some...)
	}
	switch {
	case len(t.to) > 0 && !strings.HasSuffix(t.file, encryptedSuffix):
		t.file += encryptedSuffix
	case len(t.to) == 0 && strings.HasSuffix(t.file, encryptedSuffix):
		return nil, usageError("-o %s: give --encrypt-to too", t.file)
	}
	return t, nil
}

var errNobody = errors.New("names nobody")

func (t *zipTarget) address(name string) string { return path.Join(filepath.ToSlash(t.file), name) }

// read finds nothing: an archive is not looked into.
func (*zipTarget) read(context.Context, string, string) ([]byte, error) { return nil, fs.ErrNotExist }

var errOnePack = errors.New("a ZIP archive holds one pack, and there are more sessions: give a folder with -o")

// stage begins the archive.
func (t *zipTarget) stage(name string) (stage, error) {
	if t.first != nil {
		return nil, &exitError{code: exitUsage, err: fmt.Errorf("%s: %w", filepath.ToSlash(t.file), errOnePack)}
	}
	if _, err := os.Lstat(t.file); !errors.Is(err, fs.ErrNotExist) && !t.force {
		return nil, t.failed(errPacked)
	}
	f, err := os.CreateTemp(filepath.Dir(t.file), ".lvtool-*.zip")
	if err != nil {
		return nil, t.failed(err)
	}
	t.first = &zipStage{target: t, file: f}
	if err := t.first.begin(name); err != nil {
		return nil, errors.Join(t.failed(err), t.close())
	}
	return t.first, nil
}

func (t *zipTarget) failed(err error) error {
	return fmt.Errorf("writing %s: %w", filepath.ToSlash(t.file), unwrapPath(err))
}

// finish gives the archive its name.
func (t *zipTarget) finish(packs int) error {
	if packs == 0 {
		return nil
	}
	if !t.stamp.IsZero() {
		if err := os.Chtimes(t.first.file.Name(), t.stamp, t.stamp); err != nil {
			return t.failed(err)
		}
	}
	if err := os.Rename(t.first.file.Name(), t.file); err != nil {
		return t.failed(err)
	}
	t.first = nil
	return nil
}

// close removes what is not finished.
func (t *zipTarget) close() error {
	if t.first == nil {
		return nil
	}
	_ = t.first.file.Close() // which commit may have done
	err := os.Remove(t.first.file.Name())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// A zipStage is the archive in the making.
type zipStage struct {
	target  *zipTarget
	file    *os.File
	cipher  io.WriteCloser // nil where nothing is encrypted
	archive *bag.ZipWriter
}

// begin begins the archive of the folder name.
func (s *zipStage) begin(name string) (err error) {
	var w io.Writer = s.file
	if len(s.target.to) > 0 {
		if s.cipher, err = seal.Encrypt(s.file, s.target.to); err != nil {
			return err
		}
		w = s.cipher
	}
	s.archive, err = bag.NewZip(w, name)
	return err
}

func (s *zipStage) put(name string, data []byte) error { return s.putFrom(name, bytes.NewReader(data)) }

func (s *zipStage) putFrom(name string, r io.Reader) error {
	if err := s.archive.Put(name, r); err != nil {
		return s.target.failed(err)
	}
	return nil
}

// commit ends the archive; it appears when it is known that it is the only one.
func (s *zipStage) commit(context.Context) error {
	err := s.archive.Close()
	if s.cipher != nil {
		err = errors.Join(err, s.cipher.Close())
	}
	if err = errors.Join(err, s.file.Close()); err != nil {
		return s.target.failed(err)
	}
	return nil
}

func (s *zipStage) drop() error { return s.target.close() }
