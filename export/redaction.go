package export

import (
	"encoding/json"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// redactionMember is what a redacted document (package redact) says of its own
// making.
const redactionMember = "Redaction"

var share = lazyregexp.New(`^[0-9]{1,2}(\.[0-9]{1,10})?$`)

// A redaction is what a redacted document says that was done.
type redaction struct {
	Mode, Grow       string
	ConfidenceHidden bool
}

// redactionOf returns what a session's document says of it, and whether that is
// what package redact would write.
func redactionOf(s *decode.Session) (r redaction, ok bool) {
	raw, ok := s.Extra[redactionMember]
	if !ok || json.Unmarshal(raw, &r) != nil || !share.MatchString(r.Grow) || r.words() == "" {
		return redaction{}, false
	}
	return r, true
}

// words says what was filled, "" of no mode.
func (r redaction) words() string {
	return map[string]string{
		"faces":      "faces are filled, each box grown by " + r.Grow + " on every side",
		"background": "everything but the faces' boxes is filled",
		"all":        "the pictures are filled",
	}[r.Mode]
}

// problem says that this is a redacted copy.
func (r redaction) problem() decode.Problem {
	what := r.words()
	if r.ConfidenceHidden {
		what += ", and the score is left out"
	}
	return decode.Problem{
		Code: "redacted",
		Message: "this is a redacted copy: " + what +
			"; who holds the full folder can prove what it was made of",
	}
}
