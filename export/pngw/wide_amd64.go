package pngw

import "golang.org/x/sys/cpu"

// The functions below do many bytes at a time, with the results that the plain
// ones have: a test compares them.

// paethWide filters the first bytes of a row and returns how many.
func paethWide(dst, cur, left, up, upLeft []byte) int {
	if !cpu.X86.HasAVX2 {
		return 0
	}
	return paethAVX2(dst, cur, left, up, upLeft)
}

// packWide packs the first pixels and returns how many bytes of src it took.
func packWide(dst, src []byte) int {
	if !cpu.X86.HasAVX2 {
		return 0
	}
	return packAVX2(dst, src)
}

// adlerSums returns the sum of the bytes of p, whose number is a multiple of 64,
// and their sum when the last counts once, the one before twice, and so on.
func adlerSums(p []byte) (plain, weighted uint32) {
	if !cpu.X86.HasAVX2 {
		return adlerPlain(p)
	}
	return adlerAVX2(p)
}

// literalsWide writes the codes of bytes of p, all but the last seven at most, and
// returns how many.
func (d *deflater) literalsWide(p []byte) int {
	if !cpu.X86.HasBMI2 {
		return 0
	}
	pos, done, acc, n := literalsBMI2(d.buf[d.pos:], p, &d.literalBits, &d.literalLens, d.acc, d.n)
	d.pos += pos
	d.acc, d.n = acc, n
	return done
}

// subtractWide subtracts the first bytes of a row and returns how many.
func subtractWide(dst, cur, before []byte) int {
	if !cpu.X86.HasAVX2 {
		return 0
	}
	return subtractAVX2(dst, cur, before)
}

// measureWide is measure, where the processor can do it, and there are some bytes
// behind the row that it may read.
func measureWide(row []byte) (greys, sum int64, ok bool) {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasBMI2 || cap(row)-len(row) < behind {
		return 0, 0, false
	}
	greys, sum = measureAVX2(row)
	return greys, sum, true
}

// findWide counts the symbols of single pixels up to where several match, or little is
// left of the row, and returns where that is.
func (m *pixelMatcher) findWide(t *tables, p []byte, i, end int) int {
	if !cpu.X86.HasBMI2 {
		return i
	}
	n := len(m.literals)
	at, literals := findBMI2(p[:end], i, m, &m.counts, m.far, m.literals[n:cap(m.literals)])
	m.literals = m.literals[:n+literals]
	t.litLenCounts[firstLength] += uint32(at-i-literals) / 3
	return at
}

// emitWide writes the codes of single pixels up to where several match, or little
// is left of the row, and returns where that is.
func (d *deflater) emitWide(p []byte, i, end int) int {
	if !cpu.X86.HasBMI2 {
		return i
	}
	pos, at, acc, n := pixelsBMI2(d.buf[d.pos:], p[:end], i, d, d.pixels.far, d.acc, d.n)
	d.pos += pos
	d.acc, d.n = acc, n
	return at
}

//go:noescape
func paethAVX2(dst, cur, left, up, upLeft []byte) int

//go:noescape
func packAVX2(dst, src []byte) int

//go:noescape
func adlerAVX2(p []byte) (plain, weighted uint32)

//go:noescape
func literalsBMI2(buf, p []byte, bits *[256]uint16, lens *[256]uint8, acc uint64, n uint) (
	pos, done int, rest uint64, left uint,
)

//go:noescape
func subtractAVX2(dst, cur, before []byte) int

//go:noescape
func measureAVX2(row []byte) (greys, sum int64)

//go:noescape
func findBMI2(
	p []byte, i int, m *pixelMatcher, counts *[4][32]uint32, far *[window]uint32, literals []byte,
) (at, nliterals int)

//go:noescape
func pixelsBMI2(buf, p []byte, i int, d *deflater, far *[window]uint32, acc uint64, n uint) (
	pos, at int, rest uint64, left uint,
)
