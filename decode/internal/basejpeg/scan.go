package basejpeg

// readScan decodes the scan into dst, with four bytes a pixel, and reads the file
// to its end.
func (d *Decoder) readScan(dst []byte) error {
	across, down := d.mcus()
	d.makePlanes(across)
	d.bits = bitReader{data: d.data, pos: d.pos}
	left, next := d.restart, byte(markerRST0)
	for y := range down {
		for x := range across {
			if d.restart > 0 {
				if left == 0 {
					if err := d.readRST(next); err != nil {
						return err
					}
					left, next = d.restart, markerRST0|(next+1)&7
				}
				left--
			}
			if err := d.readMCU(x); err != nil {
				return err
			}
		}
		d.convert(dst, y)
	}
	marker, err := d.bits.end()
	if err != nil {
		return err
	}
	d.pos = d.bits.pos
	return d.readTail(marker)
}

// makePlanes makes room for a row of MCUs.
func (d *Decoder) makePlanes(across int) {
	for i := range d.comps {
		c := &d.comp[i]
		c.last = 0
		c.stride = 8 * c.h * across
		d.planes[i] = sized(d.planes[i], 8*c.v*c.stride)
	}
}

// readRST reads the restart marker that must come next: section F.2.1.3.1.
func (d *Decoder) readRST(want byte) error {
	marker, err := d.bits.end()
	if err != nil {
		return err
	}
	if marker != want {
		return broken("marker %#02x in place of %#02x", marker, want)
	}
	for i := range d.comp {
		d.comp[i].last = 0
	}
	return nil
}

// readMCU decodes the blocks of an MCU into the planes: section A.2.3.
func (d *Decoder) readMCU(x int) error {
	for i := range d.comps {
		c := &d.comp[i]
		for v := range c.v {
			for h := range c.h {
				at := 8*v*c.stride + 8*(x*c.h+h)
				if !d.readBlock(c, d.planes[i][at:]) {
					return d.badBlock()
				}
			}
		}
	}
	if d.bits.overrun() {
		return errTruncated
	}
	return nil
}

// badBlock tells why a block could not be decoded.
func (d *Decoder) badBlock() error {
	if d.bits.overrun() {
		return errTruncated
	}
	return broken("impossible code in a scan")
}

// readTail reads what follows the scan. Comments and application segments may;
// further scans and the like are left to image/jpeg.
func (d *Decoder) readTail(marker byte) error {
	for marker != markerEOI {
		if marker != markerCOM && (marker <= markerAPP0 || marker > markerAPP15 || marker == markerAPP14) {
			return unsupported("marker %#02x after the scan", marker)
		}
		if _, err := d.segment(); err != nil {
			return err
		}
		var err error
		if marker, err = d.marker(); err != nil {
			return err
		}
	}
	return nil
}
