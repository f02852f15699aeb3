package main

import (
	"context"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/plan"
)

// watchEvery is how often --watch looks at a run.
const watchEvery = 10 * time.Second

func newBatchStatusCommand() *cli.Command {
	return &cli.Command{
		Name: "status", Usage: "say which shards of a run are done, failed or missing", ArgsUsage: "RUN",
		Description: `A shard has failed where nothing of it could be read; it is missing until a
worker has come to its end, and where its marker is damaged. Shards are named by
their number. The rate is that of the last 200 shards that ended, by when their
markers were written. RUN is a folder, or s3://BUCKET/PREFIX/.

With --watch a line is shown anew every 10 seconds, in its place on a terminal and
else where it has changed, until nothing is missing; the exit code is 4 then where
something failed.

Examples:
   lvtool batch status run
   lvtool batch status --watch s3://BUCKET/RUN/`,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print a line of JSON"},
			&cli.BoolFlag{Name: "watch", Usage: "look again and again, until nothing is missing"},
		}, runFlags()...),
		Action: func(c *cli.Context) error {
			run, p, err := argumentRun(c)
			if err != nil {
				return err
			}
			v := &statusView{console: newTextConsole(c), json: c.Bool("json")}
			w := plan.NewWatch(run, p)
			if c.Bool("watch") {
				return v.watch(c.Context, w)
			}
			s, err := w.Look()
			if err == nil {
				v.full(s)
			}
			return err
		},
	}
}

// A statusView shows how far a run is.
type statusView struct {
	console *console
	json    bool
	// shown is the last line.
	shown string
}

// watch shows a run until nothing is missing.
func (v *statusView) watch(ctx context.Context, w *plan.Watch) error {
	show := v.newLine()
	for {
		s, err := w.Look()
		if err != nil {
			return err
		}
		if s.Ended() {
			v.full(s)
			if s.Counts.Failed+s.Incomplete > 0 {
				return &exitError{code: exitSomeFailed}
			}
			return nil
		}
		if line := v.line(s); line != v.shown {
			v.shown = line
			show(s, line)
		}
		select {
		case <-time.After(watchEvery):
		case <-ctx.Done():
			v.console.clear()
			return ctx.Err()
		}
	}
}

// newLine returns what shows a line: in its place on a terminal.
func (v *statusView) newLine() func(*plan.Status, string) {
	t := v.console
	width, terminal := terminalWidth(t.err)
	switch {
	case v.json:
		return func(s *plan.Status, _ string) { t.resultJSON(v.report(s)) }
	case !terminal:
		return func(_ *plan.Status, line string) { t.result(line) }
	}
	t.erase = func() { fmt.Fprint(t.err, "\r\x1b[2K") }
	return func(_ *plan.Status, line string) {
		t.clear()
		fmt.Fprintf(t.err, "%.*s", max(1, width-1), printable(line))
	}
}

// line says in one line how far a run is.
func (v *statusView) line(s *plan.Status) string {
	line := fmt.Sprintf("%d of %s done, %d failed, %d missing; %d of %s", s.Done, count(s.Shards, "shard"),
		len(s.Failed), len(s.Missing), s.Entries, count(s.Planned, "document"))
	if s.Rate > 0 {
		line += fmt.Sprintf(", %.1f/s, %v left", s.Rate, s.Left(v.console.now()).Round(time.Second))
	}
	return line
}

// full says all that is known of a run.
func (v *statusView) full(s *plan.Status) {
	t := v.console
	if v.json {
		t.resultJSON(v.report(s))
		return
	}
	t.result(fmt.Sprintf("%d of %s done, %d failed, %d missing", s.Done,
		count(s.Shards, "shard"), len(s.Failed), len(s.Missing)))
	t.result(fmt.Sprintf("%d of %s: %s, %d incomplete, %d failed", s.Entries,
		count(s.Planned, "document"), count(s.Sessions, "session"), s.Incomplete, s.Counts.Failed))
	if s.Rate > 0 {
		line := fmt.Sprintf("%.1f documents a second lately", s.Rate)
		if !s.Ended() {
			line += fmt.Sprintf(", %v left; the last shard ended at %s",
				s.Left(t.now()).Round(time.Second), s.Last.Format(time.RFC3339))
		}
		t.result(line)
	}
	sayShards(t, "failed", s.Failed)
	sayShards(t, "missing", s.Missing)
	sayShards(t, "missing, with a damaged marker (work on them again)", s.Damaged)
}

// A statusReport is the line of --json.
type statusReport struct {
	*plan.Status
	// SecondsLeft is how long the rest takes, 0 where that is not known.
	SecondsLeft float64 `json:"seconds_left,omitempty"`
}

func (v *statusView) report(s *plan.Status) statusReport {
	return statusReport{s, s.Left(v.console.now()).Seconds()}
}

// sayShards lists shards, neighbours as FIRST-LAST, as engines take them.
func sayShards(t *console, what string, shards []int) {
	if len(shards) > 0 {
		t.result(what + ": " + ranges(shards))
	}
}

// ranges writes ascending numbers as 0-3,7.
func ranges(numbers []int) string {
	var b []byte
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Append(b, numbers[i])
		if last > i {
			b = fmt.Appendf(b, "-%d", numbers[last])
		}
		i = last + 1
	}
	return string(b)
}
