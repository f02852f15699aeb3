package pngw

import "sync"

// What matches within a band may be.
const (
	farthest = window - 1
	// No position is so far from one in the band as that before which nothing
	// has been seen.
	unseen    = 1 << 16
	otherBits = 10
)

// A pixelMatcher finds matches that are whole pixels of three bytes, within a
// band.
//
// Most pixels of a photograph that a filter has been at are grey: cameras store
// colour at half the resolution of light, so that neighbours differ by as much
// red as green as blue. Three literals say that three times; a match of the last
// pixel with the same grey says it once, and is cheap to find, for there are 256
// greys. Matches of several pixels come from the last grey of the kind too, or
// from the last pixel of the same hash: in drawings, not in photographs.
type pixelMatcher struct {
	// last is where each grey was last seen, then where pixels were by their
	// hash, in bytes from the band's beginning and unseen more.
	last [256 + 1<<otherBits]uint32
	// most is how far away the last pixel of a grey may be for a match of it to
	// be cheaper than literals, as a negative number.
	most [256]int32

	counts   [4][32]uint32 // of distances, that the block's lack
	rows     []pixelRow
	tokens   []uint32
	literals []byte          // those of the tokens, in their order
	far      *[window]uint32 // singleTokens
	primed   bool
}

// A pixelRow is how a row is written: as tokens, or, where few of its pixels are
// grey, as literals alone.
type pixelRow struct {
	greys            int
	tokens, literals int // the ends of the row's own
}

// mostlyGrey says how many of a hundred pixels are grey where a row is written as
// tokens.
const mostlyGrey = 45

// A token is 0 for three literals, or a match: from the lowest bit, 8 bits for
// the symbol of its distance and 13 for the extra bits of that; if it is longer than
// a pixel, 7 bits for how many it is, and severalPixels.
const (
	tokenExtra    = 8
	tokenPixels   = 24
	severalPixels = 1 << 31
	mostPixels    = longestMatch / 3
)

// singleTokens are the tokens of one pixel by their distance: first those of the
// farthest.
var singleTokens = sync.OnceValue(func() *[window]uint32 {
	list := new([window]uint32)
	for dist := 1; dist <= farthest; dist++ {
		sym, extra, _ := distSymbol(dist)
		list[farthest-dist] = uint32(sym) | uint32(extra)<<tokenExtra
	}
	return list
})

// grey reports whether the three bytes of v are the same.
func grey(v uint32) bool { return (v^v>>8)&0xffff == 0 }

// place returns the index into last of a pixel.
func place(v uint32) uint32 {
	if grey(v) {
		return v & 0xff
	}
	return 256 + v*0x9e37_79b1>>(32-otherBits)
}

func pixelAt(p []byte, i int) uint32 {
	return uint32(p[i]) | uint32(p[i+1])<<8 | uint32(p[i+2])<<16
}

// forget begins a picture.
func (m *pixelMatcher) forget() { m.primed, m.rows, m.far = false, m.rows[:0], singleTokens() }

// find makes tokens of a band: of whole rows, each of as many bytes.
func (m *pixelMatcher) find(t *tables, band []byte, row int) {
	if !m.primed {
		m.guess()
	}
	m.last = [len(m.last)]uint32{}
	if n := len(band)/3 + len(band)/row; cap(m.tokens) < n {
		m.tokens = make([]uint32, 0, n)
	}
	if cap(m.literals) < len(band)+8 {
		m.literals = make([]byte, 0, len(band)+8)
	}
	m.tokens, m.literals = m.tokens[:0], m.literals[:0]
	t.clearCounts()
	for y := range m.rows {
		r, at := &m.rows[y], y*row
		t.litLenCounts[band[at]]++
		if r.greys*300 >= mostlyGrey*row {
			m.findRow(t, band, at+1, at+row)
		} else {
			t.countAll(band[at+1 : at+row])
		}
		r.tokens, r.literals = len(m.tokens), len(m.literals)
	}
	for s := range t.distCounts {
		t.distCounts[s] += m.counts[0][s] + m.counts[1][s] + m.counts[2][s] + m.counts[3][s]
	}
	m.counts = [4][32]uint32{}
	t.countAll(m.literals)
	t.sumCounts()
}

// findRow makes tokens of the pixels of a row.
func (m *pixelMatcher) findRow(t *tables, p []byte, i, end int) {
	for i < end {
		i = m.findWide(t, p, i, end)
		var dist int
		if i, dist = m.findSingle(t, p, i, end); dist > 0 {
			i += m.add(t, p, i, end, dist)
		}
	}
}

