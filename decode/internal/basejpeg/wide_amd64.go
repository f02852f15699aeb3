package basejpeg

import "golang.org/x/sys/cpu"

// The functions below do many samples at a time, with the results that the plain
// ones have: tests compare them.

// idctWide transforms b and writes its samples to dst, where the processor can
// do it.
func idctWide(dst []byte, stride int, b *block) bool {
	if !cpu.X86.HasAVX2 {
		return false
	}
	idctAVX2(dst[:7*stride+8], stride, b, &idctFactors)
	return true
}

// convertWide converts the first pixels of a row of which two share a chroma
// sample, and returns how many.
func convertWide(dst, luma, cb, cr []byte) int {
	if !cpu.X86.HasAVX2 {
		return 0
	}
	n := len(dst) / 4
	return convertAVX2(dst, luma[:n], cb[:n/2], cr[:n/2])
}

// idctFactors are the factors of the rotations by an eighth turn and a half, of
// rows and of columns, the scales of both, then the factors of the other two
// rotations, and what rounds.
var idctFactors = [15][8]int32{
	splat(halfCos6b18), splat(-halfSin6b18 - halfCos6b18), splat(halfCos6b18 - halfSin6b18),
	splat(halfCos6b12), splat(-halfSin6b12 - halfCos6b12), splat(halfCos6b12 - halfSin6b12),
	splat(sqrtHalfb8), splat(sqrtHalfb14),
	splat(cos3b12), splat(-sin3b12 - cos3b12), splat(cos3b12 - sin3b12),
	splat(cos1b12), splat(-sin1b12 - cos1b12), splat(cos1b12 - sin1b12),
	splat(1 << 19),
}

func splat(v int32) [8]int32 { return [8]int32{v, v, v, v, v, v, v, v} }

//go:noescape
func idctAVX2(dst []byte, stride int, b *block, factors *[15][8]int32)

//go:noescape
func convertAVX2(dst, luma, cb, cr []byte) int
