package area

import "golang.org/x/sys/cpu"

// The functions below do several samples at a time, with the results that the
// plain ones have: a test compares them.

// addRowWide adds the first bytes of a row, and returns how many.
func addRowWide(sums []uint32, row []byte, weight uint32) int {
	if !cpu.X86.HasAVX2 {
		return 0
	}
	return addRowAVX2(sums, row, weight)
}

// averageRowWide is averageRow, where the processor can do it.
func (s *Shrinker) averageRowWide(dst []byte, average divisor) bool {
	if !cpu.X86.HasAVX2 || average.area >= 1<<40 {
		return false
	}
	inner := float64(len(s.columns))
	averageRowAVX2(dst, s.sums, s.columns, inner, float64(average.area), float64(average.half))
	return true
}

//go:noescape
func addRowAVX2(sums []uint32, row []byte, weight uint32) int

//go:noescape
func averageRowAVX2(dst []byte, sums []uint32, columns []span, inner, area, half float64)
