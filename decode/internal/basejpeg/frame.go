package basejpeg

import (
	"fmt"
	"math"
)

// readFrame reads a frame header: section B.2.2.
func (d *Decoder) readFrame(p []byte, limits Limits) error {
	if d.comps != 0 {
		return broken("two frame headers")
	}
	if len(p) < 6 || len(p) != 6+3*int(p[5]) {
		return broken("frame header of %d bytes", len(p))
	}
	n := int(p[5])
	if p[0] != 8 || n != 1 && n != 3 {
		return unsupported("%d components of %d bits", n, p[0])
	}
	d.height = int(p[1])<<8 | int(p[2])
	d.width = int(p[3])<<8 | int(p[4])
	if d.width == 0 || d.height == 0 {
		return unsupported("size %d×%d", d.width, d.height)
	}
	d.comps = n
	for i := range n {
		c := p[6+3*i:]
		d.comp[i] = component{id: c[0], h: int(c[1] >> 4), v: int(c[1] & 15), quant: int(c[2])}
		if c[2] > 3 {
			return broken("quantization table %d", c[2])
		}
		for j := range i {
			if d.comp[j].id == c[0] {
				return broken("component %d twice", c[0])
			}
		}
	}
	if err := d.checkSampling(); err != nil {
		return err
	}
	return d.checkSize(limits)
}

// checkSampling accepts one component, whose sampling factors mean nothing
// (section A.2.2), or three with chroma sampled at every or every other pixel.
func (d *Decoder) checkSampling() error {
	y := &d.comp[0]
	if d.comps == 1 {
		if y.h < 1 || y.h > 4 || y.v < 1 || y.v > 4 {
			return broken("sampling factors %d×%d", y.h, y.v)
		}
		if y.h == 3 || y.v == 3 {
			return unsupported("sampling factors %d×%d", y.h, y.v)
		}
		y.h, y.v = 1, 1
		return nil
	}
	for _, c := range d.comp[1:] {
		if y.h < 1 || y.h > 2 || y.v < 1 || y.v > 2 || c.h != 1 || c.v != 1 {
			return unsupported("sampling factors %d×%d, %d×%d", y.h, y.v, c.h, c.v)
		}
	}
	return nil
}

// checkSize compares the size with the limits, and with the bytes left: a block
// takes at least two bits.
func (d *Decoder) checkSize(limits Limits) error {
	pixels := int64(d.width) * int64(d.height)
	if limits.Side > 0 && max(d.width, d.height) > limits.Side ||
		limits.Pixels > 0 && pixels > limits.Pixels {
		return fmt.Errorf("%w: %d×%d", ErrTooLarge, d.width, d.height)
	}
	across, down := d.mcus()
	if int64(across)*int64(down)*int64(d.blocks())/4 > int64(len(d.data)-d.pos) {
		return errTruncated
	}
	if pixels > math.MaxInt/4 {
		return fmt.Errorf("%w: %d×%d", ErrTooLarge, d.width, d.height)
	}
	return nil
}

// mcus is the number of MCUs across and down: section A.2.
func (d *Decoder) mcus() (across, down int) {
	w, h := 8*d.comp[0].h, 8*d.comp[0].v
	return (d.width + w - 1) / w, (d.height + h - 1) / h
}

// blocks is the number of blocks in an MCU.
func (d *Decoder) blocks() int { return d.comp[0].h*d.comp[0].v + d.comps - 1 }
