package rekognition

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
)

// Conditions of an [*Error], for errors.Is.
var (
	ErrNotFound  = errors.New("session not found")      // never existed, or is older than the results last
	ErrDenied    = errors.New("access denied")          // no permission, or no Face Liveness in the region
	ErrThrottled = errors.New("too many requests")      // still, after the last attempt
	ErrInvalid   = errors.New("invalid request")        // the service does not take the session id
	ErrExpired   = errors.New("credentials not valid")  // expired, unknown or wrongly signed
	ErrService   = errors.New("the service has failed") // still, after the last attempt
)

// ErrIncomplete is a success without session id or status: not an answer of the service's, whoever sent it.
var ErrIncomplete = errors.New("answer without session id or status")

// Error is an answer of the service that is not a success.
type Error struct {
	Code       string // SessionNotFoundException; the HTTP status where the body has none
	Message    string // as sent; may be empty
	HTTPStatus int
	RequestID  string
	Attempts   int
}

// Error has the code and what the service says.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

// Is matches the conditions of this package.
func (e *Error) Is(target error) bool {
	return target == conditionOf(e.Code, e.HTTPStatus)
}

func conditionOf(code string, status int) error {
	switch code {
	case "SessionNotFoundException":
		return ErrNotFound
	case "AccessDeniedException", "AccessDenied":
		return ErrDenied
	case "ThrottlingException", "ProvisionedThroughputExceededException", "Throttling", "SlowDown",
		"RequestLimitExceeded":
		return ErrThrottled
	case "InvalidParameterException", "ValidationException":
		return ErrInvalid
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidSignatureException",
		"InvalidClientTokenId", "MissingAuthenticationTokenException", "IncompleteSignature":
		return ErrExpired
	}
	if status >= 500 {
		return ErrService
	}
	return nil
}

// newError reads code and message out of an answer, leniently: what answers may be a proxy.
func newError(a *Answer) *Error {
	e := &Error{HTTPStatus: a.HTTPStatus, RequestID: a.RequestID, Attempts: a.Attempts}
	var body struct {
		Type    string `json:"__type"`
		Message string
	}
	_ = json.Unmarshal(a.Body, &body) // no JSON, no code
	e.Code = body.Type[strings.LastIndexByte(body.Type, '#')+1:]
	if e.Code == "" {
		e.Code = fmt.Sprint(a.HTTPStatus)
	}
	e.Message = body.Message
	return e
}

// Reason is why there was no answer.
type Reason string

// The reasons of a TransportError.
const (
	Unreachable    Reason = "could not connect"
	ConnectTimeout Reason = "no connection in time"
	ReadTimeout    Reason = "no answer in time"
	Closed         Reason = "connection closed before the answer was complete"
	Untrusted      Reason = "certificate not trusted"
	Broken         Reason = "request failed"
)

// TransportError says that no answer came.
type TransportError struct {
	Reason   Reason
	Endpoint string
	Attempts int
	Err      error
}

// Error has the reason, the endpoint and the cause.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s: %s: %v", e.Endpoint, e.Reason, e.Err)
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// reasonOf tells the causes apart by what net, crypto/tls and io say.
func reasonOf(err error) Reason {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Untrusted
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return Untrusted
	}
	op, isOp := errors.AsType[*net.OpError](err)
	timeout, isNet := errors.AsType[net.Error](err)
	dialing := isOp && op.Op == "dial"
	switch {
	case isNet && timeout.Timeout() && dialing:
		return ConnectTimeout
	case isNet && timeout.Timeout(), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return ReadTimeout
	case dialing:
		return Unreachable
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE):
		return Closed
	}
	return Broken
}

// unwrapOperation takes the SDK's name of the call off an error.
func unwrapOperation(err error) error {
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		return op.Err
	}
	return err
}
