package seal_test

import (
	"bytes"
	"crypto/x509"
	"testing"

	"github.com/lvtool/lvtool/export/bag/seal"
)

// FuzzVerify holds that no signature but the one that was made is good, and that
// every error is a finding.
func FuzzVerify(f *testing.F) {
	key := signer(f, edKey(1))
	good := sign(f, message, key)
	list := allowed(f, "a "+key.Public())
	f.Add(good)
	f.Add(sign(f, message, signer(f, edKey(2))))
	f.Add(bytes.ReplaceAll(good, []byte("\n"), nil))
	f.Fuzz(func(t *testing.T, sig []byte) {
		_, err := list.Verify(message, sig, seal.Use{Namespace: seal.Namespace, Time: noon})
		if code(t, err) == "" && !bytes.Equal(sig, good) {
			t.Errorf("got no finding in %q", sig)
		}
	})
}

// FuzzAllowedSigners holds that a list that is read allows the key only where a
// line has it, and that times bound it.
func FuzzAllowedSigners(f *testing.F) {
	key := signer(f, edKey(1))
	sig := sign(f, message, key)
	f.Add("a " + key.Public())
	f.Add(`*,!b namespaces="x,lvtool-*",valid-after="20260101Z" ` + key.Public() + ` "comment`)
	f.Add(`"a b" cert-authority,valid-before="202601021504" ` + key.Public() + "\n#\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := seal.ParseAllowedSigners([]byte(text), seal.AllowedOptions{})
		if err != nil {
			return
		}
		got, err := list.Verify(message, sig, seal.Use{Namespace: seal.Namespace, Time: noon})
		blob := bytes.Fields([]byte(key.Public()))[1]
		if code(t, err) == "" && !bytes.Contains(bytes.Split([]byte(text), []byte("\n"))[got.Line-1], blob) {
			t.Errorf("got line %d of %q, which has not the key", got.Line, text)
		}
	})
}

// FuzzTimestamp holds that whatever is taken for a timestamp of the bytes says the
// time of the one that was made, and by whom.
func FuzzTimestamp(f *testing.F) {
	a := newAuthority(f, nil)
	good := a.stamp(f, signed, nil)
	use := seal.TimestampUse{Roots: []*x509.Certificate{a.root}}
	want, err := seal.VerifyTimestamp(signed, good, use)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(a.stamp(f, message, nil))
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, answer []byte) {
		got, err := seal.VerifyTimestamp(signed, answer, use)
		got.Modified = false     // what no signature covers
		got.Serial = want.Serial // the authority gives another in every process
		if code(t, err) == "" && got != want {
			t.Errorf("got %+v, want %+v or a finding", got, want)
		}
	})
}
