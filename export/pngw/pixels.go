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

	counts   [4][32]uint32   // of distances, that the block's lack
	greys    []int           // the number of grey pixels of the band's rows
	literals []byte          // of the rows in the sample
	far      *[window]uint32 // singleTokens
	primed   bool
}

// mostlyGrey says how many of a hundred pixels are grey where a row is written as
// tokens.
const mostlyGrey = 45

// A token is 0 for three literals, or a match of a pixel: from the lowest bit, 16
// bits for the extra bits of its distance, then the symbol of that.
const (
	tokenSymbol = 16
	mostPixels  = longestMatch / 3
)

// singleTokens are the tokens of one pixel by their distance: first those of the
// farthest.
var singleTokens = sync.OnceValue(func() *[window]uint32 {
	list := new([window]uint32)
	for dist := 1; dist <= farthest; dist++ {
		sym, extra, _ := distSymbol(dist)
		list[farthest-dist] = uint32(sym)<<tokenSymbol | uint32(extra)
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
func (m *pixelMatcher) forget() { m.primed, m.greys, m.far = false, m.greys[:0], singleTokens() }

// sample counts the symbols of some rows of a band: of two in sixteen, side by side
// for the distances.
func (m *pixelMatcher) sample(t *tables, band []byte, row int) {
	if !m.primed {
		m.guess()
	}
	m.last = [len(m.last)]uint32{}
	if cap(m.literals) < len(band)+8 {
		m.literals = make([]byte, 0, len(band)+8)
	}
	m.literals = m.literals[:0]
	t.clearCounts()
	for y := range m.greys {
		p := band[y*row:][:row]
		t.litLenCounts[p[0]]++
		switch {
		case y%16 > 1:
		case m.mostlyGrey(y, row):
			m.findRow(t, band, y*row+1, (y+1)*row)
		default:
			t.countAll(p[1:])
		}
	}
	for s := range t.distCounts {
		t.distCounts[s] += m.counts[0][s] + m.counts[1][s] + m.counts[2][s] + m.counts[3][s]
	}
	m.counts = [4][32]uint32{}
	t.countAll(m.literals)
	t.sumCounts()
	t.smooth()
}

// smooth sees to it that every symbol has a code.
func (t *tables) smooth() {
	for s, n := range t.litLenCounts {
		t.litLenCounts[s] = 2*n + 1
	}
	for s, n := range t.distCounts {
		t.distCounts[s] = 2*n + 1
	}
}

// mostlyGrey reports whether row y is worth a search for matches.
func (m *pixelMatcher) mostlyGrey(y, row int) bool { return m.greys[y]*300 >= mostlyGrey*row }

// findRow counts the symbols of a row.
func (m *pixelMatcher) findRow(t *tables, p []byte, i, end int) {
	for i < end {
		i = m.findWide(t, p, i, end)
		var dist int
		if i, dist = m.findSingle(t, p, i, end); dist > 0 {
			n := m.several(p, i, end, dist)
			t.countMatch(n, dist)
			i += n
		}
	}
}

// findSingle counts the symbols of single pixels of p[i:end] until several in a
// row match. It returns where that is, and the distance; else the end and 0.
func (m *pixelMatcher) findSingle(t *tables, p []byte, i, end int) (at, dist int) {
	for ; i < end; i += 3 {
		token, dist := m.token(p, i, end)
		switch {
		case dist > 0:
			return i, dist
		case token == 0:
			m.literals = append(m.literals, p[i:i+3]...)
		default:
			t.distCounts[token>>tokenSymbol]++
			t.litLenCounts[firstLength]++
		}
	}
	return end, 0
}

// token returns the token of a pixel, or, if several from there on match, their
// distance.
func (m *pixelMatcher) token(p []byte, i, end int) (token uint32, several int) {
	v := pixelAt(p, i)
	k := place(v)
	dist := uint32(i) + unseen - m.last[k]
	m.last[k] = uint32(i) + unseen
	if dist <= farthest && i+8 <= end && load64(p, i) == load64(p, i-int(dist)) {
		return 0, int(dist)
	}
	if k < 256 && -int32(dist) >= m.most[k] {
		return m.far[farthest-dist], 0
	}
	return 0, 0
}

// several returns how many bytes of whole pixels at p[i:end] match those dist
// bytes before, and remembers the last of them.
func (m *pixelMatcher) several(p []byte, i, end, dist int) int {
	n := common(p[i-dist:], p[i:min(end, i+3*mostPixels)]) / 3 * 3
	last := i + n - 3
	m.last[place(pixelAt(p, last))] = uint32(last) + unseen
	return n
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
	m := &d.pixels
	m.sample(&d.tables, d.in, d.row)
	d.begin(&d.bitWriter, final)
	m.learn(&d.tables)
	d.makeTokenCodes()
	d.reserve(2*len(d.in) + 8)
	m.last = [len(m.last)]uint32{}
	for y := range m.greys {
		at := y * d.row
		d.code(d.litLenCode[d.in[at]])
		if m.mostlyGrey(y, d.row) {
			d.emitRow(d.in, at+1, at+d.row)
		} else {
			d.emitAll(d.in[at+1 : at+d.row])
		}
	}
	m.greys = m.greys[:0]
	d.code(d.litLenCode[endOfBlock])
}

// emitRow writes the pixels of p[i:end].
func (d *deflater) emitRow(p []byte, i, end int) {
	m := &d.pixels
	for i < end {
		i = d.emitWide(p, i, end)
		var dist int
		if i, dist = d.emitSingle(p, i, end); dist > 0 {
			n := m.several(p, i, end, dist)
			d.emitMatch(n, dist)
			i += n
		}
	}
}

// emitSingle is findSingle, but writes the pixels.
func (d *deflater) emitSingle(p []byte, i, end int) (at, dist int) {
	for m := &d.pixels; i < end; i += 3 {
		token, dist := m.token(p, i, end)
		switch {
		case dist > 0:
			return i, dist
		case token == 0:
			d.emitAll(p[i : i+3])
		default:
			c := &d.single[token>>tokenSymbol]
			d.put(uint64(c.code)|uint64(token&0xffff)<<(c.distance&63), uint(c.all))
		}
	}
	return end, 0
}

// A tokenCode is what a match of one pixel is written as, but for the extra bits of
// its distance, which follow the code.
type tokenCode struct {
	distance uint8 // the bits of the code
	all      uint8 // and with the extra bits
	code     uint32
}

// makeTokenCodes makes the codes of tokens and of several pixels from those of the
// block.
func (t *tables) makeTokenCodes() {
	one := t.litLenCode[firstLength]
	for s, c := range t.distCode {
		n, extra := one.len()+c.len(), uint(max(s/2-1, 0))
		t.single[s] = tokenCode{uint8(n), uint8(n + extra), uint32(one.bits() | c.bits()<<one.len())}
	}
	for n := range t.several[1:] {
		sym, extra, k := lengthSymbol(3 * (n + 1))
		c := t.litLenCode[sym]
		t.several[n+1] = code(c.bits()|extra<<c.len())<<8 | code(c.len()+k)
	}
}
