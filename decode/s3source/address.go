package s3source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// Scheme is what the address of an object begins with.
const Scheme = "s3://"

const versionQuery = "?versionId="

var (
	// Buckets made before 2018 may have upper case, underscores and 255
	// characters
	// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
	bucketName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$`)
	// The ARN of an access point stands for a bucket
	// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html).
	accessPoint = lazyregexp.New(`^arn:aws[a-z-]*:(` +
		`s3(-object-lambda)?:[a-z0-9-]*:[0-9]{12}:accesspoint[:/][A-Za-z0-9.-]{1,100}` +
		`|s3-outposts:[a-z0-9-]+:[0-9]{12}:outpost[:/][A-Za-z0-9-]{1,63}[:/]accesspoint[:/][A-Za-z0-9-]{1,63})`)
	// Version ids are opaque, but "URL-ready" and of at most 1,024 bytes
	// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html).
	versionID = lazyregexp.New(`^[!-~]+$`)
)

// ParseURL returns the object, or the prefix, that an address names:
// s3://bucket, s3://bucket/prefix/, s3://bucket/key, or
// s3://bucket/key?versionId=id. The bucket may be the ARN of an access point.
//
// As with the AWS CLI, the key is taken as it stands: nothing is unescaped, so
// that a key with a percent sign can be named; only a key that holds
// "?versionId=" cannot. What is no such address is an [ErrAddress].
func ParseURL(address string) (decode.S3Object, error) {
	rest, ok := strings.CutPrefix(address, Scheme)
	if !ok {
		return decode.S3Object{}, fmt.Errorf("%w: %q does not begin with %s", ErrAddress, address, Scheme)
	}
	var o decode.S3Object
	o.Bucket, o.Name = splitBucket(rest)
	if i := strings.LastIndex(o.Name, versionQuery); i >= 0 {
		o.Name, o.Version = o.Name[:i], o.Name[i+len(versionQuery):]
		if o.Name == "" || o.Version == "" {
			return decode.S3Object{}, fmt.Errorf("%w: %q has a version id without a key, or none", ErrAddress, address)
		}
	}
	return o, checkAddress(o)
}

// splitBucket splits bucket/key, where the bucket may be an ARN, in which
// slashes can be.
func splitBucket(s string) (bucket, key string) {
	n := len(accessPoint.FindString(s))
	i := strings.IndexByte(s[n:], '/')
	if i < 0 {
		return s, ""
	}
	return s[:n+i], s[n+i+1:]
}

// isARN reports whether a bucket is the ARN of an access point, which has its
// own host name and says its region.
func isARN(bucket string) bool { return strings.HasPrefix(bucket, "arn:") }

// FormatURL returns the address of an object, as [ParseURL] takes it. Unlike
// o.String it leaves every character as it is: it is for machines.
func FormatURL(o decode.S3Object) string {
	address := Scheme + o.Bucket + "/" + o.Name
	if o.Version != "" {
		address += versionQuery + o.Version
	}
	return address
}

// checkAddress says whether a bucket, key or prefix, and version can be those
// of an object.
func checkAddress(o decode.S3Object) error {
	arn := o.Bucket != "" && accessPoint.FindString(o.Bucket) == o.Bucket
	switch {
	case !arn && (!bucketName.MatchString(o.Bucket) || strings.Contains(o.Bucket, "..")):
		return fmt.Errorf("%w: %.100q is not the name of a bucket", ErrAddress, o.Bucket)
	case len(o.Name) > 1024:
		return fmt.Errorf("%w: a key of %d bytes; 1024 are the most", ErrAddress, len(o.Name))
	case !utf8.ValidString(o.Name):
		return fmt.Errorf("%w: the key %.100q is not UTF-8", ErrAddress, o.Name)
	case o.Version != "" && (len(o.Version) > 1024 || !versionID.MatchString(o.Version)):
		return fmt.Errorf("%w: %.100q is not a version id", ErrAddress, o.Version)
	}
	return nil
}
