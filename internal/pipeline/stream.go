package pipeline

import (
	"context"
	"fmt"
	"iter"
	"path"
	"runtime"
	"strings"
	"sync"
)

// A Stream works on items T that come one by one, and may never end, and makes
// an R of each.
type Stream[T, R any] struct {
	// Workers is how many items are worked on at a time; fewer than one counts
	// as one.
	Workers int
	// Do works on an item, in one of several goroutines.
	Do func(ctx context.Context, item T) (R, error)
	// Weight says what an item weighs, such as the bytes that it holds. Items
	// that are being worked on or wait for it weigh no more than Budget in sum; one
	// that is heavier comes alone. Nil, or no Budget, is without such a bound.
	Weight func(item T) int64
	Budget int64
}

// Run takes the items one after the other, in a goroutine of its own, and
// yields what Do returns in the order of the items. No more than twice as many
// items as there are workers are taken before the result of the first of them
// has been yielded.
//
// An error of Do is yielded like a result, and the rest goes on. A panic in Do
// becomes a [*PanicError] in its place; one in items becomes the last.
//
// When ctx ends, no further item is taken. When the loop over the results is
// left, the context of the work still going on is cancelled too. In both cases
// Run returns when the last call has ended, and items has: an iterator that
// waits for something must see to it that ctx ends the wait.
func (s *Stream[T, R]) Run(ctx context.Context, items iter.Seq[T]) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		workers := max(s.Workers, 1)
		r := &running[T, R]{
			Stream: s,
			jobs:   make(chan job[T, R]),
			order:  make(chan chan answer[R], 2*workers-1), // one more has been taken out of it
			room:   newRoom(s.Budget),
		}
		var all sync.WaitGroup
		defer all.Wait()
		defer cancel()
		all.Go(func() { r.feed(ctx, items) })
		for range workers {
			all.Go(func() { r.work(ctx) })
		}
		for pending := range r.order {
			a := <-pending
			if !yield(a.result, a.err) {
				return
			}
		}
	}
}

// running is one run of a stream.
type running[T, R any] struct {
	*Stream[T, R]
	// jobs are for the workers; order has the places of their answers in the
	// order of the items, and its length bounds how many are open.
	jobs  chan job[T, R]
	order chan chan answer[R]
	room  *room
}

type job[T, R any] struct {
	item   T
	weight int64
	answer chan<- answer[R]
}

type answer[R any] struct {
	result R
	err    error
}

// feed hands the items to the workers.
func (r *running[T, R]) feed(ctx context.Context, items iter.Seq[T]) {
	defer close(r.order)
	defer close(r.jobs)
	broken := guard(func() {
		for item := range items {
			if !r.hand(ctx, item) {
				return
			}
		}
	})
	if broken != nil {
		last := make(chan answer[R], 1)
		last <- answer[R]{err: broken}
		select {
		case r.order <- last:
		case <-ctx.Done():
		}
	}
}

// hand gives an item to a worker, when there is room for it. It reports whether
// to go on.
func (r *running[T, R]) hand(ctx context.Context, item T) bool {
	place := make(chan answer[R], 1)
	j := job[T, R]{item: item, answer: place}
	if r.Weight != nil {
		j.weight = r.Weight(item)
	}
	if !r.room.take(ctx, j.weight) {
		return false
	}
	select {
	case r.order <- place:
	case <-ctx.Done():
		return false
	}
	select {
	case r.jobs <- j:
		return true
	case <-ctx.Done():
		place <- answer[R]{err: ctx.Err()}
		return false
	}
}

// work is one worker.
func (r *running[T, R]) work(ctx context.Context) {
	for j := range r.jobs {
		var a answer[R]
		panicked := guard(func() { a.result, a.err = r.Do(ctx, j.item) })
		if panicked != nil {
			panicked.Item = j.item
			a = answer[R]{err: panicked}
		}
		r.room.give(j.weight)
		j.answer <- a
	}
}

// A PanicError is a panic that was caught: a mistake in the program.
type PanicError struct {
	// Item is what was worked on; nil where the input itself panicked.
	Item any
	// Value is what was given to panic.
	Value any
	// Where is the function that panicked, with file and line.
	Where string
}

// Error returns the value and the place.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v, in %s", e.Value, e.Where) }

// guard calls do, and returns a panic in it.
func guard(do func()) (caught *PanicError) {
	defer func() {
		if v := recover(); v != nil {
			caught = &PanicError{Value: v, Where: panicPlace()}
		}
	}()
	do()
	return nil
}

// panicPlace returns where the panic began that a deferred function of guard
// has recovered from: the first caller below the runtime's own.
func panicPlace() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)]) // but for itself and the deferred function
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s (%s:%d)", path.Base(f.Function), path.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}

// A room holds what weighs, up to a bound. One goroutine takes, any give.
type room struct {
	mu     sync.Mutex
	bound  int64
	free   int64
	change chan struct{}
}

func newRoom(bound int64) *room {
	return &room{bound: bound, free: bound, change: make(chan struct{}, 1)}
}

// take waits until there is room for a weight, or none is taken. It reports
// whether that came before the end of ctx.
func (r *room) take(ctx context.Context, weight int64) bool {
	for {
		if ctx.Err() != nil {
			return false
		}
		if r.fits(weight) {
			return true
		}
		select {
		case <-r.change:
		case <-ctx.Done():
		}
	}
}

func (r *room) fits(weight int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bound > 0 && weight > r.free && r.free < r.bound {
		return false
	}
	r.free -= weight
	return true
}

func (r *room) give(weight int64) {
	r.mu.Lock()
	r.free += weight
	r.mu.Unlock()
	select {
	case r.change <- struct{}{}:
	default:
	}
}
