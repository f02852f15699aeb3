package seal

import (
	"bytes"
	"errors"
	"fmt"
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

// ParseIdentities reads who decrypts: a file that age-keygen wrote, the same
// encrypted by age with a passphrase, or an OpenSSH private key of type Ed25519.
// Passphrase is asked for the passphrase of what is encrypted once it turns out to
// be needed; where it is nil, that is an [ErrPassphrase] at once. The other error
// is [ErrNoIdentity].
func ParseIdentities(text []byte, passphrase func() ([]byte, error)) ([]Identity, error) {
	trimmed := bytes.TrimSpace(text)
	switch {
	case Encrypted(text) || bytes.HasPrefix(trimmed, []byte(armoured)):
		if passphrase == nil {
			return nil, ErrPassphrase
		}
		if !Encrypted(text) {
			text = trimmed
		}
		return []Identity{{lockedFile(text, passphrase)}}, nil
	case bytes.HasPrefix(trimmed, []byte("-----BEGIN")):
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
		l := &lockedKey{}
		if l.key, err = agessh.NewEncryptedSSHIdentity(locked.PublicKey, text, l.asking(passphrase)); err == nil {
			return l, nil
		}
	}
	if err != nil {
		return nil, ErrNoIdentity
	}
	return identity, nil
}
