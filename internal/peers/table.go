package main

import (
	"fmt"
	"strings"
	"time"
)

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// A figure is what a peer took for a session of a set: medians.
type figure struct {
	whole    float64 // CPU time of the whole process in ms, divided by the sessions
	marginal float64 // the same without what the process takes to start
	rss      float64 // MiB, of the process
	png      float64 // MB
	spread   float64 // slowest run to fastest, in CPU time
}

// figure returns the figures of the i-th peer.
func (s *set) figure(i int) figure {
	var whole, marginal, rss, png []float64
	for round, many := range s.forMany[i] {
		cpu, few := milliseconds(many.CPU), milliseconds(s.forFew[i][round].CPU)
		whole = append(whole, cpu/float64(s.many))
		marginal = append(marginal, (cpu-few)/float64(s.many-s.few))
		rss = append(rss, float64(many.RSS)/(1<<20))
		png = append(png, float64(many.PNG)/1e6/float64(s.many))
	}
	return figure{median(whole), median(marginal), median(rss), median(png), spread(whole)}
}

// tooWide is a spread above which a machine was too busy to measure on.
const tooWide = 1.25

// print writes the tables, and what speaks against trusting them.
func (c *comparison) print(machine string) error {
	rows := [][]string{c.header()}
	for i, p := range c.peers {
		if p.Name != two {
			rows = append(rows, c.row(i))
		}
	}
	var b strings.Builder
	writeTable(&b, rows)
	if goals := c.goalRows(); len(goals) > 1 {
		b.WriteString("\n")
		writeTable(&b, goals)
	}
	b.WriteString("\n" + c.workers() + machine + " " + c.sessionsText() + "\n")
	for i, p := range c.peers {
		for j := range c.sets {
			if w := c.sets[j].figure(i).spread; w > tooWide {
				fmt.Fprintf(&b, "\nWarning: %s, set %s: the slowest run took %.2f times the fastest.\n",
					p.Name, c.sets[j].Name, w)
			}
		}
	}
	_, err := fmt.Fprint(c.stdout, b.String())
	return err
}

func (c *comparison) names() string {
	var names []string
	for i := range c.sets {
		names = append(names, c.sets[i].Name)
	}
	return strings.Join(names, " / ")
}

func (c *comparison) header() []string {
	names := c.names()
	return []string{
		"program", "CPU ms, " + names, "without start-up", "× lvtool",
		"MB of PNG", "peak MiB", "instructions, 10⁶",
	}
}

// row returns the cells of the i-th peer: one number for every set.
func (c *comparison) row(i int) []string {
	cells := make([][]string, 5)
	for j := range c.sets {
		f, our := c.sets[j].figure(i), c.sets[j].figure(0)
		for k, v := range []float64{f.whole, f.marginal, f.marginal / our.marginal, f.png, f.rss} {
			cells[k] = append(cells[k], digits(v))
		}
	}
	row := []string{c.peers[i].Name}
	for _, cell := range cells {
		row = append(row, strings.Join(cell, " / "))
	}
	if n := c.sets[0].instructions[i]; n > 0 {
		return append(row, fmt.Sprintf("%.0f", float64(n)/1e6))
	}
	return append(row, "–")
}

// digits returns a number to two or three digits.
func digits(v float64) string {
	switch {
	case v >= 20:
		return fmt.Sprintf("%.0f", v)
	case v >= 2:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// sessionsText says what was converted.
func (c *comparison) sessionsText() string {
	var words []string
	for i := range c.sets {
		s := &c.sets[i]
		words = append(words, fmt.Sprintf("%s: %d×%d, %d sessions of %.2f MB", s.Name, s.Width, s.Height, s.many,
			float64(s.bytes)/1e6))
	}
	return fmt.Sprintf("Medians of %d rounds. %s.", c.rounds, strings.Join(words, "; "))
}

func writeTable(b *strings.Builder, rows [][]string) {
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", len(row)) + "\n")
		}
	}
}
