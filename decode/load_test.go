package decode_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
)

func load(tb testing.TB, data []byte) *decode.Frame {
	tb.Helper()
	return decode.LoadFrame(tb.Context(), inline(data), nil)
}

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func codes(problems []decode.Problem) string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Code)
	}
	return strings.Join(list, " ")
}

func TestLoadFrameFormats(t *testing.T) {
	m := picture(48, 32)
	for _, tt := range []struct {
		name, format string
		data         []byte
		tolerance    int
		alpha        bool
	}{
		{"png", "png", pngFile(t, m), 0, false},
		{"jpeg", "jpeg", jpegFile(t, m), 60, false},
		{"progressive", "jpeg", testdata(t, "progressive.jpg"), -1, false},
		{"lossy webp", "webp", testdata(t, "lossy.webp"), -1, false},
		{"lossless webp", "webp", testdata(t, "lossless.webp"), -1, true},
		{"webp with alpha", "webp", testdata(t, "alpha.webp"), -1, true},
	} {
		f := load(t, tt.data)
		if f.Err != nil {
			t.Errorf("%s: %v", tt.name, f.Err)
			continue
		}
		if f.Format != tt.format || f.Size() != image.Pt(48, 32) || f.Orientation != 1 || f.Problems != nil {
			t.Errorf("%s: format %q, size %v, orientation %d, problems %v",
				tt.name, f.Format, f.Size(), f.Orientation, f.Problems)
		}
		if f.SHA256 != sha256.Sum256(tt.data) || !bytes.Equal(f.Data, tt.data) {
			t.Errorf("%s: the bytes are not those of the file", tt.name)
		}
		if f.PixelSHA256 != decode.PixelDigest(f.Pixels) {
			t.Errorf("%s: the pixel digest is not that of the pixels", tt.name)
		}
		if f.Pixels.Opaque() == tt.alpha {
			t.Errorf("%s: opaque %v, want %v", tt.name, f.Pixels.Opaque(), !tt.alpha)
		}
		if tt.tolerance < 0 {
			continue
		}
		if d := worst(f.Pixels, m); d > tt.tolerance {
			t.Errorf("%s: a channel is off by %d, want at most %d", tt.name, d, tt.tolerance)
		}
	}
}

// worst returns the largest difference of a channel.
func worst(a, b *image.NRGBA) int {
	d := 0
	for i := range a.Pix {
		d = max(d, int(a.Pix[i])-int(b.Pix[i]), int(b.Pix[i])-int(a.Pix[i]))
	}
	return d
}

// Every orientation, in every container, must show the same upright picture.
func TestOrientation(t *testing.T) {
	m := picture(12, 8)
	// stored returns where the pixel (x, y) of the upright picture lies in the
	// stored one, after the table in the EXIF standard (CIPA DC-008, 4.6.4).
	stored := map[uint16]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return 11 - x, y },
		3: func(x, y int) (int, int) { return 11 - x, 7 - y },
		4: func(x, y int) (int, int) { return x, 7 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, 11 - x },
		7: func(x, y int) (int, int) { return 7 - y, 11 - x },
		8: func(x, y int) (int, int) { return 7 - y, x },
	}
	for o, at := range stored {
		s := image.NewNRGBA(image.Rect(0, 0, 12, 8))
		if o >= 5 {
			s = image.NewNRGBA(image.Rect(0, 0, 8, 12))
		}
		for y := range 8 {
			for x := range 12 {
				sx, sy := at(x, y)
				s.SetNRGBA(sx, sy, m.NRGBAAt(x, y))
			}
		}
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			f := load(t, withChunk(pngFile(t, s), "eXIf", exif(order, o)))
			if f.Err != nil || f.Orientation != int(o) || f.Size() != m.Rect.Size() || worst(f.Pixels, m) != 0 {
				t.Errorf("PNG, orientation %d: got %d, size %v, %v", o, f.Orientation, f.Size(), f.Err)
			}
			f = load(t, withAPP1(jpegFile(t, s), exif(order, o)))
			if f.Err != nil || f.Orientation != int(o) || f.Size() != m.Rect.Size() || worst(f.Pixels, m) > 60 {
				t.Errorf("JPEG, orientation %d: got %d, size %v, %v", o, f.Orientation, f.Size(), f.Err)
			}
		}
	}
	if f := load(t, testdata(t, "exif6.webp")); f.Err != nil || f.Orientation != 6 || f.Size() != image.Pt(32, 48) {
		t.Errorf("WebP: orientation %d, size %v, %v", f.Orientation, f.Size(), f.Err)
	}
}

