package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
)

// A packTarget is where packs go: a folder, a prefix in S3, or a ZIP archive.
type packTarget interface {
	stage(name string) (stage, error)
	// read reads a file of the pack name that was made earlier.
	read(ctx context.Context, name, file string) ([]byte, error)
	address(name string) string
	// title is what people are told of the pack: where it is, and which.
	title(name string) string
	// finish is called when all has gone well, with the number of packs.
	finish(packs int) error
	close() error
}

// newPackTarget makes ready the output that --output names.
func newPackTarget(
	c *cli.Context, s3 *cloud, stamp time.Time, swept func(dir string, runs int),
) (packTarget, error) {
	name, force := c.String("output"), c.Bool("force")
	if err := refuseWeb(name); err != nil {
		return nil, err
	}
	to, err := outputRecipients(c)
	switch {
	case err != nil:
		return nil, err
	case isS3(name):
		t, err := newS3Target(c.Context, s3, name, force)
		if err != nil {
			return nil, err
		}
		return foldersOf(t, force), nil
	case strings.EqualFold(filepath.Ext(name), ".zip"), isEncryptedName(name):
		return &zipTarget{file: name, force: force, stamp: stamp, to: to}, nil
	}
	if err := refuseArchive(name); err != nil {
		return nil, err
	}
	t, err := newDirTarget(name, stamp, swept)
	if err != nil {
		return nil, err
	}
	return foldersOf(t, force), nil
}

// otherArchives are names that nobody means for a folder.
var otherArchives = []string{".7z", ".age", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zst"}

func refuseArchive(name string) error {
	if !slices.Contains(otherArchives, strings.ToLower(filepath.Ext(name))) {
		return nil
	}
	return usageError("--output %s: archives are ZIP: give FILE.zip, or a folder", name)
}

// foldersOf makes folders of packs of a target's.
func foldersOf(t target, force bool) packFolders {
	switch t := t.(type) {
	case *s3Target:
		t.mark = pack.TagManifest
	case *dirTarget:
		t.mayReplace = func(folder string) error {
			_, err := os.Stat(filepath.Join(folder, pack.ProvenanceFile))
			if force && err == nil {
				return nil
			}
			return errPacked
		}
	}
	return packFolders{t}
}

// errPacked says that a pack, or something else, is in the way.
var errPacked = errors.New("there already; a pack is not replaced unless --force is given")

// packFolders makes a folder of every pack.
type packFolders struct{ target }

func (p packFolders) title(name string) string { return p.address(name) }

func (packFolders) finish(int) error { return nil }

func (p packFolders) read(ctx context.Context, name, file string) ([]byte, error) {
	switch t := p.target.(type) {
	case *dirTarget:
		return os.ReadFile(filepath.Join(t.dir, name, filepath.FromSlash(file)))
	case *s3Target:
		got, err := t.store.Object(ctx, t.object(name+"/"+file), maxReport)
		if err != nil {
			return nil, err
		}
		return got.Data, nil
	}
	return nil, fs.ErrNotExist
}

// A packPut hands the files of a pack to a stage, and keeps the digest of the
// tag manifest, and of all files that it holds in memory.
type packPut struct {
	stage stage
	sums  map[string]string
}

// A streamStage takes files as they are read, without another copy.
type streamStage interface {
	putFrom(name string, r io.Reader) error
}

func (p *packPut) put(name string, r io.Reader) error {
	stream, ok := p.stage.(streamStage)
	if ok && name != pack.TagManifest {
		return stream.putFrom(name, r)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	p.sums[name] = digestOf(data)
	return p.stage.put(name, data)
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// A zipTarget is an archive of one pack.
type zipTarget struct {
	file  string
	force bool
	stamp time.Time
	to    []seal.Recipient // whom to encrypt to; nobody for an archive that all can read
	// first is the stage of the pack; others have no place.
	first *zipStage
}

func (t *zipTarget) address(name string) string { return path.Join(filepath.ToSlash(t.file), name) }

// title does not look like a path: no program opens what address returns.
func (t *zipTarget) title(name string) string { return filepath.ToSlash(t.file) + ": " + name }

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
	w, err := archiveWriter(f, t.to)
	if err != nil {
		return nil, errors.Join(t.failed(err), f.Close(), os.Remove(f.Name()))
	}
	z, err := bag.NewZip(w, name)
	if err != nil {
		return nil, errors.Join(t.failed(err), f.Close(), os.Remove(f.Name()))
	}
	t.first = &zipStage{target: t, file: f, encrypt: w, archive: z}
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
	encrypt io.Closer
	archive *bag.ZipWriter
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
	if err := errors.Join(s.archive.Close(), s.encrypt.Close(), s.file.Close()); err != nil {
		return s.target.failed(err)
	}
	return nil
}

func (s *zipStage) drop() error { return s.target.close() }
