package seal

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"strings"

	"golang.org/x/crypto/ssh"
)

// minRSABits is the shortest RSA key accepted, by NIST SP 800-131A rev. 2.
const minRSABits = 2048

// Errors of private keys.
var (
	ErrNoKey      = errors.New("no private key in a form of OpenSSH, PKCS #1, PKCS #8 or SEC 1")
	ErrPassphrase = errors.New("the passphrase does not open the private key or identity")
	ErrWeakKey    = errors.New("keys of this kind or size are not accepted: use Ed25519, ECDSA, or RSA of 2048 bits")
)

// A Signer is a private key that can sign, wherever it is: see [ParseKey],
// [AgentKey] and [NewSigner].
type Signer struct {
	key ssh.Signer
}

// NewSigner makes a signer of a key that some library or service holds: Ed25519,
// ECDSA on a NIST curve, or RSA. The error is [ErrWeakKey].
func NewSigner(key crypto.Signer) (*Signer, error) {
	s, err := ssh.NewSignerFromSigner(key)
	if err != nil {
		return nil, ErrWeakKey
	}
	return newSigner(s)
}

func newSigner(key ssh.Signer) (*Signer, error) {
	if err := checkKey(key.PublicKey()); err != nil {
		return nil, err
	}
	return &Signer{key}, nil
}

// Key returns the SHA-256 fingerprint of the key as ssh-keygen -l prints it.
func (s *Signer) Key() string { return fingerprint(s.key.PublicKey()) }

// Public returns the public key in one line, without a comment: what stands after
// the name in a list of allowed signers.
func (s *Signer) Public() string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(s.key.PublicKey())))
}

func fingerprint(key ssh.PublicKey) string {
	if cert, ok := key.(*ssh.Certificate); ok {
		key = cert.Key
	}
	return ssh.FingerprintSHA256(key)
}

// ParseKey reads a private key as ssh-keygen writes it, or as openssl does.
// Passphrase is asked for the passphrase if the key is encrypted; where it is nil,
// that is an error. The errors are [ErrNoKey], [ErrPassphrase], [ErrWeakKey] and
// what passphrase returns. A key that stays in a hardware token cannot be read:
// use it through an agent.
func ParseKey(text []byte, passphrase func() ([]byte, error)) (*Signer, error) {
	key, err := ssh.ParsePrivateKey(text)
	if _, locked := errors.AsType[*ssh.PassphraseMissingError](err); locked {
		key, err = unlock(text, passphrase)
		if err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, ErrNoKey
	}
	return newSigner(key)
}

func unlock(text []byte, passphrase func() ([]byte, error)) (ssh.Signer, error) {
	if passphrase == nil {
		return nil, ErrPassphrase
	}
	secret, err := passphrase()
	if err != nil {
		return nil, err
	}
	key, err := ssh.ParsePrivateKeyWithPassphrase(text, secret)
	if err != nil {
		return nil, ErrPassphrase
	}
	return key, nil
}

// checkKey refuses keys that should no longer be relied on.
func checkKey(key ssh.PublicKey) error {
	if cert, ok := key.(*ssh.Certificate); ok {
		key = cert.Key
	}
	switch key.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
		ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521:
		return nil
	case ssh.KeyAlgoRSA:
		return checkRSA(key)
	}
	return ErrWeakKey
}

func checkRSA(key ssh.PublicKey) error {
	parsed, err := ssh.ParsePublicKey(key.Marshal()) // that of an agent does not show its numbers
	if err != nil {
		return ErrWeakKey
	}
	c, ok := parsed.(ssh.CryptoPublicKey)
	if !ok {
		return ErrWeakKey
	}
	if k, ok := c.CryptoPublicKey().(*rsa.PublicKey); !ok || k.N.BitLen() < minRSABits {
		return ErrWeakKey
	}
	return nil
}
