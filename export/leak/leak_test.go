package leak_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/lvtool/lvtool/export/leak"
)

const id = "0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90"

// random returns bytes that no compression makes smaller.
func random(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 2))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// picture returns one that is nowhere the same.
func picture(seed uint64, w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	copy(m.Pix, random(seed, len(m.Pix)))
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return m
}

var (
	digest = random(1, 32)
	blob   = random(2, 5000)
	hidden = picture(3, 80, 40)
)

func secrets() []leak.Secret {
	return []leak.Secret{
		{Name: "session id", Kind: leak.Text, Data: []byte(id)},
		{Name: "bucket", Kind: leak.Text, Data: []byte("evidence-Ünïts")},
		{Name: "key", Kind: leak.Text, Data: []byte("case 17/mugshot&1.jpg")},
		{Name: "digest", Kind: leak.Digest, Data: digest},
		{Name: "original", Kind: leak.Blob, Data: blob},
		{Name: "pixels", Kind: leak.Pixels, Data: leak.RGB(hidden)},
	}
}

func utf16Of(order binary.AppendByteOrder, s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func packed(tb testing.TB, write func(*bytes.Buffer) error) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func zlibOf(tb testing.TB, data []byte) []byte {
	tb.Helper()
	return packed(tb, func(b *bytes.Buffer) error {
		w := zlib.NewWriter(b)
		_, err := w.Write(data)
		return errors.Join(err, w.Close())
	})
}

func escaped(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// plants are all the ways in which a secret was thought to come out.
func plants(tb testing.TB) []plant {
	tb.Helper()
	upper := strings.ToUpper(id)
	list := []plant{
		{"session id", "as it is", []byte(id)},
		{"session id", "in capitals", []byte(upper)},
		{"session id", "without hyphens", []byte(strings.ReplaceAll(id, "-", ""))},
		{"session id", "as its bytes", must(hex.DecodeString(strings.ReplaceAll(id, "-", "")))},
		{"session id", "in UTF-16LE", utf16Of(binary.LittleEndian, id)},
		{"session id", "in UTF-16BE", utf16Of(binary.BigEndian, upper)},
		{"session id", "with percent", []byte(escaped(id, "%%%02x"))},
		{"session id", "with \\u", []byte(escaped(upper, `\u%04X`))},
		{"session id", "with \\x", []byte(escaped(id, `\x%02x`))},
		{"session id", "with &#", []byte(escaped(id, "&#%d;"))},
		{"session id", "partly escaped", []byte("0b6f2c1e%2D58a4\\u002d4d0e&#x2d;9c37-6a1d2f4e8b90")},
		{"session id", "in hexadecimal", []byte(hex.EncodeToString([]byte(id)))},
		{"session id", "in Base64 of JSON", []byte(base64Of([]byte(`{"SessionId":"` + id + `"}`)))},
		{"session id", "in Base64 twice", []byte(twice([]byte(id)))},
		{"session id", "in Base64 of UTF-16", []byte(base64Of(utf16Of(binary.LittleEndian, id)))},
		{"bucket", "as it is", []byte("s3://evidence-Ünïts/x")},
		{"bucket", "in an address", []byte(url.PathEscape("evidence-Ünïts"))},
		{"bucket", "in ASCII JSON", []byte(`evidence-\u00dcn\u00efts`)},
		{"bucket", "in UTF-16LE", utf16Of(binary.LittleEndian, "evidence-Ünïts")},
		{"bucket", "in UTF-16BE", utf16Of(binary.BigEndian, "evidence-Ünïts")},
		{"key", "as it is", []byte("case 17/mugshot&1.jpg")},
		{"key", "in HTML", []byte(html.EscapeString("case 17/mugshot&1.jpg"))},
		{"key", "in JSON", must(json.Marshal("case 17/mugshot&1.jpg"))},
		{"key", "in an address", []byte(url.PathEscape("case 17/mugshot&1.jpg"))},
		{"digest", "as it is", digest},
		{"digest", "in hexadecimal", []byte(hex.EncodeToString(digest))},
		{"digest", "in capitals", []byte(strings.ToUpper(hex.EncodeToString(digest)))},
		{"digest", "cut short", []byte("session-" + hex.EncodeToString(digest)[:16])},
		{"digest", "with colons", []byte(colons(digest))},
		{"digest", "in Base64", []byte(base64.StdEncoding.EncodeToString(digest))},
		{"digest", "in Base64 for addresses", []byte(base64.RawURLEncoding.EncodeToString(digest))},
		{"original", "whole", blob},
		{"original", "a piece", blob[1001:1064]},
		{"original", "wrapped Base64", []byte(wrapped(base64.StdEncoding.EncodeToString(blob)))},
		{"original", "in hexadecimal", []byte(hex.EncodeToString(blob[77:400]))},
		{"pixels", "as PNG", pngOf(tb, hidden)},
		{"pixels", "part of a larger PNG", pngOf(tb, within(hidden.SubImage(image.Rect(3, 5, 75, 30))))},
		{"pixels", "in a data URL", []byte("data:image/png;base64," + base64Of(pngOf(tb, hidden)))},
	}
	for shift := range 3 {
		for _, s := range []string{id, upper} {
			text := base64.StdEncoding.EncodeToString([]byte("xyz"[:shift] + s + "tail"))
			list = append(list, plant{"session id", fmt.Sprintf("in Base64 at alignment %d", shift), []byte(text)})
		}
		text := base64.URLEncoding.EncodeToString(append([]byte("xyz"[:shift]), blob...))
		list = append(list, plant{"original", fmt.Sprintf("in Base64 at alignment %d", shift), []byte(text)})
	}
	return append(list,
		plant{"session id", "in a zlib stream", zlibOf(tb, []byte("text of "+id))},
		plant{"session id", "in gzip", packed(tb, func(b *bytes.Buffer) error {
			w := gzip.NewWriter(b)
			_, err := w.Write([]byte(strings.Repeat("text of "+id, 9)))
			return errors.Join(err, w.Close())
		})},
		plant{"session id", "in a ZIP", packed(tb, func(b *bytes.Buffer) error {
			w := zip.NewWriter(b)
			f, err := w.Create("a.txt")
			if err != nil {
				return err
			}
			_, err = f.Write([]byte(strings.Repeat("text of "+id, 9)))
			return errors.Join(err, w.Close())
		})},
		plant{"digest", "in Base64 in a compressed text of a PNG", slices.Concat(
			[]byte("zTXtlvtool:source\x00\x00"), zlibOf(tb, []byte(base64.StdEncoding.EncodeToString(digest))))},
		plant{"session id", "in an object stream of a PDF", slices.Concat(
			[]byte("7 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\r\n"),
			zlibOf(tb, []byte("8 0 (session "+id+")")), []byte("\r\nendstream endobj"))},
		plant{"session id", "in a text of a PDF, octal", []byte("(" + escaped(id, `\%03o`) + ") Tj")},
		plant{"session id", "in a title of a PDF", []byte(
			"<FEFF" + strings.ToUpper(hex.EncodeToString(utf16Of(binary.BigEndian, id))) + ">")},
		plant{"session id", "in tEXt of a PNG", slices.Concat([]byte("tEXtTitle\x00"), []byte(id), random(9, 4))},
		plant{"session id", "in iTXt of a PNG", slices.Concat(
			[]byte("iTXtTitle\x00\x01\x00en\x00\x00"), zlibOf(tb, []byte(id)))},
		plant{"bucket", "in eXIf of a PNG", slices.Concat(
			[]byte("eXIfMM\x00*\x00\x00\x00\x08\x00\x01\x01\x0e\x00\x02"), []byte("evidence-Ünïts\x00"))},
		plant{"session id", "in APP1 of a JPEG", []byte("\xff\xe1\x00\x40Exif\x00\x00II*\x00" + id)},
		plant{"key", "in COM of a JPEG", []byte("\xff\xfe\x00\x20case 17/mugshot&1.jpg")},
		plant{"session id", "in the comment of a ZIP", zipOf(tb, id, "a", "")},
		plant{"session id", "in a name in a ZIP", zipOf(tb, "", id, "")},
		plant{"session id", "in what a ZIP stores", zipOf(tb, "", "a", id)},
	)
}

// zipOf returns an archive with a comment, and a file that is not compressed.
func zipOf(tb testing.TB, comment, name, data string) []byte {
	tb.Helper()
	return packed(tb, func(b *bytes.Buffer) error {
		w := zip.NewWriter(b)
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return err
		}
		_, err = io.WriteString(f, data)
		return errors.Join(err, w.SetComment(comment), w.Close())
	})
}

type plant struct {
	secret, how string
	data        []byte
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}

func base64Of(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func twice(data []byte) string { return base64Of([]byte(base64Of(data))) }

func colons(data []byte) string {
	return strings.TrimSuffix(escaped(string(data), "%02X:"), ":")
}

func wrapped(s string) string {
	var b strings.Builder
	for part := range slices.Chunk([]byte(s), 76) {
		b.Write(part)
		b.WriteString("\r\n")
	}
	return b.String()
}

func pngOf(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	return packed(tb, func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

// within returns a picture that holds m somewhere.
func within(m image.Image) image.Image {
	out := picture(99, 200, 100)
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			out.Set(50+x, 20+y, m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y))
		}
	}
	return out
}

// TestPlanted holds that every plant is found, and for what it is, in the middle
// of text and of bytes.
func TestPlanted(t *testing.T) {
	s := leak.New(secrets())
	for _, p := range plants(t) {
		for _, around := range [][2][]byte{
			{nil, nil},
			{[]byte(`{"a": "`), []byte(`", "b": 1}`)},
			{append(random(5, 1000), 0), append([]byte{0}, random(6, 1000)...)},
		} {
			leaks, err := s.Scan("file", slices.Concat(around[0], p.data, around[1]))
			if err != nil || !slices.ContainsFunc(leaks, func(l leak.Leak) bool { return l.Secret == p.secret }) {
				t.Errorf("%s %s, after %d bytes: got %v, %v", p.secret, p.how, len(around[0]), leaks, err)
			}
		}
	}
}

// TestClean holds that nothing is found where nothing is: in bytes at random, in
// pictures, in text that is almost a secret.
func TestClean(t *testing.T) {
	s := leak.New(secrets())
	almost := strings.NewReplacer("0", "1").Replace(id)
	for name, data := range map[string][]byte{
		"random":        random(50, 1<<20),
		"PNG":           pngOf(t, picture(51, 200, 200)),
		"text":          []byte(strings.Repeat("a text of nothing, case 17/mugshot, evidence, 0b6f2c1e-58a4 ", 1000)),
		"almost":        []byte(almost + base64.StdEncoding.EncodeToString([]byte(almost))),
		"other digest":  []byte(hex.EncodeToString(random(52, 32))),
		"Base64":        []byte(base64.StdEncoding.EncodeToString(random(53, 10000))),
		"zeros":         make([]byte, 100000),
		"short piece":   blob[100:131],
		"empty":         nil,
		"broken PNG":    pngOf(t, hidden)[:40],
		"broken gzip":   {0x1f, 0x8b, 8, 0, 0},
		"broken ZIP":    []byte("PK\x03\x04"),
		"ends in \\":    []byte(`some text that ends in \`),
		"ends in %":     []byte("some text that ends in %2"),
		"ends in \\u00": []byte(`some text that ends in \u00`),
	} {
		if leaks, err := s.Scan(name, data); err != nil || len(leaks) != 0 {
			t.Errorf("%s: got %v, %v", name, leaks, err)
		}
	}
}

// TestPublic holds that pixels that are meant to be seen are no secret, and the
// others still are.
func TestPublic(t *testing.T) {
	open := image.NewNRGBA(hidden.Rect)
	copy(open.Pix, hidden.Pix[:len(hidden.Pix)/2]) // the upper half
	s := leak.New(secrets(), leak.RGB(open))
	if leaks, err := s.Scan("open", pngOf(t, open)); err != nil || len(leaks) != 0 {
		t.Errorf("got %v, %v", leaks, err)
	}
	if leaks, err := s.Scan("hidden", pngOf(t, hidden)); err != nil || len(leaks) == 0 {
		t.Errorf("got %v, %v", leaks, err)
	}
}

// TestUniform holds that an area of one colour is no secret.
func TestUniform(t *testing.T) {
	flat := image.NewNRGBA(image.Rect(0, 0, 300, 300))
	s := leak.New([]leak.Secret{{Name: "flat", Kind: leak.Pixels, Data: leak.RGB(flat)}})
	if leaks, err := s.Scan("flat", pngOf(t, flat)); err != nil || len(leaks) != 0 {
		t.Errorf("got %v, %v", leaks, err)
	}
}

func TestSkipped(t *testing.T) {
	s := leak.New([]leak.Secret{{Name: "short", Data: []byte("12345")}, {Name: "long", Data: []byte("123456")}})
	if got := s.Skipped(); len(got) != 1 || got[0].Name != "short" {
		t.Errorf("got %v", got)
	}
}

func TestString(t *testing.T) {
	l := leak.Leak{File: "a.json", Secret: "session id", Offset: 7}
	if got, want := l.String(), "a.json: session id at byte 7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	l.Under = "zlib, Base64"
	if got, want := l.String(), "a.json: session id at byte 7 (under zlib, Base64)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestBomb holds that what unpacks to too much is not called clean.
func TestBomb(t *testing.T) {
	s := leak.New(secrets())
	s.SetBudget(1 << 20)
	if _, err := s.Scan("bomb", zlibOf(t, make([]byte, 2<<20))); !errors.Is(err, leak.ErrTooMuch) {
		t.Errorf("got %v, want ErrTooMuch", err)
	}
}

func TestRGB(t *testing.T) {
	m := image.NewRGBA(image.Rect(2, 3, 4, 5))
	m.Set(2, 3, color.RGBA{1, 2, 3, 255})
	m.Set(3, 4, color.RGBA{4, 5, 6, 255})
	if got, want := leak.RGB(m), []byte{1, 2, 3, 0, 0, 0, 0, 0, 0, 4, 5, 6}; !bytes.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// FuzzScan holds that a text is found wherever it stands and however its Base64
// is aligned, among any bytes.
func FuzzScan(f *testing.F) {
	f.Add([]byte("before"), []byte("after"), uint8(0))
	f.Add([]byte{0x78, 0x9c, 0}, []byte("%2"), uint8(1))
	s := leak.New(secrets())
	f.Fuzz(func(t *testing.T, before, after []byte, way uint8) {
		secret := []byte(id)
		switch way % 3 {
		case 1:
			secret = []byte("\x00" + base64.StdEncoding.EncodeToString(slices.Concat(before, secret)) + "\x00")
		case 2:
			secret = []byte("\x00" + hex.EncodeToString(secret) + "\x00")
		}
		leaks, err := s.Scan("f", slices.Concat(before, secret, after))
		if err == nil && !slices.ContainsFunc(leaks, func(l leak.Leak) bool { return l.Secret == "session id" }) {
			t.Errorf("got %v", leaks)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	s := leak.New(append(secrets(), leak.Secret{Name: "more", Kind: leak.Blob, Data: random(8, 1<<20)}))
	data := pngOf(b, picture(9, 1000, 700))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if leaks, err := s.Scan("f", data); err != nil || len(leaks) != 0 {
			b.Fatal(leaks, err)
		}
	}
}

// A file is searched as it is and under what hides it.
func ExampleScanner_Scan() {
	s := leak.New([]leak.Secret{{Name: "session id", Data: []byte(id)}})
	page := `<img src="data:text/plain;base64,` + base64.StdEncoding.EncodeToString([]byte("made of "+id)) + `">`
	leaks, err := s.Scan("page.html", []byte(page))
	fmt.Println(leaks, err)
	// Output: [page.html: session id at byte 8 (under Base64)] <nil>
}
