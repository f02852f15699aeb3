package export

import (
	"errors"
	"fmt"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// noReference is the code of a result that has images, but no reference image.
const noReference = "no_reference_image"

// statusMeaning says what a status means and what to do about it. AWS describes
// the statuses at
// https://docs.aws.amazon.com/rekognition/latest/APIReference/API_GetFaceLivenessSessionResults.html.
var statusMeaning = map[string]decode.Problem{
	"CREATED": {
		Code:    "status_created",
		Message: "the session was created, but no check was made in it: there is no confidence and no image",
	},
	"IN_PROGRESS": {
		Code:    "status_in_progress",
		Message: "the check was still going on when the result was asked for: ask again when it has ended",
	},
	"EXPIRED": {
		Code: "status_expired",
		Message: "the session expired: a session id lives for 3 minutes, after which the service no longer gives" +
			" its images; create a new session to make the check again",
	},
	"FAILED": {
		Code:    "status_failed",
		Message: "the check was not completed: create a new session to make it again",
	},
}

// sessionProblems returns what is doubtful about a session as a whole.
func sessionProblems(s *decode.Session, opts *Options) []decode.Problem {
	var list []decode.Problem
	redaction, redacted := redactionOf(s)
	if redacted {
		list = append(list, redaction.problem())
	}
	switch meaning, ok := statusMeaning[s.Status]; {
	case ok:
		list = append(list, meaning)
	case s.Status == "":
		list = append(list, decode.Problem{Code: "status_missing", Message: "the result has no status"})
	case s.Status != "SUCCEEDED":
		list = append(list, decode.Problem{
			Code:    "status_unknown",
			Message: fmt.Sprintf("the status %.40q is not one that lvtool knows", s.Status),
		})
	}
	if s.Confidence != "" || !redaction.ConfidenceHidden {
		list = append(list, confidenceProblems(s, opts)...)
	}
	return append(list, imageProblems(s)...)
}

func confidenceProblems(s *decode.Session, opts *Options) []decode.Problem {
	c, err := s.Confidence.Rat()
	switch {
	case s.Confidence == "" && !confidenceExpected(s.Status) && opts.Threshold == "":
		return nil
	case s.Confidence == "":
		return []decode.Problem{{Code: "confidence_missing", Message: "the result has no confidence"}}
	case err != nil:
		return []decode.Problem{{
			Code:    "confidence_invalid",
			Message: fmt.Sprintf("the confidence %.40q is not a number", string(s.Confidence)),
		}}
	case c.Sign() < 0 || c.Cmp(hundred()) > 0:
		return []decode.Problem{{
			Code:    "confidence_range",
			Message: fmt.Sprintf("the confidence %.40s does not lie between 0 and 100", string(s.Confidence)),
		}}
	}
	return nil
}

// confidenceExpected reports whether a check with this status has ended, and
// so ought to have a confidence.
func confidenceExpected(status string) bool {
	return status != "CREATED" && status != "IN_PROGRESS" && status != "EXPIRED"
}

func imageProblems(s *decode.Session) []decode.Problem {
	if len(s.Images) == 0 {
		return []decode.Problem{{Code: "no_images", Message: "the result has no image; " + retry(s.Status)}}
	}
	if !hasReference(s) {
		return []decode.Problem{{
			Code:    noReference,
			Message: "the result has no reference image; " + retry(s.Status),
		}}
	}
	return nil
}

func hasReference(s *decode.Session) bool {
	for i := range s.Images {
		if s.Images[i].Name == reference {
			return true
		}
	}
	return false
}

// retry returns what AWS advises where a result lacks its reference image.
func retry(status string) string {
	if status == "CREATED" || status == "IN_PROGRESS" {
		return "a check that has not ended has none"
	}
	return "AWS advises to retry the check"
}

// frameProblems returns the doubts about a frame, the reason why it could not
// be loaded last.
func frameProblems(f *decode.Frame) []decode.Problem {
	list := append([]decode.Problem{}, f.Problems...)
	if f.Err != nil {
		list = append(list, decode.Problem{Code: code(f), Message: f.Err.Error()})
	}
	return list
}

// boxProblems returns the doubts about a box, for which the caller asked for a
// unit.
func boxProblems(p annotate.Placement, asked annotate.Unit) []decode.Problem {
	switch {
	case p.State == annotate.Invalid:
		return []decode.Problem{{Code: "box_invalid", Message: "the box is not usable: " + p.Reason}}
	case p.Unit == annotate.Pixel && asked != annotate.Pixel:
		return []decode.Problem{{
			Code:    "box_in_pixels",
			Message: "the box was taken for pixels, since no ratio is as large; the service writes ratios",
		}}
	}
	return nil
}

// A coded error knows what it is called in a report, as those of package
// s3source do; "" means that it leaves that to what it wraps.
type coded interface {
	error
	ProblemCode() string
}

// code returns the code of the error that loading f met.
func code(f *decode.Frame) string {
	if e, ok := errors.AsType[coded](f.Err); ok && e.ProblemCode() != "" {
		return e.ProblemCode()
	}
	for _, c := range []struct {
		err  error
		code string
	}{
		{decode.ErrTooLarge, "too_large"},
		{decode.ErrFormat, "format"},
		{decode.ErrTruncated, "truncated"},
		{decode.ErrPixels, "pixels"},
		{decode.ErrNoImage, "no_image"},
		{decode.ErrEncoding, "unreadable"},
		{decode.ErrNoObjects, "in_s3"},
		{decode.ErrNotFound, "not_found"},
	} {
		if errors.Is(f.Err, c.err) {
			return c.code
		}
	}
	if f.Data == nil && f.Origin.Kind == "s3" {
		return "s3"
	}
	return "image"
}
