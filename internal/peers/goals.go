package main

import (
	"slices"
	"strconv"
	"strings"
)

// A goal is how much more than lvtool some peers are to take: the one that takes
// least is what counts.
type goal struct {
	against       string
	peers         []string // the beginnings of their names
	goal, stretch float64
}

// goals are those that were set before lvtool was made fast, for the smallest set.
// For larger ones two thirds of them are the goal.
func goals() []goal {
	return []goal{
		{"Python with Pillow, default level", []string{"Pillow, default"}, 20, 30},
		{"ImageMagick", []string{"ImageMagick"}, 35, 50},
		{
			"the fastest of Pillow level 1, OpenCV, libvips level 1",
			[]string{"Pillow, level 1", "OpenCV", "libvips"},
			4, 6,
		},
		{"C: libjpeg-turbo, libdeflate level 1", []string{"C: "}, 1, 2},
		{"C++: libjpeg-turbo, fpnge", []string{"C++: "}, 0.4, 0.67},
	}
}

// goalRows returns a table of the goals and of what was measured. What was not
// measured is left out.
func (c *comparison) goalRows() [][]string {
	rows := [][]string{{"CPU time against lvtool's", "goal", "stretch", "measured, " + c.names()}}
	for _, g := range goals() {
		var cells []string
		for j := range c.sets {
			if v, ok := c.least(&c.sets[j], g); ok {
				cells = append(cells, digits(v))
			}
		}
		if len(cells) > 0 {
			rows = append(rows, []string{g.against, number(g.goal), number(g.stretch), strings.Join(cells, " / ")})
		}
	}
	return append(rows, c.bytesRow()...)
}

// least returns how many times lvtool's CPU time the fastest peer of a goal took.
func (c *comparison) least(s *set, g goal) (times float64, ok bool) {
	our := s.figure(0).marginal
	for i, p := range c.peers {
		if !slices.ContainsFunc(g.peers, func(name string) bool { return strings.HasPrefix(p.Name, name) }) {
			continue
		}
		if t := s.figure(i).marginal / our; !ok || t < times {
			times, ok = t, true
		}
	}
	return times, ok
}

// bytesRow compares the size of lvtool's pictures with that of Pillow's.
func (c *comparison) bytesRow() [][]string {
	i := slices.IndexFunc(c.peers, func(p peer) bool { return strings.HasPrefix(p.Name, "Pillow, default") })
	if i < 0 {
		return nil
	}
	var cells []string
	for j := range c.sets {
		cells = append(cells, digits(c.sets[j].figure(0).png/c.sets[j].figure(i).png))
	}
	const what = "lvtool's bytes of PNG against Pillow's, default level"
	return [][]string{{what, "at most 1.15", "–", strings.Join(cells, " / ")}}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