func TestOddEXIF(t *testing.T) {
	file := pngFile(t, picture(4, 4))
	good := exif(binary.BigEndian, 6)
	for _, tt := range []struct {
		name, codes string
		exif        []byte
	}{
		{"orientation 0", "exif_orientation", exif(binary.BigEndian, 0)},
		{"orientation 9", "exif_orientation", exif(binary.LittleEndian, 9)},
		{"nothing", "", nil},
		{"no byte order", "", append([]byte("XX"), good[2:]...)},
		{"directory beyond the end", "", append([]byte("MM\x00*\xff\xff\xff\xff"), good[8:]...)},
		{"more entries than bytes", "", append([]byte("MM\x00*\x00\x00\x00\x08\xff\xff"), make([]byte, 30)...)},
		{"cut", "", good[:12]},
	} {
		f := load(t, withChunk(file, "eXIf", tt.exif))
		if f.Err != nil || f.Orientation != 1 || codes(f.Problems) != tt.codes {
			t.Errorf("%s: orientation %d, problems %v, %v", tt.name, f.Orientation, f.Problems, f.Err)
		}
	}
}

func TestLoadFrameRefuses(t *testing.T) {
	var g bytes.Buffer
	if err := gif.Encode(&g, picture(4, 4), nil); err != nil {
		t.Fatal(err)
	}
	whole := jpegFile(t, picture(64, 48))
	missing := jpegHeader(0xc0, 8, 8, 0)
	missing = append(missing[:len(missing)-2], 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0, 0xff, 0xd9)
	for _, tt := range []struct {
		name string
		data []byte
		want error
		text string
	}{
		{"gif", g.Bytes(), decode.ErrFormat, "GIF"},
		{"bmp", []byte("BM\x00\x00\x00\x00"), decode.ErrFormat, "BMP"},
		{"tiff", []byte("II*\x00\x08\x00\x00\x00"), decode.ErrFormat, "TIFF"},
		{"tiff, big endian", []byte("MM\x00*\x00\x00\x00\x08"), decode.ErrFormat, "TIFF"},
		{"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00"), decode.ErrFormat, "HEIC"},
		{"avif", []byte("\x00\x00\x00\x18ftypavif\x00\x00"), decode.ErrFormat, "AVIF"},
		{"mp4", []byte("\x00\x00\x00\x18ftypisom\x00\x00"), decode.ErrFormat, "MP4"},
		{"pdf", []byte("%PDF-1.7"), decode.ErrFormat, "PDF"},
		{"html", []byte("\n<!DOCTYPE HTML><p>"), decode.ErrFormat, "HTML"},
		{"s3 error", []byte("<?xml version='1.0'?><Error>"), decode.ErrFormat, "XML"},
		{"wave", []byte("RIFF\x00\x00\x00\x00WAVE"), decode.ErrFormat, "RIFF"},
		{"noise", []byte("\x01\x02\x03"), decode.ErrFormat, "first bytes"},
		{"cut in the scan", whole[:len(whole)*2/3], decode.ErrTruncated, "truncated jpeg"},
		{"cut before the end", whole[:len(whole)-2], decode.ErrTruncated, "truncated jpeg"},
		{"cut in the header", whole[:100], decode.ErrTruncated, "truncated jpeg"},
		{"only the magic", whole[:3], decode.ErrTruncated, "truncated jpeg"},
		{
			"end put on a cut scan",
			append(bytes.Clone(whole[:len(whole)*2/3]), 0xff, 0xd9),
			decode.ErrPixels,
			"invalid JPEG",
		},
		{"component missing", missing, decode.ErrTruncated, "component"},
		{"no pixels", jpegHeader(0xc0, 8, 0, 1), decode.ErrPixels, "8×0"},
		{"cut png", pngFile(t, picture(64, 48))[:500], decode.ErrTruncated, "truncated png"},
		{"cut webp", testdata(t, "lossy.webp")[:120], decode.ErrTruncated, "truncated webp"},
		{"riff alone", []byte("RIFF\x04\x00\x00\x00WEBP"), decode.ErrPixels, "webp"},
	} {
		f := load(t, tt.data)
		if !errors.Is(f.Err, tt.want) || !strings.Contains(f.Err.Error(), tt.text) {
			t.Errorf("%s: got error %v, want %v and the words %q", tt.name, f.Err, tt.want, tt.text)
		}
		if !bytes.Equal(f.Data, tt.data) || f.SHA256 != sha256.Sum256(tt.data) {
			t.Errorf("%s: the frame has lost the original bytes", tt.name)
		}
		if f.Pixels != nil || f.PixelSHA256 != (decode.Digest{}) {
			t.Errorf("%s: there are pixels", tt.name)
		}
	}
}

