package s3source

import (
	"crypto/sha1" //nolint:gosec // S3 offers it as a checksum; nothing here relies on it against an attacker.
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// A checksum is one that S3 keeps of an object.
type checksum struct {
	name string
	// value is in Base64; for an object put in parts, the checksum of their
	// checksums and the number of parts, such as "…==-3".
	value string
	// hash begins one of the whole object; nil where that cannot be taken.
	hash func() hash.Hash
}

// String returns the checksum as name:value, "" for none.
func (c checksum) String() string {
	if c.name == "" {
		return ""
	}
	return c.name + ":" + c.value
}

// fits reports whether h is the checksum.
func (c checksum) fits(h hash.Hash) bool {
	return base64.StdEncoding.EncodeToString(h.Sum(nil)) == c.value
}

// checksumOf returns the checksum that came with an object, the strongest where
// there are several.
func checksumOf(out *s3.GetObjectOutput) checksum {
	for _, c := range []struct {
		name  string
		value *string
		hash  func() hash.Hash
	}{
		{"sha512", out.ChecksumSHA512, sha512.New},
		{"sha256", out.ChecksumSHA256, sha256.New},
		{"sha1", out.ChecksumSHA1, sha1.New},
		{"xxhash128", out.ChecksumXXHASH128, nil},
		{"crc64nvme", out.ChecksumCRC64NVME, newCRC64NVME},
		{"xxhash3", out.ChecksumXXHASH3, nil},
		{"xxhash64", out.ChecksumXXHASH64, nil},
		{"crc32c", out.ChecksumCRC32C, newCRC32C},
		{"crc32", out.ChecksumCRC32, newCRC32},
		{"md5", out.ChecksumMD5, nil},
	} {
		if c.value == nil {
			continue
		}
		if out.ChecksumType == types.ChecksumTypeComposite || strings.Contains(*c.value, "-") {
			c.hash = nil
		}
		return checksum{c.name, *c.value, c.hash}
	}
	return checksum{}
}

func newCRC32() hash.Hash  { return crc32.NewIEEE() }
func newCRC32C() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }

// newCRC64NVME returns the CRC of the NVM Express NVM Command Set
// Specification 1.0d, section 5.2.1.3.4, whose polynomial
// 0xAD93D23594C93659 is reversed here, as hash/crc64 takes it.
func newCRC64NVME() hash.Hash { return crc64.New(crc64.MakeTable(0x9A6C9329AC4BC9B5)) }
