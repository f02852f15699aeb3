package review

import (
	"errors"
	"fmt"
)

// ErrMismatch says that files do not fit each other: a folder its report, or
// decisions the sessions that they are said to be about. The error is or joins
// [*MismatchError]s.
var ErrMismatch = errors.New("does not match")

// A Code says what does not match. Codes stay the same over versions.
type Code string

// The codes of a [MismatchError].
const (
	// The files of a session.
	CodeFileMissing Code = "file_missing"   // the report names a file that is not there
	CodeFileDigest  Code = "file_digest"    // a file has other bytes than the report says
	CodeFileName    Code = "file_name"      // the report names a file outside its folder
	CodePlacement   Code = "placement"      // the report places a box where its digits do not
	CodeNotDecoded  Code = "not_decoded"    // an image with a size in the report cannot be decoded
	CodeFrameSize   Code = "frame_size"     // an image has another size than the report says
	CodeManyFrames  Code = "frames"         // more frames than the limits allow
	CodeManyBytes   Code = "too_many_bytes" // more bytes of images than a session may have
	CodeReport      Code = "report_differs" // the session is known, but by another report
	CodeSource      Code = "source_differs" // the decision names another source document
	CodeSession     Code = "session_differs"
	CodeImages      Code = "images_differ" // the decision names other images, or other bytes of them
	CodeUnknown     Code = "unknown"       // no session has the report that the decision names
	CodeReason      Code = "reason"        // a reason is not in the list of reasons
	CodeTime        Code = "time"          // the decision was made in the future
)

// A MismatchError is one thing that does not fit.
type MismatchError struct {
	Code Code
	// Where names the file, the frame or the decision.
	Where string
	// Message says what is wrong, in one line.
	Message string
}

// Error returns where it is and what is wrong.
func (m *MismatchError) Error() string { return m.Where + ": " + m.Message }

// Unwrap returns [ErrMismatch].
func (m *MismatchError) Unwrap() error { return ErrMismatch }

func mismatch(code Code, where, format string, args ...any) *MismatchError {
	return &MismatchError{Code: code, Where: where, Message: fmt.Sprintf(format, args...)}
}
