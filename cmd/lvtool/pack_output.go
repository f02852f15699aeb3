package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/pack"
)

// A packTarget is where packs go: a folder, a prefix in S3, or a ZIP archive.
type packTarget interface {
	stage(name string) (stage, error)
	// read reads a file of the pack name that was made earlier.
	read(ctx context.Context, name, file string) ([]byte, error)
	address(name string) string
	// finish is called when all has gone well, with the number of packs.
	finish(packs int) error
	close() error
}

// newPackTarget makes ready the output that --output names.
func newPackTarget(
	c *cli.Context, to *cloud, stamp time.Time, swept func(dir string, runs int),
) (packTarget, error) {
	name, force := c.String("output"), c.Bool("force")
	switch {
	case len(c.StringSlice("encrypt-to")) > 0 && (isS3(name) || !isZip(name)):
		return nil, usageError("--encrypt-to encrypts an archive: give -o FILE.zip")
	case isS3(name):
		t, err := newS3Target(c.Context, to, name, force)
		if err != nil {
			return nil, err
		}
		t.mark = pack.TagManifest
		return packFolders{t}, nil
	case isZip(name):
		return newZipTarget(c, stamp)
	}
	t, err := newDirTarget(name, stamp, swept)
	if err != nil {
		return nil, err
	}
	t.mayReplace = func(folder string) error {
		_, err := os.Stat(filepath.Join(folder, pack.ProvenanceFile))
		if force && err == nil {
			return nil
		}
		return errPacked
	}
	return packFolders{t}, nil
}

// errPacked says that a pack, or something else, is in the way.
var errPacked = errors.New("there already; a pack is not replaced unless --force is given")

// packFolders makes a folder of every pack.
type packFolders struct{ target }

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
// tag manifest.
type packPut struct {
	stage       stage
	tagManifest string
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
	if name == pack.TagManifest {
		p.tagManifest = digestOf(data)
	}
	return p.stage.put(name, data)
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
