package pngw

import (
	"fmt"
	"image"
	"image/draw"
)

// A picture is the pixels to write. Its rows lie stride bytes apart in pix, as
// samples bytes a pixel, which convert turns into the bpp bytes a pixel that
// are written; nil where they are the same.
type picture struct {
	pix           []byte
	stride        int
	width, height int
	samples, bpp  int
	convert       func(dst, src []byte)
}

// pictureOf returns the pixels of m, without copying them where it can.
func pictureOf(m image.Image) (picture, error) {
	var p picture
	b := m.Bounds()
	switch m := m.(type) {
	case *image.NRGBA:
		p = picture{pix: m.Pix, stride: m.Stride}
	case *image.RGBA:
		p = picture{pix: m.Pix, stride: m.Stride, convert: unmultiply}
	default:
		if int64(b.Dx())*int64(b.Dy()) > maxFiltered/4 {
			return p, fmt.Errorf("%w: %d×%d", ErrSize, b.Dx(), b.Dy())
		}
		n := image.NewNRGBA(b)
		draw.Draw(n, b, m, b.Min, draw.Src)
		p = picture{pix: n.Pix, stride: n.Stride}
	}
	p.width, p.height, p.samples, p.bpp = b.Dx(), b.Dy(), 4, 4
	if err := p.check(); err != nil {
		return p, err
	}
	if p.opaque() {
		p.bpp, p.convert = 3, pack
	}
	return p, nil
}

// check reports whether p can be written: not empty, not too large, and with a
// pix that holds all of it.
func (p *picture) check() error {
	row := int64(p.width)*int64(p.samples) + 1
	if p.width <= 0 || p.height <= 0 || row > maxFiltered || row*int64(p.height) > maxFiltered {
		return fmt.Errorf("%w: %d×%d", ErrSize, p.width, p.height)
	}
	if int64(p.stride) < row-1 || int64(len(p.pix)) < int64(p.height-1)*int64(p.stride)+row-1 {
		return fmt.Errorf("%w: %d bytes, stride %d, for %d×%d", ErrSize, len(p.pix), p.stride, p.width, p.height)
	}
	return nil
}

// rowBytes is the number of bytes of a row as written, without filter type.
func (p *picture) rowBytes() int { return p.width * p.bpp }

// row returns row y as it is written, in buf where it must be converted.
func (p *picture) row(y int, buf []byte) []byte {
	src := p.pix[y*p.stride:][:p.width*p.samples]
	if p.convert == nil {
		return src
	}
	p.convert(buf, src)
	return buf
}

// opaque reports whether no pixel of p lets anything through.
func (p *picture) opaque() bool {
	for y := range p.height {
		row := p.pix[y*p.stride:][:p.width*4]
		all := ^uint64(0)
		for ; len(row) >= 32; row = row[32:] {
			all &= load64(row, 0) & load64(row, 8) & load64(row, 16) & load64(row, 24)
		}
		for ; len(row) >= 8; row = row[8:] {
			all &= load64(row, 0)
		}
		if len(row) > 0 {
			all &= uint64(row[3])<<56 | uint64(row[3])<<24
		}
		const alpha = 0xff00_0000_ff00_0000
		if all&alpha != alpha {
			return false
		}
	}
	return true
}

// pack drops the fourth byte of every pixel of src.
func pack(dst, src []byte) {
	n := packWide(dst, src)
	dst, src = dst[n/4*3:], src[n:]
	for len(src) >= 16 { // writes two bytes beyond, which the next pixels fill
		v := load64(src, 0)
		store64(dst, 0, v&0xff_ffff|v>>8&0xffff_ff00_0000)
		dst, src = dst[6:], src[8:]
	}
	for ; len(src) >= 4; dst, src = dst[3:], src[4:] {
		dst[0], dst[1], dst[2] = src[0], src[1], src[2]
	}
}

// unmultiply divides colours by their alpha as [color.NRGBAModel] does.
func unmultiply(dst, src []byte) {
	for i := 0; i+4 <= len(src); i += 4 {
		switch a := uint32(src[i+3]); a {
		case 0xff:
			copy(dst[i:i+4], src[i:i+4])
		case 0:
			clear(dst[i : i+4])
		default:
			for k := range 3 {
				dst[i+k] = uint8(uint32(src[i+k]) * 0x101 * 0xffff / (a * 0x101) >> 8)
			}
			dst[i+3] = uint8(a)
		}
	}
}
