package pngw

import "math/bits"

// window is how far back matches may reach, and one more.
const window = 1 << 15

const (
	hashBits = 14
	hashes   = 1 << hashBits
	// Matches from this length on always save bits.
	longEnough = 12
	// Shorter ones must save more than this many bits, since the next position
	// may have a better match.
	minGain = 2
	// So many positions at the end of a match are remembered.
	remembered = 16
)

// A greedyMatcher finds matches that save bits and takes the first it finds. It
// remembers the latest position of every four and every seven bytes it came
// by, as far as their hashes differ.
type greedyMatcher struct {
	short, long [hashes]int32

	// What symbols cost in bits, with their extra bits.
	primed     bool
	literalLen [256]uint8
	lengthLen  [longEnough]uint8
	distLen    [numDist]uint8
}

func (g *greedyMatcher) forget() { g.short, g.long = [hashes]int32{}, [hashes]int32{} }

// learn takes the costs from the codes of the last block.
func (g *greedyMatcher) learn(t *tables) {
	for s := range g.literalLen {
		g.literalLen[s] = cost(t.litLenCode[s], maxCode-1)
	}
	for n := range g.lengthLen[shortestMatch:] {
		n += shortestMatch
		s, _, k := lengthSymbol(n)
		g.lengthLen[n] = cost(t.litLenCode[s], maxCode-1) + uint8(k)
	}
	for s := range g.distLen {
		g.distLen[s] = cost(t.distCode[s], maxCode/2) + uint8(max(s/2-1, 0))
	}
	g.primed = true
}

// cost returns the length of c, or another where c did not occur.
func cost(c code, other uint8) uint8 {
	if c == 0 {
		return other
	}
	return uint8(c.len())
}

// The hashes of the first four and the first seven bytes of v.
func hashShort(v uint64) uint32 { return uint32(v) * 0x9e37_79b1 >> (32 - hashBits) }
func hashLong(v uint64) uint64  { return v << 8 * 0x9e37_79b9_7f4a_7c15 >> (64 - hashBits) }

// greedyBand adds the pending input to the block.
func (d *deflater) greedyBand() {
	if !d.greedy.primed {
		d.guess(d.in[d.from:])
		d.greedy.learn(&d.tables)
	}
	p, base := d.in, d.base
	short, long := &d.greedy.short, &d.greedy.long
	literal := d.from
	for i := d.from; i+8 <= len(p); {
		v := load64(p, i)
		h, l := hashShort(v)%hashes, hashLong(v)%hashes
		c, far := int(short[h])-base, int(long[l])-base
		short[h], long[l] = int32(base+i), int32(base+i)
		if c < 0 || i-c >= window || uint32(load64(p, c)^v) != 0 {
			i++
			continue
		}
		if far >= 0 && i-far < window && (load64(p, far)^v)<<8 == 0 {
			c = far // likely to be longer
		}
		n := common(p[c:], p[i:min(len(p), i+longestMatch)])
		if n < longEnough && !d.greedy.saves(p[i:i+n], i-c) {
			i++
			continue
		}
		for i > literal && c > 0 && n < longestMatch && p[i-1] == p[c-1] {
			i--
			c--
			n++
		}
		d.block.add(p[literal:i])
		d.block.addMatch(n, i-c)
		d.greedy.remember(p, base, max(i+1, i+n-remembered), i+n)
		i += n
		literal = i
	}
	d.block.add(p[literal:])
}

// saves reports whether a match of p from dist bytes before costs so much less
// than its bytes that it is worth taking.
func (g *greedyMatcher) saves(p []byte, dist int) bool {
	sym, _, _ := distSymbol(dist)
	n := int(g.lengthLen[len(p)]) + int(g.distLen[sym])
	for _, b := range p {
		n -= int(g.literalLen[b])
	}
	return n < -minGain
}

// remember makes positions i to end of p findable.
func (g *greedyMatcher) remember(p []byte, base, i, end int) {
	end = min(end, len(p)-8)
	for ; i < end; i++ {
		v := load64(p, i)
		g.short[hashShort(v)%hashes] = int32(base + i)
		g.long[hashLong(v)%hashes] = int32(base + i)
	}
}

// common returns how many bytes b and a, which is longer, begin with alike.
func common(a, b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if x := load64(a, i) ^ load64(b, i); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}
