package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
)

func newAttachCommand() *cli.Command {
	return &cli.Command{
		Name:      "attach-timestamp",
		Usage:     "put timestamps beside the signatures of a pack",
		ArgsUsage: "PACK [ANSWER.tsr…]",
		Description: `PACK is the folder or the ZIP archive of a pack that is signed, here or in S3, and ANSWER.tsr
what a timestamp authority answered to the query that lvtool pack --tsq-out wrote,
or to one of openssl ts -query. Which signature it is of is found out. With --tsa
the authority is asked now. Nothing that is there is changed: in S3, a timestamp is
written where there is none, and an archive, of 1 GiB at most, put in place of the
one that was read, unless somebody has changed it since.

An encrypted archive is decrypted with --identity and encrypted again; to whom it was
cannot be read from it, so that --encrypt-to must say so once more.

Examples:
   lvtool pack --sign key --tsq-out queries result.json
   curl -H 'Content-Type: application/timestamp-query' --data-binary @queries/ID.sig.tsq \
        -o ID.tsr https://tsa.example.com/
   lvtool pack attach-timestamp --query queries/ID.sig.tsq lvtool-packs/ID ID.tsr
   lvtool pack attach-timestamp s3://BUCKET/packs/ID/ ID.tsr`,
		Flags: slices.Concat([]cli.Flag{
			value("tsa", sealing, "ask the timestamp authority at `URL`; it gets a digest of each signature"),
			value("tsa-ca", sealing, "take only answers of authorities that a certificate in `FILE` vouches for"),
			value("query", sealing, "take only the answer to the query in `FILE.tsq`"),
			kmsFlag(), partFlag(),
		}, identityFlags(), encryptFlags(), packCloudFlags()),
		Action: func(c *cli.Context) error {
			a, err := newAttacher(c)
			if err != nil {
				return err
			}
			return a.run()
		},
	}
}

// An attacher puts timestamps into a pack.
type attacher struct {
	c       *cli.Context
	file    string
	answers []answer
	use     seal.TimestampUse
	// decrypter and to are for an archive that is encrypted.
	decrypter *decrypter
	to        []seal.Recipient
	cloud     *cloud // where a pack in S3 is
}

// An answer is a file that the user got from an authority.
type answer struct {
	file string
	data []byte
	used bool
}

func newAttacher(c *cli.Context) (*attacher, error) {
	files, address := c.Args().Slice(), c.String("tsa")
	switch {
	case len(files) == 0:
		return nil, usageError("pack attach-timestamp: give a PACK")
	case len(files) == 1 && address == "":
		return nil, usageError("pack attach-timestamp: give ANSWER.tsr, or --tsa to ask for one")
	case len(files) > 1 && address != "":
		return nil, usageError("pack attach-timestamp: give either answers or --tsa")
	case c.String("query") != "" && len(files) != 2:
		return nil, usageError("--query: give the one answer to it")
	}
	a := &attacher{c: c, file: files[0]}
	err := a.readEncryption()
	if err != nil {
		return nil, err
	}
	if a.cloud, err = newPackCloud(c); err != nil {
		return nil, err
	}
	if a.use.Roots, err = readRoots(c); err != nil {
		return nil, err
	}
	if file := c.String("query"); file != "" {
		if a.use.Query, err = os.ReadFile(file); err != nil {
			return nil, fmt.Errorf("--query %s: %w", filepath.ToSlash(file), unwrapPath(err))
		}
	}
	for _, file := range files[1:] {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.ToSlash(file), unwrapPath(err))
		}
		a.answers = append(a.answers, answer{file: filepath.ToSlash(file), data: data})
	}
	return a, checkTSA(address)
}

// readEncryption reads the flags that an encrypted archive needs, and no other
// pack takes.
func (a *attacher) readEncryption() (err error) {
	if err := idleEncryption(a.c); err != nil {
		return err
	}
	given := len(a.c.StringSlice("encrypt-to")) > 0
	switch encrypted := isEncryptedName(a.file); {
	case given && !encrypted:
		return usageError("--encrypt-to: %s is not encrypted", packName(a.file))
	case !given && encrypted:
		return usageError("pack attach-timestamp: %s is encrypted: give --encrypt-to, which says who can read it"+
			" afterwards", packName(a.file))
	}
	if a.decrypter, err = newDecrypter(a.c); err != nil {
		return err
	}
	a.to, err = recipients(a.c, a.file)
	return err
}

func readRoots(c *cli.Context) ([]*x509.Certificate, error) {
	file := c.String("tsa-ca")
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--tsa-ca %s: %w", filepath.ToSlash(file), unwrapPath(err))
	}
	roots, err := seal.ParseRoots(text)
	if err != nil {
		return nil, fmt.Errorf("--tsa-ca %s: %w", filepath.ToSlash(file), err)
	}
	return roots, nil
}

func (a *attacher) run() error {
	if isS3(a.file) {
		return a.inS3()
	}
	info, err := os.Stat(a.file)
	if err != nil {
		return a.failed(err)
	}
	if !info.IsDir() {
		return a.archive(info.Size())
	}
	root, err := os.OpenRoot(a.file)
	if err != nil {
		return a.failed(err)
	}
	defer root.Close()
	stamps, err := a.stamps(bag.Folder(root))
	if err != nil {
		return err
	}
	for _, s := range stamps {
		if err := writeNew(root, s.name, s.data); err != nil {
			return a.failed(err)
		}
	}
	a.say(stamps)
	return nil
}

func (a *attacher) failed(err error) error {
	if _, named := errors.AsType[*s3source.Error](err); named {
		return err
	}
	return fmt.Errorf("%s: %w", packName(a.file), unwrapPath(err))
}

// writeNew writes a file that is not there yet, whole or not at all.
func writeNew(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, root.Remove(name))
	}
	return nil
}

func (a *attacher) say(stamps []stamp) {
	for _, s := range stamps {
		sayf(a.c.App.Writer, "%s/%s  %s by %s", strings.TrimRight(packName(a.file), "/"), s.name,
			s.says.Time.Format(time.RFC3339), s.says.Authority)
	}
}
