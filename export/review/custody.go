package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lvtool/lvtool/export/bag/custody"
)

// Decided is the kind of event that a custody log has for a decision. Its object
// is the report that was decided on, its detail the decision and who made it.
const Decided custody.Kind = "review decision"

// A decided is the detail of an event.
type decided struct {
	Review   string `json:"review_sha256"`
	Reviewer string `json:"reviewer"`
	Blind    bool   `json:"blind"`
	Decision
}

// AddTo adds decisions that came in a file to the custody log of what they are
// about, as made known at a time by an agent, such as lvtool/0.1.0. Decisions
// are to be checked before ([Check]). events are those of the log so far: a file
// that is among them is an [ErrImported].
func (d *Decisions) AddTo(log *custody.Log, events []custody.Event, file []byte, at time.Time, agent string) error {
	before, err := FromCustody(events)
	if err != nil {
		return err
	}
	review := digest(file)
	if slices.ContainsFunc(before, func(e Entry) bool { return e.Review == review }) {
		return ErrImported
	}
	for _, one := range d.Decisions {
		detail, err := detailOf(&decided{review, d.Reviewer, d.Blind, one})
		if err != nil {
			return err
		}
		err = log.Append(custody.Event{
			Agent: agent, Event: Decided, Object: object(one.Report), Time: at, Detail: detail,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// object is what a decision about a report is about, as logs name it.
func object(report string) string { return "sha256:" + report + " data/" + ReportName }

func detailOf(d *decided) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("writing decision: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// FromCustody returns the decisions that are among the events of a custody log.
// One that AddTo would not have written is an [ErrLog].
func FromCustody(events []custody.Event) ([]Entry, error) {
	var all []Entry
	for _, e := range events {
		if e.Event != Decided {
			continue
		}
		var d decided
		err := decodeStrict(bytes.NewReader(e.Detail), maxDecisionsFile, &d)
		if err == nil {
			err = d.check(e.Object)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: event %d: %w", ErrLog, e.Seq, err)
		}
		all = append(all, Entry{
			Schema: LogSchema, Seq: e.Seq, Prev: e.Prev,
			Review: d.Review, Reviewer: d.Reviewer, Blind: d.Blind, Decision: d.Decision,
		})
	}
	return all, nil
}

func (d *decided) check(about string) error {
	switch {
	case !isDigest(d.Review):
		return fmt.Errorf("/review_sha256: %+.80q is no SHA-256", d.Review)
	case strings.TrimSpace(d.Reviewer) == "" || len(d.Reviewer) > maxName:
		return errors.New("/reviewer: nobody is named, or at too great length")
	case about != object(d.Report):
		return fmt.Errorf("the event is about %+.120q, the decision about the report %+.80q", about, d.Report)
	}
	return d.Decision.check()
}
