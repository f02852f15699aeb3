package custody

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/jsonwords"
)

// What can be found in a log.
const (
	BadLine   bag.Code = "custody-line"   // a line is not one that this package writes
	Broken    bag.Code = "custody-chain"  // a line does not follow from the one before
	BadTime   bag.Code = "custody-time"   // a line is older than the one before
	BadHead   bag.Code = "custody-head"   // the last line is not the one that was sealed
	BadLength bag.Code = "custody-length" // there are more or fewer lines than were sealed
	NoAnchor  bag.Code = "custody-anchor" // bag-info.txt holds no usable head or length
)

// Verify follows the chain of a log that lies in a bag under name. With after
// nil it begins anew, otherwise it goes on after that log. It returns the events
// it could read, and the log, to be compared with [CheckAnchor].
func Verify(name string, data []byte, after *Log) (*Log, []Event, []bag.Finding) {
	l := New()
	if after != nil {
		l.head, l.len = after.head, after.len
	}
	l.data = data
	var events []Event
	var found []bag.Finding
	n := 0
	for line := range bytes.Lines(data) {
		n++
		e, bad := l.follow(line, events)
		if bad != nil {
			bad.Path, bad.Line = name, n
			found = append(found, *bad)
		}
		if e != nil {
			events = append(events, *e)
		}
		l.head = digest(line)
		l.len++
	}
	return l, events, found
}

// follow reads a line, and finds at most one thing wrong with it.
func (l *Log) follow(line []byte, before []Event) (*Event, *bag.Finding) {
	bad := func(code bag.Code, format string, args ...any) *bag.Finding {
		return &bag.Finding{Code: code, Message: fmt.Sprintf(format, args...)}
	}
	var e Event
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return nil, bad(BadLine, "no event: %v", jsonwords.Of(line, err))
	}
	if err := e.check(); err != nil {
		return nil, bad(BadLine, "no event: %v", err)
	}
	again, err := e.line()
	switch wanted := l.len; {
	case err != nil || !bytes.Equal(again, line):
		return &e, bad(BadLine, "an event that is written otherwise than lvtool does")
	case e.Prev != l.head:
		l.len = e.Seq // what follows is not to be blamed
		return &e, bad(Broken, "does not follow the line before: that was edited, moved, or taken out")
	case e.Seq != wanted:
		l.len = e.Seq
		return &e, bad(Broken, "is number %d, not %d", e.Seq, wanted)
	case len(before) > 0 && e.Time.Before(before[len(before)-1].Time):
		return &e, bad(BadTime, "is older than the line before")
	}
	return &e, nil
}

// Anchor returns the fields of bag-info.txt that hold l.
func (l *Log) Anchor() []bag.Field {
	return []bag.Field{{Label: HeadLabel, Value: l.head}, {Label: LengthLabel, Value: strconv.Itoa(l.len)}}
}

// After begins a log that goes on after the one that the fields of a
// bag-info.txt hold, or returns an [ErrEvent] where they hold none.
func After(info []bag.Field) (*Log, error) {
	head, _ := bag.Lookup(info, HeadLabel)
	length, _ := bag.Lookup(info, LengthLabel)
	n, err := strconv.Atoi(length)
	if err != nil {
		n = 0 // which Continue refuses
	}
	return Continue(head, n)
}

// CheckAnchor compares a log that lies in a bag under name with the fields of
// bag-info.txt that hold it. It finds what the chain itself cannot show: lines
// that are missing at its end, or that came later.
func CheckAnchor(name string, l *Log, info []bag.Field) []bag.Finding {
	head, _ := bag.Lookup(info, HeadLabel)
	length, _ := bag.Lookup(info, LengthLabel)
	n, err := strconv.Atoi(length)
	switch {
	case err != nil || !isDigest(head):
		return []bag.Finding{{
			Code: NoAnchor, Path: "bag-info.txt", Message: "no usable " + HeadLabel + " and " + LengthLabel,
		}}
	case n != l.len:
		return []bag.Finding{{
			Code: BadLength, Path: name, Message: fmt.Sprintf("%d lines, bag-info.txt says %d", l.len, n),
		}}
	case head != l.head:
		return []bag.Finding{{
			Code: BadHead, Path: name, Message: "the last line is another than bag-info.txt says",
		}}
	}
	return nil
}
