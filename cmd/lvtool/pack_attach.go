package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
)

func newAttachCommand() *cli.Command {
	return &cli.Command{
		Name:      "attach-timestamp",
		Usage:     "put the answer of a timestamp authority beside the signature that it is of",
		ArgsUsage: "PACK FILE.tsr",
		Description: `PACK is the folder of a signed pack, and FILE.tsr the answer to a query that
pack --tsq-out wrote, got by another way. It is put into the pack if it is a
timestamp of one of its signatures.

Example:
   lvtool pack attach-timestamp packs/SESSION answer.tsr`,
		Flags: []cli.Flag{
			value("tsa-ca", sealing, "the authority must be one that a certificate in `FILE` vouches for"),
		},
		OnUsageError: onUsageError,
		Action:       attach,
	}
}

// attach puts a timestamp into a pack.
func attach(c *cli.Context) error {
	if c.NArg() != 2 {
		return usageError("pack attach-timestamp: give a PACK and a FILE.tsr")
	}
	folder, file := c.Args().Get(0), c.Args().Get(1)
	trust, err := readTrust(c)
	if err != nil {
		return err
	}
	stamp, err := readStamp(file)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(file), unwrapPath(err))
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(folder), unwrapPath(err))
	}
	defer root.Close()
	name, err := attachTo(root, stamp, trust)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(folder), unwrapPath(err))
	}
	sayf(c.App.Writer, "%s", filepath.ToSlash(filepath.Join(folder, name)))
	return nil
}

// maxStamp is how large a timestamp may be.
const maxStamp = 1 << 20

func readStamp(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxStamp+1))
	if err == nil && len(data) > maxStamp {
		err = fmt.Errorf("more than %d bytes", maxStamp)
	}
	return data, err
}

var errUnsigned = errors.New("not a signed pack: " + pack.TagManifest + ".sig is not there")

// attachTo writes a timestamp beside the signature that it is of, and returns
// its name.
func attachTo(root *os.Root, stamp []byte, trust *pack.Trust) (string, error) {
	why := errUnsigned
	for n := 0; ; n++ {
		name := seal.SignatureName(pack.TagManifest, n)
		signature, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return "", why
		}
		if err != nil {
			return "", err
		}
		_, err = seal.VerifyTimestamp(signature, stamp, seal.TimestampUse{Roots: trust.Roots, Now: trust.Now})
		if err != nil {
			why = &exitError{code: exitVerify, err: err}
			continue
		}
		name = seal.TimestampName(name)
		return name, create(root, name, stamp)
	}
}

// create writes a file that is not there yet, whole or not at all.
func create(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("%s: %w", name, unwrapPath(err))
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, unwrapPath(err)), root.Remove(name))
	}
	return nil
}
