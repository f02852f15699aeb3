package seal

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"slices"
)

// ErrNoCertificate says that a file of trusted roots has no certificate.
var ErrNoCertificate = errors.New("no certificate in PEM: it should have a line -----BEGIN CERTIFICATE-----")

// ParseRoots reads the certificates of trusted authorities from PEM, as openssl
// takes them by -CAfile. What else the file holds is passed over.
func ParseRoots(text []byte) ([]*x509.Certificate, error) {
	var roots []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("a certificate is malformed: " + quiet(err))
		}
		roots = append(roots, certificate)
	}
	if len(roots) == 0 {
		return nil, ErrNoCertificate
	}
	return roots, nil
}

// The attributes that say whose signature it is: SigningCertificate of RFC 2634
// and SigningCertificateV2 of RFC 5035, section 3.
type (
	signingCertificate struct {
		Certs    []certID
		Policies asn1.RawValue `asn1:"optional"`
	}
	certID struct {
		Hash   []byte
		Issuer idIssuer `asn1:"optional"`
	}
	signingCertificateV2 struct {
		Certs    []certIDv2
		Policies asn1.RawValue `asn1:"optional"`
	}
	certIDv2 struct {
		Algorithm pkix.AlgorithmIdentifier `asn1:"optional"` // SHA-256 where absent
		Hash      []byte
		Issuer    idIssuer `asn1:"optional"`
	}
	idIssuer struct {
		Names  asn1.RawValue
		Serial asn1.RawValue
	}
)

// names checks that the signed attributes name the certificate: RFC 3161, section
// 2.4.1, with the newer form of RFC 5816. Without them a certificate could be put
// in the place of another that has the same key.
func (t *token) names(signer *x509.Certificate) error {
	var sum []byte
	var v1 signingCertificate
	var v2 signingCertificateV2
	digest := crypto.SHA256
	switch {
	case t.attribute(oidSigningCertificateV2, &v2) && len(v2.Certs) > 0:
		sum = v2.Certs[0].Hash
		if oid := v2.Certs[0].Algorithm.Algorithm; len(oid) > 0 {
			var err error
			if digest, err = digestOf(oid); err != nil {
				return err
			}
		}
	case t.attribute(oidSigningCertificate, &v1) && len(v1.Certs) > 0:
		if !bytes.Equal(v1.Certs[0].Hash, sha1Sum(signer.Raw)) {
			return finding(TimestampSigner, "the timestamp says that its signer has another certificate")
		}
		return nil
	default:
		return finding(TimestampSigner, "the timestamp does not say which certificate its signer has")
	}
	if !bytes.Equal(sum, hash(digest, signer.Raw)) {
		return finding(TimestampSigner, "the timestamp says that its signer has another certificate")
	}
	return nil
}

// trusted checks that the certificate is for timestamps, was valid at the time of
// the token, and leads to a root if there are any.
func (t *token) trusted(signer *x509.Certificate, roots []*x509.Certificate) error {
	if err := forTimestamps(signer); err != nil {
		return err
	}
	at := t.info.Time
	if at.Before(signer.NotBefore) || at.After(signer.NotAfter) {
		return finding(TimestampExpired, "the certificate of the authority is valid from %s to %s, not at %s",
			utc(signer.NotBefore), utc(signer.NotAfter), utc(at))
	}
	if len(roots) > 0 {
		o := x509.VerifyOptions{
			Roots: pool(roots), Intermediates: pool(t.certificates), CurrentTime: at,
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
		}
		if _, err := signer.Verify(o); err != nil {
			return untrusted(err)
		}
	}
	return t.vouched(roots)
}

// forTimestamps holds a certificate to section 2.3 of the RFC: its extended key
// usage must be critical, and timestamps alone. Like OpenSSL it takes no key usage
// but signing.
func forTimestamps(c *x509.Certificate) error {
	const signing = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	critical := false
	for _, e := range c.Extensions {
		critical = critical || e.Critical && e.Id.Equal(oidExtKeyUsage)
	}
	only := slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) &&
		len(c.UnknownExtKeyUsage) == 0
	switch {
	case !only:
		return finding(TimestampKeyUsage, "the certificate of the authority is not for timestamps alone")
	case !critical:
		return finding(TimestampKeyUsage, "the certificate of the authority may be used for more than timestamps")
	case c.KeyUsage&^signing != 0:
		return finding(TimestampKeyUsage, "the certificate of the authority is for more than signing")
	}
	return nil
}

func pool(certificates []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}

// untrusted says why no chain leads to a root.
func untrusted(err error) error {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		switch e.Reason {
		case x509.Expired:
			return finding(TimestampExpired, "a certificate above that of the authority was not valid at that time")
		case x509.IncompatibleUsage:
			return finding(TimestampKeyUsage, "a certificate above that of the authority is not for timestamps")
		}
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return finding(TimestampUntrusted, "the certificate of the authority does not lead to a trusted root")
	}
	return finding(TimestampUntrusted, "the certificate of the authority does not hold: %s", quiet(err))
}

// vouched checks that each certificate in the token is a root, or is signed by one
// of the others, or by itself: no signature covers the certificates of a token, so
// one that nothing vouches for could be changed unseen. The one of the signer is
// covered by the signed attributes.
func (t *token) vouched(roots []*x509.Certificate) error {
	issuers := slices.Concat(roots, t.certificates)
	signer, err := t.certificate()
	if err != nil {
		return err
	}
	for _, c := range t.certificates {
		if c == signer {
			continue
		}
		if !vouchedBy(c, issuers) {
			return finding(TimestampStray, "the timestamp carries the certificate of %s, which no other signed: "+
				"it was changed, or that of its issuer must be among the trusted", quote(c.Subject.String()))
		}
	}
	return nil
}

func vouchedBy(c *x509.Certificate, issuers []*x509.Certificate) bool {
	for _, issuer := range issuers {
		if bytes.Equal(c.RawIssuer, issuer.RawSubject) &&
			issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil {
			return true
		}
	}
	return false
}
