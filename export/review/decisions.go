package review

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/jsonwords"
)

// DecisionsSchema is the name of the shape of a file of decisions.
const DecisionsSchema = "lvtool.review/1"

// ErrDecisions says that a document is no file of decisions that this version
// reads.
var ErrDecisions = errors.New("not a " + DecisionsSchema + " file")

// A Choice is what a reviewer decided. It is the reviewer's decision, and says
// nothing of what the service found.
type Choice string

// What a reviewer can decide.
const (
	Approve  Choice = "approve"
	Reject   Choice = "reject"
	Resubmit Choice = "resubmit" // ask the person to make the check again
)

// Choices returns all choices, in the order in which the page has them.
func Choices() []Choice { return []Choice{Approve, Reject, Resubmit} }

// Decisions are what one reviewer decided on one page, as the page exports
// them.
type Decisions struct {
	Schema string `json:"schema"`
	// Page is the digest of the page's contents: of what it says of its sessions,
	// not of the file.
	Page string `json:"page"`
	// Reviewer is the name that the reviewer gave.
	Reviewer string `json:"reviewer"`
	// Blind says that the page showed no score and no earlier decision.
	Blind     bool       `json:"blind"`
	Decisions []Decision `json:"decisions"`
}

// A Decision is one, bound to what was seen by its digests.
type Decision struct {
	Binding
	Choice Choice `json:"decision"`
	// Reasons are codes of the page's list.
	Reasons []string `json:"reasons"`
	Note    string   `json:"note"`
	// Time is when the decision was made, by the clock of the reviewer's
	// computer, in UTC as RFC 3339 writes it.
	Time string `json:"time"`
}

// A Binding says what a decision is about.
type Binding struct {
	// Session is the session id, nil where the result has none.
	Session *string `json:"session"`
	// Source and Report are the SHA-256 digests of the document that the service
	// gave and of report.json.
	Source string `json:"source_sha256"`
	Report string `json:"report_sha256"`
	// Images are those that the page showed, in their order.
	Images []ImageBinding `json:"images"`
}

// An ImageBinding is an image that was shown.
type ImageBinding struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Binding returns what a decision about s is bound to.
func (s *Session) Binding() Binding { return BindingOf(s.Report, digest(s.ReportJSON)) }

// BindingOf returns what a decision is bound to about the session of a report,
// whose file has the given SHA-256.
func BindingOf(r *export.Report, sha256 string) Binding {
	b := Binding{
		Session: r.Session.ID,
		Source:  r.Source.SHA256,
		Report:  sha256,
		Images:  []ImageBinding{},
	}
	for _, f := range r.Frames {
		if isShown(f) {
			b.Images = append(b.Images, ImageBinding{Name: f.Name, SHA256: *f.SHA256})
		}
	}
	return b
}

// What a file of decisions may have.
const (
	maxDecisionsFile = 64 << 20
	maxDecisions     = 100_000
	maxNote          = 20_000 // bytes
	maxName          = 400    // bytes of a reviewer's name
)

// ParseDecisions reads a file that a page exported. Anything but that is an
// [ErrDecisions]: other members, the same name twice, text that is not UTF-8,
// more than one decision about a report. Whether there are such sessions,
// [Check] says.
func ParseDecisions(r io.Reader) (*Decisions, error) {
	d := &Decisions{}
	if err := decodeStrict(r, maxDecisionsFile, d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecisions, err)
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecisions, err)
	}
	return d, nil
}

// decodeStrict reads one JSON document whose members are all known.
func decodeStrict(r io.Reader, most int64, to any) error {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return err
	}
	if int64(len(data)) > most {
		return fmt.Errorf("more than %d bytes", most)
	}
	return jsonwords.Of(data, jsonv2.Unmarshal(data, to, jsonv2.RejectUnknownMembers(true)))
}

func (d *Decisions) check() error {
	switch {
	case d.Schema != DecisionsSchema:
		return fmt.Errorf("/schema: %+.40q", d.Schema)
	case !isDigest(d.Page):
		return fmt.Errorf("/page: %+.80q is no SHA-256", d.Page)
	case strings.TrimSpace(d.Reviewer) == "":
		return errors.New("/reviewer: nobody is named")
	case len(d.Reviewer) > maxName:
		return fmt.Errorf("/reviewer: more than %d bytes", maxName)
	case strings.ContainsFunc(d.Reviewer, unseen):
		return fmt.Errorf("/reviewer: %+.80q has characters that do not show", d.Reviewer)
	case len(d.Decisions) > maxDecisions:
		return fmt.Errorf("/decisions: more than %d", maxDecisions)
	}
	seen := map[string]bool{}
	for i := range d.Decisions {
		one := &d.Decisions[i]
		if err := one.check(); err != nil {
			return fmt.Errorf("/decisions/%d%w", i, err)
		}
		if seen[one.Report] {
			return fmt.Errorf("/decisions/%d: a second decision about the report %s", i, one.Report)
		}
		seen[one.Report] = true
	}
	return nil
}

// check returns what is wrong with d, as a JSON pointer and a sentence.
func (d *Decision) check() error {
	switch d.Choice {
	case Approve, Reject, Resubmit:
	default:
		return fmt.Errorf("/decision: %+.40q is not approve, reject or resubmit", string(d.Choice))
	}
	if _, err := time.Parse(time.RFC3339, d.Time); err != nil {
		return fmt.Errorf("/time: %+.40q is no time as RFC 3339 writes it", d.Time)
	}
	if len(d.Note) > maxNote || !utf8.ValidString(d.Note) {
		return fmt.Errorf("/note: more than %d bytes", maxNote)
	}
	if i := strings.IndexFunc(d.Note, control); i >= 0 {
		return fmt.Errorf("/note: a control character at byte %d", i)
	}
	if len(d.Reasons) > maxReasons {
		return fmt.Errorf("/reasons: more than %d", maxReasons)
	}
	for i, code := range d.Reasons {
		if !reasonCode.MatchString(code) {
			return fmt.Errorf("/reasons/%d: %+.60q is no code", i, code)
		}
		if slices.Contains(d.Reasons[:i], code) {
			return fmt.Errorf("/reasons/%d: %s stands twice", i, code)
		}
	}
	return d.Binding.check()
}

// control reports whether a character is one that no text field of a page has.
func control(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) }

// unseen reports whether a character does not show, or turns others around: in a
// name it would make one person look like another. Notes, which are always shown
// apart from what is around them, may need such.
func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

func (b *Binding) check() error {
	for _, digest := range []struct{ at, value string }{
		{"/source_sha256", b.Source},
		{"/report_sha256", b.Report},
	} {
		if !isDigest(digest.value) {
			return fmt.Errorf("%s: %+.80q is no SHA-256", digest.at, digest.value)
		}
	}
	for i, image := range b.Images {
		if !isDigest(image.SHA256) {
			return fmt.Errorf("/images/%d/sha256: %+.80q is no SHA-256", i, image.SHA256)
		}
	}
	return nil
}

// isDigest reports whether s is a SHA-256 in lower-case hexadecimal.
func isDigest(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && strings.ToLower(s) == s
}

// JSON returns d as the page exports it.
func (d *Decisions) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("writing decisions: %w", err)
	}
	return b.Bytes(), nil
}
