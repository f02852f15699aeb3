package s3source

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/lvtool/lvtool/decode"
)

// What can go wrong with S3. Test with [errors.Is]; an object that is not
// there is a [decode.ErrNotFound], one over a limit a [decode.ErrTooLarge].
var (
	// ErrAddress says that a bucket, key or version cannot be one.
	ErrAddress = errors.New("not an S3 address")
	// ErrBucketRefused says that a bucket is none of those allowed.
	ErrBucketRefused = errors.New("bucket not allowed")
	// ErrUnrelated says that an object does not look like one of the session
	// whose result names it: see [Store.For].
	ErrUnrelated = errors.New("not an object of this session")
	// ErrNoSuchBucket says that there is no such bucket.
	ErrNoSuchBucket = fmt.Errorf("%w: no such bucket", decode.ErrNotFound)
	// ErrNoSuchVersion says that the object has no such version.
	ErrNoSuchVersion = fmt.Errorf("%w: no such version", decode.ErrNotFound)
	// ErrDeleteMarker says that the object was deleted in a bucket that keeps
	// versions, so that older versions may still be there.
	ErrDeleteMarker = fmt.Errorf("%w: deleted, by a delete marker", decode.ErrNotFound)
	// ErrDenied says that the caller may not do this.
	ErrDenied = errors.New("access denied")
	// ErrKey says that the object may be had, but not the KMS key that it is
	// encrypted with.
	ErrKey = fmt.Errorf("%w: encryption key", ErrDenied)
	// ErrCustomerKey says that the object is encrypted with a key that only its
	// owner has (SSE-C).
	ErrCustomerKey = errors.New("encrypted with a customer's own key")
	// ErrNoCredentials says that there is nothing to sign requests with.
	ErrNoCredentials = errors.New("no AWS credentials")
	// ErrBadCredentials says that the service does not know the credentials, or
	// that the secret is wrong.
	ErrBadCredentials = errors.New("AWS credentials not accepted")
	// ErrExpiredToken says that temporary credentials are too old.
	ErrExpiredToken = errors.New("AWS credentials expired")
	// ErrClock says that this machine's clock is wrong.
	ErrClock = errors.New("clock differs from the service's")
	// ErrRegion says that the bucket is in another region, and that it could
	// not be followed there.
	ErrRegion = errors.New("bucket in another region")
	// ErrEndpoint says that there is no host of that name.
	ErrEndpoint = errors.New("no such endpoint")
	// ErrArchived says that the object must be restored from an archive first.
	ErrArchived = errors.New("object archived")
	// ErrTLS says that the certificate of the server is not accepted.
	ErrTLS = errors.New("certificate not accepted")
	// ErrBucketDots says that the certificate of the server does not fit
	// because the name of the bucket has dots. It is an ErrTLS.
	ErrBucketDots = fmt.Errorf("%w: bucket name with dots", ErrTLS)
	// ErrThrottled says that the service asked to slow down, to the end.
	ErrThrottled = errors.New("throttled")
	// ErrServer says that the service failed, to the end.
	ErrServer = errors.New("service failed")
	// ErrNetwork says that the connection failed, to the end.
	ErrNetwork = errors.New("connection failed")
	// ErrTimeout says that a time limit of [Options] was reached.
	ErrTimeout = errors.New("timed out")
	// ErrChecksum says that the bytes do not fit the checksum kept with them.
	ErrChecksum = errors.New("checksum mismatch")
	// ErrExists says that an object is there already, with other bytes.
	ErrExists = errors.New("exists with other content")
	// ErrChanged says that an object changed while it was read.
	ErrChanged = errors.New("changed while being read")
	// ErrTooMany says that more objects are listed than was asked for at most.
	ErrTooMany = errors.New("too many objects")
	// ErrRefused says that the service refused for another reason.
	ErrRefused = errors.New("request refused")
)

// An Op is what was to be done with an object.
type Op string

// The operations, after the S3 action that allows them.
const (
	OpGet    Op = "s3:GetObject"
	OpPut    Op = "s3:PutObject"
	OpDelete Op = "s3:DeleteObject"
	OpList   Op = "s3:ListBucket"

	OpAbort         Op = "s3:AbortMultipartUpload"
	OpListVersions  Op = "s3:ListBucketVersions"
	OpDeleteVersion Op = "s3:DeleteObjectVersion"
	OpBucketLock    Op = "s3:GetBucketObjectLockConfiguration"
	OpRetention     Op = "s3:GetObjectRetention"
	OpLegalHold     Op = "s3:GetObjectLegalHold"
)

// ofBucket are the operations on a bucket, or on a prefix of one.
var ofBucket = []Op{OpList, OpListVersions, OpBucketLock}

// An Error says what could not be done and why.
type Error struct {
	Op Op
	// Object is the object or, in a listing, the prefix.
	Object decode.S3Object
	// Err is the condition: one of this package, or the context's.
	Err error
	// Code is the service's own name for it, such as NoSuchKey; "" where the
	// service did not answer.
	Code string
	// Message says more, in the words of the service or the network, fit to
	// print; it may be "".
	Message string
	// RequestID is what AWS support asks for; "" where the service did not
	// answer.
	RequestID string
	// Tries is how many requests were made for it.
	Tries int
	// Owner is the account that must own the bucket, by [Options].Owner: S3 says
	// of the bucket of another what it says of one that may not be read.
	Owner string
}

// Error says it in one line, such as
//
//	s3://bucket/key: access denied: Access Denied (AccessDenied, request 4442587FB7D0A2F9)
func (e *Error) Error() string {
	var notes []string
	if e.Code != "" {
		notes = append(notes, e.Code)
	}
	if e.Owner != "" && errors.Is(e.Err, ErrDenied) {
		notes = append(notes, "or account "+e.Owner+" does not own the bucket")
	}
	if e.Tries > 1 {
		notes = append(notes, fmt.Sprintf("%d tries", e.Tries))
	}
	if e.RequestID != "" {
		notes = append(notes, "request "+e.RequestID)
	}
	text := e.Object.String() + ": " + e.Err.Error()
	if e.Message != "" {
		text += ": " + e.Message
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

// Unwrap returns the condition.
func (e *Error) Unwrap() error { return e.Err }

// words returns what a server said, in one line, fit for a terminal.
func words(s string) string {
	const longest = 300
	clean := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, strings.Join(strings.Fields(s), " ")))
	if len(clean) > longest {
		clean = append(clean[:longest], '…')
	}
	return strings.TrimSuffix(string(clean), ".")
}
