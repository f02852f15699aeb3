package s3source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/lvtool/lvtool/decode"
)

// conditions are what the error codes of S3 mean
// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
var conditions = map[string]error{
	"NoSuchKey":     decode.ErrNotFound,
	"NoSuchBucket":  ErrNoSuchBucket,
	"NoSuchVersion": ErrNoSuchVersion,

	"AccessDenied":      ErrDenied,
	"AllAccessDisabled": ErrDenied,
	"AccountProblem":    ErrDenied,
	"Forbidden":         ErrDenied,

	"InvalidAccessKeyId":    ErrBadCredentials,
	"InvalidToken":          ErrBadCredentials,
	"SignatureDoesNotMatch": ErrBadCredentials,
	"ExpiredToken":          ErrExpiredToken,
	"ExpiredTokenException": ErrExpiredToken,
	"TokenRefreshRequired":  ErrExpiredToken,
	"RequestTimeTooSkewed":  ErrClock,

	"AuthorizationHeaderMalformed":       ErrRegion,
	"IllegalLocationConstraintException": ErrRegion,
	"MovedPermanently":                   ErrRegion,
	"PermanentRedirect":                  ErrRegion,
	"TemporaryRedirect":                  ErrRegion,

	"BandwidthLimitExceeded": ErrThrottled,
	"RequestLimitExceeded":   ErrThrottled,
	"SlowDown":               ErrThrottled,
	"ThrottledException":     ErrThrottled,
	"Throttling":             ErrThrottled,
	"ThrottlingException":    ErrThrottled,
	"TooManyRequests":        ErrThrottled,

	"ConditionalRequestConflict": ErrServer,
	"InternalError":              ErrServer,
	"OperationAborted":           ErrServer,
	"ServiceUnavailable":         ErrServer,
	"RequestTimeout":             ErrNetwork,
	"IncompleteBody":             ErrNetwork,

	"BadDigest":                    ErrChecksum,
	"InvalidDigest":                ErrChecksum,
	"XAmzContentChecksumMismatch":  ErrChecksum,
	"XAmzContentSHA256Mismatch":    ErrChecksum,
	"InvalidBucketName":            ErrAddress,
	"InvalidURI":                   ErrAddress,
	"KeyTooLongError":              ErrAddress,
	"InvalidObjectState":           ErrArchived,
	"ObjectNotInActiveTierError":   ErrArchived,
	"PreconditionFailed":           ErrChanged,
	"KMS.DisabledException":        ErrKey,
	"KMS.InvalidStateException":    ErrKey,
	"KMS.KMSInvalidStateException": ErrKey,
	"KMS.NotFoundException":        ErrKey,
}

// A credentialsError says that the credentials could not be had.
type credentialsError struct{ err error }

// Error leaves out why the last resort, the metadata service of EC2, has none:
// outside of EC2 that means no more than that nothing was set.
func (e *credentialsError) Error() string {
	if text := e.err.Error(); !strings.Contains(text, "EC2 IMDS") {
		return text
	}
	return ""
}

// newError says what an error of the SDK, or of a connection, is in the terms
// of this package.
func newError(ctx context.Context, c call, err error) *Error {
	e := &Error{Op: c.op, Object: c.object}
	if ctx.Err() != nil {
		e.Err = context.Cause(ctx)
		return e
	}
	if isOwn(err) {
		e.Err = err
		return e
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		e.Err = ofService(api, header(err))
		e.Code, e.Message = words(api.ErrorCode()), words(api.ErrorMessage())
	} else {
		e.Err = ofNetwork(err, c.object.Bucket)
		e.Message = words(innermost(err))
	}
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		e.RequestID = words(answer.RequestID)
		e.Err = ofStatus(e.Err, answer.HTTPStatusCode())
	}
	return e
}

// isOwn reports whether an error is in the terms of this package already.
func isOwn(err error) bool {
	for _, own := range []error{decode.ErrTooLarge, decode.ErrNotFound, ErrTimeout, ErrChanged, ErrChecksum} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}

// ofService returns the condition of an error that S3 sent.
func ofService(api smithy.APIError, h http.Header) error {
	text := api.ErrorMessage()
	condition := conditions[api.ErrorCode()]
	switch {
	case h.Get("x-amz-delete-marker") == "true":
		return ErrDeleteMarker
	case errors.Is(condition, ErrDenied) && strings.Contains(text, "kms:"):
		return ErrKey
	case api.ErrorCode() == "InvalidArgument" && strings.Contains(text, "version id"):
		return ErrNoSuchVersion
	case api.ErrorCode() == "InvalidRequest" && strings.Contains(text, "Server Side Encryption"):
		return ErrCustomerKey
	case condition == nil:
		return ErrRefused
	}
	return condition
}

// ofStatus returns the condition that the status of an answer tells where its
// body did not: proxies and gateways answer in other formats.
func ofStatus(condition error, status int) error {
	switch {
	case !errors.Is(condition, ErrRefused) && !errors.Is(condition, ErrNetwork):
		return condition
	case status == http.StatusTooManyRequests:
		return ErrThrottled
	case status >= 500 && status != http.StatusNotImplemented:
		return ErrServer
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		return ErrDenied
	case status >= 300:
		return ErrRefused
	}
	return condition
}

// ofNetwork returns the condition of an error met before S3 could answer, or
// while it did.
func ofNetwork(err error, bucket string) error {
	var (
		credential *credentialsError
		noHost     *net.DNSError
		wrongHost  x509.HostnameError
		badChain   *tls.CertificateVerificationError
		notTLS     tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &credential):
		return ErrNoCredentials
	case errors.As(err, &noHost) && noHost.IsNotFound:
		return ErrEndpoint
	case errors.As(err, &wrongHost) && strings.Contains(bucket, "."):
		return ErrBucketDots
	case errors.As(err, &badChain), errors.As(err, &wrongHost), errors.As(err, &notTLS):
		return ErrTLS
	case strings.Contains(err.Error(), "checksum did not match"):
		return ErrChecksum // the SDK's type for it is internal
	case strings.Contains(err.Error(), "resolve service endpoint"):
		return ErrAddress
	case isTimeout(err):
		return ErrTimeout // one of the caller's HTTP client
	}
	return ErrNetwork
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

// innermost returns the text of the last error in a chain, which names the
// cause; those around it name the SDK's parts.
func innermost(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
