// Package pipeline runs work side by side: a bounded number at a time, with the results in the
// order of the input, and on to the end whatever fails on the way.
//
// It is the only package of lvtool that starts goroutines.
package pipeline

import (
	"context"
	"iter"
	"sync"
)

// Map calls do for every item, for at most workers of them at a time, and yields what it returns in
// the order of the items. Work begins no further ahead of what has been yielded than the workers
// reach, so that results do not pile up.
//
// When the loop over the results is left, the context of the work still going on is cancelled, no
// more is begun, and Map returns after the last has ended. Fewer than one worker counts as one.
func Map[T, R any](
	ctx context.Context, workers int, items []T, do func(ctx context.Context, i int, item T) R,
) iter.Seq[R] {
	workers = min(max(workers, 1), max(len(items), 1))
	return func(yield func(R) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		results := make([]chan R, workers) // a ring: item i answers on i modulo its length
		begin := func(i int) {
			results[i%workers] = make(chan R, 1)
			answer := results[i%workers]
			running.Go(func() { answer <- do(ctx, i, items[i]) })
		}
		for i := range min(workers, len(items)) {
			begin(i)
		}
		for i := range items {
			result := <-results[i%workers]
			if i+workers < len(items) {
				begin(i + workers)
			}
			if !yield(result) {
				return
			}
		}
	}
}
