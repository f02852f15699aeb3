package s3source

import (
	"context"
	"time"
)

// A pace spreads requests evenly, so that no second has more than are allowed.
// The nil pace lets all go at once.
type pace struct {
	every time.Duration
	// turn holds one token, which whoever goes takes away for a while.
	turn chan struct{}
}

// newPace returns the pace of so many requests a second; 0 means any number.
func newPace(rate int) *pace {
	if rate <= 0 {
		return nil
	}
	p := &pace{every: time.Second / time.Duration(rate), turn: make(chan struct{}, 1)}
	p.turn <- struct{}{}
	return p
}

// wait returns when it is the caller's turn, or with the error of ctx.
func (p *pace) wait(ctx context.Context) error {
	if p == nil {
		return ctx.Err()
	}
	select {
	case <-p.turn:
		time.AfterFunc(p.every, func() { p.turn <- struct{}{} })
	case <-ctx.Done():
	}
	return ctx.Err()
}
