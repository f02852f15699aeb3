package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/pipeline"
)

// A tally counts the sessions of a run.
type tally struct {
	// read are those that became a folder, or were one already; of them lack
	// partly an image that they name, and below miss the gate of --fail-below.
	read, partly, below int
	// kept are those of read that an earlier run made.
	kept int
	// failed are the documents and sessions that did not become one; in the way of
	// refused, of these, is something else.
	failed, refused int
}

// fail counts what did not become a folder.
func (t *tally) fail(err error) {
	t.failed++
	if isTaken(err) {
		t.refused++
	}
}

// take takes what became of an item, in the order of the input.
func (v *converter) take(o *outcome, err error) error {
	if caught, ok := errors.AsType[*pipeline.PanicError](err); ok {
		it, ok := caught.Item.(*item)
		if !ok {
			return err // the reading
		}
		where := place(it.from.name, it.line)
		it.err = fmt.Errorf("%s: session %s: %w; this is a mistake in lvtool", where, it.id, caught)
		o, err = &outcome{item: it}, nil
	}
	if err != nil {
		return err
	}
	v.progress.step(o.at)
	if o.result == nil {
		return v.fail(o.item)
	}
	return v.add(o)
}

// place is where a session is. Most documents hold one, in their first line.
func place(name string, line int) string {
	if line <= 1 {
		return name
	}
	return fmt.Sprintf("%s:%d", name, line)
}

// add takes a session that has its folder.
func (v *converter) add(o *outcome) error {
	entry := export.NewIndexEntry(o.result.Report, o.name)
	if err := v.records.add(o.item, entry); err != nil {
		return err
	}
	v.tally.read++
	if v.c.Bool("html") {
		v.places = append(v.places, sessionPlace{dir: v.c.String("output"), name: o.name})
	}
	if o.kept {
		v.tally.kept++
	}
	if v.belowGate(entry.Confidence) {
		v.tally.below++
	}
	if !entry.Complete() {
		v.tally.partly++
		v.failed.add(v.entry(o.item, missing(entry)))
	}
	v.say(o, entry)
	if v.overview == nil {
		return nil
	}
	return v.overview.Add(o.result, o.name)
}

// missing says of a session which of its images could not be loaded.
func missing(e *export.IndexEntry) string {
	for _, p := range e.Problems {
		if p.Frame != nil {
			return p.String()
		}
	}
	return "an image could not be loaded"
}

// fail takes what could not be made a folder.
func (v *converter) fail(it *item) error {
	v.tally.fail(it.err)
	v.failed.add(v.entry(it, it.err.Error()))
	v.console.complain("failed", it.err, it.fields(it.from.name)...)
	return v.records.fail(it)
}

// A recorder keeps what became of the items of a run, in their order.
type recorder interface {
	add(it *item, e *export.IndexEntry) error
	fail(it *item) error
}

// An indexRecorder keeps it in index.json.
type indexRecorder struct{ index *export.IndexWriter }

func (r indexRecorder) add(_ *item, e *export.IndexEntry) error { return r.index.Add(e) }

func (r indexRecorder) fail(it *item) error {
	r.index.Fail(export.Failure{Message: it.err.Error()})
	return nil
}

// fields are what a line of the log says of an item, beside what happened.
func (it *item) fields(source string) []slog.Attr {
	return []slog.Attr{
		slog.String("source", source), slog.String("session", it.id), slog.String("folder", it.name),
	}
}

// entry returns the line of --failed for an item.
func (v *converter) entry(it *item, why string) failedEntry {
	return failedEntry{
		Input: it.from.name, Label: it.from.label,
		Session: it.id, Folder: it.name, Line: it.line, Pointer: it.pointer, Error: why,
	}
}

// say writes what was made of a session: a line for people, or one of JSON.
func (v *converter) say(o *outcome, e *export.IndexEntry) {
	fields := o.fields(e.Source.Name)
	address := v.out.address(e.Folder)
	switch {
	case v.c.Bool("json"):
		v.console.resultJSON(e)
	case !v.console.quiet:
		v.console.result(fmt.Sprintf("%s  %s", address, e.Summary()))
	}
	switch {
	case o.kept:
		v.console.say(message{level: slog.LevelDebug, event: "kept", text: address + ": whole already", more: fields})
	case o.again != "":
		text := fmt.Sprintf("%s: made again: %s", address, o.again)
		v.console.say(message{level: slog.LevelDebug, event: "again", text: text, more: fields})
	}
	for _, p := range e.Problems {
		more := append(slices.Clip(fields), slog.String("code", p.Code))
		if p.Frame != nil {
			more = append(more, slog.String("frame", *p.Frame))
		}
		v.console.say(message{
			level: slog.LevelWarn, event: "problem",
			text: fmt.Sprintf("%s: %s", place(e.Source.Name, o.line), p), hint: adviceOn(p.Code), more: more,
		})
	}
}

func (v *converter) belowGate(confidence decode.Number) bool {
	gate, err := decode.Number(v.c.String("fail-below")).Rat()
	if err != nil {
		return false
	}
	got, err := confidence.Rat()
	return err != nil || got.Cmp(gate) < 0
}

// stopped says what is left when a run ends before its end.
func (v *converter) stopped(err error) error {
	text := fmt.Sprintf("stopped after %s; what has a folder is whole", count(v.tally.read, "session"))
	if v.progress != nil {
		if n := v.progress.note(); n.share >= 0 {
			text += fmt.Sprintf("; %.0f %% of the input is left", 100*(1-n.share))
		}
	}
	v.console.say(message{
		level: slog.LevelError, event: "stopped", text: text,
		hint: "the same command again goes on from here",
		more: []slog.Attr{slog.Int("sessions", v.tally.read), slog.Int("failed", v.tally.failed)},
	})
	return err
}

// verdict turns what happened into the exit code.
func (v *converter) verdict() error {
	t := &v.tally
	summary, err := outcomeOf(t.read, t.partly, t.failed, t.refused)
	if summary != "" {
		v.console.say(message{
			level: slog.LevelError, event: "outcome", text: summary,
			more: []slog.Attr{
				slog.Int("sessions", t.read), slog.Int("incomplete", t.partly), slog.Int("failed", t.failed),
			},
		})
	}
	if err != nil || t.below == 0 {
		return err
	}
	return &exitError{
		code: exitGate,
		err: fmt.Errorf("%d of %s: confidence below %s, or missing",
			t.below, count(t.read, "session"), v.c.String("fail-below")),
		hint: "this is the gate set with --fail-below",
	}
}

// outcomeOf turns counts of sessions into an exit code and the words for it:
// those that were read, of them those that lack an image they name, those that
// failed, and of them those that were refused their place.
func outcomeOf(read, partly, failed, refused int) (string, error) {
	switch {
	case read == 0 && failed == 0:
		return "", errors.New("no session in the input")
	case read == 0:
		return "", &exitError{code: exitFailed}
	case failed+partly > 0:
		unwritten := ""
		if refused > 0 {
			unwritten = fmt.Sprintf(" %d could not be written,", refused)
		}
		return fmt.Sprintf("of %s, %d could not be read,%s %d without an image that it names",
			count(read+failed, "session"), failed-refused, unwritten, partly), &exitError{code: exitSomeFailed}
	}
	return "", nil
}
