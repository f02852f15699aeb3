package pngw_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"

	"github.com/lvtool/lvtool/export/pngw"
	"github.com/lvtool/lvtool/internal/need"
)

var levels = []pngw.Level{pngw.Fast, pngw.Balanced, pngw.Small}

// samePixels fails unless data is a PNG of just these pixels.
func samePixels(tb testing.TB, data []byte, want image.Image) {
	tb.Helper()
	got, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	if got.Bounds().Size() != want.Bounds().Size() {
		tb.Fatalf("got size %v, want %v", got.Bounds().Size(), want.Bounds().Size())
	}
	g, w := image.NewNRGBA(want.Bounds()), image.NewNRGBA(want.Bounds())
	draw.Draw(g, g.Rect, got, image.Point{}, draw.Src)
	draw.Draw(w, w.Rect, want, want.Bounds().Min, draw.Src)
	if !bytes.Equal(g.Pix, w.Pix) {
		tb.Fatalf("%v: pixels differ", want.Bounds())
	}
}

func TestRoundTrip(t *testing.T) {
	sizes := []image.Point{
		{1, 1}, {1, 2}, {2, 1}, {3, 3}, {1, 70}, {70, 1}, {7, 5}, {11, 300}, {300, 11}, {64, 64}, {85, 86}, {300, 300},
	}
	if testing.Short() {
		sizes = sizes[:len(sizes)-1]
	}
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		t.Run(name, func(t *testing.T) {
			var enc pngw.Encoder
			for _, size := range sizes {
				m := picture(name, size.X, size.Y)
				for _, level := range levels {
					opts := &pngw.Options{Level: level}
					for _, m := range []image.Image{m, premultiplied(m)} {
						data, err := enc.Append(nil, m, opts)
						if err != nil {
							t.Fatal(err)
						}
						samePixels(t, data, m)
					}
				}
			}
		})
	}
}

// TestRGB holds that the same picture gives the same bytes whatever its layout.
func TestRGB(t *testing.T) {
	var enc pngw.Encoder
	m := picture("photo", 83, 61)
	for _, level := range levels {
		opts := &pngw.Options{Level: level}
		want, err := enc.Append(nil, m, opts)
		if err != nil {
			t.Fatal(err)
		}
		for _, stride := range []int{83 * 3, 83*3 + 1, 400} {
			got, err := enc.AppendRGB(nil, packed(m, stride), stride, 83, 61, opts)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("level %d, stride %d: got other bytes than from NRGBA, error %v", level, stride, err)
			}
		}
		got, err := enc.Append(nil, premultiplied(m), opts)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("level %d: got other bytes from RGBA than from NRGBA, error %v", level, err)
		}
	}
}

func TestSubImage(t *testing.T) {
	var enc pngw.Encoder
	for _, name := range []string{"photo", "alpha"} {
		m := picture(name, 90, 70)
		m.Rect = m.Rect.Sub(image.Pt(30, 20)) // negative coordinates
		r := premultiplied(m)
		for _, rect := range []image.Rectangle{m.Rect, image.Rect(-29, -19, -28, -18), image.Rect(5, 7, 60, 50)} {
			for _, m := range []image.Image{m.SubImage(rect), r.SubImage(rect)} {
				data, err := enc.Append(nil, m, nil)
				if err != nil {
					t.Fatal(err)
				}
				samePixels(t, data, m)
			}
		}
	}
}

func TestOtherImages(t *testing.T) {
	rect := image.Rect(3, 4, 40, 30)
	for _, m := range []draw.Image{
		image.NewGray(rect), image.NewCMYK(rect), image.NewNRGBA64(rect), image.NewPaletted(rect, palette),
	} {
		draw.Draw(m, rect, picture("gradient", 60, 60), image.Point{}, draw.Src)
		var buf bytes.Buffer
		if err := new(pngw.Encoder).Encode(&buf, m, nil); err != nil {
			t.Fatal(err)
		}
		samePixels(t, buf.Bytes(), m)
	}
}

