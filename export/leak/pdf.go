package leak

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image/png"
	"io"
	"iter"
	"strconv"
	"unicode/utf16"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// What is looked for in PDF (ISO 32000-1).
var (
	// pdfString is text to show, as numbers of glyphs (section 7.3.4.3).
	pdfString = lazyregexp.New(`<([0-9A-Fa-f\s]+)>`)
	// pdfGlyphs is a block of a map from glyphs to characters (section 9.10.3).
	pdfGlyphs = lazyregexp.New(`(?s)beginbfchar(.*?)endbfchar`)
	pdfGlyph  = lazyregexp.New(`<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,16})>`)
	// pdfPicture are the parameters of pixels that PNG's filters went over
	// (section 7.4.4.4).
	pdfPicture = lazyregexp.New(
		`/Predictor 1[0-5]\s*/Colors ([13])\s*/BitsPerComponent 8\s*/Columns ([0-9]{1,5})\b`)
)

// isPDF reports whether data is a PDF, with whatever is before it.
func isPDF(data []byte) bool { return bytes.Contains(data, []byte("%PDF-")) }

// peelPDFText takes what the pages of a PDF say where their fonts know glyphs by
// numbers, as those of package pdf do: with the map of each font, all that it can
// read, line after line, so that words are found where a line ends in them.
func peelPDFText(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !isPDF(data) {
			return
		}
		shown := pdfString.FindAllSubmatch(data, -1)
		for _, font := range pdfFonts(data) {
			var text []byte
			for _, s := range shown {
				text = font.append(text, s[1])
			}
			if len(text) >= prefix && !yield(text) {
				return
			}
		}
	}
}

// A glyphMap maps the numbers of glyphs to characters.
type glyphMap map[string]string

// pdfFonts returns the maps of all fonts.
func pdfFonts(data []byte) []glyphMap {
	var fonts []glyphMap
	for part := range bytes.SplitSeq(data, []byte("endcmap")) {
		font := glyphMap{}
		for _, block := range pdfGlyphs.FindAllSubmatch(part, -1) {
			for _, g := range pdfGlyph.FindAllSubmatch(block[1], -1) {
				font[string(bytes.ToUpper(g[1]))] = fromUTF16(g[2])
			}
		}
		if len(font) > 0 {
			fonts = append(fonts, font)
		}
	}
	return fonts
}

// fromUTF16 returns the text that hexadecimal digits of UTF-16BE stand for.
func fromUTF16(digits []byte) string {
	raw, err := hex.DecodeString(string(digits[:len(digits)/4*4]))
	if err != nil {
		return ""
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// append appends what glyphs say, unless the font does not have them.
func (m glyphMap) append(text, digits []byte) []byte {
	digits = bytes.ToUpper(bytes.Join(bytes.Fields(digits), nil))
	if len(digits)%4 != 0 {
		return text
	}
	before := len(text)
	for ; len(digits) > 0; digits = digits[4:] {
		s, ok := m[string(digits[:4])]
		if !ok {
			return text[:before]
		}
		text = append(text, s...)
	}
	return text
}

// peelPDFPixels takes the pixels of pictures in a PDF that are compressed as
// those of a PNG are.
func peelPDFPixels(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !isPDF(data) {
			return
		}
		for _, at := range pdfPicture.FindAllSubmatchIndex(data, -1) {
			_, stream, found := bytes.Cut(data[at[1]:], []byte("stream"))
			columns, err := strconv.Atoi(string(data[at[4]:at[5]]))
			if !found || err != nil || columns == 0 {
				continue
			}
			stream = bytes.TrimLeft(stream, "\r\n")
			if out := unfilter(stream, columns, int(data[at[2]]-'0')); out != nil && !yield(out) {
				return
			}
		}
	}
}

// unfilter returns the red, green and blue of pixels of one or three channels, in
// a zlib stream with the filters of PNG; nil of what is none. It has package png
// read a file made of it.
func unfilter(stream []byte, columns, colors int) []byte {
	r, err := zlib.NewReader(bytes.NewReader(stream))
	rows := unpack(r, err)
	height := len(rows) / (1 + columns*colors)
	if height == 0 || int64(columns)*int64(height) > mostPixels {
		return nil
	}
	header := make([]byte, 13)
	binary.BigEndian.PutUint32(header, uint32(columns))    //nolint:gosec // five digits
	binary.BigEndian.PutUint32(header[4:], uint32(height)) //nolint:gosec // below mostPixels
	header[8], header[9] = 8, map[int]byte{1: 0, 3: 2}[colors]
	var file, body bytes.Buffer
	w := zlib.NewWriter(&body)
	_, _ = w.Write(rows[:height*(1+columns*colors)])
	_ = w.Close() // memory takes it all
	file.WriteString("\x89PNG\r\n\x1a\n")
	for _, c := range []struct {
		name string
		data []byte
	}{{"IHDR", header}, {"IDAT", body.Bytes()}, {"IEND", nil}} {
		writeChunk(&file, c.name, c.data)
	}
	m, err := png.Decode(&file)
	if err != nil {
		return nil
	}
	return RGB(m)
}

// writeChunk writes a chunk of a PNG.
func writeChunk(w io.Writer, name string, data []byte) {
	sum := crc32.NewIEEE()
	head := binary.BigEndian.AppendUint32(nil, uint32(len(data))) //nolint:gosec // below mostUnpacked
	_, _ = w.Write(append(head, name...))
	_, _ = w.Write(data)
	_, _ = io.WriteString(sum, name)
	_, _ = sum.Write(data)
	_, _ = w.Write(sum.Sum(nil))
}
