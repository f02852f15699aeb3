package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/lvtool/lvtool/internal/text"
)

// A font is one of the embedded fonts, with the glyphs that were used of it.
type font struct {
	name   string // that pages know it by
	title  string
	flags  int // section 9.8.2 of ISO 32000-1
	parsed *sfnt.Font
	tables truetype
	buf    sfnt.Buffer
	used   map[sfnt.GlyphIndex]rune
}

// newFonts returns the fonts by weight.
func newFonts() map[text.Weight]*font {
	const fixed, symbolic = 1, 4
	return map[text.Weight]*font{
		text.Regular: newFont("F1", "GoRegular", goregular.TTF, symbolic),
		text.Bold:    newFont("F2", "GoBold", gobold.TTF, symbolic),
		text.Mono:    newFont("F3", "GoMono", gomono.TTF, symbolic|fixed),
	}
}

func newFont(name, title string, ttf []byte, flags int) *font {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		panic("pdf: embedded font: " + err.Error()) // cannot happen: the fonts are part of the build
	}
	return &font{
		name: name, title: title, flags: flags,
		parsed: parsed, tables: parseTrueType(ttf), used: map[sfnt.GlyphIndex]rune{},
	}
}

// encode returns a line of text, which the font must be able to show, as
// operators want it: glyph numbers in hexadecimal.
func (f *font) encode(line string) string {
	var b strings.Builder
	b.WriteByte('<')
	for _, r := range line {
		g, err := f.parsed.GlyphIndex(&f.buf, r)
		if err != nil {
			g = 0 // cannot happen: the embedded fonts are whole
		}
		f.used[g] = r
		fmt.Fprintf(&b, "%04X", g)
	}
	b.WriteByte('>')
	return b.String()
}

// add writes the font with the glyphs used and returns its number.
func (f *font) add(w *file) int {
	glyphs := slices.Sorted(maps.Keys(f.used))
	ttf := f.tables.subset(glyphs)
	tag := sha256.Sum256(ttf)
	for i, c := range tag[:6] { // section 9.6.4: six capitals tell subsets apart
		tag[i] = 'A' + c%26
	}
	title := string(tag[:6]) + "+" + f.title
	body := w.stream(fmt.Sprintf("/Length1 %d", len(ttf)), ttf)
	box := f.tables.box()
	descriptor := w.add(fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [%d %d %d %d] "+
		"/ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>",
		title, f.flags, box[0], box[1], box[2], box[3], box[3], box[1], box[3], body))
	descendant := w.add(fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s "+
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "+
		"/FontDescriptor %d 0 R /CIDToGIDMap /Identity /W [%s] >>", title, descriptor, f.widths(glyphs)))
	unicode := w.stream("", f.toUnicode(glyphs))
	return w.add(fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H "+
		"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", title, descendant, unicode))
}

// widths returns the widths of glyphs, in thousandths of the em.
func (f *font) widths(glyphs []sfnt.GlyphIndex) string {
	var b strings.Builder
	for _, g := range glyphs {
		fmt.Fprintf(&b, "%d [%d] ", g, f.tables.advance(g))
	}
	return strings.TrimSpace(b.String())
}

// toUnicode returns the map from glyphs to characters (section 9.10.3), without
// which nobody could search or copy the text.
func (f *font) toUnicode(glyphs []sfnt.GlyphIndex) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(glyphs, 100) { // no more are allowed in a block
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			fmt.Fprintf(&b, "<%04X> <", g)
			for _, u := range utf16.Encode([]rune{f.used[g]}) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
