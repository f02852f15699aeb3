package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

func newPackExpireCommand() *cli.Command {
	return &cli.Command{
		Name:      "expire",
		Usage:     "list packs by how long they must be kept, and delete those that are due",
		ArgsUsage: "DIR",
		Description: `DIR is a folder of packs, folders or ZIP archives, here or s3://BUCKET/PREFIX/. Each is
verified, and said to be

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

In S3, all versions of a pack's objects are deleted, and their delete markers, by
their ids; the receipt says how many. Nothing of a pack is deleted where S3 Object
Lock holds a version, or where an object lies that the pack does not list, in
whatever version: what stays is said. Files go one by one there: while they do, a
mark lies beside the pack, by which any later run knows half a pack, and deletes
its rest. The caller needs s3:ListBucket, s3:GetObject, s3:PutObject,
s3:ListBucketVersions, s3:DeleteObjectVersion, s3:GetBucketObjectLockConfiguration,
and with Object Lock s3:DeleteObject, s3:GetObjectRetention and s3:GetObjectLegalHold.

Symbolic links are not followed; a log beside a pack (PACK` + pack.ReceivedEnd + `) stays.
The exit code is 3 where a pack is unverified.

Examples:
   lvtool pack expire packs
   lvtool pack expire --delete --receipt 2031-12.json --sign key packs
   lvtool pack expire --delete --receipt 2031-12.json s3://BUCKET/packs/`,
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "delete", Usage: "delete the packs that are due"},
			value("receipt", "", "write which packs were deleted to `FILE`, which must not exist"),
			&cli.BoolFlag{Name: "json", Usage: "print one line of JSON a pack on standard output"},
			signFlag(), passphraseFlag(), kmsFlag(),
		}, trustFlags(), packReadFlags(), packCloudFlags()),
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
	shelf  shelf
	plan   *receipt // of a run that was stopped
	packs  []*kept
}

// A kept pack lies on the shelf.
type kept struct {
	name    string
	state   pack.Retention
	until   time.Time
	digest  string
	deleted bool
	// versions counts what was deleted of it in S3, delete markers too; stays are
	// the versions there that cannot be deleted.
	versions int
	stays    []string
	// is is what was verified of a folder or a file, objects that of a prefix.
	is      fs.FileInfo
	objects map[string]s3source.Entry
	// mark is that of a deletion in S3 that was begun; half says that something is
	// gone, and gone that all is.
	mark       *deletionMark
	half, gone bool
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
	if e.shelf, err = newShelf(e); err != nil {
		return err
	}
	defer e.shelf.close()
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
	ctx := e.c.Context
	all, err := e.shelf.list(ctx)
	if err != nil {
		return err
	}
	for _, k := range all {
		if k.state == "" {
			open := func(look func(bag.Tree) error) error { return e.shelf.open(ctx, k, look) }
			err = e.reader.readBy(ctx, e.shelf.address(k.name), open, &e.opts, e.look(k))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			k.state = pack.Unverified // it cannot be read
		}
		if err := e.shelf.begun(ctx, k); err != nil {
			return err
		}
		e.packs = append(e.packs, k)
	}
	e.packs = append(e.packs, e.shelf.gone()...)
	return nil
}

// look returns what takes in what was verified of a pack.
func (e *expiry) look(k *kept) packUse {
	return func(v *pack.Verification, _ *pack.Contents) error {
		k.state, k.until = v.Retention(e.now)
		k.digest = v.TagManifest
		return nil
	}
}

// checked reports whether it is known that a pack, of which only a part is left, had
// the signature and the timestamp that are asked for: they were looked at before
// it was planned to delete it.
func (e *expiry) checked(digest string) bool {
	t := e.opts.Trust
	if !t.RequireSignature && t.AllowedSigners == nil && t.Roots == nil {
		return true
	}
	return e.plan != nil && slices.ContainsFunc(e.plan.Packs, func(p deletedPack) bool {
		return p.TagManifest == digest
	})
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
