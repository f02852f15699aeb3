package pngw

// The filter types of PNG, section 9.2 of the specification.
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filterPaeth
	numFilters
)

const (
	tops     = 0x8080_8080_8080_8080 // the top bits of the bytes of a word
	lanes    = 0x00ff_00ff_00ff_00ff // every other byte, as four 16-bit lanes
	laneTops = 0x8000_8000_8000_8000 // the top bits of the lanes
	laneOnes = 0x0001_0001_0001_0001
)

// paethRow writes to dst what the Paeth filter of the PNG specification
// (section 9.4) leaves of cur, given the row above it. The three have the same
// length, a multiple of bpp, the bytes of a pixel.
//
// Encoding has no serial dependence, so eight bytes are done at a time. With
// t = 3c-a-b for a, b and c to the left, above and above left, the prediction
// is the lesser of a and b where t reaches the greater, the greater where t
// does not exceed the lesser, and c between: the distances of section 9.4
// written out for both orders of a and b. Their ties need no care, for then
// both choices are the same value.
func paethRow(dst, cur, up []byte, bpp int) {
	head := min(bpp, len(cur))
	paethBytes(dst[:head], cur, up, bpp)
	left, upLeft := cur, up
	dst, cur, up = dst[head:], cur[head:], up[head:]
	n := len(cur)
	left, upLeft, dst, up = left[:n], upLeft[:n], dst[:n], up[:n]
	i := paethWide(dst, cur, left, up, upLeft)
	for ; i <= n-8; i += 8 {
		a, b, c := load64(left, i), load64(up, i), load64(upLeft, i)
		m := (a | tops) - b&^tops
		m = (a&^b | m&^(a^b)) & tops // where a >= b
		m = m<<1 - m>>7
		hi := b ^ (a^b)&m
		lo := a ^ b ^ hi
		p := choose4(lo&lanes, hi&lanes, c&lanes)
		p |= choose4(lo>>8&lanes, hi>>8&lanes, c>>8&lanes) << 8
		x := load64(cur, i)
		store64(dst, i, ((x|tops)-p&^tops)^^(x^p)&tops)
	}
	for ; i < n; i++ {
		dst[i] = cur[i] - paeth(left[i], up[i], upLeft[i])
	}
}

// choose4 returns the Paeth predictions in four lanes for the lesser and the
// greater of left and up, and up-left.
func choose4(lo, hi, c uint64) uint64 {
	t := 3*c + laneTops - lo - hi // biased, so that no lane borrows from the next
	p := c ^ (c^lo)&spread((t-hi)&laneTops, 15)
	return p ^ (p^hi)&^spread((t-lo-laneOnes)&laneTops, 15)
}

// spread turns each bit of m, all k apart or more, into a mask of k bits below it.
func spread(m uint64, k uint) uint64 { return m - m>>k }

// paethBytes is paethRow byte by byte, for the first bytes of a row too.
func paethBytes(dst, cur, up []byte, bpp int) {
	for i := range dst {
		var a, c uint8
		if i >= bpp {
			a, c = cur[i-bpp], up[i-bpp]
		}
		dst[i] = cur[i] - paeth(a, up[i], c)
	}
}

// paeth is the predictor as section 9.4 has it.
func paeth(a, b, c uint8) uint8 {
	pa := distance(b, c)
	pb := distance(a, c)
	pc := int(a) + int(b) - 2*int(c)
	pc = max(pc, -pc)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func distance(a, b uint8) int {
	d := int(a) - int(b)
	return max(d, -d)
}

// chooseFilter fills rows with what each filter leaves of cur and returns the
// one whose bytes, taken as signed, have the least sum of magnitudes: the
// heuristic of section 12.7. Of equals the first in the order below wins.
func chooseFilter(rows *[numFilters][]byte, cur, up []byte, bpp int) int {
	copy(rows[filterNone], cur)
	paethRow(rows[filterPaeth], cur, up, bpp)
	sub, avg, above := rows[filterSub], rows[filterAverage], rows[filterUp]
	for i, x := range cur {
		var left uint8
		if i >= bpp {
			left = cur[i-bpp]
		}
		sub[i] = x - left
		above[i] = x - up[i]
		avg[i] = x - uint8((int(left)+int(up[i]))/2)
	}
	best, least := -1, 0
	for _, f := range [numFilters]int{filterUp, filterPaeth, filterNone, filterSub, filterAverage} {
		if sum := magnitude(rows[f]); best < 0 || sum < least {
			best, least = f, sum
		}
	}
	return best
}

func magnitude(p []byte) int {
	sum := 0
	for _, b := range p {
		v := int(int8(b))
		sum += max(v, -v)
	}
	return sum
}
