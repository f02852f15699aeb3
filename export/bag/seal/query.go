package seal

import (
	"bytes"
	"crypto"
	_ "crypto/sha256" // RFC 3161 queries and tokens use SHA-2
	_ "crypto/sha512" // and so do the tokens that are verified
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
)

// query is TimeStampReq of RFC 3161, section 2.4.1.
type query struct {
	Version    int
	Imprint    imprint
	Policy     asn1.ObjectIdentifier `asn1:"optional"`
	Nonce      *big.Int              `asn1:"optional"`
	CertReq    bool                  `asn1:"optional"`
	Extensions []pkix.Extension      `asn1:"optional,tag:0"`
}

// imprint is MessageImprint.
type imprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Digest    []byte
}

// NewQuery returns what to send to a timestamp authority, in DER, to get the time
// put to the bytes, such as an armoured signature. It holds their SHA-256 digest,
// a nonce of 64 bits from random, and the wish for the certificate of the
// authority, without which nobody could check the answer years later. It holds
// nothing else: the authority does not learn what it puts the time to.
func NewQuery(signed []byte, random io.Reader) ([]byte, error) {
	var nonce [8]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil {
		return nil, fmt.Errorf("drawing a nonce: %w", err)
	}
	digest := crypto.SHA256.New()
	digest.Write(signed)
	return asn1.Marshal(query{
		Version: 1,
		Imprint: imprint{
			Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidSHA256, Parameters: asn1.NullRawValue},
			Digest:    digest.Sum(nil),
		},
		Nonce:   new(big.Int).SetBytes(nonce[:]),
		CertReq: true,
	})
}

// answers reports whether a token is the answer to a query: of the same digest,
// with its nonce, and under its policy if it asks for one.
func (t *token) answers(der []byte) error {
	var q query
	if rest, err := asn1.Unmarshal(der, &q); err != nil || len(rest) > 0 || q.Version != 1 {
		return finding(TimestampNonce, "the timestamp query that was given is not one")
	}
	info := t.info
	switch {
	case !bytes.Equal(q.Imprint.Digest, info.Imprint.Digest),
		!q.Imprint.Algorithm.Algorithm.Equal(info.Imprint.Algorithm.Algorithm):
		return finding(TimestampNonce, "the timestamp is the answer to a query of other data")
	case q.Nonce != nil && (info.Nonce == nil || q.Nonce.Cmp(info.Nonce) != 0):
		return finding(TimestampNonce, "the timestamp is not the answer to the query: its nonce is another")
	case len(q.Policy) > 0 && !q.Policy.Equal(info.Policy):
		return finding(TimestampPolicy, "the timestamp is by the policy %v, not %v as asked", info.Policy, q.Policy)
	}
	return nil
}
