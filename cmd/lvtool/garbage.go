package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

const (
	// garbage is how much of the memory in use, in percent, may lie about before it
	// is collected. What is in use is pixels, nearly all, which the collector need
	// not look at, so that collecting more often than Go does costs next to nothing.
	garbage = 25
	// roomy is as many bytes as the heap may always have. While a program grows it
	// does not pay to collect: what fills new memory waits for pages, and a thread
	// that the collector stops again and again makes no way there.
	roomy = 32 << 20
	// leastHeap is the heap that Go lets a program have before it collects, where the
	// percentage is 100; it grows and shrinks with that.
	leastHeap = 4 << 20
)

// garbagePercent returns how much garbage there may be where so many bytes live.
func garbagePercent(live float64) int {
	return max(garbage, int(100*roomy/max(live, leastHeap))-100)
}

// collect sets when garbage is collected, now and after each time it was, unless
// the user has said when.
func collect() {
	if os.Getenv("GOGC") == "" {
		collecting.Do(func() { collectAt(garbagePercent(0)) })
	}
}

var collecting sync.Once // what lives is known by the percentage that was set last

func collectAt(percent int) {
	debug.SetGCPercent(percent)
	// What nobody holds is cleaned up after the next collection. It has a size of
	// which Go puts none together with others, that might be held.
	runtime.AddCleanup(new([64]byte), func(percent int) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		collectAt(garbagePercent(float64(m.NextGC) / (1 + float64(percent)/100)))
	}, percent)
}
