package s3source

import (
	"errors"
	"fmt"

	"github.com/lvtool/lvtool/decode"
)

// advice is what to do about a condition. The first that fits counts, so that
// those that wrap others come first.
var advice = []struct {
	condition error
	text      string
}{
	{ErrNoSuchBucket, "check the name of the bucket, and the endpoint if you set one"},
	{ErrNoSuchVersion, "the version was deleted, or the bucket never had it; without ?versionId= you get the newest"},
	{ErrDeleteMarker, "list the versions (aws s3api list-object-versions --prefix KEY), and add ?versionId=ID"},
	{decode.ErrNotFound, "check the key, letter by letter; a folder ends with a slash"},
	{ErrKey, "the key policy and the caller's policy must both allow kms:Decrypt (kms:GenerateDataKey to write)"},
	{ErrCustomerKey, "download the object with its key, and give lvtool the folder with --s3-root"},
	{ErrNoCredentials, "run aws configure or aws sso login, or set AWS_PROFILE; a public bucket: --no-sign-request"},
	{ErrBadCredentials, "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the profile"},
	{ErrExpiredToken, "get new ones: aws sso login, or assume the role again"},
	{ErrClock, "set this machine's clock"},
	{ErrRegion, "set --region to the region of the bucket: aws s3api get-bucket-location --bucket BUCKET"},
	{ErrEndpoint, "check --region and --endpoint-url"},
	{ErrArchived, "restore it first (aws s3api restore-object), which takes minutes to days"},
	{ErrBucketDots, "the certificate covers one level of names: use an endpoint with the bucket in the path"},
	{ErrTLS, "give the certificate authority with --ca-bundle"},
	{ErrThrottled, "run fewer at a time, or try again later"},
	{ErrServer, "try again later; AWS support asks for the request id"},
	{ErrNetwork, "check the network and the endpoint, and try again"},
	{ErrTimeout, "check the network, and try again"},
	{ErrChecksum, "the object is damaged where it lies: get another version or copy of it"},
	{ErrExists, "write somewhere else, or overwrite it with --force"},
	{ErrChanged, "try again"},
	{ErrTooMany, "give a longer prefix"},
	{ErrBucketRefused, "the bucket is none of those allowed on the command line"},
	{ErrAddress, "write s3://bucket/key, with ?versionId=ID for a version"},
}

// Advice returns what a person can do about an error of this package, in words,
// or "" where there is nothing to say. The options it names are those of the
// AWS CLI and of lvtool.
func Advice(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && errors.Is(err, ErrDenied) && !errors.Is(err, ErrKey) {
		return permission(e)
	}
	for _, a := range advice {
		if errors.Is(err, a.condition) {
			return a.text
		}
	}
	return ""
}

// permission names what the caller needs, and what else the same answer can
// mean.
func permission(e *Error) string {
	if e.Op == OpGet {
		action := string(OpGet)
		if e.Object.Version != "" {
			action += "Version"
		}
		return fmt.Sprintf("the caller needs %s; without %s S3 says the same of a key that does not exist",
			action, OpList)
	}
	return fmt.Sprintf("the caller needs %s", e.Op)
}
