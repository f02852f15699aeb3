package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/pipeline"
)

// openPack opens the folder or archive of a pack, and hands its tree to do.
func openPack(name string, l bag.Limits, who []seal.Identity, do func(bag.Tree) error) error {
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
		return do(bag.Folder(root))
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	archive, size, err := decrypting(f, info.Size(), who)
	if err != nil {
		return err
	}
	tree, err := bag.OpenZip(archive, size, l)
	if err != nil {
		return err
	}
	return do(tree)
}

// each does the work of several files at once.
func each(ctx context.Context) func(n int, do func(i int)) {
	return func(n int, do func(int)) {
		work := func(_ context.Context, i int, _ struct{}) struct{} {
			do(i)
			return struct{}{}
		}
		for range pipeline.Map(ctx, runtime.GOMAXPROCS(0), make([]struct{}, n), work) {
		}
	}
}

// withReceived returns options with the check of the log beside a pack, where
// there is one.
func withReceived(opts pack.VerifyOptions, name string) (*pack.VerifyOptions, error) {
	if isS3(name) {
		return &opts, nil
	}
	received, err := readReceived(name)
	if received != nil {
		more := pack.Received(filepath.ToSlash(receivedPath(name)), received)
		opts.More = append(slices.Clip(opts.More), more)
	}
	return &opts, err
}
