package seal

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Use is what a signature is checked for.
type Use struct {
	// Namespace is the purpose that the signature must have been made for.
	Namespace string
	// Identity is the name that the allowed signers must give the key, as
	// ssh-keygen -Y verify takes it by -I. Where empty, any line with the key
	// will do, as for ssh-keygen -Y find-principals.
	Identity string
	// Time is when the signature was made, as far as the caller can rely on
	// that: the time of a verified timestamp, else that of the check. Where it
	// is zero, keys that are allowed for a time only are not accepted.
	Time time.Time
}

// Signature is what a good signature says.
type Signature struct {
	// Key is the SHA-256 fingerprint of the key, and KeyType its type, such as
	// ssh-ed25519.
	Key, KeyType string
	// Principals are the names that the allowed signers give the key, or the
	// authority that certified it. They may be patterns.
	Principals string
	// Line is the line of the allowed signers, from 1.
	Line int
}

// Verify checks an armoured signature of the message: that it is one, was made
// for the namespace, of this message, by a key that the list allows for the use.
// The error is an [*Error]; the signature says which key made it as far as is
// known.
func (a *AllowedSigners) Verify(message, armoured []byte, use Use) (Signature, error) {
	sig, err := checked(message, armoured, use.Namespace)
	if err != nil {
		return Signature{}, err
	}
	got := describe(sig.PublicKey)
	line, err := a.allow(sig.PublicKey, use)
	if err != nil {
		return got, err
	}
	got.Line, got.Principals = line.line, line.principals
	return got, nil
}

// SignedBy checks that an armoured signature was made for the namespace, of this
// message, by the key that it holds, whoever's that is. It says nothing about
// whether that key is to be trusted: anybody can make a key.
func SignedBy(message, armoured []byte, namespace string) (Signature, error) {
	sig, err := checked(message, armoured, namespace)
	if err != nil {
		return Signature{}, err
	}
	return describe(sig.PublicKey), nil
}

func describe(key ssh.PublicKey) Signature {
	return Signature{Key: fingerprint(key), KeyType: key.Type()}
}

func checked(message, armoured []byte, namespace string) (*sshsig.Signature, error) {
	sig, err := unarmour(armoured)
	if err != nil {
		return nil, err
	}
	if checkKey(sig.PublicKey) != nil {
		return nil, finding(SignatureUnsupported, "the signature is by a %s key of a size or kind that is not accepted",
			sig.PublicKey.Type())
	}
	if sig.Namespace != namespace {
		return nil, finding(SignatureNamespace, "the signature was made for %s, not for %s",
			quote(sig.Namespace), quote(namespace))
	}
	err = sshsig.Verify(bytes.NewReader(message), sig, sig.PublicKey, sig.HashAlgorithm, namespace)
	if err != nil {
		return nil, finding(SignatureMismatch, "the signature by %s is not of this file: one of them was changed",
			fingerprint(sig.PublicKey))
	}
	return sig, nil
}

// allow returns the first line that allows the key. Where none does, the error is
// that of the line that came closest.
func (a *AllowedSigners) allow(key ssh.PublicKey, use Use) (allowed, error) {
	var closest error = finding(KeyNotAllowed, "the key %s is not among the allowed signers", fingerprint(key))
	best := 0
	for _, line := range a.lines {
		if !line.has(key) {
			continue
		}
		met, err := line.allow(key, use)
		if err == nil {
			return line, nil
		}
		if met > best {
			best, closest = met, err
		}
	}
	return allowed{}, closest
}

// has reports whether the line is of the key, or of the authority that certified
// it.
func (a *allowed) has(key ssh.PublicKey) bool {
	if cert, ok := key.(*ssh.Certificate); ok {
		return a.authority && same(a.key, cert.SignatureKey)
	}
	return !a.authority && same(a.key, key)
}

// allow returns how many of the demands of the line are met, counting the key,
// and what is wrong with the next.
func (a *allowed) allow(key ssh.PublicKey, use Use) (int, error) {
	print := fingerprint(key)
	if use.Identity != "" && !matches(a.principals, use.Identity) {
		return 1, finding(KeyNotAllowed, "line %d of the allowed signers has the key %s, but not for %s",
			a.line, print, quote(use.Identity))
	}
	if a.namespaces != "" && !matches(a.namespaces, use.Namespace) {
		return 2, finding(KeyNotAllowed, "line %d of the allowed signers has the key %s, but not for the namespace %s",
			a.line, print, quote(use.Namespace))
	}
	if err := a.inTime(print, use.Time); err != nil {
		return 3, err
	}
	if cert, ok := key.(*ssh.Certificate); ok {
		return 4, a.certify(cert, use)
	}
	return 4, nil
}

func (a *allowed) inTime(key string, at time.Time) error {
	bounded := !a.after.IsZero() || !a.before.IsZero()
	switch {
	case bounded && at.IsZero():
		return finding(KeyTimeUnknown, "the key %s is allowed for a time only, and when it signed is not known", key)
	case !a.after.IsZero() && at.Before(a.after):
		return finding(KeyNotYetValid, "the key %s is allowed from %s, after %s", key, utc(a.after), utc(at))
	case !a.before.IsZero() && at.After(a.before):
		return finding(KeyExpired, "the key %s is allowed until %s, before %s", key, utc(a.before), utc(at))
	}
	return nil
}

// certify checks a certificate by the authority of the line: that it holds, and is
// for a name that the line takes and that is the one asked for.
func (a *allowed) certify(cert *ssh.Certificate, use Use) error {
	i := slices.IndexFunc(cert.ValidPrincipals, func(name string) bool {
		return matches(a.principals, name) && (use.Identity == "" || use.Identity == name)
	})
	switch {
	case cert.CertType != ssh.UserCert:
		return finding(KeyCertificate, "the certificate of the key is not for people")
	case i < 0:
		return finding(KeyCertificate, "the certificate of the key is for no name that line %d takes", a.line)
	case use.Time.IsZero():
		return finding(KeyTimeUnknown, "the key is certified for a time only, and when it signed is not known")
	}
	checker := ssh.CertChecker{Clock: func() time.Time { return use.Time }}
	if err := checker.CheckCert(cert.ValidPrincipals[i], cert); err != nil {
		return finding(KeyCertificate, "the certificate of the key does not hold: %s", quiet(err))
	}
	return nil
}

func same(a, b ssh.PublicKey) bool { return bytes.Equal(a.Marshal(), b.Marshal()) }

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// quote returns what came from the input as a string that is safe to print.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%+q…", s[:most])
	}
	return fmt.Sprintf("%+q", s)
}

// quiet returns the message of an error of a library without the name of the
// library, safe to print.
func quiet(err error) string {
	text := err.Error()
	for _, name := range []string{"ssh: ", "x509: ", "asn1: ", "age: "} {
		text = strings.TrimPrefix(text, name)
	}
	text = fmt.Sprintf("%+q", text)
	return text[1 : len(text)-1]
}
