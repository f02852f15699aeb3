package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

func newPackExpireCommand() *cli.Command {
	return &cli.Command{
		Name:      "expire",
		Usage:     "list packs by how long they must be kept, and delete those that are due",
		ArgsUsage: "DIR",
		Description: `DIR is a folder of packs, folders or ZIP archives. Each is verified, and said to be

   due         the day of its Retain-Until is over, in UTC
   retained    it is not
   held        it has a Legal-Hold, which wins over any day
   undated     it has no Retain-Until
   unverified  it did not pass, or is no pack: see lvtool verify

Nothing is deleted without --delete, and then only what is due. A pack that is
deleted vanishes at once, whole. FILE of --receipt then says which were: by the
digests of their tag manifests, with no name and no session id. It appears when
they are gone; --sign signs it, to FILE.sig in the namespace ` + receiptNamespace + `. If the
run is stopped, the same command again goes on, and its receipt has all of them.

Symbolic links are not followed. The exit code is 3 where a pack is unverified.

Examples:
   lvtool pack expire packs
   lvtool pack expire --delete --receipt 2031-12.json --sign key packs`,
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "delete", Usage: "delete the packs that are due"},
			value("receipt", "", "write which packs were deleted to `FILE`, which must not exist"),
			&cli.BoolFlag{Name: "json", Usage: "print one line of JSON a pack on standard output"},
			signFlag(), passphraseFlag(),
		}, trustFlags(), packReadFlags()),
		Action: func(c *cli.Context) error {
			e := &expiry{c: c, now: clock(c.Context)()}
			return e.run()
		},
	}
}

// An expiry is one run of the command pack expire.
type expiry struct {
	c      *cli.Context
	now    time.Time
	reader *packReader
	opts   pack.VerifyOptions
	root   *os.Root // of the folder of packs
	packs  []*kept
}

// A kept pack lies in the folder.
type kept struct {
	name string
	// is is what was verified.
	is      fs.FileInfo
	state   pack.Retention
	until   time.Time
	digest  string
	deleted bool
}

func (e *expiry) run() error {
	if err := e.misused(); err != nil {
		return err
	}
	var err error
	if e.opts.Trust, err = readTrust(e.c); err != nil {
		return err
	}
	if e.reader, err = newPackReader(e.c); err != nil {
		return err
	}
	dir := e.c.Args().First()
	if e.root, err = os.OpenRoot(dir); err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(dir), unwrapPath(err))
	}
	defer e.root.Close()
	if _, err := e.root.Lstat("bagit.txt"); err == nil {
		return usageError("pack expire: %s is a pack itself: give the folder that it lies in", filepath.ToSlash(dir))
	}
	if !e.c.Bool("delete") {
		err = e.list()
	} else {
		err = e.delete()
	}
	return errors.Join(e.say(), err, e.unverified(err))
}

func (e *expiry) misused() error {
	deletes, receipt := e.c.Bool("delete"), e.c.String("receipt")
	switch {
	case e.c.NArg() != 1:
		return usageError("pack expire: give one folder of packs")
	case isS3(e.c.Args().First()):
		err := usageError("pack expire: %s: DIR is a folder of this machine; in S3, the versions and locks of the"+
			" bucket decide what is gone", e.c.Args().First())
		err.hint = "lvtool verify --json says until when each pack is kept; delete with the tools of the bucket"
		return err
	case deletes && receipt == "":
		return usageError("--delete: give --receipt FILE too, which will say what was deleted")
	case idleSeal(e.c) != nil:
		return idleSeal(e.c)
	case !deletes && (receipt != "" || len(e.c.StringSlice("sign")) > 0):
		return usageError("--receipt and --sign are about what is deleted: give --delete too")
	}
	return nil
}

// list verifies all packs.
func (e *expiry) list() error {
	entries, err := fs.ReadDir(e.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("%s: %w", e.address(""), unwrapPath(err))
	}
	for _, entry := range entries {
		if !mayBePack(entry) {
			continue
		}
		k := &kept{name: entry.Name()}
		open := func(look func(bag.Tree) error) error { return e.open(k, look) }
		err := e.reader.readBy(e.c.Context, e.address(k.name), open, &e.opts,
			func(v *pack.Verification, _ *pack.Contents) error {
				k.state, k.until = v.Retention(e.now)
				k.digest = v.TagManifest
				return nil
			})
		if e.c.Err() != nil {
			return e.c.Err()
		}
		if err != nil {
			k.state = pack.Unverified // it cannot be read
		}
		e.packs = append(e.packs, k)
	}
	return nil
}

func (e *expiry) address(name string) string {
	return path.Join(filepath.ToSlash(e.c.Args().First()), name)
}

// open opens a pack in the folder, and follows no link to it.
func (e *expiry) open(k *kept, look func(bag.Tree) error) error {
	listed, err := e.root.Lstat(k.name)
	if err != nil {
		return err
	}
	f, err := e.root.OpenFile(k.name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if k.is, err = f.Stat(); err != nil {
		return err
	}
	if !os.SameFile(listed, k.is) {
		return bag.ErrChanged
	}
	if !k.is.IsDir() {
		return e.reader.archive(f, k.is.Size(), look)
	}
	root, err := e.root.OpenRoot(k.name)
	if err != nil {
		return err
	}
	defer root.Close()
	return look(bag.Folder(root))
}

// unverified says how many packs did not pass, where nothing else went wrong.
func (e *expiry) unverified(err error) error {
	n := 0
	for _, k := range e.packs {
		if k.state == pack.Unverified {
			n++
		}
	}
	if n == 0 || err != nil {
		return nil
	}
	return &exitError{code: exitVerify, err: fmt.Errorf("%d of %s did not pass", n, count(len(e.packs), "pack"))}
}

// say writes what became of each pack.
func (e *expiry) say() error {
	w := e.c.App.Writer
	for _, k := range e.packs {
		until := ""
		if !k.until.IsZero() {
			until = k.until.Format(time.DateOnly)
		}
		if e.c.Bool("json") {
			err := json.NewEncoder(asciiControls{w}).Encode(struct {
				Pack        string         `json:"pack"`
				TagManifest string         `json:"tagmanifest_sha256,omitempty"`
				State       pack.Retention `json:"state"`
				RetainUntil string         `json:"retain_until,omitempty"`
				Deleted     bool           `json:"deleted"`
			}{e.address(k.name), k.digest, k.state, until, k.deleted})
			if err != nil {
				return err
			}
			continue
		}
		words := string(k.state)
		if until != "" {
			words += ", to be kept until " + until
		}
		if k.deleted {
			words += ": deleted"
		}
		sayf(w, "%s  %s", e.address(k.name), words)
	}
	return nil
}

var errOtherPack = errors.New("it is no longer what was verified")

// remove makes a pack vanish at once, and then deletes it. It reports whether
// the pack has vanished.
func (e *expiry) remove(ctx context.Context, k *kept) (bool, error) {
	hidden := expiredName(k.digest)
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if _, err := e.root.Lstat(hidden); !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("%s: %w", hidden, fs.ErrExist)
	}
	if err := e.root.Rename(k.name, hidden); err != nil {
		return false, err
	}
	if is, err := e.root.Lstat(hidden); err != nil || !os.SameFile(is, k.is) {
		return false, errors.Join(errOtherPack, err, e.root.Rename(hidden, k.name))
	}
	return true, e.root.RemoveAll(hidden)
}
