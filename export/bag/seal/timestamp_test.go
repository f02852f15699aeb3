package seal_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"github.com/lvtool/lvtool/export/bag/seal"
)

var signed = []byte("-----BEGIN SSH SIGNATURE-----\n…\n")

func TestVerifyTimestamp(t *testing.T) {
	a := newAuthority(t, nil)
	use := seal.TimestampUse{Roots: []*x509.Certificate{a.root}, Policies: []string{"1.2.3.4.1"}, Now: noon}
	got, err := seal.VerifyTimestamp(signed, a.stamp(t, signed, nil), use)
	wantCode(t, err, "")
	if got.Serial == "" || !got.Latest().Equal(noon.Add(time.Second)) {
		t.Errorf("got the serial %q and at the latest %v, want one, and a second after noon", got.Serial, got.Latest())
	}
	got.Serial = ""
	want := seal.Timestamp{
		Time: noon, Accuracy: time.Second, Policy: "1.2.3.4.1", Authority: "CN=test authority", Trusted: true,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	use.Roots = nil
	if got, err := seal.VerifyTimestamp(signed, a.stamp(t, signed, nil), use); err != nil || got.Trusted {
		t.Errorf("got %+v, %v without roots, want it whole and not trusted", got, err)
	}
}

// TestTimestampFindings changes one thing in a good timestamp or in what is
// trusted, and expects one finding, which a parse would not have made.
func TestTimestampFindings(t *testing.T) {
	a := newAuthority(t, nil)
	good := a.stamp(t, signed, nil)
	parsed, err := timestamp.ParseResponse(good)
	if err != nil {
		t.Fatal(err)
	}
	refused, err := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadAlgorithm)
	if err != nil {
		t.Fatal(err)
	}
	change := func(f func(*timestamp.Timestamp)) []byte { return a.stamp(t, signed, f) }
	bare := change(func(s *timestamp.Timestamp) { s.AddTSACertificate = false })
	twin := newAuthority(t, func(_, c *x509.Certificate) { c.NotAfter = c.NotAfter.Add(time.Hour) })
	name256 := named(t, a.cert, crypto.SHA256, nil)
	contentType := func(oid asn1.ObjectIdentifier) func(*pkcs7.SignedData) {
		return func(d *pkcs7.SignedData) { d.GetSignedData().ContentInfo.ContentType = oid }
	}
	for name, test := range map[string]struct {
		answer []byte
		want   seal.Code
	}{
		"good":                       {good, ""},
		"granted with modifications": {response(t, 1, parsed.RawToken), ""},
		"none":                       {[]byte{}, seal.TimestampMissing},
		"too long":                   {make([]byte, 2<<20), seal.TimestampMalformed},
		"not DER":                    {[]byte("<html>"), seal.TimestampMalformed},
		"waiting":                    {response(t, 3, parsed.RawToken), seal.TimestampRefused},
		"rejected":                   {refused, seal.TimestampRefused},
		"unknown status":             {response(t, 99, parsed.RawToken), seal.TimestampRefused},
		"no token":                   {[]byte{0x30, 5, 0x30, 3, 2, 1, 0}, seal.TimestampMalformed},
		"token alone":                {parsed.RawToken, seal.TimestampMalformed},
		"not a token":                {response(t, 0, []byte{0x30, 0}), seal.TimestampMalformed},
		"trailing byte":              {append(bytes.Clone(good), 0), seal.TimestampMalformed},
		"trailing element": {
			append([]byte{good[0], good[1], good[2], good[3] + 2}, append(good[4:], 5, 0)...),
			seal.TimestampMalformed,
		},
		"other data": {a.stamp(t, message, nil), seal.TimestampMismatch},
		"altered time": {
			replace(t, good, []byte("20261122120000Z"), []byte("20261121120000Z")),
			seal.TimestampForged,
		},
		"no certificate": {bare, seal.TimestampNoCertificate},
		"altered, no certificate": {
			replace(t, bare, []byte("20261122120000Z"), []byte("20261121120000Z")),
			seal.TimestampNoCertificate,
		},
		"signature altered": {
			append(bytes.Clone(good[:len(good)-1]), good[len(good)-1]^1),
			seal.TimestampForged,
		},
		"twin certificate": {replace(t, good, a.cert.Raw, twin.cert.Raw), seal.TimestampSigner},
		"named by SHA-256": {a.resign(t, good, edits{attributes: name256}), ""},
		"named by SHA-512": {
			a.resign(t, good, edits{attributes: named(t, a.cert, crypto.SHA512, pkcs7.OIDDigestAlgorithmSHA512)}),
			"",
		},
		"named by SHA-1": {a.resign(t, good, edits{attributes: named(t, a.cert, crypto.SHA1, nil)}), ""},
		"named by another digest": {
			a.resign(t, good, edits{attributes: named(t, a.cert, crypto.SHA512, asn1.ObjectIdentifier{1, 2, 3})}),
			seal.TimestampUnsupported,
		},
		"another named": {
			a.resign(t, good, edits{attributes: named(t, a.root, crypto.SHA256, nil)}),
			seal.TimestampSigner,
		},
		"another named by SHA-1": {
			a.resign(t, good, edits{attributes: named(t, a.root, crypto.SHA1, nil)}),
			seal.TimestampSigner,
		},
		"signer not named": {a.resign(t, good, edits{}), seal.TimestampSigner},
		"content of another type": {
			a.resign(t, good, edits{after: contentType(pkcs7.OIDData), attributes: name256}),
			seal.TimestampMalformed,
		},
		"signed for another type": {
			a.resign(t, good, edits{
				before: contentType(pkcs7.OIDData), after: contentType(oidTSTInfo), attributes: name256,
			}),
			seal.TimestampMalformed,
		},
		"signed data of PKCS #7": {a.resign(t, good, edits{
			after: func(d *pkcs7.SignedData) { d.GetSignedData().Version = 1 }, attributes: name256,
		}), seal.TimestampMalformed},
		"signed by SHA-1": {a.resign(t, good, edits{
			before:     func(d *pkcs7.SignedData) { d.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA1) },
			attributes: name256,
		}), seal.TimestampUnsupported},
		"unsigned attribute": {a.resign(t, good, edits{
			attributes: name256, unsigned: []pkcs7.Attribute{{Type: asn1.ObjectIdentifier{1, 2, 3}, Value: 1}},
		}), seal.TimestampUnsupported},
		"attribute twice": {a.resign(t, good, edits{attributes: append(name256, name256...)}), seal.TimestampMalformed},
		"two signers": {a.resign(t, good, edits{attributes: name256, after: func(d *pkcs7.SignedData) {
			if err := d.AddSigner(a.cert, a.key, pkcs7.SignerInfoConfig{}); err != nil {
				t.Fatal(err)
			}
		}}), seal.TimestampMalformed},
		"other digest": {
			change(func(s *timestamp.Timestamp) { s.HashAlgorithm = crypto.SHA384 }),
			seal.TimestampMismatch,
		},
		"in the future": {
			change(func(s *timestamp.Timestamp) { s.Time = noon.Add(2 * time.Second) }),
			seal.TimestampFuture,
		},
		"within accuracy": {change(func(s *timestamp.Timestamp) { s.Time = noon.Add(time.Second) }), ""},
		"before 1970": {
			change(func(s *timestamp.Timestamp) { s.Time = time.Unix(-1, 0).UTC() }),
			seal.TimestampMalformed,
		},
		"critical extension": {change(func(s *timestamp.Timestamp) {
			s.ExtraExtensions = []pkix.Extension{
				{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}},
			}
		}), seal.TimestampUnsupported},
		"other extension": {change(func(s *timestamp.Timestamp) {
			s.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{5, 0}}}
		}), ""},
		"before the certificate": {
			change(func(s *timestamp.Timestamp) { s.Time = noon.AddDate(0, -7, 0) }),
			seal.TimestampExpired,
		},
		"no accuracy":         {change(func(s *timestamp.Timestamp) { s.Accuracy = 0 }), ""},
		"accuracy of 0.25 ms": {change(func(s *timestamp.Timestamp) { s.Accuracy = 250 * time.Microsecond }), ""},
		"other policy": {
			change(func(s *timestamp.Timestamp) { s.Policy = asn1.ObjectIdentifier{1, 2, 3, 4, 2} }),
			seal.TimestampPolicy,
		},
	} {
		t.Run(name, func(t *testing.T) {
			use := seal.TimestampUse{Roots: []*x509.Certificate{a.root}, Policies: []string{"1.2.3.4.1"}, Now: noon}
			_, err := seal.VerifyTimestamp(signed, test.answer, use)
			wantCode(t, err, test.want)
		})
	}
}