// findSingle makes tokens of single pixels of p[i:end] until several in a row
// match. It returns where that is, and the distance; else the end and 0.
func (m *pixelMatcher) findSingle(t *tables, p []byte, i, end int) (at, dist int) {
	for ; i < end; i += 3 {
		v := pixelAt(p, i)
		k := place(v)
		dist := uint32(i) + unseen - m.last[k]
		m.last[k] = uint32(i) + unseen
		if dist <= farthest && i+8 <= end && load64(p, i) == load64(p, i-int(dist)) {
			return i, int(dist)
		}
		if k < 256 && -int32(dist) >= m.most[k] {
			token := m.far[farthest-dist]
			t.distCounts[token&0xff]++
			t.litLenCounts[firstLength]++
			m.tokens = append(m.tokens, token)
			continue
		}
		m.tokens = append(m.tokens, 0)
		m.literals = append(m.literals, p[i:i+3]...)
	}
	return end, 0
}

// add makes a token of as many pixels at p[i:end] as match those dist bytes
// before, and returns their bytes.
func (m *pixelMatcher) add(t *tables, p []byte, i, end, dist int) int {
	n := common(p[i-dist:], p[i:min(end, i+3*mostPixels)]) / 3
	sym, extra, _ := distSymbol(dist)
	m.tokens = append(m.tokens,
		uint32(sym)|uint32(extra)<<tokenExtra|uint32(n)<<tokenPixels|severalPixels)
	t.countMatch(3*n, dist)
	last := i + 3*n - 3
	m.last[place(pixelAt(p, last))] = uint32(last) + unseen
	return 3 * n
}

// guess sets most for a first band, of which no codes are known: any match is
// taken.
func (m *pixelMatcher) guess() {
	for d := range m.most {
		m.most[d] = -farthest
	}
}

// learn takes from the codes of the last band how far matches of a grey pay.
func (m *pixelMatcher) learn(t *tables) {
	var pays [3*maxCode + 1]int32 // by the bits of three literals
	for sym := 2; sym < numDist; sym++ {
		extra := uint(max(sym/2-1, 0))
		bits := uint(cost(t.litLenCode[firstLength], maxCode)) + uint(cost(t.distCode[sym], maxCode/2)) + extra
		far := min((2+int32(sym)&1)<<extra+1<<extra, farthest)
		if sym < 4 {
			far = int32(sym) + 1
		}
		for b := bits + 1; b < uint(len(pays)); b++ {
			pays[b] = max(pays[b], far)
		}
	}
	for d := range m.most {
		m.most[d] = -pays[3*cost(t.litLenCode[d], maxCode)]
	}
	m.primed = true
}

// pixelBand compresses a band of rows of three bytes a pixel.
func (d *deflater) pixelBand(final bool) {
	d.pixels.find(&d.tables, d.in, d.row)
	d.begin(&d.bitWriter, final)
	d.pixels.learn(&d.tables)
	d.reserve(2*len(d.in) + 8)
	d.makeTokenCodes()
	var last pixelRow
	for y, r := range d.pixels.rows {
		p := d.in[y*d.row:][:d.row]
		d.code(d.litLenCode[p[0]])
		if r.tokens > last.tokens {
			d.emitTokens(d.pixels.tokens[last.tokens:r.tokens], d.pixels.literals[last.literals:r.literals])
		} else {
			d.emitAll(p[1:])
		}
		last = r
	}
	d.pixels.rows = d.pixels.rows[:0]
	d.code(d.litLenCode[endOfBlock])
}

// emitTokens writes tokens and their literals.
func (d *deflater) emitTokens(tokens []uint32, literals []byte) {
	n, k := d.emitTokensWide(tokens, literals)
	tokens, literals = tokens[n:], literals[k:]
	for _, t := range tokens {
		if t != 0 {
			d.emitToken(t)
			continue
		}
		for _, b := range literals[:3] {
			d.code(d.litLenCode[b])
		}
		literals = literals[3:]
	}
}

// A tokenCode is, from the lowest bit, 8 bits for the length of a code, 8 for that
// together with the extra bits that follow, and the code.
type tokenCode uint64

func newTokenCode(bits uint64, n, extra uint) tokenCode {
	return tokenCode(bits<<16 | uint64(n+extra)<<8 | uint64(n))
}

// makeTokenCodes makes the codes of tokens from those of the block.
func (t *tables) makeTokenCodes() {
	one := t.litLenCode[firstLength]
	for s, c := range t.distCode {
		extra := uint(max(s/2-1, 0))
		t.distance[s] = newTokenCode(c.bits(), c.len(), extra)
		t.single[s] = newTokenCode(one.bits()|c.bits()<<one.len(), one.len()+c.len(), extra)
	}
	for n := 1; n <= mostPixels; n++ {
		s, extra, k := lengthSymbol(3 * n)
		c := t.litLenCode[s]
		t.pixels[n] = newTokenCode(c.bits()|extra<<c.len(), c.len()+k, 0)
	}
}

func (d *deflater) emitToken(t uint32) {
	sym, extra, k := lengthSymbol(int(3 * max(1, t>>tokenPixels&0x7f)))
	c := d.litLenCode[sym]
	d.put(c.bits()|extra<<c.len(), c.len()+k)
	far := int(t & 0xff)
	c = d.distCode[far]
	d.put(c.bits()|uint64(t>>tokenExtra&0xffff)<<c.len(), c.len()+uint(max(far/2-1, 0)))
}
