package seal

import (
	"bytes"
	"crypto"
	"crypto/sha1" //nolint:gosec // RFC 2634 certificate identifiers are SHA-1; they only name a certificate that is at hand
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"slices"
	"time"
)

// TimestampUse is what a timestamp is checked for. The zero value checks that it
// is whole and of the bytes, but trusts nobody.
type TimestampUse struct {
	// Roots are the certificates of authorities that are trusted. Where there are
	// none, the timestamp is not trusted either: see [Timestamp.Trusted].
	Roots []*x509.Certificate
	// Query is the query that the timestamp must be the answer to, in DER, or nil.
	Query []byte
	// Policies are the policies that are accepted, as dotted numbers; all where
	// there are none.
	Policies []string
	// Now is the time of the check, which no timestamp can be after. Where it is
	// zero that is not checked.
	Now time.Time
}

// Timestamp is what a timestamp says.
type Timestamp struct {
	// Time is when the authority says that the bytes existed, give or take
	// Accuracy; zero where it does not say how accurate its clock is.
	Time     time.Time
	Accuracy time.Duration
	// Serial is the number of the timestamp in hexadecimal, and Policy the
	// policy that it was given under, as dotted numbers.
	Serial, Policy string
	// Authority is the name in the certificate of the authority. It comes from the
	// input: escape it before printing.
	Authority string
	// Trusted says that the certificate leads to one of the roots. Where it is
	// false, anybody can have made the timestamp, and its time proves nothing.
	Trusted bool
	// Modified says that the authority granted something else than was asked for.
	Modified bool
}

// Latest returns the latest time that the timestamp can stand for: the bytes
// existed by then.
func (t Timestamp) Latest() time.Time { return t.Time.Add(t.Accuracy) }

// VerifyTimestamp checks the response of a timestamp authority, in DER, for the
// bytes it was asked for: RFC 3161 with RFC 5816, as openssl ts -verify does, and
// more strictly. The token must carry the certificate of its signer, which must be
// for timestamps and nothing else and lead to a root at the time of the token. A
// signature by RSASSA-PSS is not accepted, nor any digest but SHA-2. Whether a
// certificate has been revoked is not looked up.
//
// The error is an [*Error].
func VerifyTimestamp(signed, response []byte, use TimestampUse) (Timestamp, error) {
	r, err := readResponse(response)
	if err != nil {
		return Timestamp{}, err
	}
	t, err := readToken(r.Token.FullBytes)
	if err != nil {
		return Timestamp{}, err
	}
	signer, err := t.certificate()
	if err != nil {
		return Timestamp{}, err
	}
	if err := t.signedBy(signer); err != nil {
		return Timestamp{}, err
	}
	got := Timestamp{
		Time: t.info.Time.UTC(), Accuracy: t.accuracy(), Serial: hex.EncodeToString(t.info.Serial.Bytes()),
		Policy: t.info.Policy.String(), Authority: signer.Subject.String(),
		Modified: r.Status.Status == grantedWithMods,
	}
	if err := t.meets(signed, use); err != nil {
		return got, err
	}
	if err := t.trusted(signer, use.Roots); err != nil {
		return got, err
	}
	got.Trusted = len(use.Roots) > 0
	return got, nil
}

// signedBy checks that the certificate's key signed the content, and that the
// signature says that it is this certificate's.
func (t *token) signedBy(signer *x509.Certificate) error {
	digest, err := digestOf(t.signer.Digest.Algorithm)
	if err != nil {
		return err
	}
	var contentType asn1.ObjectIdentifier
	var sum []byte
	typed := t.attribute(oidContentType, &contentType) && contentType.Equal(oidTSTInfo)
	if !typed || !t.attribute(oidMessageDigest, &sum) {
		return finding(TimestampMalformed, "the signed attributes are not those of a timestamp")
	}
	if !bytes.Equal(sum, hash(digest, t.content)) {
		return finding(TimestampForged, "the content of the timestamp is not what was signed")
	}
	i := slices.IndexFunc(algorithms, func(a algorithm) bool {
		return a.oid.Equal(t.signer.Algorithm.Algorithm) && a.digest == digest
	})
	if i < 0 || !plain(t.signer.Algorithm) {
		return finding(TimestampUnsupported, "the timestamp is signed by the algorithm %v, which is not accepted",
			t.signer.Algorithm.Algorithm)
	}
	// What is signed is the attributes as a SET, not under their tag here.
	set := bytes.Clone(t.signer.Signed.FullBytes)
	set[0] = asn1.TagSet | 0x20
	if signer.CheckSignature(algorithms[i].is, set, t.signer.Signature) != nil {
		return finding(TimestampForged, "the signature of the timestamp is not by its certificate")
	}
	return t.names(signer)
}

// attribute reads the value of a signed attribute, and reports whether it is there.
func (t *token) attribute(oid asn1.ObjectIdentifier, v any) bool {
	value, ok := t.attributes[oid.String()]
	if !ok {
		return false
	}
	rest, err := asn1.Unmarshal(value.FullBytes, v)
	return err == nil && len(rest) == 0
}

// meets checks the token against the bytes and the demands of the caller.
func (t *token) meets(signed []byte, use TimestampUse) error {
	digest, err := digestOf(t.info.Imprint.Algorithm.Algorithm)
	if err != nil {
		return err
	}
	if !bytes.Equal(t.info.Imprint.Digest, hash(digest, signed)) {
		return finding(TimestampMismatch, "the timestamp is of other data than this signature")
	}
	if !use.Now.IsZero() && t.info.Time.Add(-t.accuracy()).After(use.Now) {
		return finding(TimestampFuture, "the time of the timestamp, %s, is after that of this check, %s",
			utc(t.info.Time), utc(use.Now))
	}
	if len(use.Policies) > 0 && !slices.Contains(use.Policies, t.info.Policy.String()) {
		return finding(TimestampPolicy, "the timestamp is by the policy %v, which is not accepted", t.info.Policy)
	}
	if use.Query != nil {
		return t.answers(use.Query)
	}
	return nil
}

func hash(h crypto.Hash, data []byte) []byte {
	digest := h.New()
	digest.Write(data)
	return digest.Sum(nil)
}

func sha1Sum(data []byte) []byte {
	sum := sha1.Sum(data) //nolint:gosec // see the import
	return sum[:]
}
