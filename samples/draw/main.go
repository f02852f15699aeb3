// Draw draws the synthetic sessions in samples/.
//
//	go run ./samples/draw
//
// Nobody in them exists: every person is a few dozen numbers in people.go, a
// distance field and some noise. The same Go release on the same kind of
// machine writes the same bytes.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

// run writes the sessions that are named in args, or all.
func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("draw", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("o", "samples", "write below this `folder`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(sessions(), flags.Args())
	if err != nil {
		return err
	}
	st := newStudio()
	for _, s := range chosen {
		files, err := st.files(&s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		for name, data := range files {
			if err := write(filepath.Join(*dir, filepath.FromSlash(name)), data); err != nil {
				return err
			}
		}
	}
	return nil
}

// choose returns the sessions of the given names, or all where there are none.
func choose(all []session, names []string) ([]session, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []session
	for _, name := range names {
		i := slices.IndexFunc(all, func(s session) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no session %q", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func write(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}
