package plan

import (
	"cmp"
	"container/heap"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/lvtool/lvtool/export"
)

// A Sample picks sessions of a run, each as likely as the others, and always the
// same ones: those whose folders have the smallest digests.
type Sample struct {
	run   string
	most  int
	seen  int
	drawn drawnHeap
}

// A drawn is a session of a sample so far.
type drawn struct {
	digest uint64
	// number is how many sessions of the run stand before it.
	number int
	folder string
}

// NewSample returns a sample of at most n sessions of the run of that id.
func NewSample(run string, n int) *Sample { return &Sample{run: run, most: n} }

// Add offers a session, whose folder is below that of the run.
func (s *Sample) Add(e *export.IndexEntry) {
	s.seen++
	if s.most < 1 {
		return
	}
	sum := sha256.Sum256([]byte(s.run + "\n" + e.Folder))
	d := drawn{binary.BigEndian.Uint64(sum[:]), s.seen, e.Folder}
	switch {
	case len(s.drawn) < s.most:
		heap.Push(&s.drawn, d)
	case d.digest < s.drawn[0].digest:
		s.drawn[0] = d
		heap.Fix(&s.drawn, 0)
	}
}

// Folders returns those of the sample, in the order of the plan.
func (s *Sample) Folders() []string {
	all := slices.Clone(s.drawn)
	slices.SortFunc(all, func(a, b drawn) int { return cmp.Compare(a.number, b.number) })
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.folder
	}
	return names
}

// A drawnHeap has the largest digest first.
type drawnHeap []drawn

// Len implements [heap.Interface].
func (h drawnHeap) Len() int { return len(h) }

// Less implements [heap.Interface].
func (h drawnHeap) Less(i, j int) bool { return h[i].digest > h[j].digest }

// Swap implements [heap.Interface].
func (h drawnHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements [heap.Interface].
func (h *drawnHeap) Push(d any) { *h = append(*h, d.(drawn)) } //nolint:forcetypeassert // Only Add pushes.

// Pop implements [heap.Interface].
func (h *drawnHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