// TestTimestampCertificates changes the certificates of the authority.
func TestTimestampCertificates(t *testing.T) {
	usage := func(critical bool, purposes ...int) func(_, c *x509.Certificate) {
		return func(_, c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{extKeyUsage(t, critical, purposes...)}
		}
	}
	for name, test := range map[string]struct {
		change func(root, cert *x509.Certificate)
		want   seal.Code
	}{
		"good":                   {nil, ""},
		"usage not critical":     {usage(false, forTimestamps), seal.TimestampKeyUsage},
		"another usage as well":  {usage(true, forTimestamps, forTLS), seal.TimestampKeyUsage},
		"an unknown one as well": {usage(true, forTimestamps, 99), seal.TimestampKeyUsage},
		"another usage":          {usage(true, forTLS), seal.TimestampKeyUsage},
		"any usage":              {func(_, c *x509.Certificate) { c.ExtraExtensions = nil }, seal.TimestampKeyUsage},
		"may sign certificates": {
			func(_, c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageCRLSign },
			seal.TimestampKeyUsage,
		},
		"non-repudiation": {func(_, c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }, ""},
		"no key usage":    {func(_, c *x509.Certificate) { c.KeyUsage = 0 }, ""},
		"expired": {
			func(_, c *x509.Certificate) { c.NotAfter = noon.Add(-time.Second) },
			seal.TimestampExpired,
		},
		"until then": {func(_, c *x509.Certificate) { c.NotAfter = noon }, ""},
		"root expired": {
			func(r, _ *x509.Certificate) { r.NotAfter = noon.Add(-time.Second) },
			seal.TimestampExpired,
		},
		"root is no authority": {func(r, _ *x509.Certificate) { r.IsCA = false }, seal.TimestampUntrusted},
		"root for something else": {
			func(r, _ *x509.Certificate) { r.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} },
			seal.TimestampKeyUsage,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t, test.change)
			answer := a.stamp(t, signed, func(s *timestamp.Timestamp) { s.Certificates = nil })
			_, err := seal.VerifyTimestamp(signed, answer, seal.TimestampUse{Roots: []*x509.Certificate{a.root}})
			wantCode(t, err, test.want)
		})
	}
}

