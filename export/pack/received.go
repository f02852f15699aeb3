package pack

import (
	"context"
	"errors"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/review"
)

// ReceivedEnd is what stands behind the name of a pack in the name of the log of
// what was done with it since it was sealed. The log lies beside the pack, and
// goes on after the one inside.
const ReceivedEnd = ".custody.jsonl"

// Received returns the check of a log of what was done with a pack since it was
// sealed, for VerifyOptions.More: that its chain goes on after the head that
// bag-info.txt holds, and that every decision of a reviewer in it is about the
// report, source and images of the pack. name is for findings.
func Received(name string, data []byte) func(context.Context, *Contents) Check {
	return func(_ context.Context, p *Contents) Check {
		c := Check{Name: "received"}
		if doubted(p.Bag, "bag-info.txt") {
			c.Verdict, c.Findings = Skipped, []bag.Finding{}
			c.Words = "not looked at, since bag-info.txt is not the file that was packed"
			return c
		}
		after, err := custody.After(p.Bag.Info)
		if err != nil {
			c.find(custody.NoAnchor, "bag-info.txt", "no log of custody to go on after")
			c.conclude("")
			return c
		}
		log, events, found := custody.Verify(name, data, after)
		c.Findings = append(c.Findings, found...)
		for i, e := range events {
			c.object(p.Bag, name, i+1, e.Object)
		}
		c.decisions(p, name, events)
		c.conclude("%s since the pack was sealed, as a chain that goes on after its own; head %s",
			counted(len(events), "event"), log.Head())
		return c
	}
}

// decisions holds the decisions in a log to what the pack holds.
func (c *Check) decisions(p *Contents, name string, events []custody.Event) {
	entries, err := review.FromCustody(events)
	if err != nil {
		c.find(DecisionBad, name, "%v", err)
		return
	}
	if p.Report == nil || len(entries) == 0 {
		return // what is wrong with the report has been said
	}
	d := &review.Decisions{}
	for _, e := range entries {
		d.Decisions = append(d.Decisions, e.Decision)
	}
	about := []review.Binding{review.BindingOf(p.Report, digest(p.Bag, ReportFile))}
	if _, err := review.Check(d, about, nil); err != nil {
		for _, e := range unjoin(err) {
			c.find(DecisionBad, name, "%v", e)
		}
	}
}

// unjoin returns the errors that were joined to err, or err.
func unjoin(err error) []error {
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
