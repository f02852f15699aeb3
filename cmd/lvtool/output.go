package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lvtool/lvtool/decode"
)

// Faces are biometric data in the eyes of many laws: what is written is for
// the user alone until the user says otherwise.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// An output is the folder that a command writes to.
type output struct {
	dir string
	// made says that the folder was not there before.
	made bool
	// used counts the folders of this run by name.
	used map[string]int
	// stamp is the modification time that everything gets; zero for the real
	// one.
	stamp time.Time
}

// newOutput makes the folder dir ready to be written to.
func newOutput(dir string, stamp time.Time) (*output, error) {
	_, err := os.Lstat(dir)
	o := &output{dir: dir, made: errors.Is(err, fs.ErrNotExist), used: map[string]int{}, stamp: stamp}
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("output folder %s: %w", dir, unwrapPath(err))
	}
	return o, nil
}

// close removes the folder again where it was made for nothing.
func (o *output) close() {
	if o.made {
		_ = os.Remove(o.dir) // fails, as it should, when something is in it
	}
}

// safeName is what a session id must look like to be the name of a folder on
// every system: the ids of the service do.
var safeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)

// reserved are names that Windows gives to devices.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// folderName returns the name of a session's folder: its id, or, where the id
// is missing or would not do, one made from the digest of its source. The
// second session of a run with the same id gets "~2" behind it, and so on.
func (o *output) folderName(s *decode.Session) string {
	name := s.ID
	if !safeName.MatchString(name) || reserved.MatchString(name) {
		name = "session-" + s.Source.SHA256.String()[:16]
	}
	// Some file systems do not tell upper case from lower.
	key := strings.ToLower(name)
	o.used[key]++
	if n := o.used[key]; n > 1 {
		name += "~" + strconv.Itoa(n)
	}
	return name
}

// errForeign says that a folder is in the way which lvtool did not make.
var errForeign = errors.New("the folder exists, and was not made by lvtool")

// A stage is a folder in the making. It appears under its name whole or not at
// all.
type stage struct {
	out  *output
	root *os.Root
	path string
	name string
}

// stage begins the folder name.
func (o *output) stage(name string) (*stage, error) {
	dir, err := os.MkdirTemp(o.dir, ".lvtool-")
	if err != nil {
		return nil, fmt.Errorf("output folder %s: %w", o.dir, unwrapPath(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	return &stage{out: o, root: root, path: dir, name: name}, nil
}

// put writes one file.
func (s *stage) put(name string, data []byte) error {
	if err := s.root.MkdirAll(path.Dir(name), folderMode); err != nil {
		return s.failed(name, err)
	}
	if err := s.root.WriteFile(name, data, fileMode); err != nil {
		return s.failed(name, err)
	}
	return nil
}

func (s *stage) failed(name string, err error) error {
	return fmt.Errorf("writing %s: %w", path.Join(filepath.ToSlash(s.out.dir), s.name, name), unwrapPath(err))
}

// drop removes the stage.
func (s *stage) drop() error {
	return errors.Join(s.root.Close(), os.RemoveAll(s.path))
}

// commit gives the stage its name. A folder that lvtool made before is
// replaced; any other is left alone, and is an error.
func (s *stage) commit() error {
	err := errors.Join(s.out.setTimes(s.root), s.root.Close())
	if err == nil {
		err = s.replace(filepath.Join(s.out.dir, s.name))
	}
	if err != nil {
		return errors.Join(s.failed("", err), os.RemoveAll(s.path))
	}
	return nil
}

func (s *stage) replace(target string) error {
	_, err := os.Lstat(target)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(s.path, target)
	}
	if err != nil {
		return err
	}
	if !isOwn(filepath.Join(target, "report.json")) {
		return errForeign
	}
	old := s.path + "-old"
	if err := os.Rename(target, old); err != nil {
		return err
	}
	if err := os.Rename(s.path, target); err != nil {
		return errors.Join(err, os.Rename(old, target))
	}
	return os.RemoveAll(old)
}

// setTimes gives everything in a folder the time of SOURCE_DATE_EPOCH.
func (o *output) setTimes(root *os.Root) error {
	if o.stamp.IsZero() {
		return nil
	}
	return fs.WalkDir(root.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return root.Chtimes(path, o.stamp, o.stamp)
	})
}

// put writes one file of the output folder itself, whole or not at all.
func (o *output) put(name string, data []byte) (err error) {
	target := filepath.Join(o.dir, name)
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", filepath.ToSlash(target), unwrapPath(err))
		}
	}()
	f, err := os.CreateTemp(o.dir, ".lvtool-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil && !o.stamp.IsZero() {
		err = os.Chtimes(f.Name(), o.stamp, o.stamp)
	}
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// sourceDate returns the time that SOURCE_DATE_EPOCH sets, zero where it is not
// set (https://reproducible-builds.org/specs/source-date-epoch/).
func sourceDate() (time.Time, error) {
	value := os.Getenv("SOURCE_DATE_EPOCH")
	if value == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}, usageError("SOURCE_DATE_EPOCH is %q: want seconds since 1970", value)
	}
	return time.Unix(seconds, 0), nil
}
