package export_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/golden"
)

type chunk struct {
	kind string
	data []byte
}

// chunks takes a PNG apart and checks every CRC.
func chunks(tb testing.TB, file []byte) []chunk {
	tb.Helper()
	const signature = "\x89PNG\r\n\x1a\n"
	rest, ok := bytes.CutPrefix(file, []byte(signature))
	if !ok {
		tb.Fatalf("no PNG signature: %q", file[:min(8, len(file))])
	}
	var list []chunk
	for len(rest) > 0 {
		n := binary.BigEndian.Uint32(rest)
		body := rest[4 : 8+n]
		if got, want := binary.BigEndian.Uint32(rest[8+n:]), crc32.ChecksumIEEE(body); got != want {
			tb.Errorf("%s: CRC %08x, want %08x", body[:4], got, want)
		}
		list = append(list, chunk{string(body[:4]), body[4:]})
		rest = rest[12+n:]
	}
	return list
}

// texts decodes the text chunks of a PNG, as the specification says and not as
// the package under test does.
func texts(tb testing.TB, file []byte) []export.Text {
	tb.Helper()
	var list []export.Text
	for _, c := range chunks(tb, file) {
		keyword, value, _ := bytes.Cut(c.data, []byte{0})
		switch c.kind {
		case "tEXt":
			list = append(list, export.Text{Keyword: fromLatin1(keyword), Value: fromLatin1(value)})
		case "iTXt":
			if !bytes.HasPrefix(value, []byte{0, 0, 0, 0}) {
				tb.Errorf("iTXt %q does not begin plain, without language: %q", keyword, value)
				continue
			}
			list = append(list, export.Text{Keyword: fromLatin1(keyword), Value: string(value[4:])})
		}
	}
	return list
}

func fromLatin1(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

func TestEncodePNGText(t *testing.T) {
	text := []export.Text{
		{Keyword: "Software", Value: "lvtool v0.1.0"},
		{Keyword: "Empty", Value: ""},
		{Keyword: "Lines", Value: "one\ntwo"},
		{Keyword: "Clé", Value: "Ünïcödé ÿ"},
		{Keyword: "lvtool:session", Value: "写真 Ελληνικά"},
		{Keyword: "Control", Value: "tab\there"},
		{Keyword: strings.Repeat("k", 79), Value: strings.Repeat("v", 1<<20)},
	}
	var b bytes.Buffer
	if err := export.EncodePNG(&b, portrait(9, 7, 0), text); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, b.Bytes()); !slices.Equal(got, text) {
		t.Errorf("got %.300q, want %.300q", got, text)
	}
	var kinds []string
	for _, c := range chunks(t, b.Bytes()) {
		kinds = append(kinds, c.kind)
	}
	want := "IHDR tEXt tEXt tEXt tEXt iTXt iTXt tEXt IDAT IEND"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("chunks %s, want %s", got, want)
	}
}

func TestEncodePNGRefuses(t *testing.T) {
	for _, text := range []export.Text{
		{Keyword: "", Value: "x"},
		{Keyword: strings.Repeat("k", 80), Value: "x"},
		{Keyword: " lead", Value: "x"},
		{Keyword: "trail ", Value: "x"},
		{Keyword: "two  spaces", Value: "x"},
		{Keyword: "写真", Value: "x"},
		{Keyword: "new\nline", Value: "x"},
		{Keyword: "nul\x00", Value: "x"},
		{Keyword: "no-break\u00a0space", Value: "x"},
		{Keyword: "bad\xff", Value: "x"},
		{Keyword: "k", Value: "nul\x00"},
		{Keyword: "k", Value: "bad\xff"},
		{Keyword: "k", Value: strings.Repeat("v", 1<<20+1)},
	} {
		var b bytes.Buffer
		err := export.EncodePNG(&b, portrait(2, 2, 0), []export.Text{{Keyword: "Fine", Value: "fine"}, text})
		if !errors.Is(err, export.ErrText) {
			t.Errorf("%.40q: error %v, want %v", text, err, export.ErrText)
		}
		if b.Len() > 0 {
			t.Errorf("%.40q: %d bytes were written", text, b.Len())
		}
	}
}

func TestEncodePNGPixels(t *testing.T) {
	const trueColor, withAlpha = 2, 6
	opaque := portrait(40, 30, 3)
	moved := &image.RGBA{Pix: opaque.Pix, Stride: opaque.Stride, Rect: opaque.Rect.Add(image.Pt(-7, -11))}
	clear := portrait(40, 30, 3)
	clear.SetRGBA(5, 5, color.RGBA{10, 20, 30, 40})
	for _, tt := range []struct {
		name      string
		m         image.Image
		colorType byte
	}{
		{"at the origin", opaque, trueColor},
		{"bounds below zero", moved, trueColor},
		{"part of a picture", moved.SubImage(image.Rect(-3, -4, 20, 11)), trueColor},
		{"one pixel", opaque.SubImage(image.Rect(39, 29, 40, 30)), trueColor},
		{"transparent", clear, withAlpha},
	} {
		var b bytes.Buffer
		if err := export.EncodePNG(&b, tt.m, []export.Text{{Keyword: "k", Value: "v"}}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := chunks(t, b.Bytes())[0].data[9]; got != tt.colorType {
			t.Errorf("%s: colour type %d, want %d", tt.name, got, tt.colorType)
		}
		got, err := png.Decode(&b)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if msg := golden.Compare(got, tt.m, 0); msg != "" {
			t.Errorf("%s: %s", tt.name, msg)
		}
	}
}

// A shortWriter fails once it has taken so many bytes.
type shortWriter struct{ left int }

func (w *shortWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, io.ErrShortWrite
	}
	w.left -= len(p)
	return len(p), nil
}

func TestEncodePNGFullDisk(t *testing.T) {
	m, text := portrait(9, 7, 0), []export.Text{{Keyword: "k", Value: "v"}}
	var b bytes.Buffer
	if err := export.EncodePNG(&b, m, text); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		if err := export.EncodePNG(&shortWriter{n}, m, text); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("disk full after %d bytes: error %v, want %v", n, err, io.ErrShortWrite)
		}
	}
	if err := export.EncodePNG(&shortWriter{b.Len()}, m, text); err != nil {
		t.Error(err)
	}
}

func FuzzPNGText(f *testing.F) {
	f.Add("Software", "lvtool")
	f.Add("Clé", "写真\n\x01")
	f.Add(" k", "\x00")
	m := portrait(2, 2, 0)
	f.Fuzz(func(t *testing.T, keyword, value string) {
		text := []export.Text{{Keyword: keyword, Value: value}}
		var b bytes.Buffer
		if err := export.EncodePNG(&b, m, text); err != nil {
			if !errors.Is(err, export.ErrText) || b.Len() > 0 {
				t.Fatalf("error %v after %d bytes", err, b.Len())
			}
			return
		}
		if got := texts(t, b.Bytes()); !slices.Equal(got, text) {
			t.Errorf("got %q, want %q", got, text)
		}
		if _, err := png.Decode(&b); err != nil {
			t.Error(err)
		}
	})
}
