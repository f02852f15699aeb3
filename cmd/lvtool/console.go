package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/urfave/cli/v2"
)

// A console is where a batch talks: results go to standard output; what is
// wrong, notes and progress to standard error, as lines for people or of JSON.
// One goroutine at a time may use it.
type console struct {
	out, err       io.Writer
	quiet, verbose bool
	// json writes the lines of --log-format json; nil for text.
	json *slog.JSONHandler
	now  func() time.Time
	// erase takes the progress bar away before anything else is written; nil
	// where there is none.
	erase func()
	// hinted is the last hint, which is not said again below the next line.
	hinted string
}

// The formats of --log-format.
type logFormat string

const (
	textLog logFormat = "text"
	jsonLog logFormat = "json"
)

func newConsole(c *cli.Context) (*console, error) {
	t := &console{
		out: c.App.Writer, err: c.App.ErrWriter, now: clock(c.Context),
		quiet: c.Bool("quiet"), verbose: c.Bool("verbose"),
	}
	format := logFormat(c.String("log-format"))
	if err := oneOf("log-format", format, textLog, jsonLog); err != nil {
		return nil, err
	}
	if t.quiet && t.verbose {
		return nil, usageError("--quiet and --verbose contradict each other")
	}
	if format == jsonLog {
		t.json = slog.NewJSONHandler(asciiControls{t.err}, &slog.HandlerOptions{Level: slog.LevelDebug})
	}
	return t, nil
}

// A clockKey is the key of the clock among the values of a context.
type clockKey struct{}

// withClock gives ctx the clock that progress and log lines are timed by.
func withClock(ctx context.Context, now func() time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, now)
}

// clock returns the clock of ctx: one that stands still where it has none.
func clock(ctx context.Context) func() time.Time {
	if now, ok := ctx.Value(clockKey{}).(func() time.Time); ok {
		return now
	}
	return func() time.Time { return time.Time{} }
}

// result writes a line of standard output.
func (t *console) result(line string) {
	t.clear()
	sayf(t.out, "%s", line)
}

// resultJSON writes v as a line of standard output.
func (t *console) resultJSON(v any) {
	t.clear()
	_ = json.NewEncoder(asciiControls{t.out}).Encode(v)
}

// A message is one line of the log.
type message struct {
	level slog.Level
	// event says what the line is about; it stays the same over versions.
	event string
	// text is the line for people, without the program's name.
	text string
	// hint is what to do about it, "" where there is nothing to say.
	hint string
	// more are further fields of the JSON line.
	more []slog.Attr
}

// say writes a line of the log, if lines of its level are wanted.
func (t *console) say(m message) {
	if m.level < slog.LevelInfo && !t.verbose || m.level < slog.LevelError && t.quiet {
		return
	}
	t.clear()
	if t.json == nil {
		sayf(t.err, "lvtool: %s", m.text)
		if m.hint != "" && m.hint != t.hinted {
			sayf(t.err, "  hint: %s", m.hint)
		}
		t.hinted = m.hint
		return
	}
	r := slog.NewRecord(t.now(), m.level, m.text, 0)
	r.AddAttrs(slog.String("event", m.event))
	r.AddAttrs(m.more...)
	if m.hint != "" {
		r.AddAttrs(slog.String("hint", m.hint))
	}
	_ = t.json.Handle(context.Background(), r)
}

// complain writes an error.
func (t *console) complain(event string, err error, more ...slog.Attr) {
	t.say(message{level: slog.LevelError, event: event, text: err.Error(), hint: advice(err), more: more})
}

// last takes the error that a command ends with, and says it where that is to
// be a line of JSON. It returns what is left to be said.
func (t *console) last(ctx context.Context, err error) error {
	t.clear()
	if err == nil || t.json == nil {
		return err
	}
	code := exitCode(err)
	m := message{level: slog.LevelError, event: "end", text: err.Error(), hint: hintOf(err)}
	if ctx.Err() != nil {
		code, m.text, m.hint = exitInterrupted, "interrupted", ""
	}
	m.more = []slog.Attr{slog.Int("exit_code", code)}
	t.say(m)
	return &exitError{code: code, said: true}
}

// swept says how many killed runs have left something that was removed.
func (t *console) swept(dir string, runs int) {
	t.say(message{
		level: slog.LevelDebug, event: "swept", more: []slog.Attr{slog.Int("runs", runs)},
		text: fmt.Sprintf("%s: removed what %s has left", dir, count(runs, "killed run")),
	})
}

func (t *console) clear() {
	if t.erase != nil {
		t.erase()
	}
}

// asciiControls passes on lines of JSON, in which it escapes what could move
// the cursor of a terminal or change the direction of text. Outside strings
// JSON has no such characters.
type asciiControls struct{ w io.Writer }

// Write writes whole lines.
func (a asciiControls) Write(line []byte) (int, error) {
	var b bytes.Buffer
	for _, r := range string(line) {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	if _, err := a.w.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(line), nil
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