// TestAppend holds that Append keeps what comes before and leaves dst alone on
// errors.
func TestAppend(t *testing.T) {
	var enc pngw.Encoder
	m := picture("photo", 40, 40)
	want, err := enc.Append(nil, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := enc.Append([]byte("before"), m, nil)
	if err != nil || string(got) != "before"+string(want) {
		t.Errorf("got %d bytes, error %v, want 6 more than %d", len(got), err, len(want))
	}
	got, err = enc.Append([]byte("before"), image.NewRGBA(image.Rectangle{}), nil)
	if err == nil || string(got) != "before" {
		t.Errorf("got %q, error %v, want what was there and an error", got, err)
	}
}

// TestReuse holds that no picture leaves a trace in the bytes of the next.
func TestReuse(t *testing.T) {
	var enc pngw.Encoder
	names := slices.Sorted(maps.Keys(contents))
	for round := range 2 {
		for i, name := range names {
			level := levels[(i+round)%len(levels)]
			m := picture(name, 150+i*10, 200-i*13)
			want, err := new(pngw.Encoder).Append(nil, m, &pngw.Options{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			got, err := enc.Append(nil, m, &pngw.Options{Level: level})
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s, level %d: a used encoder writes other bytes, error %v", name, level, err)
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	m := premultiplied(picture("photo", 200, 150))
	for _, level := range levels {
		var enc pngw.Encoder
		opts := &pngw.Options{Level: level}
		var out []byte
		got := testing.AllocsPerRun(3, func() {
			out, _ = enc.Append(out[:0], m, opts)
		})
		if got > 0 {
			t.Errorf("level %d: got %v allocations a picture, want none", level, got)
		}
	}
}

func TestErrors(t *testing.T) {
	m := picture("flat", 2, 2)
	tests := []struct {
		name string
		do   func(enc *pngw.Encoder) error
		want error
	}{
		{"empty", appendErr(image.NewRGBA(image.Rect(0, 0, 0, 9)), nil), pngw.ErrSize},
		{"short pix", appendErr(&image.NRGBA{Pix: make([]byte, 15), Stride: 8, Rect: m.Rect}, nil), pngw.ErrSize},
		{"short stride", appendErr(&image.RGBA{Pix: make([]byte, 99), Stride: 7, Rect: m.Rect}, nil), pngw.ErrSize},
		{"huge", appendErr(image.Rect(0, 0, 1<<30, 1<<30), nil), pngw.ErrSize},
		{"level", appendErr(m, &pngw.Options{Level: 3}), pngw.ErrLevel},
		{"negative level", appendErr(m, &pngw.Options{Level: -1}), pngw.ErrLevel},
		{"no keyword", appendErr(m, withText("", "x")), pngw.ErrText},
		{"long keyword", appendErr(m, withText(strings.Repeat("k", 80), "x")), pngw.ErrText},
		{"keyword in spaces", appendErr(m, withText(" k", "x")), pngw.ErrText},
		{"double space", appendErr(m, withText("a  b", "x")), pngw.ErrText},
		{"keyword of two lines", appendErr(m, withText("a\nb", "x")), pngw.ErrText},
		{"Chinese keyword", appendErr(m, withText("写", "x")), pngw.ErrText},
		{"NUL", appendErr(m, withText("k", "a\x00b")), pngw.ErrText},
		{"not UTF-8", appendErr(m, withText("k", "\xff")), pngw.ErrText},
		{"short RGB", func(enc *pngw.Encoder) error {
			_, err := enc.AppendRGB(nil, make([]byte, 11), 6, 2, 2, nil)
			return err
		}, pngw.ErrSize},
		{"wide RGB", func(enc *pngw.Encoder) error {
			_, err := enc.AppendRGB(nil, nil, 1<<30, 1<<30, 1, nil)
			return err
		}, pngw.ErrSize},
	}
	for _, tt := range tests {
		if err := tt.do(new(pngw.Encoder)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got error %v, want %v", tt.name, err, tt.want)
		}
	}
}

func appendErr(m image.Image, opts *pngw.Options) func(*pngw.Encoder) error {
	return func(enc *pngw.Encoder) error {
		_, err := enc.Append(nil, m, opts)
		return err
	}
}

func withText(keyword, value string) *pngw.Options {
	return &pngw.Options{Text: []pngw.Text{{Keyword: keyword, Value: value}}}
}

// TestChunks compares all chunks but the pixels byte for byte.
func TestChunks(t *testing.T) {
	data, err := new(pngw.Encoder).Append(nil, picture("flat", 7, 5), &pngw.Options{
		PixelsPerMetre: 11811,
		Text:           []pngw.Text{{"Title", "Größe\n2"}, {"Source", "写 \x07"}, {"Empty", ""}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for p := data[8:]; len(p) > 0; {
		n := int(p[0])<<24 | int(p[1])<<16 | int(p[2])<<8 | int(p[3])
		if kind := string(p[4:8]); kind != "IDAT" {
			got = append(got, fmt.Sprintf("%s %q", kind, p[8:8+n]))
		} else {
			got = append(got, kind)
		}
		p = p[12+n:]
	}
	want := []string{
		`IHDR "\x00\x00\x00\a\x00\x00\x00\x05\b\x02\x00\x00\x00"`,
		`pHYs "\x00\x00.#\x00\x00.#\x01"`,
		`tEXt "Title\x00Gr\xf6\xdfe\n2"`,
		`iTXt "Source\x00\x00\x00\x00\x00写 \a"`,
		`tEXt "Empty\x00"`,
		"IDAT",
		`IEND ""`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// ways yields twice: with the processor's wide instructions, where it has them,
// and without.
func ways(yield func(way string) bool) {
	defer func(avx2, bmi2 bool) { cpu.X86.HasAVX2, cpu.X86.HasBMI2 = avx2, bmi2 }(cpu.X86.HasAVX2, cpu.X86.HasBMI2)
	if yield("wide") {
		cpu.X86.HasAVX2, cpu.X86.HasBMI2 = false, false
		yield("plain")
	}
}

// TestFrozen holds the bytes of Version 2. They may change only together with
// Version, and never with the machine, the Go release or the race detector.
func TestFrozen(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			var enc pngw.Encoder
			for _, name := range slices.Sorted(maps.Keys(contents)) {
				for _, level := range levels {
					sum := sha256.New()
					for _, size := range []image.Point{{1, 1}, {37, 29}, {320, 240}} {
						data, err := enc.Append(nil, picture(name, size.X, size.Y), &pngw.Options{Level: level})
						if err != nil {
							t.Fatal(err)
						}
						sum.Write(data)
					}
					got := hex.EncodeToString(sum.Sum(nil))[:16]
					if want := frozen[name][level]; got != want {
						t.Errorf("%s, level %d: got digest %s, want %s", name, level, got, want)
					}
				}
			}
		})
	}
}

// TestFlat holds that blank and drawn pictures stay small at every level.
func TestFlat(t *testing.T) {
	var enc pngw.Encoder
	for _, tt := range []struct {
		name string
		most [3]int
	}{
		{"flat", [3]int{16 << 10, 10 << 10, 9 << 10}},
		{"gradient", [3]int{64 << 10, 64 << 10, 32 << 10}},
		{"hatch", [3]int{64 << 10, 64 << 10, 32 << 10}},
		{"drawing", [3]int{24 << 10, 20 << 10, 16 << 10}},
	} {
		w, h := 1600, 1200
		if testing.Short() {
			w, h = 400, 300 // which takes no more bytes, but a sixteenth of the time
		}
		m := picture(tt.name, w, h)
		for _, level := range levels {
			data, err := enc.Append(nil, m, &pngw.Options{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			if len(data) > tt.most[level] {
				t.Errorf("%s, level %d: got %d bytes, want at most %d", tt.name, level, len(data), tt.most[level])
			}
		}
	}
}

// TestSmallPhotographs compares with image/png at its default. Fast is held to
// 1.16 of it, Small to no more.
func TestSmallPhotographs(t *testing.T) {
	var enc pngw.Encoder
	photos := photographs(t)
	for _, i := range []int{0, len(photos) - 1} { // one of each session
		m := photos[i]
		var std bytes.Buffer
		if err := png.Encode(&std, m); err != nil {
			t.Fatal(err)
		}
		for level, most := range []float64{1.16, 1.12, 1} {
			data, err := enc.Append(nil, m, &pngw.Options{Level: pngw.Level(level)})
			if err != nil {
				t.Fatal(err)
			}
			samePixels(t, data, m)
			if got := float64(len(data)) / float64(std.Len()); got > most {
				t.Errorf("photograph %d, level %d: got %.3f of image/png, want at most %.2f", i, level, got, most)
			}
		}
	}
}

// TestPngcheck lets libpng's checker read samples of every kind.
func TestPngcheck(t *testing.T) {
	tool := need.Program(t, "pngcheck")
	var enc pngw.Encoder
	var files []string
	dir := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		for _, level := range levels {
			opts := &pngw.Options{
				Level: level, PixelsPerMetre: 2835,
				Text: []pngw.Text{{"Title", "sheet"}, {"Comment", "写\n"}},
			}
			data, err := enc.Append(nil, picture(name, 200, 123), opts)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, level)))
			if err := os.WriteFile(files[len(files)-1], data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd := exec.CommandContext(t.Context(), tool, append([]string{"-q"}, files...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("pngcheck: %v\n%s", err, out)
	}
}

// FuzzEncode holds that image/png reads back any picture.
func FuzzEncode(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04"), uint8(3), uint8(0), uint16(40))
	f.Add(bytes.Repeat([]byte{9, 9, 9, 255}, 30), uint8(7), uint8(1), uint16(900))
	f.Add([]byte{}, uint8(200), uint8(2), uint16(300))
	var enc pngw.Encoder
	f.Fuzz(func(t *testing.T, seed []byte, width, kind uint8, pixels uint16) {
		w := 1 + int(width)
		m := image.NewNRGBA(image.Rect(0, 0, w, 1+int(pixels)/w))
		for i := range m.Pix {
			if len(seed) > 0 {
				m.Pix[i] = seed[i%len(seed)] + uint8(i/len(seed)*int(seed[0]>>4))
			}
			if kind&4 == 0 && i%4 == 3 {
				m.Pix[i] = 0xff
			}
		}
		data, err := enc.Append(nil, m, &pngw.Options{Level: pngw.Level(kind % 3)})
		if err != nil {
			t.Fatal(err)
		}
		samePixels(t, data, m)
		for range ways {
			again, err := new(pngw.Encoder).Append(nil, m, &pngw.Options{Level: pngw.Level(kind % 3)})
			if err != nil || !bytes.Equal(again, data) {
				t.Fatalf("got other bytes another way, error %v", err)
			}
		}
	})
}
