package basejpeg

import "encoding/binary"

// A chroma is what a pair of chroma samples adds to red, green and blue, in
// 1/65536: the terms of [color.YCbCrToRGB].
type chroma struct{ r, g, b int32 }

// convert writes the pixels of MCU row y to dst.
func (d *Decoder) convert(dst []byte, y, bpp int) {
	luma := &d.comp[0]
	first := 8 * luma.v * y
	for i := range min(8*luma.v, d.height-first) {
		row := dst[(first+i)*d.width*bpp:][:d.width*bpp]
		samples := d.planes[0][i*luma.stride:][:d.width]
		if d.comps == 1 {
			convertGray(row, samples, bpp)
			continue
		}
		if i%luma.v == 0 {
			d.convertChroma(i / luma.v)
		}
		convertRow(row, samples, d.terms, luma.h, bpp)
	}
}

// convertChroma sets terms for row i of the chroma planes.
func (d *Decoder) convertChroma(i int) {
	n := d.comp[1].stride
	if cap(d.terms) < n {
		d.terms = make([]chroma, n)
	}
	d.terms = d.terms[:n]
	cb, cr := d.planes[1][i*n:][:n], d.planes[2][i*n:][:n]
	for x := range d.terms {
		b, r := int32(cb[x])-128, int32(cr[x])-128
		d.terms[x] = chroma{91881 * r, -22554*b - 46802*r, 116130 * b}
	}
}

// convertRow writes a row of pixels, each two of which share chroma where h is 2.
// All but the last are stored as four bytes, whatever bpp: the next overwrites
// the fourth.
func convertRow(dst, luma []byte, terms []chroma, h, bpp int) {
	last := len(luma) - 1
	x := 0
	if h == 2 {
		for ; x+1 < last; x += 2 {
			c := &terms[x/2]
			binary.LittleEndian.PutUint32(dst, pixel(luma[x], c))
			binary.LittleEndian.PutUint32(dst[bpp:], pixel(luma[x+1], c))
			dst = dst[2*bpp:]
		}
	}
	for ; x < last; x++ {
		binary.LittleEndian.PutUint32(dst, pixel(luma[x], &terms[x/h]))
		dst = dst[bpp:]
	}
	putLast(dst, pixel(luma[x], &terms[x/h]))
}

// convertGray is convertRow without chroma.
func convertGray(dst, luma []byte, bpp int) {
	last := len(luma) - 1
	for _, v := range luma[:last] {
		binary.LittleEndian.PutUint32(dst, uint32(v)*0x1_0101|0xff00_0000)
		dst = dst[bpp:]
	}
	putLast(dst, uint32(luma[last])*0x1_0101|0xff00_0000)
}

// putLast stores as many bytes of p as dst has left.
func putLast(dst []byte, p uint32) {
	for i := range dst {
		dst[i] = byte(p >> (8 * i))
	}
}

// pixel returns a pixel as four bytes, red the lowest. It adds as
// [color.YCbCrToRGB] does, in 1/65536 with 257/65536 for rounding at full
// brightness, so that all that is left is the third byte of each sum.
func pixel(luma byte, c *chroma) uint32 {
	y := int32(luma) * 0x1_0101
	r, g, b := y+c.r, y+c.g, y+c.b
	if uint32(r|g|b)>>24 != 0 {
		r, g, b = clamp(r), clamp(g), clamp(b)
	}
	return uint32(r)>>16 | uint32(g)>>8&0xff00 | uint32(b)&0xff_0000 | 0xff00_0000
}

// clamp bounds v to 24 bits.
func clamp(v int32) int32 { return min(max(v, 0), 1<<24-1) }
