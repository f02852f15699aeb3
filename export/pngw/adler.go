package pngw

const (
	adlerMod   = 65521
	adlerBlock = 64              // bytes summed in lanes at a time
	adlerMost  = 86 * adlerBlock // bytes after which sums of 32 bits might overflow: at most 5552
)

// adler32Sum continues the checksum of RFC 1950, section 8.2, over p.
func adler32Sum(sum uint32, p []byte) uint32 {
	a, b := sum&0xffff, sum>>16
	for len(p) > 0 {
		q := p[:min(len(p), adlerMost)]
		p = p[len(q):]
		n := len(q) - len(q)%adlerBlock
		plain, weighted := adlerSums(q[:n])
		b += uint32(n)*a + weighted
		a += plain
		q = q[n:]
		for _, x := range q {
			a += uint32(x)
			b += a
		}
		a %= adlerMod
		b %= adlerMod
	}
	return b<<16 | a
}

// adlerPlain is adlerSums, block by block.
func adlerPlain(p []byte) (plain, weighted uint32) {
	for ; len(p) > 0; p = p[adlerBlock:] {
		a, b := adlerBlockSums((*[adlerBlock]byte)(p))
		weighted += adlerBlock*plain + b
		plain += a
	}
	return plain, weighted
}

// adlerBlockSums is adlerSums for one block.
//
// The bytes of eight words are added up in 16-bit lanes, even and odd ones.
// before adds up what the lanes held before each word: eight times that, and
// the lanes weighted by their place in a word, is the second sum. The products
// sum up lanes in the topmost one; none reaches 1<<16.
func adlerBlockSums(p *[adlerBlock]byte) (plain, weighted uint32) {
	var even, odd, before uint64
	for i := 0; i < adlerBlock; i += 8 {
		before += even + odd
		w := load64(p[:], i)
		even += w & lanes
		odd += w >> 8 & lanes
	}
	plain = uint32((even + odd) * laneOnes >> 48)
	weighted = uint32(before * laneOnes >> 48 << 3)
	weighted += uint32(even * 0x0008_0006_0004_0002 >> 48)
	weighted += uint32(odd * 0x0007_0005_0003_0001 >> 48)
	return plain, weighted
}
