package text_test

import (
	"bytes"
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/lvtool/lvtool/internal/text"
)

func TestVisible(t *testing.T) {
	f := text.New(text.Regular, 14)
	for _, tt := range []struct{ in, want string }{
		{"plain Ünïcödé Ελληνικά Кириллица", "plain Ünïcödé Ελληνικά Кириллица"},
		{"写真", "U+5199U+771F"},
		{"a\x1b[31mb", "aU+001B[31mb"},
		{"a\u202eb", "aU+202Eb"},
		{"a\nb\u00a0c", "aU+000AbU+00A0c"},
		{"e\u0301", "eU+0301"},
		{"bad\xff", "badU+FFFD"},
	} {
		got := f.Visible(tt.in)
		if tt.in == "bad\xff" {
			// the font may or may not have the replacement character
			if got != tt.want && got != "bad\ufffd" {
				t.Errorf("Visible(%q) = %q", tt.in, got)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("Visible(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestShorten(t *testing.T) {
	f := text.New(text.Mono, 14)
	const s = "0123456789abcdefghij"
	for width := f.Width("…"); width < f.Width(s)+20; width++ {
		got := f.Shorten(s, width)
		if w := f.Width(got); w > width {
			t.Errorf("Shorten to %d: %q is %d wide", width, got, w)
		}
		head, tail, cut := strings.Cut(got, "…")
		if cut && (!strings.HasPrefix(s, head) || !strings.HasSuffix(s, tail) || len(head)-len(tail) > 1) {
			t.Errorf("Shorten to %d: %q does not keep both ends", width, got)
		}
		if !cut && got != s {
			t.Errorf("Shorten to %d: %q", width, got)
		}
	}
}

func TestWrap(t *testing.T) {
	f := text.New(text.Regular, 14)
	long := strings.Repeat("long", 40)
	for _, s := range []string{"", "one", "some words of a sentence", long, "写真 " + strings.Repeat("x", 90)} {
		for _, width := range []int{40, 90, 300} {
			lines := f.Wrap(s, width)
			if len(lines) == 0 {
				t.Fatalf("Wrap(%q, %d): no line", s, width)
			}
			for _, l := range lines {
				if w := f.Width(l); w > width && utf8.RuneCountInString(l) > 1 {
					t.Errorf("Wrap(%q, %d): %q is %d wide", s, width, l, w)
				}
			}
			got := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
			if want := strings.ReplaceAll(f.Visible(s), " ", ""); got != want {
				t.Errorf("Wrap(%q, %d) lost text: %q", s, width, lines)
			}
		}
	}
}

// TestDrawAgain holds that Draw gives the pixels of font.Drawer, which remembers
// nothing, also for glyphs that it drew before, and that Width measures the same.
func TestDrawAgain(t *testing.T) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 17, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	f := text.New(text.Regular, 17)
	for i, s := range []string{"AVATAR To 97.3 %", "To AVATAR", "Ünïcödé … Ελλ", "jjj fff", "", "AVATAR To 97.3 %"} {
		got, want := image.NewRGBA(image.Rect(0, 0, 200, 30)), image.NewRGBA(image.Rect(0, 0, 200, 30))
		d := font.Drawer{Dst: want, Src: image.Black, Face: plain, Dot: fixed.P(i-1, 4+f.Ascent())}
		d.DrawString(s)
		if end := f.Draw(got, i-1, 4, color.Black, s); end != d.Dot.X.Ceil() {
			t.Errorf("%q ends at %d, want %d", s, end, d.Dot.X.Ceil())
		}
		if !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%q has other pixels than font.Drawer gives", s)
		}
		if got, want := f.Width(s), font.MeasureString(plain, s).Ceil(); got != want {
			t.Errorf("%q: got width %d, want %d", s, got, want)
		}
	}
}

// What Width says is what Draw needs.
func TestDrawStaysInside(t *testing.T) {
	f := text.New(text.Bold, 20)
	const s = "Confidence 97.3"
	m := image.NewRGBA(image.Rect(0, 0, 300, 60))
	end := f.Draw(m, 10, 10, color.Black, s)
	if want := 10 + f.Width(s); end != want {
		t.Errorf("text ends at %d, want %d", end, want)
	}
	inside := image.Rect(9, 10, end+1, 10+f.Height())
	ink := 0
	for y := range 60 {
		for x := range 300 {
			if m.RGBAAt(x, y).A == 0 {
				continue
			}
			ink++
			if !image.Pt(x, y).In(inside) {
				t.Fatalf("ink at (%d,%d), outside %v", x, y, inside)
			}
		}
	}
	if ink == 0 {
		t.Error("nothing was drawn")
	}
}

// The values are those of the WCAG examples: black on white is 21, equal
// colours are 1, #767676 is the lightest grey that passes on white.
func TestContrast(t *testing.T) {
	if got := text.Contrast(color.Black, color.White); got != 21 {
		t.Errorf("black on white: %v, want 21", got)
	}
	if got := text.Contrast(color.White, color.White); got != 1 {
		t.Errorf("white on white: %v, want 1", got)
	}
	if got := text.Contrast(color.Gray{0x76}, color.White); got < 4.5 || got > 4.6 {
		t.Errorf("#767676 on white: %v, want 4.54", got)
	}
	for v := range 256 {
		ground := color.Gray{uint8(v)}
		if got := text.Contrast(ground, text.On(ground)); got < 4.5 {
			t.Errorf("grey %d: contrast %v", v, got)
		}
	}
}
