package basejpeg

import "encoding/binary"

// A bitReader reads the bits of entropy-coded data, section F.2.2.5. It feeds
// zeros after the end, and knows how many.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64 // the next bits, highest first
	n    int    // how many those are
	fed  int    // how many of them, the last ones, are not from data
}

// refill makes at least 56 bits ready.
func (r *bitReader) refill() {
	if r.pos+8 <= len(r.data) {
		w := binary.BigEndian.Uint64(r.data[r.pos:])
		if !hasFF(w) {
			r.acc |= w >> (r.n & 63)
			k := (64 - r.n) >> 3
			r.pos += k
			r.n += 8 * k
			return
		}
	}
	r.refillBytes()
}

// hasFF reports whether one of the bytes of w is 0xff.
func hasFF(w uint64) bool {
	const tops = 0x8080_8080_8080_8080
	return (w&^tops+0x0101_0101_0101_0101)&w&tops != 0
}

// refillBytes is refill byte by byte. It takes 0xff only before a stuffed zero:
// anything else there is a marker, and the end.
func (r *bitReader) refillBytes() {
	for r.n <= 56 {
		if r.pos >= len(r.data) {
			break
		}
		b := r.data[r.pos]
		if b == 0xff {
			if r.pos+1 >= len(r.data) || r.data[r.pos+1] != 0 {
				break
			}
			r.pos++
		}
		r.pos++
		r.acc |= uint64(b) << (56 - r.n)
		r.n += 8
	}
	if r.n < 56 {
		r.fed += 56 - r.n
		r.n = 56
	}
}

// overrun reports whether bits have been used that are not there.
func (r *bitReader) overrun() bool { return r.n < r.fed }

// end checks that all bytes before the next marker have been used, all but some
// bits of the last one, and reads the marker.
func (r *bitReader) end() (byte, error) {
	if r.overrun() {
		return 0, errTruncated
	}
	p := r.data[r.pos:]
	if len(p) < 2 {
		return 0, errTruncated
	}
	if r.n-r.fed >= 8 || p[0] != 0xff || p[1] == 0 {
		return 0, broken("data left over in a scan")
	}
	for p[0] == 0xff {
		p = p[1:]
		if len(p) == 0 {
			return 0, errTruncated
		}
	}
	if p[0] == 0 {
		return 0, broken("stuffed zero after fill bytes")
	}
	*r = bitReader{data: r.data, pos: len(r.data) - len(p) + 1}
	return p[0], nil
}
