package seal

import "fmt"

// A Code names one kind of finding. Codes are stable: programs may act on them.
type Code string

// What can be wrong with a signature.
const (
	SignatureMissing     Code = "signature-missing"     // there is none
	SignatureMalformed   Code = "signature-malformed"   // it is not an armoured SSHSIG in its one true form
	SignatureUnsupported Code = "signature-unsupported" // its algorithm, or the size of its key, is not accepted
	SignatureNamespace   Code = "signature-namespace"   // it was made for another purpose
	SignatureMismatch    Code = "signature-mismatch"    // it is of other data, or forged
	KeyNotAllowed        Code = "key-not-allowed"       // no line of the allowed signers has its key for this use
	KeyNotYetValid       Code = "key-not-yet-valid"     // it was made before its key was allowed
	KeyExpired           Code = "key-expired"           // it was made after its key was allowed
	KeyTimeUnknown       Code = "key-time-unknown"      // its key is allowed for a time only, and the time is not known
	KeyCertificate       Code = "key-certificate"       // the SSH certificate of its key does not hold
)

// What can be wrong with a timestamp.
const (
	TimestampMissing       Code = "timestamp-missing"        // there is none
	TimestampMalformed     Code = "timestamp-malformed"      // it is not a response in DER as RFC 3161 wants it
	TimestampRefused       Code = "timestamp-refused"        // the authority answered that it gives none
	TimestampUnsupported   Code = "timestamp-unsupported"    // it uses an algorithm or a part that is not accepted
	TimestampNoCertificate Code = "timestamp-no-certificate" // the token lacks the certificate of its signer
	TimestampForged        Code = "timestamp-forged"         // the signature of the token is not of its content
	TimestampSigner        Code = "timestamp-signer"         // the token does not name its certificate as its signer's
	TimestampMismatch      Code = "timestamp-mismatch"       // it is of other data
	TimestampKeyUsage      Code = "timestamp-key-usage"      // the certificate is not for timestamps, and for them only
	TimestampExpired       Code = "timestamp-expired"        // a certificate was not valid at the time of the token
	TimestampUntrusted     Code = "timestamp-untrusted"      // the certificates do not lead to a trusted root
	TimestampStray         Code = "timestamp-stray"          // the token carries a certificate that nothing vouches for
	TimestampFuture        Code = "timestamp-future"         // it is from after the time of the check
	TimestampNonce         Code = "timestamp-nonce"          // it is not the answer to the query
	TimestampPolicy        Code = "timestamp-policy"         // it was given under another policy
)

// What can be wrong with something encrypted.
const (
	EncryptionIdentity  Code = "encryption-identity"  // it was not encrypted to any of the identities
	EncryptionMalformed Code = "encryption-malformed" // it is not an age file, or it was changed or cut short
)

// An Error is one finding: what does not hold, in words and as a code. What is
// quoted in the words comes from the input, escaped to printable ASCII.
type Error struct {
	Code   Code
	Reason string
}

// Error returns the reason.
func (e *Error) Error() string { return e.Reason }

func finding(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Reason: fmt.Sprintf(format, args...)}
}

// A LineError says what is wrong with a line of a file of allowed signers,
// recipients or identities.
type LineError struct {
	Line   int // from 1
	Reason string
}

// Error returns the line and the reason.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }
