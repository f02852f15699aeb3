package pipeline_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lvtool/lvtool/internal/pipeline"
)

// TestMapOrder holds that results come in order and that no more run at a time than asked for,
// though later work ends first.
func TestMapOrder(t *testing.T) {
	for _, workers := range []int{-1, 1, 2, 3, 7, 100} {
		synctest.Test(t, func(t *testing.T) {
			items := []int{9, 1, 8, 2, 7, 3, 6, 4, 5}
			var running, most atomic.Int64
			work := func(_ context.Context, i, item int) string {
				n := running.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				time.Sleep(time.Duration(item) * time.Second)
				running.Add(-1)
				return fmt.Sprint(i, ":", item)
			}
			got := slices.Collect(pipeline.Map(t.Context(), workers, items, work))
			want := []string{"0:9", "1:1", "2:8", "3:2", "4:7", "5:3", "6:6", "7:4", "8:5"}
			if !slices.Equal(got, want) {
				t.Errorf("%d workers: got %q, want %q", workers, got, want)
			}
			if limit := min(max(workers, 1), len(items)); most.Load() != int64(limit) {
				t.Errorf("%d workers: got %d at a time, want %d", workers, most.Load(), limit)
			}
		})
	}
}

// TestMapStops holds that leaving the loop cancels the work and waits for it.
func TestMapStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun, ended atomic.Int64
		for range pipeline.Map(t.Context(), 3, make([]int, 100), func(ctx context.Context, i, _ int) int {
			begun.Add(1)
			defer ended.Add(1)
			if i > 0 {
				<-ctx.Done()
			}
			return i
		}) {
			break
		}
		if begun.Load() > 4 || begun.Load() != ended.Load() {
			t.Errorf("got %d begun and %d ended, want at most 4, all ended", begun.Load(), ended.Load())
		}
	})
}

func TestMapNothing(t *testing.T) {
	for range pipeline.Map(t.Context(), 3, nil, func(context.Context, int, int) int { return 0 }) {
		t.Error("got a result, want none")
	}
}

func ExampleMap() {
	words := []string{"reference", "audit-0", "audit-1"}
	for n := range pipeline.Map(context.Background(), 2, words, func(_ context.Context, _ int, word string) int {
		return len(word)
	}) {
		fmt.Println(n)
	}
	// Output:
	// 9
	// 7
	// 7
}
