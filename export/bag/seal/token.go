package seal

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"
)

// The structures of a token: CMS SignedData (RFC 5652) around TSTInfo (RFC 3161).
type (
	contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	signedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Content      contentInfo
		Certificates asn1.RawValue `asn1:"optional,tag:0"`
		Revocations  asn1.RawValue `asn1:"optional,tag:1"`
		Signers      []signerInfo  `asn1:"set"`
	}
	signerInfo struct {
		Version       int
		Signer        issuerAndSerial
		Digest        pkix.AlgorithmIdentifier
		Signed        asn1.RawValue `asn1:"optional,tag:0"`
		Algorithm     pkix.AlgorithmIdentifier
		Signature     []byte
		UnsignedAttrs asn1.RawValue `asn1:"optional,tag:1"`
	}
	issuerAndSerial struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	attribute struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}
	tstInfo struct {
		Version    int
		Policy     asn1.ObjectIdentifier
		Imprint    imprint
		Serial     *big.Int
		Time       time.Time        `asn1:"generalized"`
		Accuracy   accuracy         `asn1:"optional"`
		Ordering   bool             `asn1:"optional"`
		Nonce      *big.Int         `asn1:"optional"`
		Authority  asn1.RawValue    `asn1:"optional,explicit,tag:0"`
		Extensions []pkix.Extension `asn1:"optional,tag:1"`
	}
	accuracy struct {
		Seconds int64 `asn1:"optional"`
		Millis  int64 `asn1:"optional,tag:0"`
		Micros  int64 `asn1:"optional,tag:1"`
	}
)

// token is a timestamp token, taken apart but not checked.
type token struct {
	content      []byte // the DER of info
	info         tstInfo
	signer       signerInfo
	attributes   map[string]asn1.RawValue // the signed ones by their OID, each with its one value
	certificates []*x509.Certificate
}

// readToken takes a token apart. It refuses what RFC 3161 and RFC 5652 do not
// allow, and whatever nobody signs and nobody would check.
func readToken(der []byte) (*token, error) {
	outer, err := exact[contentInfo](der)
	if err != nil || !outer.Type.Equal(oidSignedData) {
		return nil, finding(TimestampMalformed, "the timestamp is not signed data in DER")
	}
	data, err := exact[signedData](outer.Content.Bytes)
	if err != nil {
		return nil, finding(TimestampMalformed, "the signed data of the timestamp is malformed: %s", quiet(err))
	}
	t := &token{}
	if err := t.takeSigner(data); err != nil {
		return nil, err
	}
	if t.content, err = exact[[]byte](data.Content.Content.Bytes); err != nil {
		return nil, finding(TimestampMalformed, "the timestamp has no content")
	}
	if rest, err := asn1.Unmarshal(t.content, &t.info); err != nil || len(rest) > 0 {
		return nil, finding(TimestampMalformed, "the content of the timestamp is not TSTInfo in DER")
	}
	if t.certificates, err = x509.ParseCertificates(data.Certificates.Bytes); err != nil {
		return nil, finding(TimestampMalformed, "a certificate in the timestamp is malformed: %s", quiet(err))
	}
	return t, t.checkInfo()
}

// takeSigner takes the one signer with its signed attributes.
func (t *token) takeSigner(data signedData) error {
	switch {
	case data.Version != 3, !data.Content.Type.Equal(oidTSTInfo):
		return finding(TimestampMalformed, "the signed data is not that of a timestamp")
	case len(data.Signers) != 1 || len(data.Digests) != 1:
		return finding(TimestampMalformed, "the timestamp has %d signers, not one", len(data.Signers))
	case len(data.Revocations.FullBytes) > 0:
		return finding(TimestampUnsupported, "the timestamp carries revocation lists, which are not understood")
	}
	t.signer = data.Signers[0]
	switch {
	case len(t.signer.UnsignedAttrs.FullBytes) > 0:
		return finding(TimestampUnsupported, "the timestamp carries attributes that nobody signed")
	case t.signer.Version != 1:
		return finding(TimestampUnsupported, "the timestamp names its signer in a way that is not understood")
	case !plain(data.Digests[0]) || !plain(t.signer.Digest) ||
		!data.Digests[0].Algorithm.Equal(t.signer.Digest.Algorithm):
		return finding(TimestampMalformed, "the timestamp names two digest algorithms for one signature")
	}
	attributes, err := readAttributes(t.signer.Signed)
	t.attributes = attributes
	return err
}

// plain reports whether an algorithm has no parameters.
func plain(a pkix.AlgorithmIdentifier) bool {
	return len(a.Parameters.FullBytes) == 0 || string(a.Parameters.FullBytes) == string(asn1.NullBytes)
}

func readAttributes(signed asn1.RawValue) (map[string]asn1.RawValue, error) {
	found := map[string]asn1.RawValue{}
	for rest := signed.Bytes; len(rest) > 0; {
		var a attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &a); err != nil {
			return nil, finding(TimestampMalformed, "the signed attributes are malformed: %s", quiet(err))
		}
		if _, twice := found[a.Type.String()]; twice || len(a.Values) != 1 {
			return nil, finding(TimestampMalformed, "the signed attribute %v has not one value", a.Type)
		}
		found[a.Type.String()] = a.Values[0]
	}
	return found, nil
}

// checkInfo holds the content to section 2.4.2 of the RFC.
func (t *token) checkInfo() error {
	_, offset := t.info.Time.Zone()
	switch a := t.info.Accuracy; {
	case t.info.Version != 1:
		return finding(TimestampMalformed, "the timestamp is of version %d, not 1", t.info.Version)
	case offset != 0 || t.info.Time.Unix() <= 0:
		return finding(TimestampMalformed, "the time of the timestamp is not in UTC, or before 1970")
	case a.Seconds < 0 || a.Seconds > 1<<30 || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999:
		return finding(TimestampMalformed, "the accuracy of the timestamp is not one")
	}
	for _, e := range t.info.Extensions {
		if e.Critical {
			return finding(TimestampUnsupported, "the timestamp has an extension that must be understood, %v", e.Id)
		}
	}
	return nil
}

// accuracy returns how far the time may be off; zero says that the authority does
// not tell.
func (t *token) accuracy() time.Duration {
	a := t.info.Accuracy
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond +
		time.Duration(a.Micros)*time.Microsecond
}

// certificate returns the certificate that the signer names.
func (t *token) certificate() (*x509.Certificate, error) {
	if len(t.certificates) == 0 {
		return nil, finding(TimestampNoCertificate,
			"the timestamp carries no certificate, so nobody can check it: ask the authority for one with the request")
	}
	for _, c := range t.certificates {
		if string(c.RawIssuer) == string(t.signer.Signer.Issuer.FullBytes) &&
			c.SerialNumber.Cmp(t.signer.Signer.Serial) == 0 {
			return c, nil
		}
	}
	return nil, finding(TimestampNoCertificate, "the timestamp does not carry the certificate of its signer")
}

// digestOf returns the digest algorithm that stands for an OID: SHA-2 only.
func digestOf(oid asn1.ObjectIdentifier) (crypto.Hash, error) {
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, nil
	case oid.Equal(oidSHA384):
		return crypto.SHA384, nil
	case oid.Equal(oidSHA512):
		return crypto.SHA512, nil
	}
	return 0, finding(TimestampUnsupported, "the timestamp uses the digest algorithm %v, which is not accepted", oid)
}