// These files of a few bytes make the decoders reserve up to 23 GB where
// nothing stops them.
func TestBombs(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"baseline", jpegHeader(0xc0, 65500, 65500, 1), decode.LimitSide},
		{"progressive", jpegHeader(0xc2, 65500, 65500, 1), decode.LimitSide},
		{"narrow", jpegHeader(0xc2, 8192, 8192, 1), decode.LimitPixels},
		{"scans", jpegHeader(0xc2, 2048, 2048, 100), decode.LimitScans},
		{"pixels times scans", jpegHeader(0xc2, 3000, 3000, 60), decode.LimitScanPixels},
		{"within the limits", jpegHeader(0xc2, 4000, 4000, 1), ""},
		{"png", pngHeader(65500, 65500), decode.LimitSide},
		{"png within the limits", pngHeader(4000, 4000), ""},
	} {
		f, bytes := measured(func() *decode.Frame { return load(t, tt.data) })
		if tt.want == "" {
			if !errors.Is(f.Err, decode.ErrTruncated) {
				t.Errorf("%s: got error %v, want %v", tt.name, f.Err, decode.ErrTruncated)
			}
		} else if got := limitOf(f.Err); got != tt.want {
			t.Errorf("%s: got %q, want the limit %q", tt.name, got, tt.want)
		}
		if f.Data == nil {
			t.Errorf("%s: the frame has lost the original bytes", tt.name)
		}
		if bytes > 1<<20 {
			t.Errorf("%s: %d bytes were allocated, want at most 1 MiB", tt.name, bytes)
		}
	}
}

// measured returns what f does and how many bytes it allocated.
func measured[T any](f func() T) (T, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v := f()
	runtime.ReadMemStats(&after)
	return v, after.TotalAlloc - before.TotalAlloc
}

func TestImageLimits(t *testing.T) {
	data := pngFile(t, picture(40, 30))
	for _, tt := range []struct {
		limits decode.Limits
		want   string
	}{
		{decode.Limits{Side: 39}, decode.LimitSide},
		{decode.Limits{Pixels: 1199}, decode.LimitPixels},
		{decode.Limits{ImageBytes: int64(len(data)) - 1}, decode.LimitImageBytes},
		{decode.Limits{Side: 40, Pixels: 1200, ImageBytes: int64(len(data))}, ""},
	} {
		f := decode.LoadFrame(t.Context(), inline(data), &decode.LoadOptions{Limits: tt.limits})
		if got := limitOf(f.Err); got != tt.want {
			t.Errorf("%+v: got %q, want the limit %q", tt.limits, got, tt.want)
		}
	}
}

