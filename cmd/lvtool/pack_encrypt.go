package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag/seal"
)

// encryptedEnd is what the names of encrypted archives end in.
const encryptedEnd = ".zip.age"

func isEncryptedName(name string) bool { return strings.HasSuffix(strings.ToLower(name), encryptedEnd) }

func encryptFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "encrypt-to", Category: sealing,
		Usage: "encrypt FILE" + encryptedEnd + " to `RECIPIENT`: age1…, an ssh-ed25519 public key, or a file of them;" +
			" can be given again",
	}
}

// recipients reads --encrypt-to, which needs an archive as output, and an encrypted
// archive needs it.
func recipients(c *cli.Context) ([]seal.Recipient, error) {
	given, encrypted := c.StringSlice("encrypt-to"), isEncryptedName(c.String("output"))
	switch {
	case len(given) > 0 && !encrypted:
		return nil, usageError("--encrypt-to: one archive can be encrypted: give -o FILE%s", encryptedEnd)
	case len(given) == 0 && encrypted:
		return nil, usageError("--output %s: give --encrypt-to, which says who can read it", c.String("output"))
	}
	var all []seal.Recipient
	for _, to := range given {
		text := []byte(to)
		if !strings.HasPrefix(to, "age1") && !strings.HasPrefix(to, "ssh-") {
			var err error
			if text, err = os.ReadFile(to); err != nil {
				return nil, fmt.Errorf("--encrypt-to %s: %w", filepath.ToSlash(to), unwrapPath(err))
			}
		}
		some, err := seal.ParseRecipients(text)
		if err == nil && len(some) == 0 {
			err = errors.New("there is no recipient in it")
		}
		if err != nil {
			return nil, usageError("--encrypt-to %.40s: %v", cmp.Or(filepath.ToSlash(to), `""`), err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// archiveWriter returns what to write an archive to: the file, encrypting where
// there are recipients. Closing it does not close the file.
func archiveWriter(f io.Writer, to []seal.Recipient) (io.WriteCloser, error) {
	if len(to) == 0 {
		return keepOpen{f}, nil
	}
	return seal.Encrypt(f, to)
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

func identityFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "identity", Category: sealing,
		Usage: "decrypt archives with the age identity or Ed25519 private key in `FILE`; can be given again",
	}
}

// identities reads the files that --identity names.
func identities(c *cli.Context) ([]seal.Identity, error) {
	var all []seal.Identity
	for _, file := range c.StringSlice("identity") {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--identity %s: %w", filepath.ToSlash(file), unwrapPath(err))
		}
		some, err := seal.ParseIdentities(text, nil)
		if errors.Is(err, seal.ErrPassphrase) {
			err = errors.New("it is encrypted: give one that is not, or decrypt the archive with age -d")
		}
		if err != nil {
			return nil, fmt.Errorf("--identity %s: %w", filepath.ToSlash(file), err)
		}
		all = append(all, some...)
	}
	return all, nil
}

var errEncrypted = errors.New("it is encrypted: give --identity")

// decrypting returns what to read of an archive: the file as it is, or decrypted
// where it is encrypted.
func decrypting(f io.ReaderAt, size int64, who []seal.Identity) (io.ReaderAt, int64, error) {
	begin := make([]byte, 64)
	n, err := f.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	switch {
	case !seal.Encrypted(begin[:n]):
		return f, size, nil
	case len(who) == 0:
		return nil, 0, errEncrypted
	}
	return seal.DecryptAt(f, size, who)
}
