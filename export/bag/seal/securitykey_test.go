package seal_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"io"
	"slices"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/lvtool/lvtool/export/bag/seal"
)

// hardware signs as a security key does: see PROTOCOL.u2f of OpenSSH. Touched says
// whether somebody touched it.
type hardware struct {
	public  ssh.PublicKey
	key     ed25519.PrivateKey
	touched bool
}

func newHardware(t *testing.T, touched bool) hardware {
	t.Helper()
	key := edKey(5)
	public, err := ssh.ParsePublicKey(ssh.Marshal(struct {
		Type, Key, Application string
	}{ssh.KeyAlgoSKED25519, string(key[ed25519.SeedSize:]), "ssh:"}))
	if err != nil {
		t.Fatal(err)
	}
	return hardware{public, key, touched}
}

func (h hardware) PublicKey() ssh.PublicKey { return h.public }

func (h hardware) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	rest := []byte{0, 0, 0, 0, 7} // flags and counter
	if h.touched {
		rest[0] = 1
	}
	application, sum := sha256.Sum256([]byte("ssh:")), sha256.Sum256(data)
	signed := slices.Concat(application[:], rest, sum[:])
	return &ssh.Signature{Format: ssh.KeyAlgoSKED25519, Blob: ed25519.Sign(h.key, signed), Rest: rest}, nil
}

func TestVerifySecurityKey(t *testing.T) {
	for touched, want := range map[bool]seal.Code{true: "", false: seal.SignatureMismatch} {
		h := wrap(t, newHardware(t, touched))
		list := allowed(t, "a "+h.Public())
		sig := sign(t, message, h)
		use := seal.Use{Namespace: seal.Namespace, Time: noon}
		_, err := list.Verify(message, sig, use)
		wantCode(t, err, want)
		if !touched {
			continue
		}
		for changed := range changes(sig, 1) {
			if _, err := list.Verify(message, changed, use); err == nil {
				t.Fatalf("got no finding in a changed signature:\n%s", changed)
			}
		}
	}
}
