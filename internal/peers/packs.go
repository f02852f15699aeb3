package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A lap is what the parts of an evidence pack's life took, whole processes each.
type lap struct{ convert, pack, verify, hash usage }

// packs measures what evidence packs cost: packing sessions beside converting them,
// and verifying the packs beside sha256sum of the same files, all with one thread.
func (p *program) packs(flags *flag.FlagSet, args []string) error {
	lvtool := flags.String("lvtool", "", "`path` of lvtool")
	samples := flags.String("samples", "samples", "the project's samples are in this `folder`")
	work := flags.String("work", "", "write into this `folder`, better in memory than on a disk")
	name := flags.String("set", "s", "`name` of the set")
	n := flags.Int("n", 100, "how many sessions")
	rounds := flags.Int("rounds", 5, "how often all is done")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := sizeOf(*name)
	if err != nil {
		return err
	}
	files, err := makeSessions(*samples, filepath.Join(*work, "sessions"), s, *n)
	if err != nil {
		return err
	}
	var laps []lap
	for range *rounds {
		l, err := p.lap(*lvtool, *work, files)
		if err != nil {
			return err
		}
		laps = append(laps, l)
	}
	size, err := bytesOf(filepath.Join(*work, "packs"))
	if err != nil {
		return err
	}
	_, err = p.stdout.Write([]byte(packText(laps, size, *n)))
	return err
}

// lap makes packs of sessions, and verifies them.
func (p *program) lap(lvtool, work string, files []string) (lap, error) {
	var l lap
	plain, packs := filepath.Join(work, "plain"), filepath.Join(work, "packs")
	if err := errors.Join(os.RemoveAll(plain), os.RemoveAll(packs)); err != nil {
		return l, err
	}
	with := func(words ...string) []string { return append(append(words, "--quiet", "--jobs", "1"), files...) }
	for _, part := range []struct {
		into *usage
		args []string
	}{
		{&l.convert, with(lvtool, "convert", "-o", plain)},
		{&l.pack, with(lvtool, "pack", "-o", packs)},
		{&l.verify, []string{lvtool, "verify", "--jobs", "1", packs}},
		{&l.hash, []string{"sh", "-c", `find "$0" -type f -print0 | xargs -0 sha256sum`, packs}},
	} {
		cmd := p.command(part.args[0], part.args[1:]...)
		start := p.now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return l, fmt.Errorf("%v: %w: %.200s", part.args[:2], err, out)
		}
		state := cmd.ProcessState
		*part.into = usage{Wall: p.now().Sub(start), CPU: state.UserTime() + state.SystemTime()}
	}
	return l, nil
}

func bytesOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}

// packText says what packs cost: medians of the laps.
func packText(laps []lap, size int64, sessions int) string {
	of := func(what func(l lap) time.Duration) float64 {
		var all []time.Duration
		for _, l := range laps {
			all = append(all, what(l))
		}
		return median(all).Seconds()
	}
	convert := of(func(l lap) time.Duration { return l.convert.CPU })
	pack := of(func(l lap) time.Duration { return l.pack.CPU })
	verify := of(func(l lap) time.Duration { return l.verify.Wall })
	hash := of(func(l lap) time.Duration { return l.hash.Wall })
	verifyCPU := of(func(l lap) time.Duration { return l.verify.CPU })
	hashCPU := of(func(l lap) time.Duration { return l.hash.CPU })
	megabytes := float64(size) / 1e6
	return fmt.Sprintf("%d sessions, %.0f MB of packs, medians of %d rounds.\n"+
		"pack takes %.2f times the processor time of convert.\n"+
		"verify: %.0f MB/s, sha256sum: %.0f MB/s, %.2f of its speed by the clock, %.2f by processor time.\n",
		sessions, megabytes, len(laps), pack/convert,
		megabytes/verify, megabytes/hash, hash/verify, hashCPU/verifyCPU)
}
