package seal_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"filippo.io/age/armor"

	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/internal/need"
)

// What age-keygen made, for these tests.
const (
	ageIdentity  = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
	ageRecipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
)

func encrypt(tb testing.TB, plain []byte, to ...seal.Recipient) []byte {
	tb.Helper()
	var b bytes.Buffer
	w, err := seal.Encrypt(&b, to)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func decrypt(from io.Reader, identities []seal.Identity) ([]byte, error) {
	r, err := seal.Decrypt(from, identities)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// TestDecryptAt reads an encrypted file here and there.
func TestDecryptAt(t *testing.T) {
	plain := bytes.Repeat([]byte("pixels "), 20_000)
	file := encrypt(t, plain, recipients(t, ageRecipient)...)
	if !seal.Encrypted(file) || seal.Encrypted(plain) {
		t.Error("got an encrypted file that is none, or the other way round")
	}
	who := identities(t, []byte(ageIdentity), nil)
	r, n, err := seal.DecryptAt(bytes.NewReader(file), int64(len(file)), who)
	if err != nil || n != int64(len(plain)) {
		t.Fatalf("got %d bytes, %v, want %d", n, err, len(plain))
	}
	got := make([]byte, 100)
	if _, err := r.ReadAt(got, 99_990); err != nil || !bytes.Equal(got, plain[99_990:100_090]) {
		t.Errorf("got %q, %v, want %q", got, err, plain[99_990:100_090])
	}
	file[len(file)-80_000] ^= 1 // in the block before the last
	r, _, err = seal.DecryptAt(bytes.NewReader(file), int64(len(file)), who)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(io.NewSectionReader(r, 0, n))
	wantCode(t, err, seal.EncryptionMalformed)
	_, _, err = seal.DecryptAt(bytes.NewReader(file), int64(len(file)-1), who)
	wantCode(t, err, seal.EncryptionMalformed)
	other := identities(t, privateText(t, edKey(2), ""), nil)
	_, _, err = seal.DecryptAt(bytes.NewReader(file), int64(len(file)), other)
	wantCode(t, err, seal.EncryptionIdentity)
}

func recipients(tb testing.TB, text string) []seal.Recipient {
	tb.Helper()
	r, err := seal.ParseRecipients([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func identities(tb testing.TB, text []byte, passphrase func() ([]byte, error)) []seal.Identity {
	tb.Helper()
	i, err := seal.ParseIdentities(text, passphrase)
	if err != nil {
		tb.Fatal(err)
	}
	return i
}

func TestEncrypt(t *testing.T) {
	plain := bytes.Repeat([]byte("pixels "), 20_000) // three blocks
	to := recipients(t, "# two\n\n"+ageRecipient+"\n"+signer(t, edKey(1)).Public()+" Anna's\r\n")
	sealed := encrypt(t, plain, to...)
	sesame := func() ([]byte, error) { return []byte("sesame"), nil }
	for name, i := range map[string][]seal.Identity{
		"age":                   identities(t, []byte("# made today\n"+ageIdentity+"\n"), nil),
		"ssh-ed25519":           identities(t, privateText(t, edKey(1), ""), nil),
		"ssh-ed25519 encrypted": identities(t, privateText(t, edKey(1), "sesame"), sesame),
		"any of two": append(identities(t, privateText(t, edKey(2), ""), nil),
			identities(t, []byte(ageIdentity), nil)...),
	} {
		got, err := decrypt(bytes.NewReader(sealed), i)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: got %d bytes, %v, want %d", name, len(got), err, len(plain))
		}
	}
	_, err := decrypt(bytes.NewReader(sealed), identities(t, privateText(t, edKey(2), ""), nil))
	wantCode(t, err, seal.EncryptionIdentity)
	for name, changed := range map[string][]byte{
		"empty":     {},
		"no age":    []byte("PK\x03\x04"),
		"cut":       sealed[:len(sealed)-1],
		"cut early": sealed[:100],
		"longer":    append(bytes.Clone(sealed), 0),
		"changed":   append(bytes.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1),
	} {
		_, err := decrypt(bytes.NewReader(changed), identities(t, []byte(ageIdentity), nil))
		if got := code(t, err); got != seal.EncryptionMalformed {
			t.Errorf("%s: got %q, want %q", name, got, seal.EncryptionMalformed)
		}
	}
	half := io.MultiReader(bytes.NewReader(sealed[:len(sealed)/2]), iotest.ErrReader(iotest.ErrTimeout))
	if _, err := decrypt(half, identities(t, []byte(ageIdentity), nil)); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("got %v of a reader that fails, want %v", err, iotest.ErrTimeout)
	}
	_, err = decrypt(iotest.ErrReader(iotest.ErrTimeout), identities(t, []byte(ageIdentity), nil))
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("got %v of a reader that fails at once, want %v", err, iotest.ErrTimeout)
	}
}

func TestEncryptPassphrase(t *testing.T) {
	to, err := seal.PassphraseRecipient("sesame", 4)
	if err != nil {
		t.Fatal(err)
	}
	for passphrase, want := range map[string]seal.Code{"sesame": "", "barley": seal.EncryptionIdentity} {
		i, err := seal.PassphraseIdentity(passphrase)
		if err != nil {
			t.Fatal(err)
		}
		_, err = decrypt(bytes.NewReader(encrypt(t, message, to)), []seal.Identity{i})
		wantCode(t, err, want)
	}
	if _, err := seal.Encrypt(io.Discard, append(recipients(t, ageRecipient), to)); err == nil {
		t.Error("got no error of a passphrase beside a recipient")
	}
	if _, err := seal.Encrypt(io.Discard, nil); err == nil {
		t.Error("got no error of no recipients")
	}
	if _, err := seal.PassphraseRecipient("", 0); !errors.Is(err, seal.ErrEmptyPassphrase) {
		t.Errorf("got %v, want %v", err, seal.ErrEmptyPassphrase)
	}
	if _, err := seal.PassphraseIdentity(""); !errors.Is(err, seal.ErrEmptyPassphrase) {
		t.Errorf("got %v, want %v", err, seal.ErrEmptyPassphrase)
	}
}

// TestLockedIdentity holds that identities which are encrypted ask for their
// passphrase once, and only when they are needed.
func TestLockedIdentity(t *testing.T) {
	to, err := seal.PassphraseRecipient("sesame", 4)
	if err != nil {
		t.Fatal(err)
	}
	plain := encrypt(t, []byte("# mine\n"+ageIdentity+"\n"), to)
	var text bytes.Buffer
	w := armor.NewWriter(&text)
	if _, err := w.Write(plain); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"binary": plain, "armoured": text.Bytes(), "key": privateText(t, edKey(1), "sesame")}
	all := encrypt(t, message, recipients(t, ageRecipient+"\n"+signer(t, edKey(1)).Public())...)
	other := encrypt(t, message, recipients(t, signer(t, edKey(2)).Public())...)
	for name, file := range files {
		for _, test := range []struct {
			passphrase string
			from       []byte
			want       error
			asked      int
		}{
			{"sesame", all, nil, 1},
			{"barley", all, seal.ErrPassphrase, 1},
			{"", all, iotest.ErrTimeout, 1},
			{"sesame", encrypt(t, message, to), nil, 0},
		} {
			asked := 0
			who := identities(t, file, func() ([]byte, error) {
				if asked++; test.passphrase == "" {
					return nil, iotest.ErrTimeout
				}
				return []byte(test.passphrase), nil
			})
			for range 2 {
				_, err := decrypt(bytes.NewReader(test.from), who)
				if test.asked == 0 {
					wantCode(t, err, seal.EncryptionIdentity)
				} else if !errors.Is(err, test.want) {
					t.Errorf("%s, %q: got %v, want %v", name, test.passphrase, err, test.want)
				}
			}
			if asked != test.asked {
				t.Errorf("%s, %q: asked %d times, want %d", name, test.passphrase, asked, test.asked)
			}
		}
		sesame := func() ([]byte, error) { return []byte("sesame"), nil }
		_, err := decrypt(bytes.NewReader(other), identities(t, file, sesame))
		wantCode(t, err, seal.EncryptionIdentity)
	}
}

// TestPassphraseWork holds that a file cannot ask for any amount of memory.
func TestPassphraseWork(t *testing.T) {
	to, err := seal.PassphraseRecipient("sesame", 4)
	if err != nil {
		t.Fatal(err)
	}
	file := encrypt(t, message, to)
	toKey := encrypt(t, message, recipients(t, ageRecipient)...)
	if !seal.PassphraseNeeded(file[:64]) || seal.PassphraseNeeded(toKey[:64]) {
		t.Error("got that a passphrase is needed for a key, or the other way round")
	}
	who, err := seal.PassphraseIdentity("sesame")
	if err != nil {
		t.Fatal(err)
	}
	greedy := bytes.Replace(file, []byte(" 4\n"), []byte(" 21\n"), 1)
	_, err = decrypt(bytes.NewReader(greedy), []seal.Identity{who})
	wantCode(t, err, seal.EncryptionMalformed)
}

func TestParseRecipientsErrors(t *testing.T) {
	for _, line := range []string{
		"anna@example.com", ageIdentity, "ssh-rsa AAAA", "ssh-ed25519 AAAA",
		"age1pq1" + strings.Repeat("q", 300), "age1\x1b[2J",
	} {
		_, err := seal.ParseRecipients([]byte(ageRecipient + "\n" + line))
		e, ok := errors.AsType[*seal.LineError](err)
		if !ok || e.Line != 2 || strings.ContainsAny(e.Reason, "\n\x1b") || strings.Contains(e.Reason, ageIdentity) {
			t.Errorf("got %v of %q, want an error of line 2 that does not repeat a secret", err, line)
		}
	}
}

func TestParseIdentitiesErrors(t *testing.T) {
	locked := privateText(t, edKey(1), "sesame")
	for name, test := range map[string]struct {
		text []byte
		want error
	}{
		"nothing":       {nil, seal.ErrNoIdentity},
		"recipient":     {[]byte(ageRecipient), seal.ErrNoIdentity},
		"nobody to ask": {locked, seal.ErrPassphrase},
		"not Ed25519":   {privateText(t, keys(t)["ecdsa"], ""), seal.ErrNoIdentity},
		"cut":           {locked[:100], seal.ErrNoIdentity},
		"locked file":   {[]byte("age-encryption.org/v1\n"), seal.ErrPassphrase},
	} {
		if _, err := seal.ParseIdentities(test.text, nil); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

// TestAge exchanges files with the program age, both ways.
func TestAge(t *testing.T) {
	age := need.Program(t, "age")
	dir := t.TempDir()
	write(t, dir, "age.key", []byte(ageIdentity+"\n"))
	write(t, dir, "ssh.key", privateText(t, edKey(1), ""))
	write(t, dir, "to", []byte(ageRecipient+"\n"+signer(t, edKey(1)).Public()+"\n"))
	write(t, dir, "sealed", encrypt(t, message, recipients(t, string(read(t, filepath.Join(dir, "to"))))...))
	for _, key := range []string{"age.key", "ssh.key"} {
		if got := mustRun(t, dir, nil, age, "-d", "-i", key, "sealed"); got != string(message) {
			t.Errorf("%s: got %q, want %q", key, got, message)
		}
	}
	mustRun(t, dir, message, age, "-R", "to", "-o", "theirs")
	for _, text := range [][]byte{[]byte(ageIdentity), privateText(t, edKey(1), "")} {
		got, err := decrypt(bytes.NewReader(read(t, filepath.Join(dir, "theirs"))), identities(t, text, nil))
		if err != nil || !bytes.Equal(got, message) {
			t.Errorf("got %q, %v, want %q", got, err, message)
		}
	}
}