// limitOf returns the name of the limit that err is about, or else what err
// says, "" for no error.
func limitOf(err error) string {
	var limit *decode.LimitError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &limit) && errors.Is(err, decode.ErrTooLarge) && limit.Got > limit.Max:
		return limit.Limit
	}
	return err.Error()
}

func TestImageProblems(t *testing.T) {
	progressive := testdata(t, "progressive.jpg")
	last := bytes.LastIndex(progressive, []byte("\xff\xda"))
	cut := append(bytes.Clone(progressive[:last]), 0xff, 0xd9)
	for _, tt := range []struct {
		name, want string
		data       []byte
	}{
		{"jpeg and more", "trailing_bytes", append(jpegFile(t, picture(9, 9)), "secret"...)},
		{"png and more", "trailing_bytes", append(pngFile(t, picture(9, 9)), "secret"...)},
		{"webp and more", "trailing_bytes", append(testdata(t, "lossless.webp"), "secret"...)},
		{"whole progressive", "", progressive},
		{"progressive without its last scan", "missing_scans", cut},
	} {
		f := load(t, tt.data)
		if f.Err != nil || codes(f.Problems) != tt.want {
			t.Errorf("%s: problems %v, %v; want %q", tt.name, f.Problems, f.Err, tt.want)
		}
	}
}

// A Load goes on after an image that fails, and says which did.
func TestLoadPartial(t *testing.T) {
	good := pngFile(t, picture(8, 8))
	s := &decode.Session{ID: "5f3c", Images: []decode.Image{
		{Name: "reference"},
		*inline(good), *inline([]byte("GIF89a")),
		{Name: "audit-2", S3: &decode.S3Object{Bucket: "b", Name: "k"}},
	}}
	s.Images[1].Name, s.Images[2].Name = "audit-0", "audit-1"
	frames, err := decode.Load(t.Context(), s, nil)
	if len(frames) != 4 || frames[1].Pixels == nil || frames[1].Err != nil {
		t.Fatalf("got %d frames, audit-0 %v", len(frames), frames[1].Err)
	}
	const want = "5f3c: reference: no image bytes\n" +
		"5f3c: audit-1: not a JPEG, PNG or WebP image: it is a GIF image\n" +
		"5f3c: audit-2: image is in S3: s3://b/k"
	if err == nil || err.Error() != want {
		t.Errorf("got error\n%v\nwant\n%v", err, want)
	}
	for _, target := range []error{decode.ErrNoImage, decode.ErrFormat, decode.ErrNoObjects} {
		if !errors.Is(err, target) {
			t.Errorf("the error is not %v", target)
		}
	}
	var frame *decode.FrameError
	if !errors.As(err, &frame) || frame.Frame != "reference" || frame.Session != "5f3c" {
		t.Errorf("got frame error %+v", frame)
	}
}

func TestLoadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &decode.Session{Images: []decode.Image{*inline(pngFile(t, picture(8, 8)))}}
	frames, err := decode.Load(ctx, s, nil)
	if !errors.Is(err, context.Canceled) || len(frames) != 1 || frames[0].Pixels != nil {
		t.Errorf("got %v and %d frames, want %v", err, len(frames), context.Canceled)
	}
}

