package export

import (
	"strings"

	"github.com/lvtool/lvtool/decode"
)

// An Audience is whom a page or a PDF is for.
type Audience string

// The audiences.
const (
	// Reviewer sees everything and decides. It is the default.
	Reviewer Audience = "reviewer"
	// Auditor sees everything, with the decisions there are, and decides nothing.
	Auditor Audience = "auditor"
	// Subject is the person checked. What is made for it holds no score, nothing
	// that a score could be guessed from, and no reviewer's decision: AWS advises
	// against showing the score to users.
	Subject Audience = "subject"
)

// Audiences returns all of them.
func Audiences() []Audience { return []Audience{Reviewer, Auditor, Subject} }

// Words says whose copy it is.
func (a Audience) Words() string {
	switch a {
	case Auditor:
		return "auditor’s copy"
	case Subject:
		return "copy for the person checked"
	}
	return "reviewer’s copy"
}

// Tells reports whether a remark about the session, of the service or of lvtool,
// may give its score away.
func (r *Report) Tells(remark string) bool {
	if strings.Contains(strings.ToLower(remark), "confidence") {
		return true
	}
	numbers := []decode.Number{r.Session.Confidence}
	if r.Threshold != nil {
		numbers = append(numbers, r.Threshold.Value)
	}
	for _, n := range numbers {
		if whole, _, _ := strings.Cut(string(n), "."); whole != "" && strings.Contains(remark, whole) {
			return true
		}
	}
	return false
}
