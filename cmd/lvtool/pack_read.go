package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
)

// packReadFlags are the flags of every command that reads packs.
func packReadFlags() []cli.Flag {
	return append(identityFlags(),
		&cli.IntFlag{
			Name: "max-entries", Category: limits, Value: 200_000, Usage: "most files and folders of a pack",
		},
		value("max-bytes", limits, "most bytes of a pack's files together (default 64G)"),
	)
}

// A packReader opens packs, wherever they lie.
type packReader struct {
	limits    bag.Limits
	decrypter *decrypter
	// cloud is where packs in S3 are; nil where none is looked for there.
	cloud *cloud
}

// newPackReader reads the flags of [packReadFlags].
func newPackReader(c *cli.Context) (*packReader, error) {
	r := &packReader{limits: bag.Limits{Entries: c.Int("max-entries")}}
	if r.limits.Entries < 1 {
		return nil, usageError("--max-entries %d: want a number above 0", r.limits.Entries)
	}
	if s := c.String("max-bytes"); s != "" {
		if r.limits.Bytes = readCount(s); r.limits.Bytes == 0 {
			return nil, usageError("--max-bytes %s: want a whole number above 0, or one with k, M or G behind it", s)
		}
	}
	var err error
	r.decrypter, err = newDecrypter(c)
	return r, err
}

// A packUse is given what is found of a pack, while the pack is open. Of what
// cannot be looked into there are no contents.
type packUse func(*pack.Verification, *pack.Contents) error

// read verifies the pack of a name and hands it to use. It fails where there is
// nothing that could be verified.
func (r *packReader) read(ctx context.Context, name string, opts *pack.VerifyOptions, use packUse) error {
	open := func(look func(bag.Tree) error) error { return r.open(name, look) }
	if r.cloud != nil && isS3(name) {
		open = func(look func(bag.Tree) error) error { return r.inS3(ctx, name, look) }
	}
	return r.readBy(ctx, name, open, opts, use)
}

// readBy is read of a pack that is opened in some way.
func (r *packReader) readBy(
	ctx context.Context, name string, open func(func(bag.Tree) error) error, opts *pack.VerifyOptions, use packUse,
) error {
	var used error // which is not about this pack
	err := open(func(t bag.Tree) error {
		return verifyTree(ctx, t, r.limits, opts, func(v *pack.Verification, c *pack.Contents) error {
			used = use(v, c)
			return nil
		})
	})
	found, sealed := errors.AsType[*seal.Error](err)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case used != nil:
		return used
	case errors.Is(err, bag.ErrZip):
		return use(unopened(bag.BadZip, err), nil)
	case sealed:
		return use(unopened(bag.Code(found.Code), err), nil)
	case err != nil:
		if _, named := errors.AsType[*s3source.Error](err); named {
			return err
		}
		return fmt.Errorf("%s: %w", filepath.ToSlash(name), unwrapPath(err))
	}
	return nil
}

// verifyTree verifies a pack and hands it to use.
func verifyTree(ctx context.Context, t bag.Tree, l bag.Limits, opts *pack.VerifyOptions, use packUse) error {
	o := *opts
	o.Limits = l
	if _, ok := t.(archivedTree); ok {
		o.Serialized = "application/zip"
	}
	v, contents, err := pack.Read(ctx, t, &o)
	if err != nil {
		return err
	}
	return use(v, contents)
}

// unopened is what is said of an archive that cannot be looked into.
func unopened(code bag.Code, err error) *pack.Verification {
	return &pack.Verification{Kind: pack.KindNone, Checks: []pack.Check{{
		Name: "structure", Verdict: pack.Failed, Words: err.Error(),
		Findings: []bag.Finding{{Code: code, Message: err.Error()}},
	}}}
}

// open opens the folder or archive of a name for as long as use takes.
func (r *packReader) open(name string, use func(bag.Tree) error) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return err
		}
		defer root.Close()
		return use(bag.Folder(root))
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return r.archive(f, info.Size(), use)
}

// archive opens an archive.
func (r *packReader) archive(f io.ReaderAt, size int64, use func(bag.Tree) error) error {
	archive, size, err := r.decrypter.open(f, size)
	if err != nil {
		return err
	}
	tree, err := bag.OpenZip(archive, size, r.limits)
	if err != nil {
		return err
	}
	return use(archivedTree{tree})
}

// An archivedTree is that of a pack in an archive.
type archivedTree struct{ bag.Tree }

// packsIn returns the packs that an argument names: itself, or, of a folder that
// is none, what lies in it.
func packsIn(arg string) ([]string, error) {
	if err := refuseWeb(arg); err != nil {
		return nil, err
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(arg), unwrapPath(err))
	}
	if !info.IsDir() || isBag(arg) {
		return []string{arg}, nil
	}
	list, err := os.ReadDir(arg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(arg), unwrapPath(err))
	}
	var packs []string
	for _, e := range list {
		if mayBePack(e) {
			packs = append(packs, filepath.Join(arg, e.Name()))
		}
	}
	if len(packs) == 0 {
		return []string{arg}, nil // which then is said to be none
	}
	return packs, nil
}

// isBag reports whether a folder is a bag, or was one: any of its tag files may have
// been taken away, which is for the verification to say.
func isBag(folder string) bool {
	for _, name := range []string{"bagit.txt", "bag-info.txt", "manifest-sha256.txt", pack.TagManifest} {
		if info, err := os.Lstat(filepath.Join(folder, name)); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}

// mayBePack reports whether an entry of a folder of packs is a folder or an
// archive, and not a hidden or a linked one.
func mayBePack(e os.DirEntry) bool {
	return e.Type().IsRegular() && isArchiveName(e.Name()) || e.IsDir() && !strings.HasPrefix(e.Name(), ".")
}

func isArchiveName(name string) bool {
	return strings.EqualFold(filepath.Ext(name), ".zip") || isEncryptedName(name)
}