func TestDirObjects(t *testing.T) {
	data := pngFile(t, picture(8, 8))
	objects := decode.DirObjects(fstest.MapFS{
		"bucket/p/reference.jpg": {Data: data},
		"bucket/large":           {Data: make([]byte, 2000)},
	})
	opts := &decode.LoadOptions{Objects: objects, Limits: decode.Limits{ImageBytes: 1999}}
	for _, tt := range []struct {
		object decode.S3Object
		want   error
		codes  string
	}{
		{decode.S3Object{Bucket: "bucket", Name: "p/reference.jpg"}, nil, ""},
		{decode.S3Object{Bucket: "bucket", Name: "p/reference.jpg", Version: "v1"}, nil, "version_unchecked"},
		{decode.S3Object{Bucket: "bucket", Name: "absent"}, decode.ErrNotFound, ""},
		{decode.S3Object{Bucket: "bucket", Name: "../bucket/large"}, decode.ErrNotFound, ""},
		{decode.S3Object{Bucket: "..", Name: "x"}, decode.ErrNotFound, ""},
		{decode.S3Object{Bucket: "bucket/p", Name: "reference.jpg"}, decode.ErrNotFound, ""},
		{decode.S3Object{Bucket: "bucket", Name: "p//reference.jpg"}, decode.ErrNotFound, ""},
		{decode.S3Object{Bucket: "bucket", Name: "large"}, decode.ErrTooLarge, ""},
	} {
		f := decode.LoadFrame(t.Context(), &decode.Image{S3: &tt.object}, opts)
		if !errors.Is(f.Err, tt.want) || codes(f.Problems) != tt.codes {
			t.Errorf("%s: got error %v, problems %v; want %v, %q", tt.object, f.Err, f.Problems, tt.want, tt.codes)
		}
		want := decode.Origin{Kind: "s3", Bucket: tt.object.Bucket, Key: tt.object.Name, Version: tt.object.Version}
		if tt.want == nil && (!bytes.Equal(f.Data, data) || f.Origin != want) {
			t.Errorf("%s: got %d bytes from %+v", tt.object, len(f.Data), f.Origin)
		}
	}
	f := decode.LoadFrame(t.Context(), &decode.Image{S3: &decode.S3Object{Bucket: "bucket", Name: "p"}}, opts)
	if f.Err == nil {
		t.Error("a folder was read as an object")
	}
}

// Where the document holds the bytes and an address too, the bytes win.
func TestInlineWins(t *testing.T) {
	img := inline(pngFile(t, picture(8, 8)))
	img.S3 = &decode.S3Object{Bucket: "b", Name: "k"}
	if f := decode.LoadFrame(t.Context(), img, nil); f.Err != nil || f.Origin.Kind != "inline" {
		t.Errorf("got origin %+v, %v", f.Origin, f.Err)
	}
}

func ExampleLoadFrame() {
	session := firstSession(exampleDocument)
	frame := decode.LoadFrame(context.Background(), &session.Images[0], nil)
	fmt.Println(frame.Name, frame.Format, frame.Size(), frame.Err)
	fmt.Println("file:  ", frame.SHA256)
	fmt.Println("pixels:", frame.PixelSHA256)
	// Output:
	// reference png (2,1) <nil>
	// file:   6c54d5b23a761aa92da26a45323650a806dee032e1670974e7d48bb0d3c2832a
	// pixels: 08bdd2476193f2d7d7a363e4f46ca51c272e31fec7d1be729a831909ccc7674e
}

func ExampleLoad() {
	session := firstSession(exampleDocument)
	frames, err := decode.Load(context.Background(), session, nil)
	for _, f := range frames {
		fmt.Println(f.Name, f.Size())
	}
	fmt.Println(err)
	// Output:
	// reference (2,1)
	// audit-0 (0,0)
	// 5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b02: audit-0: image is in S3: s3://evidence/audit_0.jpg
}

func ExamplePixelDigest() {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	m.SetNRGBA(0, 0, color.NRGBA{R: 255, A: 255})
	m.SetNRGBA(1, 0, color.NRGBA{B: 255, A: 255})
	// The same from a shell:
	// printf '\0\0\0\2\0\0\0\1\377\0\0\377\0\0\377\377' | sha256sum
	fmt.Println(decode.PixelDigest(m))
	// Output:
	// 08bdd2476193f2d7d7a363e4f46ca51c272e31fec7d1be729a831909ccc7674e
}

func BenchmarkLoadFrame(b *testing.B) {
	for _, size := range []image.Point{{480, 640}, {1280, 720}} {
		b.Run(size.String(), func(b *testing.B) {
			img := inline(jpegFile(b, picture(size.X, size.Y)))
			b.ReportAllocs()
			b.SetBytes(int64(4 * size.X * size.Y)) // of pixels
			for b.Loop() {
				if f := decode.LoadFrame(b.Context(), img, nil); f.Err != nil {
					b.Fatal(f.Err)
				}
			}
		})
	}
}
