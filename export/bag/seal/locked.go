package seal

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
)

const (
	// maxWork is the most work that a passphrase may take, as a power of two: one
	// GiB of memory and some seconds. A file says itself how much it takes.
	maxWork = 20
	// maxIdentities bounds a file of identities, in bytes.
	maxIdentities = 1 << 20
	scryptType    = "scrypt"
	armoured      = "-----BEGIN AGE ENCRYPTED FILE-----"
)

// PassphraseNeeded reports whether a file that begins so was encrypted by age with
// a passphrase: [PassphraseIdentity] decrypts it, and nobody else.
func PassphraseNeeded(begin []byte) bool {
	rest, ok := bytes.CutPrefix(begin, []byte("age-encryption.org/v1\n-> "+scryptType+" "))
	return ok && len(rest) > 0
}

// A locked identity is encrypted with a passphrase, which is asked for when it
// turns out to be needed, and once. It is safe for concurrent use.
type locked struct {
	mu   sync.Mutex
	open func() ([]age.Identity, error)

	opened []age.Identity
	err    error
}

// A lockError is why an identity did not open, which is not about the file that
// is to be decrypted.
type lockError struct{ err error }

func (e *lockError) Error() string { return e.err.Error() }

// Unwrap is that of an age.Identity.
func (l *locked) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if !slices.ContainsFunc(stanzas, func(s *age.Stanza) bool { return s.Type != scryptType }) {
		return nil, age.ErrIncorrectIdentity // what a passphrase opens, no key does
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opened == nil && l.err == nil {
		l.opened, l.err = l.open()
	}
	if l.err != nil {
		return nil, &lockError{l.err}
	}
	for _, identity := range l.opened {
		if key, err := identity.Unwrap(stanzas); !errors.Is(err, age.ErrIncorrectIdentity) {
			return key, err
		}
	}
	return nil, age.ErrIncorrectIdentity
}

// lockedFile returns the identities in a file that age encrypted.
func lockedFile(text []byte, passphrase func() ([]byte, error)) *locked {
	return &locked{open: func() ([]age.Identity, error) {
		secret, err := passphrase()
		if err != nil {
			return nil, err
		}
		who, err := PassphraseIdentity(string(secret))
		if err != nil {
			return nil, err
		}
		var from io.Reader = bytes.NewReader(text)
		if bytes.HasPrefix(text, []byte(armoured)) {
			from = armor.NewReader(from)
		}
		plain, err := age.Decrypt(from, who.age)
		if err != nil {
			return nil, ErrPassphrase
		}
		identities, err := age.ParseIdentities(io.LimitReader(plain, maxIdentities))
		if err != nil {
			return nil, ErrNoIdentity
		}
		return identities, nil
	}}
}

// A lockedKey is an OpenSSH key that is encrypted.
type lockedKey struct {
	mu  sync.Mutex
	key *agessh.EncryptedSSHIdentity
	err error
}

// Unwrap is that of an age.Identity.
func (l *lockedKey) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return nil, &lockError{l.err}
	}
	file, err := l.key.Unwrap(stanzas)
	switch {
	case l.err != nil: // which asking for the passphrase has set
		return nil, &lockError{l.err}
	case err != nil && !errors.Is(err, age.ErrIncorrectIdentity):
		l.err = ErrPassphrase
		return nil, &lockError{l.err}
	}
	return file, err
}

// asking returns passphrase, the error of which is kept.
func (l *lockedKey) asking(passphrase func() ([]byte, error)) func() ([]byte, error) {
	return func() ([]byte, error) {
		secret, err := passphrase()
		l.err = err
		return secret, err
	}
}
