package pngw

import "encoding/binary"

// A deflater makes a zlib stream (RFC 1950) of filtered rows.
type deflater struct {
	bitWriter
	tables

	pixels  pixelMatcher
	greedy  greedyMatcher
	optimal optimalParser
	block   pendingBlock

	level  Level
	pixel  bool // whether bands are those of pixelBand
	row    int  // bytes of a filtered row
	enough int  // bytes of a band
	adler  uint32

	// in holds the bytes that matches may reach back to, then from in[from:]
	// those not compressed yet. base is the position of in[0]. Positions go on
	// counting from picture to picture, so that what the matchers remember of
	// the last one lies before base and need not be cleared.
	in   []byte
	from int
	base int
}

// start begins a stream appended to out.
func (d *deflater) start(out []byte, p *picture, level Level) {
	d.base += len(d.in) + 1
	if d.base > maxFiltered/2 {
		d.greedy.forget()
		d.optimal.forget()
		d.base = 1
	}
	d.in, d.from = d.in[:0], 0
	d.level, d.adler = level, 1
	d.pixel, d.row, d.enough = level == Fast && p.bpp == 3, 1+p.rowBytes(), bandSize
	if d.pixel {
		d.enough = pixelBandSize
	}
	d.greedy.primed, d.optimal.primed = false, false
	d.pixels.forget()
	d.block.clear()
	// The compression method, and a hint at the level: section 2.2.
	d.reset(append(out, 0x78, [...]byte{Fast: 0x01, Balanced: 0x9c, Small: 0xda}[level]))
}

// before is how many bytes there are before the input at least: wide instructions
// look there for what turns out to be too far away.
const before = window

// grow makes room for n bytes of input and returns it.
func (d *deflater) grow(n int) []byte {
	old := len(d.in)
	if cap(d.in)-old < n+behind {
		room := make([]byte, before+max(2*cap(d.in), old+n, window+bandSize+n)+behind)
		d.in = append(room[before:before], d.in...)
	}
	d.in = d.in[:old+n]
	return d.in[old:]
}

// pending is the number of bytes not compressed yet.
func (d *deflater) pending() int { return len(d.in) - d.from }

// band compresses what is pending.
func (d *deflater) band(final bool) {
	d.adler = adler32Sum(d.adler, d.in[d.from:])
	switch {
	case d.pixel:
		d.pixelBand(final)
		d.in = d.in[:0]
		return
	case d.level == Small:
		d.optimalBand()
	default:
		d.greedyBand()
	}
	if final || d.block.full() {
		d.writeBlock(final)
	}
	d.slide()
}

// slide drops input that no match may reach back to.
func (d *deflater) slide() {
	n := max(len(d.in)-window, 0)
	d.in = d.in[:copy(d.in, d.in[n:])]
	d.base += n
	d.from = len(d.in)
}

// finish ends the stream and returns all that start was given and what followed.
func (d *deflater) finish() []byte {
	out := binary.BigEndian.AppendUint32(d.bytes(), d.adler)
	d.reset(nil)
	return out
}
