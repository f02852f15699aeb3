package pngw

import "math/bits"

// runsBand compresses the input as literals, and as runs of zeros wherever
// eight bytes on end are zero.
func (d *deflater) runsBand(final bool) {
	d.begin(&d.bitWriter, final)
	d.reserve(len(d.in) * 2)
	d.emitRuns(d.in)
	d.code(d.litLenCode[endOfBlock])
}

// countRuns counts the symbols that emitRuns will write, and reports whether
// matches are worth a search: where few bytes but zeros are left, as in drawings,
// and yet not next to none, as on blank paper.
func (d *deflater) countRuns(p []byte) bool {
	d.clearCounts()
	i := 0
	for i < len(p) {
		i += d.countLiterals(p[i:])
		if n := zeros(p[i:]); n > 0 {
			d.countRun(n)
			i += n
		}
	}
	d.sumCounts()
	n := -int(d.litLenCounts[0])
	for _, k := range d.litLenCounts {
		n += int(k)
	}
	return len(p)/64 < n && n < len(p)/3
}

// countRun counts the symbols of n zeros: a literal and matches of the byte
// before, then literals if too few are left.
func (d *deflater) countRun(n int) {
	d.litLenCounts[0]++
	n--
	for ; n >= shortestMatch; n -= min(n, longestMatch) {
		sym, _, _ := lengthSymbol(min(n, longestMatch))
		d.litLenCounts[sym]++
	}
	d.litLenCounts[0] += uint32(n)
}

// emitRuns writes the symbols of p.
func (d *deflater) emitRuns(p []byte) {
	i := 0
	for i < len(p) {
		i += d.emitLiterals(p[i:])
		if n := zeros(p[i:]); n > 0 {
			d.emitRun(n)
			i += n
		}
	}
}

func (d *deflater) emitRun(n int) {
	d.code(d.litLenCode[0])
	n--
	for ; n >= shortestMatch; n -= min(n, longestMatch) {
		d.emitMatch(min(n, longestMatch), 1)
	}
	for range n {
		d.code(d.litLenCode[0])
	}
}

// zeros returns how many zero bytes p starts with.
func zeros(p []byte) int {
	i := 0
	for ; i+8 <= len(p); i += 8 {
		if w := load64(p, i); w != 0 {
			return i + bits.TrailingZeros64(w)/8
		}
	}
	for i < len(p) && p[i] == 0 {
		i++
	}
	return i
}

// countLiterals counts the bytes of p up to the first eight, from a multiple of
// eight on, that are all zero, and returns how many those are.
//
// It counts in four places, since counting equal bytes in one would make each
// step wait for the last.
func (t *tables) countLiterals(p []byte) int {
	c := &t.literals
	i := 0
	for ; i+8 <= len(p); i += 8 {
		w := load64(p, i)
		if w == 0 {
			return i
		}
		c[0][w&0xff]++
		c[1][w>>8&0xff]++
		c[2][w>>16&0xff]++
		c[3][w>>24&0xff]++
		c[0][w>>32&0xff]++
		c[1][w>>40&0xff]++
		c[2][w>>48&0xff]++
		c[3][w>>56]++
	}
	for _, b := range p[i:] {
		c[0][b]++
	}
	return len(p)
}

// emitLiterals writes what countLiterals counts. Four codes are put together
// before they are stored: maxCode is chosen such that they fit.
func (d *deflater) emitLiterals(p []byte) int {
	i := d.literalsWide(p)
	tab := (*[256]code)(d.litLenCode[:])
	acc, n, pos, buf := d.acc, d.n, d.pos, d.buf
	for ; i+8 <= len(p); i += 8 {
		w := load64(p, i)
		if w == 0 {
			break
		}
		acc, n = push(acc, n, tab[w&0xff])
		acc, n = push(acc, n, tab[w>>8&0xff])
		acc, n = push(acc, n, tab[w>>16&0xff])
		acc, n = push(acc, n, tab[w>>24&0xff])
		store64(buf, pos, acc)
		pos += int(n >> 3 & 7)
		acc >>= n & 56
		n &= 7
		acc, n = push(acc, n, tab[w>>32&0xff])
		acc, n = push(acc, n, tab[w>>40&0xff])
		acc, n = push(acc, n, tab[w>>48&0xff])
		acc, n = push(acc, n, tab[w>>56])
		store64(buf, pos, acc)
		pos += int(n >> 3 & 7)
		acc >>= n & 56
		n &= 7
	}
	d.acc, d.n, d.pos = acc, n, pos
	if i+8 <= len(p) {
		return i
	}
	for _, b := range p[i:] {
		d.code(tab[b])
	}
	return len(p)
}

// push adds c to the bits in acc. Only the lowest six bits of n count them: what
// else c adds does no harm.
func push(acc uint64, n uint, c code) (uint64, uint) {
	return acc | c.bits()<<(n&63), n + uint(c)
}
