package pngw

import "encoding/binary"

// A bitWriter packs bits as deflate wants them, the first one lowest: RFC 1951,
// section 3.1.1. Writing needs room reserved before, eight bytes more than the
// bits fill.
type bitWriter struct {
	buf []byte // as long as its capacity
	pos int    // how much of it is written
	acc uint64 // bits that wait to be written
	n   uint   // how many those are: below 8 between calls
}

// reset makes w append to dst.
func (w *bitWriter) reset(dst []byte) {
	*w = bitWriter{buf: dst[:cap(dst)], pos: len(dst)}
}

// reserve makes room for n more bytes.
func (w *bitWriter) reserve(n int) {
	n += 8
	if len(w.buf)-w.pos >= n {
		return
	}
	buf := make([]byte, max(2*len(w.buf), w.pos+n))
	copy(buf, w.buf[:w.pos])
	w.buf = buf
}

// put writes the lowest n bits of v, whose other bits are zero; n is at most 56.
func (w *bitWriter) put(v uint64, n uint) {
	acc := w.acc | v<<(w.n&63)
	n += w.n
	store64(w.buf, w.pos, acc)
	w.pos += int(n >> 3)
	w.acc = acc >> (n &^ 7 & 63)
	w.n = n & 7
}

// code writes c.
func (w *bitWriter) code(c code) { w.put(c.bits(), c.len()) }

// bytes fills the last byte with zero bits and returns all.
func (w *bitWriter) bytes() []byte {
	if w.n > 0 {
		w.reserve(1)
		w.put(0, 8-w.n)
	}
	return w.buf[:w.pos]
}

func load64(p []byte, i int) uint64 { return binary.LittleEndian.Uint64(p[i : i+8]) }

func store64(p []byte, i int, v uint64) { binary.LittleEndian.PutUint64(p[i:i+8], v) }
