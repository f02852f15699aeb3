package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/review"
)

func newReviewCompareCommand() *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "say how far two reviewers agree",
		ArgsUsage: "FILE FILE",
		Description: `Each FILE is what the page exported for one reviewer. Decisions are about the
same session where they name the same report. Kappa is Cohen's (1960): the
agreement beyond what chance would give, 1 for full agreement, 0 for that of
chance.

Example:
   lvtool review compare first.json second.json`,
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON on standard output"}},
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return usageError("review compare: give the files of two reviewers")
			}
			both, err := readReviews(c.Args().Slice())
			if err != nil {
				return err
			}
			a, b := both[0].Decisions, both[1].Decisions
			g, err := review.Compare(a, b)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return writeAgreementJSON(c.App.Writer, g)
			}
			return writeAgreement(c.App.Writer, a, b, g)
		},
	}
}

func writeAgreementJSON(w io.Writer, g *review.Agreement) error {
	type pair struct {
		Session *string       `json:"session"`
		Report  string        `json:"report_sha256"`
		A       review.Choice `json:"a"`
		B       review.Choice `json:"b"`
	}
	out := struct {
		Both    int             `json:"both"`
		OnlyA   int             `json:"only_a"`
		OnlyB   int             `json:"only_b"`
		Agreed  int             `json:"agreed"`
		Share   *float64        `json:"share"`
		Kappa   *float64        `json:"kappa"`
		Choices []review.Choice `json:"choices"`
		Table   [3][3]int       `json:"table"`
		Differ  []pair          `json:"differ"`
	}{
		Both: g.Both, OnlyA: g.OnlyA, OnlyB: g.OnlyB, Agreed: g.Agreed,
		Choices: review.Choices(), Table: g.Table, Differ: []pair{},
	}
	if g.Both > 0 {
		out.Share = &g.Share
	}
	if g.Defined {
		out.Kappa = &g.Kappa
	}
	for _, d := range g.Differ {
		out.Differ = append(out.Differ, pair{d.A.Session, d.A.Report, d.A.Choice, d.B.Choice})
	}
	return json.NewEncoder(w).Encode(out)
}

func writeAgreement(w io.Writer, a, b *review.Decisions, g *review.Agreement) error {
	sayf(w, "A is %s, B is %s", a.Reviewer, b.Reviewer)
	sayf(w, "decided by both  %d, by A alone %d, by B alone %d", g.Both, g.OnlyA, g.OnlyB)
	if g.Both > 0 {
		sayf(w, "the same         %d, %.1f %%", g.Agreed, 100*g.Share)
	}
	if g.Defined {
		sayf(w, "Cohen's kappa    %.3f", g.Kappa)
	} else {
		sayf(w, "Cohen's kappa    not defined: there is no choice to compare")
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprint(t, "\t")
	for _, c := range review.Choices() {
		fmt.Fprintf(t, "B: %s\t", c)
	}
	fmt.Fprintln(t)
	for i, c := range review.Choices() {
		fmt.Fprintf(t, "A: %s\t%d\t%d\t%d\t\n", c, g.Table[i][0], g.Table[i][1], g.Table[i][2])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, d := range g.Differ {
		sayf(w, "differ  %s  A %s, B %s", orNone(d.A.Session), d.A.Choice, d.B.Choice)
	}
	return nil
}
