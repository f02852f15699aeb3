package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A way is how lvtool is run by the clock: how many processes at once, each with
// so many workers. The last is what two processors of the machine are worth, for
// two processes share nothing that lvtool could be better at.
type way struct{ processes, peer int }

// ways returns the ways of lvtool, or nothing where it has one worker only.
func (c *comparison) ways() []way {
	i := slices.IndexFunc(c.peers, func(p peer) bool { return p.Name == two })
	if i < 0 || c.clock == 0 {
		return nil
	}
	return []way{{1, 0}, {1, i}, {2, 0}}
}

// runClock measures how many sessions of a set lvtool converts in a second, in
// every way, without what it takes to start.
func (c *comparison) runClock(s *set) error {
	ways := c.ways()
	if ways == nil {
		return nil
	}
	files, err := c.makeSessions(s, s.Name+"-clock", c.clock)
	if err != nil {
		return err
	}
	few := max(1, len(files)/8)
	s.speeds = make([][]float64, len(ways))
	for round := range c.rounds {
		for i, w := range ways {
			less, err := c.seconds(w, files[:few])
			if err != nil {
				return err
			}
			all, err := c.seconds(w, files)
			if err != nil {
				return err
			}
			s.speeds[i] = append(s.speeds[i], float64(w.processes*(len(files)-few))/(all-less))
		}
		fmt.Fprintf(c.stderr, "%s, round %d of %d by the clock\n", s.Name, round+1, c.rounds)
	}
	return nil
}

// seconds is the time until the last of a way's processes is done. Each converts
// all files, into a folder of its own.
func (c *comparison) seconds(w way, files []string) (float64, error) {
	longest := make([]float64, w.processes)
	errs := make([]error, w.processes)
	var group sync.WaitGroup
	for i := range w.processes {
		group.Go(func() {
			var u usage
			u, errs[i] = c.measure(c.peers[w.peer], c.path("clock-"+strconv.Itoa(i)), dims{}, files)
			longest[i] = u.Wall.Seconds()
		})
	}
	group.Wait()
	return slices.Max(longest), errors.Join(errs...)
}

// workers says what a second worker gives, and what it could give.
func (c *comparison) workers() string {
	ways := c.ways()
	if ways == nil {
		return ""
	}
	var words []string
	for j := range c.sets {
		speed := c.sets[j].speeds
		one, both, pair := median(speed[0]), median(speed[1]), median(speed[2])
		words = append(words, fmt.Sprintf("%s: %s and %s a second, %.2f times (two processes %.2f), %.0f MiB",
			c.sets[j].Name, digits(one), digits(both), both/one, pair/one, c.sets[j].figure(ways[1].peer).rss))
	}
	return "Sessions by the clock, one worker and two: " + strings.Join(words, "; ") + ".\n\n"
}
