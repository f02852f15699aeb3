package pack

import (
	"strings"
	"time"
)

// A Retention says whether a pack may be deleted.
type Retention string

// The states of retention. A pack may be deleted only where it is Due.
const (
	Due        Retention = "due"        // the day until which it must be kept is over
	Retained   Retention = "retained"   // that day is not over
	Held       Retention = "held"       // it is under legal hold, whatever the day
	Undated    Retention = "undated"    // no day is given, or not just one that can be read
	Unverified Retention = "unverified" // it did not pass, or is no pack of lvtool
)

// Retention returns whether the pack that was verified may be deleted, and the
// day until which it must be kept, zero where that is not known. A day is over
// when it is over in UTC. Any Legal-Hold field holds a pack, whatever its value.
func (v *Verification) Retention(now time.Time) (Retention, time.Time) {
	if v.Kind != KindPack || !v.Passed() {
		return Unverified, time.Time{}
	}
	var days []time.Time
	held := false
	for _, f := range v.Info {
		switch {
		case strings.EqualFold(f.Label, LegalHoldLabel):
			held = true
		case strings.EqualFold(f.Label, RetainUntilLabel):
			day, _ := time.Parse(time.DateOnly, f.Value) // zero for what is no day
			days = append(days, day)
		}
	}
	until := time.Time{}
	if len(days) == 1 {
		until = days[0]
	}
	switch {
	case held:
		return Held, until
	case until.IsZero():
		return Undated, time.Time{}
	case now.Before(until.AddDate(0, 0, 1)):
		return Retained, until
	}
	return Due, until
}
