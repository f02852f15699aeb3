package review

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// ReasonsSchema is the name of the shape of a file of reasons.
const ReasonsSchema = "lvtool.reasons/1"

// A Reason is something that a reviewer can tick.
type Reason struct {
	// Code is written to the decisions: lower-case letters, digits and _, at
	// most 40.
	Code string `json:"code"`
	// Text is what the page shows, at most 200 bytes.
	Text string `json:"text"`
}

// DefaultReasons returns the reasons that a page has where it is given none.
func DefaultReasons() []Reason {
	return []Reason{
		{"face_covered", "Face covered or turned away"},
		{"face_outside", "Face partly outside the frame"},
		{"several_faces", "More than one face"},
		{"different_people", "Frames show different people"},
		{"screen_or_print", "Looks like a screen, print or mask"},
		{"identical_frames", "Frames identical"},
		{"too_dark_or_bright", "Too dark or too bright to judge"},
		{"blurred", "Too blurred to judge"},
		{"images_missing", "Images missing or unreadable"},
		{"other", "Other, see the note"},
	}
}

// What a list of reasons may have.
const (
	maxReasons = 40
	maxText    = 200
)

var reasonCode = lazyregexp.New(`^[a-z][a-z0-9_]{0,39}$`)

// ParseReasons reads a file of reasons of the shape [ReasonsSchema]:
//
//	{"schema": "lvtool.reasons/1", "reasons": [{"code": "blurred", "text": "Too blurred"}]}
//
// Anything else is an [ErrOptions].
func ParseReasons(r io.Reader) ([]Reason, error) {
	var file struct {
		Schema  string   `json:"schema"`
		Reasons []Reason `json:"reasons"`
	}
	if err := decodeStrict(r, 1<<20, &file); err != nil {
		return nil, fmt.Errorf("%w: reasons: %w", ErrOptions, err)
	}
	if file.Schema != ReasonsSchema {
		return nil, fmt.Errorf("%w: reasons: schema %+.40q, not %s", ErrOptions, file.Schema, ReasonsSchema)
	}
	if len(file.Reasons) == 0 {
		return nil, fmt.Errorf("%w: reasons: the list is empty", ErrOptions)
	}
	return file.Reasons, checkReasons(file.Reasons)
}

func checkReasons(list []Reason) error {
	if len(list) > maxReasons {
		return fmt.Errorf("%w: %d reasons, more than %d", ErrOptions, len(list), maxReasons)
	}
	seen := map[string]bool{}
	for i, r := range list {
		switch {
		case !reasonCode.MatchString(r.Code):
			return fmt.Errorf("%w: reasons/%d: code %+.60q is not lower-case letters, digits and _, at most 40",
				ErrOptions, i, r.Code)
		case seen[r.Code]:
			return fmt.Errorf("%w: reasons/%d: code %s a second time", ErrOptions, i, r.Code)
		case strings.TrimSpace(r.Text) == "" || len(r.Text) > maxText || !utf8.ValidString(r.Text):
			return fmt.Errorf("%w: reasons/%d: text %+.60q is empty or longer than %d bytes",
				ErrOptions, i, r.Text, maxText)
		}
		seen[r.Code] = true
	}
	return nil
}
