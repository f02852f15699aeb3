package basejpeg

const blockSize = 64

// A block holds coefficients, or samples, row by row.
type block [blockSize]int32

// zigzag is the place in a block of each coefficient in the order of the file:
// figure A.6.
var zigzag = [blockSize]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// readBlock decodes a block of c, section F.2.2, and writes its samples to dst.
// It reports whether all codes could be meant.
func (d *Decoder) readBlock(c *component, dst []byte) bool {
	quant := &d.quant[c.quant]
	if !d.readDC(c) {
		return false
	}
	var b block
	b[0] = c.last * quant[0]
	rows, ok := d.readAC(&b, &d.huff[1][c.ac], quant)
	if !ok {
		return false
	}
	if rows == 0 {
		fillBlock(dst, c.stride, b[0])
		return true
	}
	if idctWide(dst, c.stride, &b) {
		return true
	}
	idctRows(&b, rows)
	idctColumns(&b)
	store(dst, c.stride, &b)
	return true
}

// readDC reads the difference of a DC coefficient to the last one: section
// F.2.2.1.
func (d *Decoder) readDC(c *component) bool {
	r, h := &d.bits, &d.huff[0][c.dc]
	if r.n < 32 {
		r.refill()
	}
	e := h.look[r.acc>>(64-lookBits)]
	if e == 0 {
		e = h.long(uint32(r.acc >> 48))
	}
	if e == 0 || e.run() != 0 { // no such code, or more than 15 bits
		return false
	}
	r.acc <<= e.drop() & 63
	r.n -= int(e.drop())
	diff := e.value()
	if size := e.size(); size != 0 {
		diff = extend(int32(r.acc>>(64-size)), size)
		r.acc <<= size
		r.n -= int(size)
	}
	c.last += diff
	return true
}

// readAC reads the other coefficients: section F.2.2.2. In rows it returns a bit
// for each row that has any of them; 0 means none. It fails on codes that do not
// exist, on runs of blocks, which only progressive files have, and past the last
// coefficient.
func (d *Decoder) readAC(b *block, h *huffman, quant *[blockSize]int32) (rows uint32, ok bool) {
	acc, n := d.bits.acc, d.bits.n
	for k := uint(1); k < blockSize; k++ {
		if n < 32 {
			d.bits.acc, d.bits.n = acc, n
			d.bits.refill()
			acc, n = d.bits.acc, d.bits.n
		}
		e := h.look[acc>>(64-lookBits)]
		if e == 0 {
			e = h.long(uint32(acc >> 48))
		}
		acc <<= e.drop() & 63
		n -= int(e.drop())
		k += e.run()
		v := e.value()
		if size := e.size(); size != 0 {
			v = extend(int32(acc>>((64-size)&63)), size)
			acc <<= size
			n -= int(size)
		}
		if v == 0 && e.run() == 15 && k < blockSize {
			continue // sixteen zeros
		}
		if v == 0 || k >= blockSize {
			d.bits.acc, d.bits.n = acc, n
			return rows, e.isEnd()
		}
		z := zigzag[k] & 63
		b[z] = v * quant[k]
		rows |= 1 << (z >> 3)
	}
	d.bits.acc, d.bits.n = acc, n
	return rows, true
}
