package pngw

import (
	"bytes"
	"math/bits"
)

// behind is how many bytes there are behind a filtered row at least.
const behind = 64

// filterPixels writes to dst the filter type and what the filter leaves of cur,
// three bytes a pixel: the one of Paeth, Up and Sub, of equals the first, that
// promises the fewest bits.
func (e *Encoder) filterPixels(dst, cur, up []byte) {
	m := &e.deflate.pixels
	row := dst[1:]
	if bytes.Equal(cur, up) { // as on blank paper
		dst[0] = filterUp
		clear(row)
		m.greys = append(m.greys, len(row)/3)
		return
	}
	dst[0] = filterPaeth
	paethRow(row, cur, up, 3)
	least, greys := estimate(row)
	for _, f := range [...]uint8{filterUp, filterSub} {
		e.rows[f] = sized(e.rows[f], len(cur)+behind)[:len(cur)]
		differences(e.rows[f], cur, up, f)
		if n, g := estimate(e.rows[f]); n < least {
			least, greys, dst[0] = n, g, f
		}
	}
	if dst[0] != filterPaeth {
		copy(row, e.rows[dst[0]])
	}
	m.greys = append(m.greys, int(greys))
}

// differences writes to dst what Up or Sub leaves of a row.
func differences(dst, cur, up []byte, filter uint8) {
	i := 0
	if filter == filterSub {
		i = min(3, len(cur))
		copy(dst, cur[:i])
		up = cur
	}
	from, n := i, len(cur)
	before := up[:n-from]
	if filter == filterUp {
		before = up[:n]
	}
	dst, cur = dst[from:n], cur[from:]
	i = subtractWide(dst, cur, before)
	for ; i <= len(cur)-8; i += 8 {
		x, p := load64(cur, i), load64(before, i)
		store64(dst, i, ((x|tops)-p&^tops)^^(x^p)&tops)
	}
	for ; i < len(cur); i++ {
		dst[i] = cur[i] - before[i]
	}
}

// The bits of a literal and of a grey pixel, in 1/16, beside those by which both
// grow as values do.
const (
	literalBits = 32
	greyBits    = 44
)

// estimate returns about how many bits, in 1/16, a filtered row will take. A
// value takes the more the farther values are from zero on average, and grey
// pixels have one value in place of three. It returns how many are grey, too.
func estimate(row []byte) (bits16, greys int64) {
	greys, sum := measure(row)
	n := int64(len(row))
	x := uint64(16 + 22*sum/n)
	k := bits.Len64(x)
	log := int64(k-5)<<4 + int64(x<<4>>(k-1))&15 // of a sixteenth of x, in 1/16
	return (n-2*greys)*(literalBits+log) + greys*greyBits, greys
}

// measure returns how many of a row's pixels are grey, and the sum of what its
// bytes are as signed numbers without their signs.
func measure(row []byte) (greys, sum int64) {
	if greys, sum, ok := measureWide(row); ok {
		return greys, sum
	}
	for i := 0; i < len(row); i += 3 {
		if grey(pixelAt(row, i)) {
			greys++
		}
		for _, b := range row[i : i+3] {
			v := int64(int8(b))
			sum += max(v, -v)
		}
	}
	return greys, sum
}
