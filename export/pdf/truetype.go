package pdf

import (
	"encoding/binary"
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// A truetype is the tables of a TrueType font, by name
// (https://learn.microsoft.com/typography/opentype/spec/otff). Those read here
// are embedded in the build, and are taken to be whole.
type truetype map[string][]byte

var be = binary.BigEndian

func parseTrueType(ttf []byte) truetype {
	t := truetype{}
	for i := range int(be.Uint16(ttf[4:])) {
		entry := ttf[12+16*i:]
		offset, length := be.Uint32(entry[8:]), be.Uint32(entry[12:])
		t[string(entry[:4])] = ttf[offset:][:length]
	}
	return t
}

// box returns the box around all glyphs, in thousandths of the em.
func (t truetype) box() [4]int {
	var box [4]int
	for i := range box {
		box[i] = t.thousandths(int(int16(be.Uint16(t["head"][36+2*i:])))) //nolint:gosec // the field is signed
	}
	return box
}

func (t truetype) thousandths(n int) int {
	return int(math.Round(float64(n) * 1000 / float64(be.Uint16(t["head"][18:]))))
}

// advance returns the width of a glyph in thousandths of the em.
func (t truetype) advance(g sfnt.GlyphIndex) int {
	last := int(be.Uint16(t["hhea"][34:])) - 1 // the rest are as wide as this one
	return t.thousandths(int(be.Uint16(t["hmtx"][4*min(int(g), last):])))
}

// glyph returns the outline of a glyph.
func (t truetype) glyph(g int) []byte {
	loca := t["loca"]
	if be.Uint16(t["head"][50:]) == 0 {
		return t["glyf"][2*int(be.Uint16(loca[2*g:])) : 2*int(be.Uint16(loca[2*g+2:]))]
	}
	return t["glyf"][be.Uint32(loca[4*g:]):be.Uint32(loca[4*g+4:])]
}

// subset returns the font with the outlines of the given glyphs only, and of
// those that they are made of. The glyphs keep their numbers.
func (t truetype) subset(glyphs []sfnt.GlyphIndex) []byte {
	keep := map[int]bool{}
	t.keep(keep, 0)
	for _, g := range glyphs {
		t.keep(keep, int(g))
	}
	var glyf, loca []byte
	for g := range int(be.Uint16(t["maxp"][4:])) {
		loca = be.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // no longer than the font
		if keep[g] {
			glyf = append(glyf, t.glyph(g)...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = be.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // no longer than the font
	head := slices.Clone(t["head"])
	be.PutUint32(head[8:], 0)  // the checksum of the file, set below
	be.PutUint16(head[50:], 1) // offsets have 32 bits
	part := truetype{"head": head, "glyf": glyf, "loca": loca}
	for _, name := range []string{"hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"} {
		if table, ok := t[name]; ok {
			part[name] = table
		}
	}
	return part.assemble()
}

// keep adds a glyph and what it is made of.
func (t truetype) keep(keep map[int]bool, g int) {
	if keep[g] {
		return
	}
	keep[g] = true
	outline := t.glyph(g)
	if len(outline) < 10 || int16(be.Uint16(outline)) >= 0 { //nolint:gosec // the field is signed
		return
	}
	const words, scale, more, both, matrix = 1 << 0, 1 << 3, 1 << 5, 1 << 6, 1 << 7
	for at := 10; ; {
		flags := be.Uint16(outline[at:])
		t.keep(keep, int(be.Uint16(outline[at+2:])))
		at += 6
		for _, extra := range []struct{ flag, bytes int }{{words, 2}, {scale, 2}, {both, 4}, {matrix, 8}} {
			if int(flags)&extra.flag != 0 {
				at += extra.bytes
			}
		}
		if flags&more == 0 {
			return
		}
	}
}

// assemble returns the tables as a file.
func (t truetype) assemble() []byte {
	names := []string{}
	for name := range t {
		names = append(names, name)
	}
	slices.Sort(names)
	n := uint16(len(names)) //nolint:gosec // nine at most
	power := 0
	for 2<<power <= n {
		power++
	}
	out := be.AppendUint32(nil, 0x00010000)
	out = be.AppendUint16(out, n)
	out = be.AppendUint16(out, 16<<power)
	out = be.AppendUint16(out, uint16(power))
	out = be.AppendUint16(out, 16*n-16<<power)
	var body []byte
	start := len(out) + 16*len(names)
	head := 0
	for _, name := range names {
		if name == "head" {
			head = start + len(body)
		}
		out = append(out, name...)
		out = be.AppendUint32(out, checksum(t[name]))
		out = be.AppendUint32(out, uint32(start+len(body))) //nolint:gosec // no longer than the font
		out = be.AppendUint32(out, uint32(len(t[name])))    //nolint:gosec // no longer than the font
		body = append(body, t[name]...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	out = append(out, body...)
	be.PutUint32(out[head+8:], 0xb1b0afba-checksum(out))
	return out
}

// checksum adds up the words of a table, which zeros fill up.
func checksum(table []byte) uint32 {
	var sum uint32
	for len(table) >= 4 {
		sum += be.Uint32(table)
		table = table[4:]
	}
	var last [4]byte
	copy(last[:], table)
	return sum + be.Uint32(last[:])
}
