package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// A Recipient is whom something can be encrypted to.
type Recipient struct {
	age age.Recipient
}

// An Identity decrypts what was encrypted to its recipient.
type Identity struct {
	age age.Identity
}

// ParseRecipients reads whom to encrypt to, one on each line: age1… as age-keygen
// prints it, or an ssh-ed25519 public key. Empty lines and lines that begin with #
// are passed over. The error is a [*LineError]. Recipients for age's plugins, and
// post-quantum ones (age1pq1…), which older programs cannot read, are not taken.
func ParseRecipients(text []byte) ([]Recipient, error) {
	var recipients []Recipient
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		r, err := parseRecipient(line)
		if err != nil {
			return nil, &LineError{Line: number, Reason: err.Error()}
		}
		recipients = append(recipients, Recipient{r})
	}
	return recipients, nil
}

func parseRecipient(line string) (age.Recipient, error) {
	if strings.HasPrefix(line, "ssh-ed25519 ") {
		r, err := agessh.ParseRecipient(line)
		if err != nil {
			return nil, fmt.Errorf("the ssh-ed25519 key cannot be read")
		}
		return r, nil
	}
	r, err := age.ParseX25519Recipient(line)
	if err != nil {
		// The line is not repeated: it might be an identity, which is secret.
		return nil, fmt.Errorf("it is no recipient: give age1… or an ssh-ed25519 public key")
	}
	return r, nil
}

// ParseIdentities reads who decrypts: a file that age-keygen wrote, or an OpenSSH
// private key of type Ed25519. Passphrase is asked for the passphrase of an
// encrypted key, once it turns out to be needed. The errors are [ErrNoIdentity]
// and [ErrPassphrase].
func ParseIdentities(text []byte, passphrase func() ([]byte, error)) ([]Identity, error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("-----BEGIN")) {
		identity, err := sshIdentity(text, passphrase)
		if err != nil {
			return nil, err
		}
		return []Identity{{identity}}, nil
	}
	parsed, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		return nil, ErrNoIdentity
	}
	identities := make([]Identity, len(parsed))
	for i, p := range parsed {
		identities[i] = Identity{p}
	}
	return identities, nil
}

// ErrNoIdentity says that a file holds no identity.
var ErrNoIdentity = errors.New("no identity: neither AGE-SECRET-KEY-1… nor an OpenSSH private key of type Ed25519")

func sshIdentity(text []byte, passphrase func() ([]byte, error)) (age.Identity, error) {
	identity, err := agessh.ParseIdentity(text)
	if locked, ok := errors.AsType[*ssh.PassphraseMissingError](err); ok && locked.PublicKey != nil {
		if passphrase == nil {
			return nil, ErrPassphrase
		}
		identity, err = agessh.NewEncryptedSSHIdentity(locked.PublicKey, text, passphrase)
	}
	if err != nil {
		return nil, ErrNoIdentity
	}
	return identity, nil
}

// PassphraseRecipient is whoever knows the passphrase. It must be the only
// recipient. The work is the power of two that its scrypt takes, 18 where zero:
// a second on a machine of 2020.
func PassphraseRecipient(passphrase string, work int) (Recipient, error) {
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return Recipient{}, ErrEmptyPassphrase
	}
	if work != 0 {
		r.SetWorkFactor(work)
	}
	return Recipient{r}, nil
}

// PassphraseIdentity is somebody who knows the passphrase.
func PassphraseIdentity(passphrase string) (Identity, error) {
	i, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Identity{}, ErrEmptyPassphrase
	}
	return Identity{i}, nil
}

// ErrEmptyPassphrase says that there is no passphrase to encrypt or decrypt with.
var ErrEmptyPassphrase = errors.New("the passphrase is empty")

// Encrypt returns a writer that encrypts to all of the recipients, in the binary
// form of age. Closing it writes the last block, and does not close dst.
func Encrypt(dst io.Writer, recipients []Recipient) (io.WriteCloser, error) {
	to := make([]age.Recipient, len(recipients))
	for i, r := range recipients {
		to[i] = r.age
	}
	w, err := age.Encrypt(dst, to...)
	if err != nil {
		return nil, fmt.Errorf("encrypting: %s", quiet(err))
	}
	return w, nil
}

// Decrypt returns a reader of what was encrypted to one of the identities. Its
// error, and those of the reader, are an [*Error] where it was not, or was changed
// or cut short. Whoever reads must read to the end before relying on any of it.
func Decrypt(src io.Reader, identities []Identity) (io.Reader, error) {
	by := make([]age.Identity, len(identities))
	for i, d := range identities {
		by[i] = d.age
	}
	from := &source{r: src}
	r, err := age.Decrypt(from, by...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, finding(EncryptionIdentity, "it was not encrypted to any of the identities given")
	}
	if err != nil {
		return nil, from.blame(err)
	}
	return &decrypted{r: r, src: from}, nil
}

// source remembers whether reading failed, so that a broken disk is not taken for
// a broken file.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// blame returns the error of the source, if it had one, and else that of the file.
func (s *source) blame(err error) error {
	if s.err != nil {
		return s.err
	}
	return finding(EncryptionMalformed, "it is not an age file, or it was changed or cut short: %s", quiet(err))
}

type decrypted struct {
	r   io.Reader
	src *source
}

func (d *decrypted) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.src.blame(err)
	}
	return n, err
}
