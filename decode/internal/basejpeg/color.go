package basejpeg

import "encoding/binary"

// A chroma is what chroma adds to red, green and blue of two pixels side by
// side, in 1/65536: the terms of [color.YCbCrToRGB]. The sum for the right
// pixel is in the upper half of a word; a negative left one borrows from it.
type chroma struct{ r, g, b uint64 }

// convert writes the pixels of MCU row y to dst.
func (d *Decoder) convert(dst []byte, y, bpp int) {
	luma := &d.comp[0]
	first := 8 * luma.v * y
	for i := range min(8*luma.v, d.height-first) {
		row := dst[(first+i)*d.width*bpp:][:d.width*bpp]
		samples := d.planes[0][i*luma.stride:][:luma.stride]
		if d.comps == 1 {
			convertGray(row, samples[:d.width], bpp)
			continue
		}
		if i%luma.v == 0 {
			d.convertChroma(i / luma.v)
		}
		convertRow(row, samples, d.terms, bpp)
	}
}

// convertChroma sets terms for row i of the chroma planes: one for every two
// pixels, which share a sample or not.
func (d *Decoder) convertChroma(i int) {
	n := d.comp[1].stride
	pairs := d.comp[0].stride / 2
	if cap(d.terms) < pairs {
		d.terms = make([]chroma, pairs)
	}
	d.terms = d.terms[:pairs]
	cb, cr := d.planes[1][i*n:][:n], d.planes[2][i*n:][:n]
	if d.comp[0].h == 2 {
		for x := range d.terms {
			d.terms[x] = newChroma(cb[x], cb[x], cr[x], cr[x])
		}
		return
	}
	for x := range d.terms {
		d.terms[x] = newChroma(cb[2*x], cb[2*x+1], cr[2*x], cr[2*x+1])
	}
}

func newChroma(cb0, cb1, cr0, cr1 byte) chroma {
	b := int64(cb0) - 128 + (int64(cb1)-128)<<32
	r := int64(cr0) - 128 + (int64(cr1)-128)<<32
	return chroma{uint64(91881 * r), uint64(-22554*b - 46802*r), uint64(116130 * b)}
}

const (
	lowBytes = 0x0000_00ff_0000_00ff
	overflow = 0xff00_0000_ff00_0000
)

// convertRow writes a row of pixels. It adds as [color.YCbCrToRGB] does, in
// 1/65536, so that the third byte of each sum is what is left. All but the last
// pixels are stored two by two as eight bytes, of which the next may overwrite
// two.
func convertRow(dst, luma []byte, terms []chroma, bpp int) {
	shift := uint(8*bpp) & 63
	mask := uint64(1)<<shift - 1
	luma = luma[:2*len(terms)]
	at := 0
	for i := range terms {
		c := &terms[i]
		y := (uint64(luma[2*i]) | uint64(luma[2*i+1])<<32) * 0x1_0101
		r, g, b := y+c.r, y+c.g, y+c.b
		if (r|g|b)&overflow != 0 {
			r, g, b = clamp(r, g, b)
		}
		p := r>>16&lowBytes | g>>8&(lowBytes<<8) | b&(lowBytes<<16) | overflow
		p = p&mask | p>>32<<shift
		if at > len(dst)-8 {
			putBytes(dst[min(at, len(dst)):], p, 2*bpp)
		} else {
			binary.LittleEndian.PutUint64(dst[at:at+8], p)
		}
		at += 2 * bpp
	}
}

// putBytes stores the n lowest bytes of p, or as many as dst has.
func putBytes(dst []byte, p uint64, n int) {
	for i := range min(n, len(dst)) {
		dst[i] = byte(p >> (8 * i))
	}
}

// clamp bounds sums to 24 bits.
func clamp(r, g, b uint64) (uint64, uint64, uint64) { return clampPair(r), clampPair(g), clampPair(b) }

func clampPair(v uint64) uint64 {
	left := int32(v)
	right := int32((int64(v) - int64(left)) >> 32)
	return uint64(min(max(left, 0), 1<<24-1)) | uint64(min(max(right, 0), 1<<24-1))<<32
}

// convertGray is convertRow without chroma.
func convertGray(dst, luma []byte, bpp int) {
	for _, y := range luma {
		p := uint32(y)*0x1_0101 | 0xff00_0000
		if len(dst) < 4 {
			putBytes(dst, uint64(p), bpp)
			return
		}
		binary.LittleEndian.PutUint32(dst, p)
		dst = dst[bpp:]
	}
}
