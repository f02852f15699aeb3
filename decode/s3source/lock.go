package s3source

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/lvtool/lvtool/decode"
)

// A BucketLock says whether S3 Object Lock is on in a bucket.
type BucketLock struct {
	On bool
	// Default says that every new object is locked for a time.
	Default bool
}

// A Lock is what S3 Object Lock holds a version by; the zero Lock does not.
type Lock struct {
	// Mode is that of its retention, GOVERNANCE or COMPLIANCE, until Until; "" for
	// none.
	Mode  string
	Until time.Time
	// LegalHold holds it whatever the time.
	LegalHold bool
}

// Holds reports whether the version cannot be deleted at a time.
func (l Lock) Holds(now time.Time) bool { return l.LegalHold || l.Mode != "" && l.Until.After(now) }

// BucketLock returns whether Object Lock is on in a bucket. A server that does not
// know Object Lock locks nothing.
func (s *Store) BucketLock(ctx context.Context, bucket string) (lock BucketLock, err error) {
	in := &s3.GetObjectLockConfigurationInput{Bucket: &bucket, ExpectedBucketOwner: s.owner()}
	send := func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.client.GetObjectLockConfiguration(ctx, in, region)
		if err != nil {
			return unlessUnlocked(err)
		}
		if is := out.ObjectLockConfiguration; is != nil {
			lock.On = is.ObjectLockEnabled == types.ObjectLockEnabledEnabled
			lock.Default = is.Rule != nil && is.Rule.DefaultRetention != nil
		}
		return nil
	}
	err = s.do(ctx, call{op: OpBucketLock, object: decode.S3Object{Bucket: bucket}, send: send})
	return lock, err
}

// LockOf returns what Object Lock holds a version by.
func (s *Store) LockOf(ctx context.Context, o decode.S3Object) (lock Lock, err error) {
	version := &o.Version
	if o.Version == "" {
		version = nil
	}
	retention := func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.client.GetObjectRetention(ctx, &s3.GetObjectRetentionInput{
			Bucket: &o.Bucket, Key: &o.Name, VersionId: version, ExpectedBucketOwner: s.owner(),
		}, region)
		if err == nil && out.Retention != nil {
			lock.Mode, lock.Until = string(out.Retention.Mode), aws.ToTime(out.Retention.RetainUntilDate)
		}
		return unlessUnlocked(err)
	}
	if err := s.do(ctx, call{op: OpRetention, object: o, send: retention}); err != nil {
		return lock, err
	}
	hold := func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.client.GetObjectLegalHold(ctx, &s3.GetObjectLegalHoldInput{
			Bucket: &o.Bucket, Key: &o.Name, VersionId: version, ExpectedBucketOwner: s.owner(),
		}, region)
		if err == nil && out.LegalHold != nil {
			lock.LegalHold = out.LegalHold.Status == types.ObjectLockLegalHoldStatusOn
		}
		return unlessUnlocked(err)
	}
	err = s.do(ctx, call{op: OpLegalHold, object: o, send: hold})
	return lock, err
}

// unlocked are the answers of what is not locked, and of servers that do not know
// locks (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
var unlocked = []string{"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NotImplemented"}

// unlessUnlocked returns an error that says more than that there is no lock.
func unlessUnlocked(err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if ok && slices.Contains(unlocked, api.ErrorCode()) {
		return nil
	}
	answer, ok := errors.AsType[*awshttp.ResponseError](err)
	if ok && answer.HTTPStatusCode() == http.StatusNotImplemented {
		return nil
	}
	return err
}