// TestTimestampRoots trusts other roots than the authority's.
func TestTimestampRoots(t *testing.T) {
	a := newAuthority(t, nil)
	other := newAuthority(t, func(r, _ *x509.Certificate) { r.Subject.CommonName = "else" })
	impostor := &authority{rootKey: edKey(30)}
	template := *a.root
	template.PublicKey = nil
	impostor.root = certify(t, &template, &template, impostor.rootKey.Public(), impostor.rootKey)
	for name, root := range map[string]*x509.Certificate{
		"same name, other key":          impostor.root,
		"another":                       other.root,
		"the certificate of the signer": a.cert,
	} {
		use := seal.TimestampUse{Roots: []*x509.Certificate{root}}
		_, err := seal.VerifyTimestamp(signed, a.stamp(t, signed, nil), use)
		want := seal.TimestampUntrusted
		if root == a.cert {
			want = "" // trusting it directly is trust
		}
		if got := code(t, err); got != want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, want)
		}
	}
}

// TestTimestampStray puts a certificate into a token that no other signed.
func TestTimestampStray(t *testing.T) {
	a := newAuthority(t, nil)
	other := &x509.Certificate{SerialNumber: big.NewInt(5), Subject: pkix.Name{CommonName: "aside"}}
	stray := certify(t, other, &x509.Certificate{Subject: pkix.Name{CommonName: "far"}}, a.key.Public(), edKey(40))
	answer := a.resign(t, a.stamp(t, signed, nil), edits{
		attributes: named(t, a.cert, crypto.SHA256, nil),
		before:     func(d *pkcs7.SignedData) { d.AddCertificate(stray) },
	})
	for _, roots := range [][]*x509.Certificate{nil, {a.root}} {
		_, err := seal.VerifyTimestamp(signed, answer, seal.TimestampUse{Roots: roots})
		wantCode(t, err, seal.TimestampStray)
	}
}

