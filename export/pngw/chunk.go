package pngw

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"unicode/utf8"
)

const signature = "\x89PNG\r\n\x1a\n"

// The colour types of PNG, section 11.2.1.
const (
	trueColour      = 2
	trueColourAlpha = 6
)

// appendHead appends all that comes before the pixels.
func appendHead(dst []byte, p *picture, opts *Options) ([]byte, error) {
	kind := byte(trueColour)
	if p.bpp == 4 {
		kind = trueColourAlpha
	}
	var ihdr [13]byte
	binary.BigEndian.PutUint32(ihdr[0:], uint32(p.width))
	binary.BigEndian.PutUint32(ihdr[4:], uint32(p.height))
	ihdr[8], ihdr[9] = 8, kind
	dst = append(dst, signature...)
	dst = appendChunk(dst, "IHDR", ihdr[:])
	if r := opts.PixelsPerMetre; r > 0 {
		var phys [9]byte
		binary.BigEndian.PutUint32(phys[0:], r)
		binary.BigEndian.PutUint32(phys[4:], r)
		phys[8] = 1 // the unit is the metre
		dst = appendChunk(dst, "pHYs", phys[:])
	}
	var err error
	for _, t := range opts.Text {
		if dst, err = appendText(dst, t); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// appendChunk appends a chunk, section 5.3.
func appendChunk(dst []byte, kind string, data []byte) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = append(dst, kind...)
	dst = append(dst, data...)
	return endChunk(dst, start)
}

// endChunk fills in the length of the chunk that begins at dst[start:] and
// appends its CRC.
func endChunk(dst []byte, start int) []byte {
	binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-8))
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start+4:]))
}

// maxText is the most bytes that the value of a text may have. Readers of PNG
// commonly refuse text of more than some megabytes.
const maxText = 1 << 20

// appendText appends t as tEXt where its value is Latin-1 with no control
// characters but line feeds, and as iTXt otherwise: section 11.3.3.
func appendText(dst []byte, t Text) ([]byte, error) {
	key, ok := latin1(t.Keyword)
	if !ok || len(key) < 1 || len(key) > 79 || strings.Contains(string(key), "\n") ||
		strings.Contains(" "+t.Keyword+" ", "  ") {
		return nil, fmt.Errorf("%w: keyword %q", ErrText, t.Keyword)
	}
	if strings.Contains(t.Value, "\x00") || !utf8.ValidString(t.Value) || len(t.Value) > maxText {
		return nil, fmt.Errorf("%w: value of %q", ErrText, t.Keyword)
	}
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	if value, ok := latin1(t.Value); ok {
		dst = append(append(append(dst, "tEXt"...), key...), 0)
		return endChunk(append(dst, value...), start), nil
	}
	// Not compressed, no language, no translated keyword.
	dst = append(append(append(dst, "iTXt"...), key...), 0, 0, 0, 0, 0)
	return endChunk(append(dst, t.Value...), start), nil
}

// latin1 returns s in Latin-1, and whether all of it is printable there or a
// line feed. The no-break space does not count as printable, since the
// specification forbids it in keywords.
func latin1(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r != '\n' && (r < ' ' || r > '~') && (r < 0xa1 || r > 0xff) {
			return nil, false
		}
		b = append(b, byte(r))
	}
	return b, true
}
