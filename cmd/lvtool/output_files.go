package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lvtool/lvtool/export"
)

// check looks at the files of the folder name. What a report lists comes from
// outside: no name leads out of the folder.
func (o *dirTarget) check(_ context.Context, name string, outputs []export.Output, deep bool) error {
	root, err := os.OpenRoot(filepath.Join(o.dir, name))
	if err != nil {
		return unwrapPath(err)
	}
	defer root.Close()
	for _, out := range outputs {
		if err := checkFile(root, out, deep); err != nil {
			return fmt.Errorf("%s: %w", out.File, unwrapPath(err))
		}
	}
	return nil
}

func checkFile(root *os.Root, out export.Output, deep bool) error {
	info, err := root.Lstat(out.File)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() != int64(out.Bytes):
		return fmt.Errorf("it has %d bytes, not %d", info.Size(), out.Bytes)
	case !deep:
		return nil
	}
	f, err := root.Open(out.File)
	if err != nil {
		return err
	}
	defer f.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, f); err != nil {
		return err
	}
	if hex.EncodeToString(digest.Sum(nil)) != out.SHA256 {
		return errors.New("its digest is another than the report's")
	}
	return nil
}
