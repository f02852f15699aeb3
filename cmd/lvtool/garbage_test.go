package main

import (
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// The heap may have 32 MiB, and where more than that lives, a quarter more.
func TestGarbagePercent(t *testing.T) {
	for live, want := range map[float64]int{
		0: 700, 1 << 20: 700, 4 << 20: 700, 8 << 20: 300, 16 << 20: 100, 25 << 20: 28, 26 << 20: garbage,
		32 << 20: garbage, 1 << 40: garbage,
	} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%.0f bytes live: got %d, want %d", live, got, want)
		}
	}
}

// After a collection the percentage is that of what lives then.
func TestCollect(t *testing.T) {
	t.Setenv("GOGC", "") // not beside other tests, whose memory lives too
	collect()
	live := make([]byte, 2*roomy)
	runtime.GC()
	percent := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	for range 1000 { // what cleans up runs beside this
		if metrics.Read(percent); percent[0].Value.Uint64() == garbage {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if got := percent[0].Value.Uint64(); got != garbage {
		t.Errorf("with %d bytes that live: got %d, want %d", len(live), got, garbage)
	}
	runtime.KeepAlive(live)
}
