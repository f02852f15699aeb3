package s3source

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/lvtool/lvtool/decode"
)

// conduct is what each condition is called in a [decode.Problem], and what to
// do about it. The first that fits counts, so that those that wrap others come
// first.
var conduct = []struct {
	condition error
	code      string
	advice    string
}{
	{
		ErrNoSuchBucket, "s3_no_bucket",
		"check the name of the bucket, and the endpoint if you set one",
	},
	{
		ErrNoSuchVersion, "s3_no_version",
		"the version was deleted, or the bucket never had it; without ?versionId= you get the newest",
	},
	{
		ErrDeleteMarker, "s3_deleted",
		"list the versions (aws s3api list-object-versions --prefix KEY), and add ?versionId=ID",
	},
	{
		decode.ErrNotFound, "not_found",
		"check the key, letter by letter; a folder ends with a slash",
	},
	{
		ErrKey, "s3_key_denied",
		"the key policy and the caller's policy must both allow kms:Decrypt (kms:GenerateDataKey to write)",
	},
	{
		ErrDenied, "s3_denied",
		"the caller needs s3:GetObject, for a version s3:GetObjectVersion; without s3:ListBucket S3 says the same" +
			" of a key that does not exist",
	},
	{
		ErrCustomerKey, "s3_customer_key",
		"download the object with its key, and give lvtool the folder with --s3-root",
	},
	{
		ErrNoCredentials, "s3_no_credentials",
		"run aws configure or aws sso login, or set AWS_PROFILE; a public bucket: --no-sign-request",
	},
	{
		ErrBadCredentials, "s3_bad_credentials",
		"check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the profile",
	},
	{
		ErrExpiredToken, "s3_expired_credentials",
		"get new ones: aws sso login, or assume the role again",
	},
	{
		ErrClock, "s3_clock",
		"set this machine's clock",
	},
	{
		ErrRegion, "s3_region",
		"set --region to the region of the bucket: aws s3api get-bucket-location --bucket BUCKET",
	},
	{
		ErrEndpoint, "s3_endpoint",
		"check --region and --endpoint-url",
	},
	{
		ErrArchived, "s3_archived",
		"restore it first (aws s3api restore-object), which takes minutes to days",
	},
	{
		ErrBucketDots, "s3_bucket_dots",
		"the certificate covers one level of names: use an endpoint with the bucket in the path",
	},
	{
		ErrTLS, "s3_tls",
		"give the certificate authority with --ca-bundle",
	},
	{
		ErrThrottled, "s3_throttled",
		"run fewer at a time, or try again later",
	},
	{
		ErrServer, "s3_server",
		"try again later; AWS support asks for the request id",
	},
	{
		ErrNetwork, "s3_network",
		"check the network and the endpoint, and try again",
	},
	{
		ErrTimeout, "s3_timeout",
		"check the network, and try again",
	},
	{
		ErrChecksum, "s3_checksum",
		"the object is damaged where it lies: get another version or copy of it",
	},
	{
		ErrExists, "s3_exists",
		"write somewhere else, or overwrite it with --force",
	},
	{
		ErrChanged, "s3_changed",
		"try again",
	},
	{
		ErrTooMany, "s3_too_many",
		"give a longer prefix",
	},
	{
		ErrBucketRefused, "s3_bucket_refused",
		"the bucket is none of those allowed on the command line",
	},
	{
		ErrUnrelated, "s3_unrelated",
		"keys of the service hold the session's id; to read others give --s3-bucket BUCKET",
	},
	{
		ErrAddress, "s3_address",
		"write s3://bucket/key, with ?versionId=ID for a version",
	},
}

// Advice returns what a person can do about an error of this package, in words,
// or "" where there is nothing to say. The options it names are those of the
// AWS CLI and of lvtool.
func Advice(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && errors.Is(err, ErrDenied) && !errors.Is(err, ErrKey) {
		return permission(e)
	}
	for _, c := range conduct {
		if errors.Is(err, c.condition) {
			return c.advice
		}
	}
	return ""
}

// AdviceOn is [Advice] for those who have only the code of a [decode.Problem],
// such as s3_denied, that an error of this package became.
func AdviceOn(code string) string {
	for _, c := range conduct {
		if c.code == code {
			return c.advice
		}
	}
	return ""
}

// ProblemCode returns what the error is called in a report: s3_denied,
// s3_no_version, …; "s3" where there is no name for it, and "" for an object
// over a limit and for the end of the context, which S3 has no part in.
func (e *Error) ProblemCode() string {
	for _, c := range conduct {
		if errors.Is(e.Err, c.condition) {
			return c.code
		}
	}
	if errors.Is(e.Err, ErrRefused) || errors.Is(e.Err, fs.ErrClosed) {
		return "s3"
	}
	return ""
}

// permission names what the caller needs, and what else the same answer can
// mean.
func permission(e *Error) string {
	needs := fmt.Sprintf("the caller needs %s", e.Op)
	if e.Op == OpGet {
		if e.Object.Version != "" {
			needs += "Version"
		}
		needs += fmt.Sprintf("; without %s S3 says the same of a key that does not exist", OpList)
	}
	if e.Owner != "" {
		needs += fmt.Sprintf("; it also says this where %s, as --s3-owner has it, does not own the bucket", e.Owner)
	}
	return needs
}
