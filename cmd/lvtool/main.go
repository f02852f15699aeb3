// Command lvtool turns the results of Amazon Rekognition Face Liveness checks
// into marked pictures, face crops, contact sheets and reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long an interrupted program may take to clean up. Not every wait
// for somebody else can be interrupted.
const grace = 10 * time.Second

func main() {
	setHelp()
	collect()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop() // a second signal ends the program at once
		time.AfterFunc(grace, func() { os.Exit(interruptedCode(os.Args)) })
	})
	code := run(withClock(ctx, time.Now), os.Args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
