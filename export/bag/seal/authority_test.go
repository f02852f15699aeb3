package seal_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// An authority gives timestamps, made by a library that shares nothing with the
// package. Its keys are always the same, and so are its certificates.
type authority struct {
	root, cert *x509.Certificate
	rootKey    ed25519.PrivateKey
	key        ed25519.PrivateKey
}

// critical is an extended key usage that must be understood, of these purposes.
func extKeyUsage(tb testing.TB, critical bool, purposes ...int) pkix.Extension {
	tb.Helper()
	var oids []asn1.ObjectIdentifier
	for _, p := range purposes {
		oids = append(oids, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, p})
	}
	der, err := asn1.Marshal(oids)
	if err != nil {
		tb.Fatal(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: critical, Value: der}
}

const (
	forTLS        = 1 // id-kp-serverAuth
	forTimestamps = 8 // id-kp-timeStamping
)

// newAuthority returns an authority, with its certificate changed if change is not
// nil.
func newAuthority(tb testing.TB, change func(root, cert *x509.Certificate)) *authority {
	tb.Helper()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test root"},
		IsCA: true, BasicConstraintsValid: true,
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: noon.AddDate(0, -6, 0), NotAfter: noon.AddDate(0, 6, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{extKeyUsage(tb, true, forTimestamps)},
	}
	if change != nil {
		change(root, cert)
	}
	a := &authority{rootKey: edKey(20), key: edKey(21)}
	a.root = certify(tb, root, root, a.rootKey.Public(), a.rootKey)
	a.cert = certify(tb, cert, a.root, a.key.Public(), a.rootKey)
	return a
}

func certify(tb testing.TB, cert, issuer *x509.Certificate, public, key any) *x509.Certificate {
	tb.Helper()
	der, err := x509.CreateCertificate(rand.Reader, cert, issuer, public, key)
	if err != nil {
		tb.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return made
}

// stamp returns the answer of the authority for the bytes, with its certificate and
// the root, at noon.
func (a *authority) stamp(tb testing.TB, signed []byte, change func(*timestamp.Timestamp)) []byte {
	tb.Helper()
	digest := sha256.Sum256(signed)
	t := &timestamp.Timestamp{
		HashAlgorithm: crypto.SHA256, HashedMessage: digest[:], Nonce: big.NewInt(77),
		Time: noon, Accuracy: time.Second, Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1},
		Certificates: []*x509.Certificate{a.root}, AddTSACertificate: true,
	}
	if change != nil {
		change(t)
	}
	der, err := t.CreateResponseWithOpts(a.cert, a.key, crypto.SHA512)
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

// edits are what to do to a token before and after it gets its signer, which has
// these attributes beside those that every signer has.
type edits struct {
	before, after func(*pkcs7.SignedData)
	attributes    []pkcs7.Attribute
	unsigned      []pkcs7.Attribute
}

// resign returns a token with the content of another.
func (a *authority) resign(tb testing.TB, answer []byte, e edits) []byte {
	tb.Helper()
	old := content(tb, answer)
	data, err := pkcs7.NewSignedData(old.Content)
	if err != nil {
		tb.Fatal(err)
	}
	data.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA512)
	data.SetContentType(oidTSTInfo)
	data.GetSignedData().Version = 3
	if e.before != nil {
		e.before(data)
	}
	o := pkcs7.SignerInfoConfig{ExtraSignedAttributes: e.attributes, ExtraUnsignedAttributes: e.unsigned}
	if err := data.AddSigner(a.cert, a.key, o); err != nil {
		tb.Fatal(err)
	}
	if e.after != nil {
		e.after(data)
	}
	token, err := data.Finish()
	if err != nil {
		tb.Fatal(err)
	}
	return response(tb, 0, token)
}

var (
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

func content(tb testing.TB, answer []byte) *pkcs7.PKCS7 {
	tb.Helper()
	parsed, err := timestamp.ParseResponse(answer)
	if err != nil {
		tb.Fatal(err)
	}
	token, err := pkcs7.Parse(parsed.RawToken)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

// named returns the attribute that names a certificate by its SHA-256 digest, or by
// another for which there is an OID.
func named(tb testing.TB, cert *x509.Certificate, h crypto.Hash, oid asn1.ObjectIdentifier) []pkcs7.Attribute {
	tb.Helper()
	digest := h.New()
	digest.Write(cert.Raw)
	type id struct {
		Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
		Hash      []byte
	}
	of := id{Hash: digest.Sum(nil)}
	attribute := oidCertificateV2
	if h == crypto.SHA1 {
		attribute = oidCertificate
	} else if oid != nil {
		of.Algorithm.Algorithm = oid
	}
	return []pkcs7.Attribute{{Type: attribute, Value: struct{ Certs []id }{[]id{of}}}}
}

// response wraps a token as an answer with a status.
func response(tb testing.TB, status int, token []byte) []byte {
	tb.Helper()
	type info struct{ Status int }
	der, err := asn1.Marshal(struct {
		Status info
		Token  asn1.RawValue
	}{info{status}, asn1.RawValue{FullBytes: token}})
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

// replace replaces what occurs once.
func replace(tb testing.TB, in, old, with []byte) []byte {
	tb.Helper()
	if len(old) != len(with) || bytes.Count(in, old) != 1 {
		tb.Fatalf("%q is %d times in the answer, or not as long as %q", old, bytes.Count(in, old), with)
	}
	return bytes.Replace(in, old, with, 1)
}
