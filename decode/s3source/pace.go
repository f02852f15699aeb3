package s3source

import (
	"context"
	"sync"
	"time"
)

// A pace spreads requests evenly, so that no second has more than are allowed.
// The nil pace lets all go at once.
type pace struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time
}

// newPace returns the pace of so many requests a second; 0 means any number.
func newPace(rate int) *pace {
	if rate <= 0 {
		return nil
	}
	return &pace{every: time.Second / time.Duration(rate)}
}

// wait returns when it is the caller's turn, or with the error of ctx.
func (p *pace) wait(ctx context.Context) error {
	if p == nil {
		return ctx.Err()
	}
	p.mu.Lock()
	now := time.Now()
	turn := p.next
	if turn.Before(now) {
		turn = now
	}
	p.next = turn.Add(p.every)
	p.mu.Unlock()
	timer := time.NewTimer(turn.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
