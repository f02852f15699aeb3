package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

func newInspectCommand() *cli.Command {
	return &cli.Command{
		Name:      "inspect",
		Usage:     "say what is in a result, and every problem with it; write nothing",
		ArgsUsage: "RESULT…",
		Description: `RESULT is a file, a folder, a pattern, s3://BUCKET/KEY, s3://BUCKET/PREFIX/, or -
for standard input. With --session-id it can be left out.

For every session: status, confidence, and for every image its format, size,
box in ratios and in pixels, and what is wrong with it. With --json, one line a
session: the report that convert would write, without outputs. The exit code is 0
only where every session can be converted with all its images.

Examples:
   lvtool inspect samples/session.json
   lvtool inspect --json results/ | jq -r '.session.id'`,
		Flags: sessionFlags(),
		Action: func(c *cli.Context) error {
			n := &inspector{c: c}
			return n.run()
		},
	}
}

// An inspector is one run of the inspect command.
type inspector struct {
	c                    *cli.Context
	source               *source
	read, partly, failed int
}

func (n *inspector) run() (err error) {
	if n.source, err = newSource(n.c); err != nil {
		return err
	}
	defer func() {
		if traffic, ok := n.source.cloud.traffic(); ok && traffic.level >= slog.LevelInfo {
			sayf(n.c.App.ErrWriter, "lvtool: %s", traffic.text)
		}
		err = errors.Join(err, n.source.close())
	}()
	if err := n.source.each(n.c.Context, sink{session: n.session, failed: n.fail}); err != nil {
		return err
	}
	summary, err := outcomeOf(n.read, n.partly, n.failed, 0)
	if summary != "" {
		sayf(n.c.App.ErrWriter, "lvtool: %s", summary)
	}
	return err
}

func (n *inspector) fail(_ *input, err error) {
	n.failed++
	complain(n.c.App.ErrWriter, err, "")
}

func (n *inspector) session(_ *input, s *decode.Session) error {
	r, err := export.Inspect(n.c.Context, s, n.source.options(s))
	if err != nil {
		return err
	}
	n.read++
	if !r.Complete() {
		n.partly++
	}
	if !n.c.Bool("json") {
		return writeTable(n.c.App.Writer, r)
	}
	line, err := r.JSONLine()
	if err != nil {
		return err
	}
	_, err = n.c.App.Writer.Write(line)
	return err
}

// writeTable writes what is in a report for people.
func writeTable(w io.Writer, r *export.Report) error {
	sayf(w, "%s", r.Source.Name)
	facts := [][2]string{
		{"session", orNone(r.Session.ID)},
		{"status", orNone(r.Session.Status)},
		{"confidence", strings.TrimPrefix(r.Comparison(), "confidence ")},
		{"challenge", challenge(r.Session.Challenge)},
		{"source", fmt.Sprintf("%d bytes, SHA-256 %s", r.Source.Bytes, r.Source.SHA256)},
	}
	for _, f := range r.Session.Feedback {
		facts = append(facts, [2]string{"feedback", f.Code + ": " + f.Message})
	}
	for _, f := range facts {
		sayf(w, "  %-11s %s", f[0], f[1])
	}
	if err := writeFrames(w, r.Frames); err != nil {
		return err
	}
	sayf(w, "  %-11s %s", "convert", planned(r))
	for _, p := range r.AllProblems() {
		sayf(w, "  ! %s", p)
	}
	_, err := fmt.Fprintln(w)
	return err
}

func writeFrames(w io.Writer, frames []*export.FrameRecord) error {
	if len(frames) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "  image\tformat\tpixels\tbytes\tbox: left top width height\tin pixels\tstate")
	for _, f := range frames {
		columns := frameColumns(f)
		for i, c := range columns {
			columns[i] = printable(c)
		}
		fmt.Fprintln(t, "  "+strings.Join(columns, "\t"))
	}
	return t.Flush()
}

// frameColumns returns what the table says of a frame, a dash for what is not
// known.
func frameColumns(f *export.FrameRecord) []string {
	c := []string{f.Name, "-", "-", "-", "none", "-", "-"}
	if f.Format != nil {
		c[1] = *f.Format
	}
	if f.Width != nil {
		c[2] = fmt.Sprintf("%d×%d", *f.Width, *f.Height)
	}
	if f.Bytes != nil {
		c[3] = fmt.Sprint(*f.Bytes)
	}
	if b := f.Box; b != nil {
		c[4] = fmt.Sprintf("%s %s %s %s", short(b.Left), short(b.Top), short(b.Width), short(b.Height))
	}
	if f.Placement == nil {
		return c
	}
	c[6] = string(f.Placement.State)
	if p := f.Placement.Pixels; p != nil {
		c[5] = fmt.Sprintf("%d,%d %d×%d", p.Left, p.Top, p.Right-p.Left, p.Bottom-p.Top)
	}
	if v := f.Placement.Visible; v != nil && *v < 1 {
		c[6] += fmt.Sprintf(", %.1f %% visible", math.Floor(*v*1000)/10)
	}
	return c
}

// short returns a number of a box with few digits, for people; the report has
// them all.
func short(n decode.Number) string {
	r, err := n.Rat()
	switch {
	case n == "":
		return "-"
	case err != nil || len(n) <= 6:
		return string(n)
	}
	return r.FloatString(4)
}

// planned says what convert would make of a session.
func planned(r *export.Report) string {
	pictures, faces := 0, 0
	for _, f := range r.Frames {
		if f.Placement == nil {
			continue
		}
		pictures++
		if s := f.Placement.State; s == annotate.Inside || s == annotate.Clipped {
			faces++
		}
	}
	return fmt.Sprintf("would make %s, %s, a sheet and a report",
		count(pictures, "marked picture"), count(faces, "face crop"))
}

func challenge(c *decode.Challenge) string {
	if c == nil {
		return "none"
	}
	return strings.TrimSpace(c.Type + " " + c.Version)
}

func orNone(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}
