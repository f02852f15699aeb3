package basejpeg

// The markers of T.81, table B.1, and the application segments that matter.
const (
	markerSOF0  = 0xc0
	markerSOF1  = 0xc1
	markerDHT   = 0xc4
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
)

// readHeader reads all segments up to the scan, section B.2, and checks that
// the picture is one that readScan can decode.
func (d *Decoder) readHeader(data []byte, limits Limits) error {
	d.start(data)
	if len(data) < 2 {
		return errTruncated
	}
	if data[0] != 0xff || data[1] != markerSOI {
		return broken("no start of image")
	}
	d.pos = 2
	for {
		marker, err := d.marker()
		if err != nil {
			return err
		}
		if marker == markerEOI {
			return broken("no picture before the end of image")
		}
		body, err := d.segment()
		if err != nil {
			return err
		}
		if err := d.readSegment(marker, body, limits); err != nil {
			return err
		}
		if marker == markerSOS {
			return nil
		}
	}
}

// start forgets the last file. What Huffman tables hold is kept, to see whether
// the next file has the same.
func (d *Decoder) start(data []byte) {
	d.data, d.pos = data, 0
	d.width, d.height, d.comps = 0, 0, 0
	d.restart = 0
	d.jfif, d.adobe = false, false
	d.quantSet = [4]bool{}
	for class := range d.huff {
		for i := range d.huff[class] {
			d.huff[class][i].set = false
		}
	}
}

// marker reads a marker, which fill bytes may precede: section B.1.1.2. Other
// bytes there hurt no pixel; whether to skip them is left to image/jpeg.
func (d *Decoder) marker() (byte, error) {
	p := d.data[d.pos:]
	if len(p) < 2 {
		return 0, errTruncated
	}
	if p[0] != 0xff {
		return 0, unsupported("stray byte %#02x between segments", p[0])
	}
	for p[0] == 0xff {
		p = p[1:]
		if len(p) == 0 {
			return 0, errTruncated
		}
	}
	d.pos = len(d.data) - len(p) + 1
	if p[0] == 0 || markerRST0 <= p[0] && p[0] <= markerSOI {
		return 0, unsupported("marker %#02x between segments", p[0])
	}
	return p[0], nil
}

// segment reads the length of a segment and returns what follows of it.
func (d *Decoder) segment() ([]byte, error) {
	p := d.data[d.pos:]
	if len(p) < 2 {
		return nil, errTruncated
	}
	n := int(p[0])<<8 | int(p[1])
	if n < 2 {
		return nil, broken("segment length %d", n)
	}
	if len(p) < n {
		return nil, errTruncated
	}
	d.pos += n
	return p[2:n], nil
}

func (d *Decoder) readSegment(marker byte, p []byte, limits Limits) error {
	switch marker {
	case markerSOF0, markerSOF1:
		d.baseline = marker == markerSOF0
		return d.readFrame(p, limits)
	case markerDHT:
		return d.readHuffman(p)
	case markerDQT:
		return d.readQuant(p)
	case markerDRI:
		return d.readRestart(p)
	case markerSOS:
		return d.readScanHeader(p)
	case markerAPP0:
		if len(p) >= 5 {
			d.jfif = string(p[:5]) == "JFIF\x00"
		}
		return nil
	case markerAPP14:
		if len(p) >= 12 && string(p[:5]) == "Adobe" {
			d.adobe, d.transform = true, p[11]
		}
		return nil
	case markerCOM:
		return nil
	}
	if markerAPP0 < marker && marker <= markerAPP15 {
		return nil
	}
	return unsupported("marker %#02x", marker)
}

// readQuant reads quantization tables: section B.2.4.1.
func (d *Decoder) readQuant(p []byte) error {
	for len(p) > 0 {
		size, i := 1+int(p[0]>>4), p[0]&15
		if size > 2 || i > 3 {
			return broken("quantization table %#02x", p[0])
		}
		p = p[1:]
		if len(p) < blockSize*size {
			return broken("quantization table is too short")
		}
		for k := range blockSize {
			if size == 1 {
				d.quant[i][k] = int32(p[k])
			} else {
				d.quant[i][k] = int32(p[2*k])<<8 | int32(p[2*k+1])
			}
		}
		d.quantSet[i] = true
		p = p[blockSize*size:]
	}
	return nil
}

// readRestart reads the restart interval: section B.2.4.4.
func (d *Decoder) readRestart(p []byte) error {
	if len(p) != 2 {
		return broken("restart interval of %d bytes", len(p))
	}
	d.restart = int(p[0])<<8 | int(p[1])
	return nil
}

// readScanHeader reads the header of a scan, section B.2.3, that must hold all
// components.
func (d *Decoder) readScanHeader(p []byte) error {
	if d.comps == 0 {
		return broken("scan before frame header")
	}
	if len(p) < 1 || len(p) != 4+2*int(p[0]) {
		return broken("scan header of %d bytes", len(p))
	}
	n := int(p[0])
	if n != d.comps {
		return unsupported("%d of %d components in a scan", n, d.comps)
	}
	if d.isRGB() {
		return unsupported("RGB")
	}
	for i := range n {
		if err := d.setTables(&d.comp[i], p[1+2*i], p[2+2*i]); err != nil {
			return err
		}
	}
	if s := p[1+2*n:]; s[0] != 0 || s[1] != blockSize-1 || s[2] != 0 {
		return unsupported("spectral selection %d–%d, %#02x", s[0], s[1], s[2])
	}
	return nil
}

// setTables gives c the Huffman tables of a scan header.
func (d *Decoder) setTables(c *component, id, tables byte) error {
	if id != c.id {
		return unsupported("component %d in place of %d", id, c.id)
	}
	c.dc, c.ac = int(tables>>4), int(tables&15)
	if most := d.mostTable(); c.dc > most || c.ac > most {
		return broken("Huffman tables %#02x", tables)
	}
	if !d.huff[0][c.dc].set || !d.huff[1][c.ac].set {
		return broken("no Huffman tables %#02x", tables)
	}
	if !d.quantSet[c.quant] {
		return broken("no quantization table %d", c.quant)
	}
	return nil
}

// mostTable is the highest number of a Huffman table: tables B.3 and B.5.
func (d *Decoder) mostTable() int {
	if d.comps > 0 && d.baseline {
		return 1
	}
	return 3
}

// isRGB reports whether three components are not YCbCr, by the rules that
// image/jpeg follows.
func (d *Decoder) isRGB() bool {
	if d.comps != 3 || d.jfif {
		return false
	}
	if d.adobe && d.transform == 0 {
		return true
	}
	return d.comp[0].id == 'R' && d.comp[1].id == 'G' && d.comp[2].id == 'B'
}
