package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	p := &program{os.Stdout, os.Stderr, time.Now, func(name string, args ...string) *exec.Cmd {
		return exec.CommandContext(ctx, name, args...)
	}}
	err := p.run(os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// A command is a part of the program, its flags and arguments those in args.
type command func(p *program, flags *flag.FlagSet, args []string) error

// A program is one run: its streams, its clock, and how it runs others.
type program struct {
	stdout, stderr io.Writer
	now            func() time.Time
	command        func(name string, args ...string) *exec.Cmd
}

func commands() map[string]command {
	return map[string]command{
		"compare": (*program).compare, "sessions": (*program).sessions,
		"check": (*program).check, "instructions": (*program).instructions, "packs": (*program).packs,
	}
}

func (p *program) run(args []string) error {
	if len(args) == 0 || commands()[args[0]] == nil {
		return fmt.Errorf("want a command: compare, sessions, check, instructions or packs; got %q", args)
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	return commands()[args[0]](p, flags, args[1:])
}
