package bag

import (
	"crypto/md5"  //nolint:gosec // bags of other programs have such manifests; lvtool writes none
	"crypto/sha1" //nolint:gosec // bags of other programs have such manifests; lvtool writes none
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
)

// An Algorithm is the name of a checksum algorithm, as it stands in the names
// of manifests.
type Algorithm string

// The algorithms that are written. MD5, SHA-1, SHA-224 and SHA-384 are read too,
// which tell damage but, the first two, no forgery.
const (
	SHA256 Algorithm = "sha256"
	SHA512 Algorithm = "sha512"
)

// newHash returns a hash of an algorithm, nil for one that is not known.
func newHash(a Algorithm) hash.Hash {
	switch a {
	case "md5":
		return md5.New() //nolint:gosec // see the import
	case "sha1":
		return sha1.New() //nolint:gosec // see the import
	case "sha224":
		return sha256.New224()
	case SHA256:
		return sha256.New()
	case "sha384":
		return sha512.New384()
	case SHA512:
		return sha512.New()
	}
	return nil
}

// A digester computes several digests of the same bytes.
type digester struct {
	algorithms []Algorithm
	hashes     []hash.Hash
}

func newDigester(algorithms []Algorithm) *digester {
	d := &digester{algorithms: algorithms}
	for _, a := range algorithms {
		d.hashes = append(d.hashes, newHash(a))
	}
	return d
}

// Write adds bytes; it never fails.
func (d *digester) Write(p []byte) (int, error) {
	for _, h := range d.hashes {
		h.Write(p)
	}
	return len(p), nil
}

// sums returns the digests of what was written since the last call.
func (d *digester) sums() map[Algorithm]string {
	m := make(map[Algorithm]string, len(d.hashes))
	for i, h := range d.hashes {
		m[d.algorithms[i]] = hex.EncodeToString(h.Sum(nil))
		h.Reset()
	}
	return m
}

var _ io.Writer = (*digester)(nil)