func TestTimestampQuery(t *testing.T) {
	a := newAuthority(t, nil)
	query, err := seal.NewQuery(signed, bytes.NewReader([]byte{0, 0, 0, 0, 0, 0, 0, 77}))
	if err != nil {
		t.Fatal(err)
	}
	asked, err := timestamp.ParseRequest(query)
	if err != nil || !asked.Certificates || asked.Nonce.Int64() != 77 || asked.HashAlgorithm != crypto.SHA256 {
		t.Errorf("got %+v, %v, want a query with nonce 77 that asks for the certificate", asked, err)
	}
	other, err := seal.NewQuery(signed, strings.NewReader("otherwise"))
	if err != nil {
		t.Fatal(err)
	}
	of, err := seal.NewQuery(message, bytes.NewReader([]byte{0, 0, 0, 0, 0, 0, 0, 77}))
	if err != nil {
		t.Fatal(err)
	}
	asked.TSAPolicyOID = asn1.ObjectIdentifier{1, 2, 3, 4, 2}
	policy, err := asked.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	noNonce := a.stamp(t, signed, func(s *timestamp.Timestamp) { s.Nonce = nil })
	good := a.stamp(t, signed, nil)
	for name, test := range map[string]struct {
		answer, query []byte
		want          seal.Code
	}{
		"the query":           {good, query, ""},
		"another nonce":       {good, other, seal.TimestampNonce},
		"no nonce in answer":  {noNonce, query, seal.TimestampNonce},
		"query of other data": {good, of, seal.TimestampNonce},
		"another policy":      {good, policy, seal.TimestampPolicy},
		"no query":            {good, []byte("?"), seal.TimestampNonce},
	} {
		_, err := seal.VerifyTimestamp(signed, test.answer, seal.TimestampUse{Query: test.query})
		if got := code(t, err); got != test.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, test.want)
		}
	}
	if _, err := seal.NewQuery(signed, iotest.ErrReader(iotest.ErrTimeout)); err == nil {
		t.Error("got no error without random numbers")
	}
}

// TestEveryChangeOfTimestamp changes, removes and adds every byte of a timestamp,
// with and without roots. Granted with modifications is the one change that no
// signature covers, and that is told.
func TestEveryChangeOfTimestamp(t *testing.T) {
	a := newAuthority(t, nil)
	good := a.stamp(t, signed, nil)
	for _, roots := range [][]*x509.Certificate{nil, {a.root}} {
		for changed := range changes(good, 1) {
			got, err := seal.VerifyTimestamp(signed, changed, seal.TimestampUse{Roots: roots})
			if err == nil && !got.Modified {
				t.Fatalf("got no finding in a changed timestamp: %x, was %x", changed, good)
			}
		}
	}
}

func TestParseRoots(t *testing.T) {
	_, err := seal.ParseRoots([]byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"))
	if !errors.Is(err, seal.ErrNoCertificate) {
		t.Errorf("got %v, want %v", err, seal.ErrNoCertificate)
	}
	if _, err := seal.ParseRoots([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")); err == nil {
		t.Error("got no error of a malformed certificate")
	}
}
