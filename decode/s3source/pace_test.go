package s3source_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

// Requests are spread evenly, however many ask at the same time, and one that is
// given up waits no longer.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := s3source.NewPace(10)
		start := time.Now()
		var at []time.Duration
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 25 {
			all.Go(func() {
				if err := wait(t.Context()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Since(start))
			})
		}
		all.Wait()
		for i, d := range at {
			if want := time.Duration(i) * 100 * time.Millisecond; d != want {
				t.Errorf("request %d went at %v, want %v", i, d, want)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := wait(ctx); err == nil {
			t.Error("a request that was given up went")
		}
		time.Sleep(time.Minute) // idle time is not saved up
		for range 2 {
			_ = wait(t.Context())
		}
		if d := time.Since(start); d != time.Minute+2510*time.Millisecond {
			t.Errorf("after a pause: %v", d)
		}
	})
}

// A store keeps to its rate, tries again included.
func TestRate(t *testing.T) {
	srv := s3fault.New(t)
	opts := quick()
	opts.Rate = 100
	s := s3source.New(srv.Config(), opts)
	start := time.Now()
	for _, name := range []string{"a/ok", "a/twice-503", "a/ok"} {
		if _, err := s.Object(t.Context(), decode.S3Object{Bucket: "bucket", Name: name}, 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	if d := time.Since(start); d < 40*time.Millisecond || s.Stats().Requests != 5 {
		t.Errorf("%d requests took %v, want 40 ms at least", s.Stats().Requests, d)
	}
}
