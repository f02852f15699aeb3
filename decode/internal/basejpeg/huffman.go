package basejpeg

import "bytes"

// lookBits is how many bits are looked up at once. Longer codes are rare.
const lookBits = 10

// A huffman is a table for decoding: annexes C and F.2.2.3.
type huffman struct {
	set  bool
	spec []byte // the table as the file has it: 16 counts and the symbols

	// look holds an entry for every lookBits bits that begin with a code of no
	// more bits, and 0 for the rest.
	look [1 << lookBits]entry
	// limit is, for each length, the first 16 bits that are past its codes;
	// first is what to add to a code to find its symbol.
	limit [17]uint32
	first [17]int32
	vals  [256]byte
}

// An entry is a symbol, decoded. From the lowest bit: 8 bits for the number of
// bits to drop; 4 for the run of zeros before the coefficient; 4 for the number
// of bits of the coefficient, if those are still to be read; 16 for the
// coefficient otherwise.
type entry int32

func newEntry(length int, sym byte) entry {
	return entry(length) | entry(sym>>4)<<8 | entry(sym&15)<<12
}

func (e entry) drop() uint   { return uint(e & 0xff) }
func (e entry) run() uint    { return uint(e >> 8 & 15) }
func (e entry) size() uint   { return uint(e >> 12 & 15) }
func (e entry) value() int32 { return int32(e >> 16) }

// isEnd reports whether e says that the rest of a block is zero.
func (e entry) isEnd() bool { return e != 0 && e>>8 == 0 }

// readHuffman reads Huffman tables: section B.2.4.2.
func (d *Decoder) readHuffman(p []byte) error {
	for len(p) > 0 {
		if len(p) < 17 {
			return broken("Huffman table is too short")
		}
		class, i := p[0]>>4, int(p[0]&15)
		if class > 1 || i > d.mostTable() {
			return broken("Huffman table %#02x", p[0])
		}
		n := 0
		for _, k := range p[1:17] {
			n += int(k)
		}
		if n == 0 || n > 256 || len(p) < 17+n {
			return broken("Huffman table of %d codes", n)
		}
		if err := d.huff[class][i].read(p[1 : 17+n]); err != nil {
			return err
		}
		p = p[17+n:]
	}
	return nil
}

// read makes h from the table in a file, unless it is that one already.
func (h *huffman) read(spec []byte) error {
	if bytes.Equal(h.spec, spec) {
		h.set = true
		return nil
	}
	h.set, h.spec = false, h.spec[:0]
	clear(h.look[:])
	copy(h.vals[:], spec[16:])
	code, index := uint32(0), int32(0)
	for n := 1; n <= 16; n++ {
		count := int32(spec[n-1])
		h.first[n] = index - int32(code)
		if code+uint32(count) > 1<<n {
			return broken("Huffman table is over-full")
		}
		for range count {
			if n <= lookBits {
				h.fill(code, n, h.vals[index])
			}
			code++
			index++
		}
		h.limit[n] = code << (16 - n)
		code <<= 1
	}
	h.set, h.spec = true, append(h.spec, spec...)
	return nil
}

// fill sets the entries that begin with a code. Where the coefficient's bits fit
// in too, they are decoded beforehand: table F.1, the EXTEND procedure.
func (h *huffman) fill(code uint32, length int, sym byte) {
	free := lookBits - length
	size := int(sym & 15)
	base := code << free
	for rest := range uint32(1) << free {
		e := newEntry(length, sym)
		if 0 < size && size <= free {
			e = newEntry(length+size, sym&^15)
			e |= entry(extend(int32(rest>>(free-size)), uint(size))) << 16
		}
		h.look[base|rest] = e
	}
}

// extend turns the size bits in v into a coefficient: section F.2.2.1.
func extend(v int32, size uint) int32 {
	if v < 1<<(size-1) {
		v += -1<<size + 1
	}
	return v
}

// long decodes a symbol with a code of more than lookBits, which the next 16
// bits begin with. It returns 0 where there is none.
func (h *huffman) long(bits uint32) entry {
	for n := lookBits + 1; n <= 16; n++ {
		if bits < h.limit[n] {
			return newEntry(n, h.vals[int32(bits>>(16-n))+h.first[n]])
		}
	}
	return 0
}
