package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// A record is how many instructions a session took, and what the number depends
// on beside lvtool.
type record struct {
	Go, Arch, Valgrind string
	// Input is the SHA-256 of the sessions.
	Input string
	// Instructions are those of a session, by name of the set.
	Instructions map[string]int64
}

// tolerance is how many percent a number may differ from the recorded one.
const tolerance = 1

// instructions counts, and records or compares.
func (p *program) instructions(flags *flag.FlagSet, args []string) error {
	lvtool := flags.String("lvtool", "", "`path` of lvtool")
	samples := flags.String("samples", "samples", "the project's samples are in this `folder`")
	work := flags.String("work", "", "write into this `folder`")
	file := flags.String("file", "internal/peers/instructions.json", "`name` of the recorded numbers")
	update := flags.Bool("update", false, "record the numbers, rather than compare")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c := &comparison{program: p, samples: *samples, work: *work}
	now, err := c.toolchain()
	if err != nil {
		return err
	}
	was, err := readRecord(*file)
	if err != nil && !*update {
		return err
	}
	if why := was.differs(now); why != "" && !*update {
		fmt.Fprintf(p.stdout, "skipped: the numbers were recorded with %s\n", why)
		return nil
	}
	if err := c.countSet(&now, p.lvtools(*lvtool)[0]); err != nil {
		return err
	}
	if *update {
		return now.write(*file)
	}
	return was.compare(now, p)
}

// toolchain returns a record of what numbers depend on, without the numbers.
func (c *comparison) toolchain() (record, error) {
	r := record{Go: runtime.Version(), Arch: runtime.GOARCH, Instructions: map[string]int64{}}
	out, err := c.command("valgrind", "--version").Output()
	r.Valgrind = strings.TrimSpace(string(out))
	if avx2 := field("/proc/cpuinfo", `(?m)^flags.*( avx2 )`); err == nil && avx2 == "" {
		r.Arch += " without AVX2" // valgrind shows a program one of two processors: with AVX2, or without
	}
	return r, err
}

// differs says in what that matters a record differs from another one.
func (r record) differs(now record) string {
	switch {
	case r.Go != now.Go:
		return r.Go + ", and this is " + now.Go
	case r.Arch != now.Arch:
		return r.Arch + ", and this is " + now.Arch
	case r.Valgrind != now.Valgrind:
		return r.Valgrind + ", and this is " + now.Valgrind
	}
	return ""
}

// countSet counts what a session of the smallest set takes.
func (c *comparison) countSet(r *record, lvtool peer) error {
	s := sizes()[0]
	files, err := makeSessions(c.samples, filepath.Join(c.work, s.Name), s, counted)
	if err != nil {
		return err
	}
	digest := sha256.New()
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		digest.Write(data)
	}
	r.Input = hex.EncodeToString(digest.Sum(nil))
	n, err := c.count(lvtool, dims{}, files)
	r.Instructions[s.Name] = n
	return err
}

// counted is how many sessions are converted to count the instructions of one.
const counted = 3

// count returns how many instructions a peer needs for a session: those for
// three without those for one, halved. What it takes to start falls out.
func (c *comparison) count(p peer, sheet dims, files []string) (int64, error) {
	if len(files) < counted {
		return 0, fmt.Errorf("counting instructions takes %d sessions, got %d", counted, len(files))
	}
	one, err := c.callgrind(p, sheet, files[:1])
	if err != nil {
		return 0, err
	}
	all, err := c.callgrind(p, sheet, files[:counted])
	return (all - one) / (counted - 1), err
}

// callgrind returns how many instructions one run executes. The Go runtime is
// kept from all that it does by the clock: garbage is not collected, goroutines
// are not interrupted, and one thread runs them. Valgrind's processor says that it
// has the RDTSCP instruction, which it does not always know when a lock asks for
// it: the runtime takes another to read the clock.
func (c *comparison) callgrind(p peer, sheet dims, files []string) (int64, error) {
	out, log := c.path("counted"), c.path("callgrind.log")
	if err := errors.Join(os.RemoveAll(out), os.MkdirAll(out, 0o777)); err != nil {
		return 0, err
	}
	args := append([]string{
		"--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file=" + log,
	}, p.command(out, sheet, files)...)
	cmd := c.command("valgrind", args...)
	cmd.Env = append(p.environment(), "GODEBUG=asyncpreemptoff=1,cpu.rdtscp=off", "GOMAXPROCS=1", "GOGC=off")
	if words, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s under valgrind: %w: %s", p.Name, err, bytes.TrimSpace(words))
	}
	data, err := os.ReadFile(log)
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`Collected : (\d+)`).FindSubmatch(data)
	if m == nil {
		return 0, fmt.Errorf("%s: valgrind counted nothing", p.Name)
	}
	return strconv.ParseInt(string(m[1]), 10, 64)
}

func readRecord(name string) (record, error) {
	var r record
	data, err := os.ReadFile(name)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func (r record) write(name string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o666)
}

// compare prints the numbers of now, and returns an error where one is not that
// of r.
func (r record) compare(now record, p *program) error {
	const again = "; if that is meant, record the new number: internal/peers/run instructions -update"
	if r.Input != now.Input {
		return errors.New("the sessions are not those that the numbers were recorded with" + again)
	}
	var errs []error
	for name, n := range now.Instructions {
		was := r.Instructions[name]
		change := float64(n-was) / float64(was)
		fmt.Fprintf(p.stdout, "set %s: %.2f million instructions a session, %+.2f %% of what was recorded\n",
			name, float64(n)/1e6, 100*change)
		if 100*max(n-was, was-n) > tolerance*was {
			const format = "set %s: %d instructions a session, %d were recorded: %+.1f %%, and 1 %% is allowed%s"
			errs = append(errs, fmt.Errorf(format, name, n, was, 100*change, again))
		}
	}
	return errors.Join(errs...)
}
