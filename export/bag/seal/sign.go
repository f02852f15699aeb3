package seal

import (
	"bytes"
	"fmt"

	"github.com/hiddeco/sshsig"
)

// Namespace is what lvtool signs for. A signature made for another purpose does
// not stand for a pack, even if it is of the same bytes.
const Namespace = "lvtool-pack@v1"

// SignatureName returns the name of the nth signature of a file, from 0, and
// TimestampName that of the timestamp of a signature. Every signature is a file
// of its own, since ssh-keygen reads the first of a file only.
//
//	tagmanifest-sha256.txt.sig      the first signature
//	tagmanifest-sha256.txt.sig.2    the second
//	tagmanifest-sha256.txt.sig.tsr  the timestamp of the first
func SignatureName(file string, n int) string {
	if n == 0 {
		return file + ".sig"
	}
	return fmt.Sprintf("%s.sig.%d", file, n+1)
}

// TimestampName returns the name of the timestamp of a signature.
func TimestampName(signature string) string { return signature + ".tsr" }

// Sign returns the signature of the message, armoured, as ssh-keygen -Y sign
// makes it for the namespace: over the SHA-512 digest of the message. The same
// signer makes the same signature of the same message, unless its key is in a
// hardware token, or in an agent or service that does otherwise.
func Sign(message []byte, namespace string, by *Signer) ([]byte, error) {
	// Without a source of random numbers ECDSA signs by RFC 6979.
	sig, err := sshsig.SignWithRand(bytes.NewReader(message), nil, by.key, sshsig.HashSHA512, namespace)
	if err != nil {
		return nil, fmt.Errorf("signing with %s: %w", by.Key(), err)
	}
	return sshsig.Armor(sig), nil
}
