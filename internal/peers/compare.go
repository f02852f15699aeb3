package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A comparison is what compare was asked for, and what it found.
type comparison struct {
	*program
	samples, work string
	rounds        int
	clock         int // sessions that are converted by the clock
	peers         []peer
	sets          []set
}

// A set is the sessions of one size, how the programs convert many and few of
// them, and what that took: by peer and round.
type set struct {
	size
	many, few         int
	files             []string
	bytes             int64 // of a session's file, on average
	sheet             dims
	forMany, forFew   [][]usage
	instructions      []int64 // of a session, by peer; 0 where not counted
	countInstructions bool
	speeds            [][]float64 // by way and round
}

// compare measures, and prints the tables.
func (p *program) compare(flags *flag.FlagSet, args []string) error {
	c := &comparison{program: p}
	lvtool := flags.String("lvtool", "", "`path` of lvtool")
	scripts := flags.String("scripts", "internal/peers", "the peers' sources are in this `folder`")
	built := flags.String("built", "", "what was built of them is in this `folder`")
	sets := flags.String("sets", "s:40:16,m:12:4,l:8:4", "names of sets, each with how many sessions, and how few")
	all := flags.Bool("all", false, "fail where a peer is missing that Debian has")
	count := flags.Bool("instructions", false, "count instructions, too, in the first set: needs valgrind")
	flags.StringVar(&c.samples, "samples", "samples", "the project's samples are in this `folder`")
	flags.StringVar(&c.work, "work", "", "write into this `folder`, better in memory than on a disk")
	flags.IntVar(&c.rounds, "rounds", 3, "how often every program runs")
	flags.IntVar(&c.clock, "clock", 64, "how many sessions lvtool converts by the clock")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var err error
	if c.sets, err = parseSets(*sets); err != nil {
		return err
	}
	c.sets[0].countInstructions = *count
	if err := c.gather(p.peers(*lvtool, *scripts, *built), *all); err != nil {
		return err
	}
	for i := range c.sets {
		if err := c.runSet(&c.sets[i]); err != nil {
			return err
		}
	}
	return c.print(p.machine(c.peers))
}

// parseSets parses name:many:few, several of them with commas between.
func parseSets(list string) ([]set, error) {
	var sets []set
	for item := range strings.SplitSeq(list, ",") {
		parts := strings.Split(item, ":")
		if len(parts) != 3 {
			return nil, fmt.Errorf("set %q: want name:many:few", item)
		}
		s, err := sizeOf(parts[0])
		many, manyErr := strconv.Atoi(parts[1])
		few, fewErr := strconv.Atoi(parts[2])
		if err := errors.Join(err, manyErr, fewErr); err != nil {
			return nil, fmt.Errorf("set %q: %w", item, err)
		}
		if few < 1 || many <= few {
			return nil, fmt.Errorf("set %q: want few from 1, and many above that", item)
		}
		sets = append(sets, set{size: s, many: many, few: few})
	}
	return sets, nil
}

// gather keeps the peers that can run, and says which cannot.
func (c *comparison) gather(list []peer, all bool) error {
	for _, p := range list {
		switch {
		case c.here(p):
			c.peers = append(c.peers, p)
		case p.lvtool() || all && strings.HasPrefix(p.missing, "package"):
			return fmt.Errorf("missing: %s: %s", p.Name, p.missing)
		default:
			fmt.Fprintf(c.stderr, "left out: %s: needs %s\n", p.Name, p.missing)
		}
	}
	return nil
}

// A trial is a peer that is to convert many sessions, or few.
type trial struct {
	peer int
	many bool
}

// runSet makes the sessions of a set and has all peers convert them.
func (c *comparison) runSet(s *set) error {
	if err := c.prepare(s); err != nil {
		return err
	}
	s.forMany, s.forFew = make([][]usage, len(c.peers)), make([][]usage, len(c.peers))
	var trials []trial
	for i := range c.peers {
		trials = append(trials, trial{i, true}, trial{i, false})
	}
	for round := range c.rounds {
		for _, t := range trials {
			if err := c.try(s, t, round); err != nil {
				return err
			}
		}
		slices.Reverse(trials) // what comes before a run differs from round to round
	}
	if err := c.runClock(s); err != nil {
		return err
	}
	return c.countPeers(s)
}

// countPeers counts the instructions of the peers that are native programs: the
// others would take valgrind a quarter of an hour.
func (c *comparison) countPeers(s *set) error {
	s.instructions = make([]int64, len(c.peers))
	for i, p := range c.peers {
		if !s.countInstructions || !p.native {
			continue
		}
		n, err := c.count(p, s.sheet, s.files)
		if err != nil {
			return err
		}
		s.instructions[i] = n
	}
	return nil
}

func (c *comparison) path(names ...string) string {
	return filepath.Join(append([]string{c.work}, names...)...)
}

// prepare writes the sessions, and has lvtool convert them: what it writes is
// what the others must write. The sessions are made by another process: their
// pictures would count as this one's memory, and so as that of those it starts.
func (c *comparison) prepare(s *set) error {
	var err error
	if s.files, err = c.makeSessions(s, s.Name, s.many); err != nil {
		return err
	}
	for _, name := range s.files {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		s.bytes += info.Size() / int64(len(s.files))
	}
	if _, err := c.measure(c.peers[0], c.path("want"), dims{}, s.files); err != nil {
		return err
	}
	sizes, _, err := written(c.path("want"))
	for name, d := range sizes {
		if filepath.Base(name) == "sheet.png" {
			s.sheet = d
		}
	}
	return err
}

// makeSessions writes n sessions of a set into a folder, and returns their files.
func (c *comparison) makeSessions(s *set, folder string, n int) ([]string, error) {
	dir := c.path(folder)
	err := c.self("sessions", "-samples", c.samples, "-set", s.Name, "-n", strconv.Itoa(n), "-o", dir)
	if err != nil {
		return nil, err
	}
	return filepath.Glob(filepath.Join(dir, "*.json"))
}

// self runs another command of this program.
func (c *comparison) self(args ...string) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := c.command(path, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
	}
	return nil
}

// try runs a trial. In the first round what was written is checked.
func (c *comparison) try(s *set, t trial, round int) error {
	p, files, into := c.peers[t.peer], s.files[:s.few], &s.forFew[t.peer]
	if t.many {
		files, into = s.files, &s.forMany[t.peer]
	}
	u, err := c.measure(p, c.path("got"), s.sheet, files)
	if err != nil {
		return err
	}
	*into = append(*into, u)
	fmt.Fprintf(c.stderr, "%s, round %d of %d, %d sessions: %.0f ms a session, %s\n",
		s.Name, round+1, c.rounds, len(files), milliseconds(u.CPU)/float64(len(files)), p.Name)
	if round > 0 || !t.many {
		return nil
	}
	if err := c.self("check", c.path("want"), c.path("got")); err != nil {
		return fmt.Errorf("%s, set %s: not the same work: %w", p.Name, s.Name, err)
	}
	return nil
}
