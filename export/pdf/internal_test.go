package pdf

import (
	"slices"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// TestSubset holds that the reduced font has the same outlines and widths for
// the glyphs it keeps, and no outline for the others.
func TestSubset(t *testing.T) {
	whole, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	var glyphs []sfnt.GlyphIndex
	for _, r := range "AgÄé≥×…0" { // with marks put on letters
		g, err := whole.GlyphIndex(&buf, r)
		if err != nil || g == 0 {
			t.Fatalf("%c: %v", r, err)
		}
		glyphs = append(glyphs, g)
	}
	slices.Sort(glyphs)
	ttf := parseTrueType(goregular.TTF).subset(glyphs)
	if len(ttf) > len(goregular.TTF)/4 {
		t.Errorf("got %d bytes of %d", len(ttf), len(goregular.TTF))
	}
	if sum := checksum(ttf); sum != 0xb1b0afba {
		t.Errorf("got checksum %#x", sum)
	}
	part := parseTrueType(ttf)
	for _, g := range glyphs {
		if !slices.Equal(part.glyph(int(g)), parseTrueType(goregular.TTF).glyph(int(g))) {
			t.Errorf("glyph %d has another outline", g)
		}
		advance, err := whole.GlyphAdvance(&buf, g, fixed.I(1000), 0)
		if err != nil || advance.Round() != part.advance(g) {
			t.Errorf("glyph %d: got width %d, want %v (%v)", g, part.advance(g), advance, err)
		}
	}
	kept := 0
	for g := range whole.NumGlyphs() {
		if len(part.glyph(g)) > 0 {
			kept++
		}
	}
	if kept < len(glyphs)+1 || kept > 2*len(glyphs)+1 {
		t.Errorf("got %d outlines for %d glyphs", kept, len(glyphs))
	}
}

func TestNum(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -0.0001: "0", 1.5: "1.5", 841.89: "841.89", 1.0 / 3: "0.333", -2: "-2", 100: "100",
	} {
		if got := num(v); got != want {
			t.Errorf("%g: got %s, want %s", v, got, want)
		}
	}
}

func TestReadJPEG(t *testing.T) {
	frame := func(marker, components byte) []byte {
		return []byte{0xff, marker, 0, 11, 8, 0, 20, 0, 10, components, 1, 0x11, 0}
	}
	adobe := append([]byte{0xff, 0xee, 0, 14}, "Adobe\x00\x64\x00\x00\x00\x00\x02"...)
	start := []byte{0xff, 0xd8}
	for _, test := range []struct {
		name string
		data []byte
		want jpeg
		bad  bool
	}{
		{"baseline", slices.Concat(start, frame(0xc0, 3)), jpeg{10, 20, 3, false}, false},
		{"progressive", slices.Concat(start, frame(0xc2, 1)), jpeg{10, 20, 1, false}, false},
		{"adobe", slices.Concat(start, adobe, frame(0xc0, 4)), jpeg{10, 20, 4, true}, false},
		{"fill", slices.Concat(start, []byte{0xff, 0xff}, frame(0xc0, 3)), jpeg{10, 20, 3, false}, false},
		{"no header", slices.Concat(start, []byte{0xff, 0xda, 0, 2}), jpeg{}, true},
		{"cut", slices.Concat(start, frame(0xc0, 3)[:8]), jpeg{}, true},
		{"length", slices.Concat(start, []byte{0xff, 0xe1, 0, 1}), jpeg{}, true},
		{"empty", nil, jpeg{}, true},
	} {
		got, err := readJPEG(test.data)
		if (err != nil) != test.bad || !test.bad && got != test.want {
			t.Errorf("%s: got %+v, %v", test.name, got, err)
		}
	}
}

// FuzzReadJPEG holds that no bytes make the search fail in another way than by
// an error.
func FuzzReadJPEG(f *testing.F) {
	f.Add([]byte{0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 20, 0, 10, 3, 1, 0x11, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := readJPEG(data)
		if err == nil && (j.width > 0xffff || j.height > 0xffff || j.components > 0xff) {
			t.Errorf("got %+v", j)
		}
	})
}
