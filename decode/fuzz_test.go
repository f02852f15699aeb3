package decode_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/decode"
)

// small keeps fuzzing fast.
var small = decode.Limits{
	Document: 1 << 16, Frames: 8, Values: 1 << 12,
	ImageBytes: 1 << 16, Pixels: 1 << 16, Side: 1 << 10, ScanPixels: 1 << 18,
}

func FuzzSessions(f *testing.F) {
	f.Add([]byte(exampleDocument))
	f.Add([]byte(`{"SessionId":"a","Status":"EXPIRED","AuditImages":[null,{},{"Bytes":[255,216]}]}`))
	f.Add([]byte(`{"SessionId":"a","Stat`))
	f.Add([]byte(`[{"ReferenceImage":{"Bytes":{"0":255,"1":216}}}]`))
	sample := newSample(f)
	wire := sample.wire(b64)
	for _, doc := range []string{
		wire + "\n" + wire[:40] + "\n" + wire, "[" + wire + ",null," + wire + "]", "INFO " + wire + " {\"a",
		sample.yaml("", plain64), "---\n- " + sample.yaml("  ", plain64), csvRow("1", "2", wire), gzipped(f, wire),
		zstandard(f, wire), "\xff\xfe" + utf16Text(binary.LittleEndian, wire), `{"body":` + str(wire) + `}`,
		`{"body":` + b64([]byte(wire)) + `}`, sample.in(dynamoForm, b64), sample.in(aroundForm, ints),
		sample.wire(torn64), `{"a":[NaN,` + wire + `]}`, plain64([]byte(wire)), sample.camel(gsonBuf),
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		opts := &decode.Options{Name: "fuzz", Limits: small}
		sessions, errs := all(decode.Sessions(bytes.NewReader(doc), opts))
		for _, err := range errs {
			var e *decode.DocumentError
			if !errors.As(err, &e) || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Fatalf("got error %q", err)
			}
		}
		if len(sessions) == 0 && len(errs) == 0 {
			t.Fatal("neither a session nor an error")
		}
		for _, s := range sessions {
			checkSession(t, s)
		}
	})
}

func checkSession(t *testing.T, s *decode.Session) {
	t.Helper()
	if s.Source.SHA256 != sha256.Sum256(s.Source.Data) || s.Source.Line < 1 {
		t.Fatalf("the source is wrong: %+v", s.Source)
	}
	if len(s.Images) > small.Frames {
		t.Fatalf("%d images", len(s.Images))
	}
	names := map[string]bool{}
	for _, img := range s.Images {
		if img.Inline != nil && !json.Valid(img.Inline) || names[img.Name] {
			t.Fatalf("%s: %.80s", img.Name, img.Inline)
		}
		names[img.Name] = true
	}
	for name, raw := range s.Extra {
		if !json.Valid(raw) {
			t.Fatalf("%q: %.80s", name, raw)
		}
	}
	frames, _ := decode.Load(context.Background(), s, &decode.LoadOptions{Limits: small})
	for _, f := range frames {
		checkFrame(t, f)
	}
}

func checkFrame(t *testing.T, f *decode.Frame) {
	t.Helper()
	if (f.Pixels == nil) != (f.Err != nil) {
		t.Fatalf("pixels %v with error %v", f.Pixels != nil, f.Err)
	}
	if f.Data != nil && f.SHA256 != sha256.Sum256(f.Data) {
		t.Fatal("the digest is not that of the bytes")
	}
	if int64(len(f.Data)) > small.ImageBytes {
		t.Fatalf("%d bytes", len(f.Data))
	}
	if f.Pixels == nil {
		return
	}
	size := f.Size()
	if size.X < 1 || size.Y < 1 || max(size.X, size.Y) > small.Side || int64(size.X)*int64(size.Y) > small.Pixels {
		t.Fatalf("size %v", size)
	}
	if f.PixelSHA256 != decode.PixelDigest(f.Pixels) || f.Orientation < 1 || f.Orientation > 8 || f.Format == "" {
		t.Fatalf("frame %s, orientation %d, pixels %v", f.Format, f.Orientation, f.PixelSHA256)
	}
}

func FuzzLoadFrame(f *testing.F) {
	m := picture(17, 11)
	f.Add(jpegFile(f, m))
	f.Add(withAPP1(jpegFile(f, m), exif(binary.BigEndian, 6)))
	f.Add(withChunk(pngFile(f, m), "eXIf", exif(binary.LittleEndian, 5)))
	for _, name := range []string{"progressive.jpg", "lossy.webp", "lossless.webp", "alpha.webp", "exif6.webp"} {
		f.Add(testdata(f, name))
	}
	f.Add(jpegHeader(0xc2, 65500, 65500, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > int(small.ImageBytes) {
			return
		}
		frame := decode.LoadFrame(t.Context(), inline(data), &decode.LoadOptions{Limits: small})
		if !bytes.Equal(frame.Data, data) {
			t.Fatalf("the bytes have changed: %v", frame.Err)
		}
		checkFrame(t, frame)
	})
}

// What comes out of any JSON value is bytes with an encoding, or an error.
func FuzzInline(f *testing.F) {
	for _, s := range []string{
		`"/9j/4A=="`, `"_9j_4A"`, `[255,216]`, `{"0":255,"1":216}`, `"\u002f9j/"`, `null`, `"b'\\xff'"`, `""`, `"\r"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) {
			return
		}
		img := &decode.Image{Name: "reference", Inline: json.RawMessage(raw)}
		frame := decode.LoadFrame(t.Context(), img, &decode.LoadOptions{Limits: small})
		if (frame.Data != nil) != (frame.Origin.Encoding != "") {
			t.Fatalf("%d bytes with encoding %q: %v", len(frame.Data), frame.Origin.Encoding, frame.Err)
		}
		checkFrame(t, frame)
	})
}
