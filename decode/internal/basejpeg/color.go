package basejpeg

import "encoding/binary"

// A chroma is what chroma adds to red, green and blue of two pixels side by
// side, in 1/65536: the terms of [color.YCbCrToRGB]. The sum for the right
// pixel is in the upper half of a word; a negative left one borrows from it.
type chroma struct{ r, g, b uint64 }

// convert writes the pixels of MCU row y to dst.
func (d *Decoder) convert(dst []byte, y int) {
	luma := &d.comp[0]
	first := 8 * luma.v * y
	for i := range min(8*luma.v, d.height-first) {
		row := dst[(first+i)*d.width*4:][:d.width*4]
		samples := d.planes[0][i*luma.stride:][:luma.stride]
		if d.comps == 1 {
			convertGray(row, samples[:d.width])
			continue
		}
		n, done := d.comp[1].stride, 0
		cb, cr := d.planes[1][i/luma.v*n:][:n], d.planes[2][i/luma.v*n:][:n]
		if luma.h == 2 {
			done = convertWide(row, samples, cb, cr)
			cb, cr = cb[done/2:], cr[done/2:]
		}
		if i%luma.v == 0 {
			d.convertChroma(cb, cr)
		}
		convertRow(row[4*done:], samples[done:], d.terms)
	}
}

// convertChroma sets terms for a row of chroma samples: one for every two
// pixels, which share a sample or not.
func (d *Decoder) convertChroma(cb, cr []byte) {
	pairs := len(cb) * d.comp[0].h / 2
	if cap(d.terms) < pairs {
		d.terms = make([]chroma, pairs)
	}
	d.terms = d.terms[:pairs]
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
// 1/65536, so that the third byte of each sum is what is left. Pixels are stored
// two by two as eight bytes, but for a last one alone.
func convertRow(dst, luma []byte, terms []chroma) {
	luma = luma[:2*len(terms)]
	for i := range terms {
		c := &terms[i]
		y := (uint64(luma[2*i]) | uint64(luma[2*i+1])<<32) * 0x1_0101
		r, g, b := y+c.r, y+c.g, y+c.b
		if (r|g|b)&overflow != 0 {
			r, g, b = clamp(r, g, b)
		}
		p := r>>16&lowBytes | g>>8&(lowBytes<<8) | b&(lowBytes<<16) | overflow
		if len(dst) < 8 {
			if len(dst) == 4 {
				binary.LittleEndian.PutUint32(dst, uint32(p))
			}
			return
		}
		binary.LittleEndian.PutUint64(dst, p)
		dst = dst[8:]
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
func convertGray(dst, luma []byte) {
	for i, y := range luma {
		binary.LittleEndian.PutUint32(dst[4*i:], uint32(y)*0x1_0101|0xff00_0000)
	}
}
