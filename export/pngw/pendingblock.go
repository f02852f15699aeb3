package pngw

// A pendingBlock is what waits to be written as a deflate block: literals, and matches
// that come between them.
type pendingBlock struct {
	matches  []match
	literals []byte
	before   int // how many of the literals come before the last match
}

// A match copies length bytes from dist bytes before, after a number of
// literals that follow the match before.
type match struct {
	literals     uint32
	length, dist uint16
}

// A block is written when it has so many literals or matches: enough for its
// codes to pay, not so many that they suit none of it.
const (
	fullLiterals = 16 << 10
	fullMatches  = 4 << 10
)

func (b *pendingBlock) full() bool {
	return len(b.literals) >= fullLiterals || len(b.matches) >= fullMatches
}

func (b *pendingBlock) clear() {
	b.matches, b.literals, b.before = b.matches[:0], b.literals[:0], 0
}

// add appends literals.
func (b *pendingBlock) add(literals []byte) { b.literals = append(b.literals, literals...) }

// addMatch appends a match.
func (b *pendingBlock) addMatch(length, dist int) {
	b.matches = append(b.matches, match{uint32(len(b.literals) - b.before), uint16(length), uint16(dist)})
	b.before = len(b.literals)
}

// writeBlock writes what waits.
func (d *deflater) writeBlock(final bool) {
	d.clearCounts()
	d.countAll(d.block.literals)
	for _, m := range d.block.matches {
		d.countMatch(int(m.length), int(m.dist))
	}
	d.sumCounts()
	d.begin(&d.bitWriter, final)
	d.greedy.learn(&d.tables)
	d.reserve(2*len(d.block.literals) + 8*len(d.block.matches))
	rest := d.block.literals
	for _, m := range d.block.matches {
		d.emitAll(rest[:m.literals])
		rest = rest[m.literals:]
		d.emitMatch(int(m.length), int(m.dist))
	}
	d.emitAll(rest)
	d.code(d.litLenCode[endOfBlock])
	d.block.clear()
}

// countAll counts all bytes of p as literals, in four places, since counting
// equal bytes in one would make each step wait for the last.
func (t *tables) countAll(p []byte) {
	c := &t.literals
	for ; len(p) >= 8; p = p[8:] {
		w := load64(p, 0)
		c[0][w&0xff]++
		c[1][w>>8&0xff]++
		c[2][w>>16&0xff]++
		c[3][w>>24&0xff]++
		c[0][w>>32&0xff]++
		c[1][w>>40&0xff]++
		c[2][w>>48&0xff]++
		c[3][w>>56]++
	}
	for _, b := range p {
		c[0][b]++
	}
}

func (t *tables) countMatch(length, dist int) {
	sym, _, _ := lengthSymbol(length)
	t.litLenCounts[sym]++
	sym, _, _ = distSymbol(dist)
	t.distCounts[sym]++
}

// emitAll writes all bytes of p as literals. Four codes are put together before
// they are stored: maxCode is chosen such that they fit.
func (d *deflater) emitAll(p []byte) {
	p = p[d.literalsWide(p):]
	tab := (*[256]code)(d.litLenCode[:])
	acc, n := d.acc, d.n
	for ; len(p) >= 4; p = p[4:] {
		acc, n = push(acc, n, tab[p[0]])
		acc, n = push(acc, n, tab[p[1]])
		acc, n = push(acc, n, tab[p[2]])
		acc, n = push(acc, n, tab[p[3]])
		store64(d.buf, d.pos, acc)
		d.pos += int(n >> 3 & 7)
		acc >>= n & 56
		n &= 7
	}
	for _, b := range p {
		acc, n = push(acc, n, tab[b])
	}
	d.acc, d.n = 0, 0
	d.put(acc, n&63)
}

func (d *deflater) emitMatch(length, dist int) {
	sym, extra, k := lengthSymbol(length)
	c := d.litLenCode[sym]
	d.put(c.bits()|extra<<c.len(), c.len()+k)
	sym, extra, k = distSymbol(dist)
	c = d.distCode[sym]
	d.put(c.bits()|extra<<c.len(), c.len()+k)
}

// push adds c to the bits in acc. Only the lowest six bits of n count them: what
// else c adds does no harm.
func push(acc uint64, n uint, c code) (uint64, uint) {
	return acc | c.bits()<<(n&63), n + uint(c)
}
