// Command lvtool turns the results of Amazon Rekognition Face Liveness checks
// into marked pictures, face crops, contact sheets and reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

// grace is how long an interrupted program may take to clean up. Not every wait
// for somebody else can be interrupted.
const grace = 10 * time.Second

// garbage is how much of the memory in use, in percent, may lie about before it
// is collected. What is in use is pixels, nearly all, which the collector need
// not look at, so that collecting more often than Go does costs next to nothing.
const garbage = 25

func main() {
	setHelp()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop() // a second signal ends the program at once
		time.AfterFunc(grace, func() { os.Exit(interruptedCode(os.Args)) })
	})
	code := run(withClock(ctx, time.Now), os.Args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
