package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/lvtool/lvtool/export/bag"
)

// A shelf is where packs lie, of which some may be deleted.
type shelf interface {
	// list returns the packs by name, not looked at yet.
	list(ctx context.Context) ([]*kept, error)
	// open opens a pack; what is deleted later is what was seen then.
	open(ctx context.Context, k *kept, look func(bag.Tree) error) error
	// begun finds out about a pack that was verified whether its deletion was begun.
	begun(ctx context.Context, k *kept) error
	// gone returns what is left of packs of which nothing is.
	gone() []*kept
	// check says, as an error, why a pack that is due cannot be deleted.
	check(ctx context.Context, k *kept) error
	// remove deletes a pack. It reports whether a part of it is gone, so that it is
	// no whole pack any more.
	remove(ctx context.Context, k *kept) (gone bool, err error)
	// sweep deletes the rest of packs that have vanished.
	sweep(plan *receipt) error
	// sync has it written down that packs are gone.
	sync()
	// address returns what a pack is called in messages.
	address(name string) string
	close()
}

// newShelf returns the shelf that the command line names.
func newShelf(e *expiry) (shelf, error) {
	dir := e.c.Args().First()
	if isS3(dir) {
		return newS3Shelf(e, dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(dir), unwrapPath(err))
	}
	d := &dirShelf{root: root, dir: filepath.ToSlash(dir), reader: e.reader}
	if _, err := root.Lstat("bagit.txt"); err == nil {
		d.close()
		return nil, isPackError(d.dir)
	}
	return d, nil
}

func isPackError(address string) error {
	return usageError("pack expire: %s is a pack itself: give the folder that it lies in", address)
}

// A dirShelf is a folder of packs.
type dirShelf struct {
	root   *os.Root
	dir    string
	reader *packReader
}

func (d *dirShelf) address(name string) string { return path.Join(d.dir, name) }

func (d *dirShelf) close() { _ = d.root.Close() } // nothing was written to it

func (d *dirShelf) list(context.Context) ([]*kept, error) {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.dir, unwrapPath(err))
	}
	var all []*kept
	for _, entry := range entries {
		if mayBePack(entry) {
			all = append(all, &kept{name: entry.Name()})
		}
	}
	return all, nil
}

// open opens a pack in the folder, and follows no link to it.
func (d *dirShelf) open(_ context.Context, k *kept, look func(bag.Tree) error) error {
	listed, err := d.root.Lstat(k.name)
	if err != nil {
		return err
	}
	f, err := d.root.OpenFile(k.name, os.O_RDONLY|openFlags, 0)
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
		return d.reader.archive(f, k.is.Size(), look)
	}
	root, err := d.root.OpenRoot(k.name)
	if err != nil {
		return err
	}
	defer root.Close()
	return look(bag.Folder(root))
}

// begun finds nothing: here, packs vanish at once.
func (*dirShelf) begun(context.Context, *kept) error { return nil }

func (*dirShelf) gone() []*kept { return nil }

func (*dirShelf) check(context.Context, *kept) error { return nil }

var errOtherPack = errors.New("it is no longer what was verified")

// remove makes a pack vanish at once, and then deletes it.
func (d *dirShelf) remove(ctx context.Context, k *kept) (bool, error) {
	hidden := expiredName(k.digest)
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if _, err := d.root.Lstat(hidden); !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("%s: %w", hidden, fs.ErrExist)
	}
	if err := d.root.Rename(k.name, hidden); err != nil {
		return false, err
	}
	if is, err := d.root.Lstat(hidden); err != nil || !os.SameFile(is, k.is) {
		return false, errors.Join(errOtherPack, err, d.root.Rename(hidden, k.name))
	}
	return true, d.root.RemoveAll(hidden)
}

func (d *dirShelf) sweep(plan *receipt) error {
	for _, p := range plan.Packs {
		if err := d.root.RemoveAll(expiredName(p.TagManifest)); err != nil {
			return fmt.Errorf("deleting %s: %w", d.address(expiredName(p.TagManifest)), unwrapPath(err))
		}
	}
	return nil
}

// sync has the system write down that packs are gone. Not every system can.
func (d *dirShelf) sync() {
	if f, err := d.root.Open("."); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}
