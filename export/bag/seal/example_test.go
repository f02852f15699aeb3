package seal_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lvtool/lvtool/export/bag/seal"
)

// A file is signed, and checked by somebody who knows the key by another way.
func ExampleSign() {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)) // an example: make yours with ssh-keygen
	anna, err := seal.NewSigner(key)
	if err != nil {
		panic(err)
	}
	manifest := []byte("a digest for every file\n")
	signature, err := seal.Sign(manifest, seal.Namespace, anna)
	if err != nil {
		panic(err)
	}

	list, err := seal.ParseAllowedSigners([]byte("anna@example.com "+anna.Public()), seal.AllowedOptions{})
	if err != nil {
		panic(err)
	}
	use := seal.Use{Namespace: seal.Namespace, Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	by, err := list.Verify(manifest, signature, use)
	fmt.Println(by.Principals, by.Key, err)
	_, err = list.Verify([]byte("another digest\n"), signature, use)
	if e, ok := errors.AsType[*seal.Error](err); ok {
		fmt.Println(e.Code)
	}
	// Output:
	// anna@example.com SHA256:fe85JkIjo8VPe+XqXJGH5Mau1EMFdK1OdKvJUFicyA8 <nil>
	// signature-mismatch
}

// A query for a timestamp shows the authority nothing but a digest.
func ExampleNewQuery() {
	signature := []byte("-----BEGIN SSH SIGNATURE-----\n…\n")
	query, err := seal.NewQuery(signature, bytes.NewReader([]byte("8 random"))) // give crypto/rand's Reader
	fmt.Println(len(query), bytes.Contains(query, signature), err)
	// Output: 69 false <nil>
}

// A timestamp that is no timestamp is a finding with a code.
func ExampleVerifyTimestamp() {
	_, err := seal.VerifyTimestamp([]byte("signature"), []byte("<html>busy</html>"), seal.TimestampUse{})
	if e, ok := errors.AsType[*seal.Error](err); ok {
		fmt.Println(e.Code)
	}
	// Output: timestamp-malformed
}

// What is encrypted to a recipient, its identity decrypts.
func ExampleEncrypt() {
	const (
		recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
		identity  = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
	)
	to, err := seal.ParseRecipients([]byte(recipient))
	if err != nil {
		panic(err)
	}
	var sealed bytes.Buffer
	w, err := seal.Encrypt(&sealed, to)
	if err != nil {
		panic(err)
	}
	fmt.Fprint(w, "a pack")
	if err := w.Close(); err != nil {
		panic(err)
	}

	who, err := seal.ParseIdentities([]byte(identity), nil)
	if err != nil {
		panic(err)
	}
	r, err := seal.Decrypt(&sealed, who)
	if err != nil {
		panic(err)
	}
	plain, err := io.ReadAll(r)
	fmt.Printf("%s %v\n", plain, err)
	// Output: a pack <nil>
}

// A list of allowed signers is the same file that ssh-keygen reads.
func ExampleParseAllowedSigners() {
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
	o := seal.AllowedOptions{}
	_, err := seal.ParseAllowedSigners([]byte("# who may sign\nanna@example.com touch-me-not "+key), o)
	fmt.Println(err)
	_, err = seal.ParseAllowedSigners([]byte(`anna@example.com namespaces="lvtool-pack@v1" `+key), o)
	fmt.Println(err)
	// Output:
	// line 2: unknown option "touch-me-not"
	// <nil>
}

// What is encrypted with a passphrase, the passphrase decrypts.
func ExamplePassphraseRecipient() {
	to, err := seal.PassphraseRecipient("correct horse", 4) // an example: leave the work to its default, 0
	if err != nil {
		panic(err)
	}
	var sealed bytes.Buffer
	w, err := seal.Encrypt(&sealed, []seal.Recipient{to})
	if err != nil {
		panic(err)
	}
	fmt.Fprint(w, "a pack")
	if err := w.Close(); err != nil {
		panic(err)
	}
	fmt.Println(seal.PassphraseNeeded(sealed.Bytes()))
	who, err := seal.PassphraseIdentity("correct horse")
	if err != nil {
		panic(err)
	}
	_, size, err := seal.DecryptAt(bytes.NewReader(sealed.Bytes()), int64(sealed.Len()), []seal.Identity{who})
	fmt.Println(size, err)
	// Output:
	// true
	// 6 <nil>
}

// A private key that has a passphrase asks for it.
func ExampleParseKey() {
	_, err := seal.ParseKey([]byte("not a key"), func() ([]byte, error) { return []byte("correct horse"), nil })
	fmt.Println(err)
	// Output: no private key in a form of OpenSSH, PKCS #1, PKCS #8 or SEC 1
}
