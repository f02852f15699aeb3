package review

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// A CheckOptions says what decisions are held to. Nil means the zero one.
type CheckOptions struct {
	// Reasons are the codes that there are; nil for any.
	Reasons []Reason
	// Now is the time of the check: no decision can have been made after it, but
	// for [Ahead]. The zero time holds none to it.
	Now time.Time
}

// Ahead is how far the clock of a reviewer's computer may be ahead.
const Ahead = time.Hour

// Check holds decisions to the sessions that they are said to be about. It
// returns, for every decision, the index of its session in about. Where any
// does not fit, it returns no index and joins a [*MismatchError] for each: a file
// is taken whole or not at all.
func Check(d *Decisions, about []Binding, opts *CheckOptions) ([]int, error) {
	if opts == nil {
		opts = &CheckOptions{}
	}
	byReport := map[string]int{}
	bySource := map[string]bool{}
	for i, b := range about {
		if _, twice := byReport[b.Report]; !twice {
			byReport[b.Report] = i
		}
		bySource[b.Source] = true
	}
	found := make([]int, len(d.Decisions))
	var errs []error
	for i := range d.Decisions {
		one := &d.Decisions[i]
		at, known := byReport[one.Report]
		where := fmt.Sprintf("decision %d, session %s", i+1, idWords(one.Session))
		switch {
		case known:
			found[i] = at
			errs = append(errs, one.compare(&about[at], where)...)
		case bySource[one.Source]:
			errs = append(errs, mismatch(CodeReport, where, "the session has another report than that decided on"))
		default:
			errs = append(errs, mismatch(CodeUnknown, where, "no session here has the report %s", one.Report))
		}
		errs = append(errs, one.checkReasons(opts.Reasons, where)...)
		errs = append(errs, one.checkTime(opts.Now, where)...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return found, nil
}

// compare returns in what d is bound to something else than b.
func (d *Decision) compare(b *Binding, where string) []error {
	var errs []error
	if d.Source != b.Source {
		errs = append(errs, mismatch(CodeSource, where, "the decision is about the source %s, the report about %s",
			d.Source, b.Source))
	}
	if idWords(d.Session) != idWords(b.Session) {
		errs = append(errs, mismatch(CodeSession, where, "the report is of the session %s", idWords(b.Session)))
	}
	if !slices.Equal(d.Images, b.Images) {
		errs = append(errs, mismatch(CodeImages, where, "the images decided on are not those of the session"))
	}
	return errs
}

func (d *Decision) checkReasons(list []Reason, where string) []error {
	var errs []error
	for _, code := range d.Reasons {
		if list != nil && !slices.ContainsFunc(list, func(r Reason) bool { return r.Code == code }) {
			errs = append(errs, mismatch(CodeReason, where, "the reason %s is not in the list of reasons", code))
		}
	}
	return errs
}

func (d *Decision) checkTime(now time.Time, where string) []error {
	at, err := time.Parse(time.RFC3339, d.Time)
	if err != nil || now.IsZero() || !at.After(now.Add(Ahead)) {
		return nil
	}
	return []error{mismatch(CodeTime, where, "made at %s, which is yet to come", d.Time)}
}

// idWords returns a session id for people, in printable ASCII.
func idWords(id *string) string {
	if id == nil {
		return "without an id"
	}
	return fmt.Sprintf("%+.120q", *id)
}
