package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/bag/seal"
)

// encryptedEnd is what the names of encrypted archives end in.
const encryptedEnd = ".zip.age"

func isEncryptedName(name string) bool { return strings.HasSuffix(strings.ToLower(name), encryptedEnd) }

// byPassphrase is the value of --encrypt-to that encrypts with a passphrase.
const byPassphrase = "passphrase"

// encryptPassphrase is the name of a flag.
const encryptPassphrase = "encrypt-passphrase-file" //nolint:gosec // no passphrase

func encryptFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name: "encrypt-to", Category: sealing,
			Usage: "encrypt FILE" + encryptedEnd + " to `RECIPIENT`: age1…, an ssh-ed25519 public key, a file of" +
				" them, or passphrase; can be given again",
		},
		passphraseFileFlag(encryptPassphrase, "--encrypt-to passphrase"),
	}
}

// outputRecipients reads --encrypt-to, which needs an archive as output, and an
// encrypted archive needs it.
func outputRecipients(c *cli.Context) ([]seal.Recipient, error) {
	output := c.String("output")
	given, encrypted := len(c.StringSlice("encrypt-to")) > 0, isEncryptedName(output)
	switch {
	case given && !encrypted:
		return nil, usageError("--encrypt-to: one archive can be encrypted: give -o FILE%s", encryptedEnd)
	case !given && encrypted:
		return nil, usageError("--output %s: give --encrypt-to, which says who can read it", output)
	}
	return recipients(c, output)
}

// recipients reads --encrypt-to, for an archive of a name.
func recipients(c *cli.Context, name string) ([]seal.Recipient, error) {
	given := c.StringSlice("encrypt-to")
	switch {
	case len(given) == 1 && given[0] == byPassphrase:
		return passphraseRecipient(c, name)
	case slices.Contains(given, byPassphrase):
		return nil, usageError("--encrypt-to passphrase: age takes no other recipient beside it")
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

var errNobodyToAsk = errors.New("no terminal to ask on: give --encrypt-passphrase-file")

func passphraseRecipient(c *cli.Context, name string) ([]seal.Recipient, error) {
	p := passphrase{flag: encryptPassphrase, of: filepath.ToSlash(name), locked: errNobodyToAsk, twice: true}
	secret, err := p.read(c)
	if err != nil {
		return nil, fmt.Errorf("--encrypt-to passphrase: %w", err)
	}
	to, err := seal.PassphraseRecipient(string(secret), 0)
	return []seal.Recipient{to}, err
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

const identityPassphrase = "identity-passphrase-file"

func identityFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name: "identity", Category: sealing,
			Usage: "decrypt archives with the age identity or Ed25519 private key in `FILE`; can be given again",
		},
		passphraseFileFlag(identityPassphrase, "identities, or of archives encrypted with one,"),
	}
}

// A decrypter opens encrypted archives. Several goroutines may use it at once.
type decrypter struct {
	identities []seal.Identity
	// passphrase is that of archives which were encrypted with one.
	passphrase func() ([]byte, error)
}

var (
	errLockedIdentity = errors.New("the identity has a passphrase: give --identity-passphrase-file")
	errLockedArchive  = errors.New("it is encrypted with a passphrase: give --identity-passphrase-file")
	errEncrypted      = errors.New("it is encrypted: give --identity")
)

// newDecrypter reads the flags of [identityFlags]. Nothing is asked for yet.
func newDecrypter(c *cli.Context) (*decrypter, error) {
	d := &decrypter{
		passphrase: passphrase{flag: identityPassphrase, of: "the archive", locked: errLockedArchive}.once(c),
	}
	for _, file := range c.StringSlice("identity") {
		name := filepath.ToSlash(file)
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--identity %s: %w", name, unwrapPath(err))
		}
		unlock := passphrase{flag: identityPassphrase, of: name, locked: errLockedIdentity}.once(c)
		some, err := seal.ParseIdentities(text, unlock)
		if err != nil {
			return nil, fmt.Errorf("--identity %s: %w", name, err)
		}
		d.identities = append(d.identities, some...)
	}
	return d, nil
}

// open returns what to read of an archive: the file as it is, or decrypted where
// it is encrypted.
func (d *decrypter) open(f io.ReaderAt, size int64) (io.ReaderAt, int64, error) {
	begin := make([]byte, 64)
	n, err := f.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	switch begin = begin[:n]; {
	case !seal.Encrypted(begin):
		return f, size, nil
	case seal.PassphraseNeeded(begin):
		secret, err := d.passphrase()
		if err != nil {
			return nil, 0, err
		}
		who, err := seal.PassphraseIdentity(string(secret))
		if err != nil {
			return nil, 0, err
		}
		return seal.DecryptAt(f, size, []seal.Identity{who})
	case len(d.identities) == 0:
		return nil, 0, errEncrypted
	}
	return seal.DecryptAt(f, size, d.identities)
}
