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

// literalsWide writes the codes of bytes of p up to the first eight that are all
// zero, but for the last seven bytes, and returns how many.
func (d *deflater) literalsWide(p []byte) int {
	if !cpu.X86.HasBMI2 {
		return 0
	}
	pos, done, acc, n := literalsBMI2(d.buf[d.pos:], p, &d.literalBits, &d.literalLens, d.acc, d.n)
	d.pos += pos
	d.acc, d.n = acc, n
	return done
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
