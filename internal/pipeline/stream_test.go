package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lvtool/lvtool/internal/pipeline"
)

type stream = pipeline.Stream[int, string]

// count yields 0, 1, … and says how many were taken.
func count(n int, taken *atomic.Int64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			taken.Add(1)
			if !yield(i) {
				return
			}
		}
	}
}

func collect(results iter.Seq2[string, error]) []string {
	var all []string
	for r, err := range results {
		if err != nil {
			r = err.Error()
		}
		all = append(all, r)
	}
	return all
}

// TestStreamOrder holds that results come in order, that all workers work, and
// that no more items are taken than the stream says.
func TestStreamOrder(t *testing.T) {
	for _, workers := range []int{-1, 1, 2, 3, 7} {
		synctest.Test(t, func(t *testing.T) {
			const items = 40
			var taken, running, most atomic.Int64
			s := &stream{
				Workers: workers,
				Do: func(_ context.Context, i int) (string, error) {
					n := running.Add(1)
					for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					}
					time.Sleep(time.Duration(i*7%5) * time.Second)
					running.Add(-1)
					return fmt.Sprint(i), nil
				},
			}
			want, bound := int64(max(workers, 1)), int64(2*max(workers, 1))
			yielded := int64(0)
			for r, err := range s.Run(t.Context(), count(items, &taken)) {
				if r != fmt.Sprint(yielded) || err != nil {
					t.Fatalf("%d workers: got %q, %v, want %d", workers, r, err, yielded)
				}
				synctest.Wait()
				yielded++
				// One more is in the hand of the reader.
				if ahead := taken.Load() - yielded; ahead > bound+1 {
					t.Errorf("%d workers: %d items taken ahead, want at most %d", workers, ahead, bound+1)
				}
			}
			if yielded != items || most.Load() != want {
				t.Errorf("%d workers: got %d results, %d at a time", workers, yielded, most.Load())
			}
		})
	}
}

// TestStreamErrors holds that errors and panics stand in the place of their
// item, and that the rest goes on.
func TestStreamErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var taken atomic.Int64
		s := &stream{
			Do: func(_ context.Context, i int) (string, error) {
				switch i {
				case 1:
					return "", errors.New("one")
				case 2:
					panic("two")
				case 3:
					return []string{}[i], nil
				}
				return fmt.Sprint(i), nil
			},
		}
		got := collect(s.Run(t.Context(), count(5, &taken)))
		for i, want := range []string{"0", "one", "panic: two, in ", "panic: runtime error: index out of range", "4"} {
			if i >= len(got) || !strings.HasPrefix(got[i], want) {
				t.Fatalf("got %q, want %q at %d", got, want, i)
			}
		}
		for _, i := range []int{2, 3} {
			if !strings.Contains(got[i], "TestStreamErrors") || !strings.Contains(got[i], "(stream_test.go:") {
				t.Errorf("got %q, want the place of the panic", got[i])
			}
		}
		for _, err := range s.Run(t.Context(), slices.Values([]int{2})) {
			if e, ok := errors.AsType[*pipeline.PanicError](err); !ok || e.Item != 2 || e.Value != "two" {
				t.Errorf("got %#v, want the item and the value", err)
			}
		}
	})
}

// TestStreamInputPanic holds that a panic of the input is the last result.
func TestStreamInputPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stream{
			Workers: 2,
			Do:      func(_ context.Context, i int) (string, error) { return fmt.Sprint(i), nil },
		}
		got := collect(s.Run(t.Context(), func(yield func(int) bool) {
			if yield(0) {
				panic("input")
			}
		}))
		if len(got) != 2 || got[0] != "0" || !strings.HasPrefix(got[1], "panic: input, in ") {
			t.Errorf("got %q", got)
		}
	})
}

// TestStreamStops holds that leaving the loop, or the end of the context, ends
// the input and the work, and leaves nothing running: synctest fails where a
// goroutine is left.
func TestStreamStops(t *testing.T) {
	for _, cancelled := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var taken, begun, ended atomic.Int64
			s := &stream{
				Workers: 3,
				Do: func(ctx context.Context, i int) (string, error) {
					begun.Add(1)
					defer ended.Add(1)
					if i > 0 {
						<-ctx.Done()
					}
					return fmt.Sprint(i), ctx.Err()
				},
			}
			var errs []error
			for _, err := range s.Run(ctx, count(1<<30, &taken)) {
				if !cancelled {
					break
				}
				synctest.Wait()
				cancel()
				errs = append(errs, err)
			}
			if begun.Load() != ended.Load() || begun.Load() > 5 || taken.Load() > 8 {
				t.Errorf("got %d begun, %d ended, %d taken", begun.Load(), ended.Load(), taken.Load())
			}
			if cancelled && (len(errs) < 2 || errs[0] != nil || slices.Contains(errs[1:], nil)) {
				t.Errorf("got errors %v, want that of the context for all but the first", errs)
			}
		})
	}
}

// TestStreamBudget holds that items in hand weigh no more than the budget, but
// for one that is alone.
func TestStreamBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var held atomic.Int64
		weights := []int{5, 5, 1, 9, 25, 2, 3, 4, 10, 10}
		s := &stream{
			Workers: 4, Budget: 10,
			Weight: func(i int) int64 { return int64(i) },
			Do: func(_ context.Context, i int) (string, error) {
				if sum := held.Add(int64(i)); sum > 10 && sum != 25 {
					t.Errorf("got %d held, want at most 10, or 25 alone", sum)
				}
				time.Sleep(time.Second)
				held.Add(int64(-i))
				return "", nil
			},
		}
		start := time.Now()
		if got := len(collect(s.Run(t.Context(), slices.Values(weights)))); got != len(weights) {
			t.Errorf("got %d results, want %d", got, len(weights))
		}
		// 5 5 | 1 9 | 25 | 2 3 4 | 10 | 10
		if got := time.Since(start); got != 6*time.Second {
			t.Errorf("got %v, want 6 rounds of a second", got)
		}
	})
}

func TestReader(t *testing.T) {
	r := pipeline.Reader(t.Context(), strings.NewReader(strings.Repeat("text ", 1000)))
	if got, err := io.ReadAll(r); err != nil || len(got) != 5000 {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
}

// TestReaderStops holds that a Read that waits ends with its context, and does
// not touch the buffer it was given any more.
func TestReaderStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		in, out := io.Pipe()
		r := pipeline.Reader(ctx, in)
		buf := make([]byte, 10)
		if n, err := r.Read(buf); n != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %d, %v, want the end of the context", n, err)
		}
		_, _ = out.Write([]byte("late"))
		synctest.Wait()
		if buf[0] != 0 {
			t.Errorf("got %q in the buffer, want nothing", buf)
		}
		if _, err := r.Read(buf); err == nil {
			t.Error("got another read, want the end of the context")
		}
	})
}

func ExampleStream() {
	s := &pipeline.Stream[string, int]{
		Workers: 2,
		Do:      func(_ context.Context, word string) (int, error) { return len(word), nil },
	}
	for n, err := range s.Run(context.Background(), slices.Values([]string{"reference", "audit-0"})) {
		fmt.Println(n, err)
	}
	// Output:
	// 9 <nil>
	// 7 <nil>
}
