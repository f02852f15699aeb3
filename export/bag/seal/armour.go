package seal

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// maxArmour is how long an armoured signature may be. One with an RSA key of
// 16,384 bits takes 6 kB.
const maxArmour = 64 << 10

const (
	armourBegin = "-----BEGIN SSH SIGNATURE-----\n"
	armourEnd   = "-----END SSH SIGNATURE-----\n"
)

// unarmour reads a signature. It takes only the text that would be written for
// it, at the line lengths in use (70 by ssh-keygen, 64 and 76 by others), so that
// no byte of the file can be changed without being found.
func unarmour(text []byte) (*sshsig.Signature, error) {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return nil, finding(SignatureMissing, "there is no signature")
	case len(text) > maxArmour:
		return nil, finding(SignatureMalformed, "the signature is longer than %d bytes", maxArmour)
	}
	body, ok := strings.CutPrefix(string(text), armourBegin)
	if !ok {
		return nil, finding(SignatureMalformed, "the signature does not begin with %q", armourBegin)
	}
	if body, ok = strings.CutSuffix(body, armourEnd); !ok {
		return nil, finding(SignatureMalformed, "the signature does not end with %q", armourEnd)
	}
	blob, err := base64.StdEncoding.Strict().DecodeString(body)
	if err != nil || !wrapped(body, blob) {
		return nil, finding(SignatureMalformed, "the signature is not in lines of 64, 70 or 76 letters of Base64")
	}
	return parseBlob(blob)
}

// wrapped reports whether body is blob in Base64, at one of the line lengths.
func wrapped(body string, blob []byte) bool {
	letters := base64.StdEncoding.EncodeToString(blob)
	for _, width := range []int{64, 70, 76} {
		if wrap(letters, width) == body {
			return true
		}
	}
	return false
}

func wrap(letters string, width int) string {
	var b strings.Builder
	for len(letters) > width {
		b.WriteString(letters[:width] + "\n")
		letters = letters[width:]
	}
	b.WriteString(letters + "\n")
	return b.String()
}

func parseBlob(blob []byte) (*sshsig.Signature, error) {
	sig, err := sshsig.ParseSignature(blob)
	if err != nil {
		return nil, finding(SignatureMalformed, "the signature cannot be read: %s", quiet(err))
	}
	// What the signature does not cover must be as it is always written.
	if !bytes.Equal(sig.Marshal(), blob) {
		return nil, finding(SignatureMalformed, "the signature holds more than a signature does")
	}
	if len(sig.Signature.Rest) > 0 && !securityKey(sig.PublicKey) {
		return nil, finding(SignatureMalformed, "the signature goes on after its end")
	}
	return sig, nil
}

// securityKey reports whether the private half of the key is in a hardware token,
// whose signatures also hold flags and a counter.
func securityKey(key ssh.PublicKey) bool {
	if cert, ok := key.(*ssh.Certificate); ok {
		key = cert.Key
	}
	return key.Type() == ssh.KeyAlgoSKED25519 || key.Type() == ssh.KeyAlgoSKECDSA256
}
