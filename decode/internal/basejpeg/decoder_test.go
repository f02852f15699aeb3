package basejpeg_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"

	"github.com/lvtool/lvtool/decode/internal/basejpeg"
	"github.com/lvtool/lvtool/internal/need"
)

// standard decodes with image/jpeg, by the formula that pixels must follow.
func standard(data []byte) (*image.NRGBA, error) {
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	b := m.Bounds()
	n := image.NewNRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			var c color.NRGBA
			switch m := m.(type) {
			case *image.Gray:
				v := m.GrayAt(x, y).Y
				c = color.NRGBA{v, v, v, 255}
			case *image.YCbCr:
				ycc := m.YCbCrAt(x, y)
				r, g, b := color.YCbCrToRGB(ycc.Y, ycc.Cb, ycc.Cr)
				c = color.NRGBA{r, g, b, 255}
			default:
				return nil, fmt.Errorf("a %T, which must have been refused", m)
			}
			n.SetNRGBA(x, y, c)
		}
	}
	return n, nil
}

// samePixels reports whether pixels agree. Go releases after 1.26 may decode
// others: then only sizes must agree, and TestFrozen holds the rest.
func samePixels(got, want *image.NRGBA) bool {
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		return got.Rect == want.Rect
	}
	return got.Rect == want.Rect && bytes.Equal(got.Pix, want.Pix)
}

// ways yields twice: with the processor's wide instructions, where it has them,
// and without.
func ways(yield func(way string) bool) {
	defer func(has bool) { cpu.X86.HasAVX2 = has }(cpu.X86.HasAVX2)
	if yield("wide") {
		cpu.X86.HasAVX2 = false
		yield("plain")
	}
}

// check compares the decoders on a file, both ways, and reports whether it was
// decoded. A file that image/jpeg rejects must not be.
func check(tb testing.TB, d *basejpeg.Decoder, data []byte, limits basejpeg.Limits) (decoded bool) {
	tb.Helper()
	for way := range ways {
		got, err := d.NRGBA(nil, data, limits)
		if way == "plain" && decoded != (err == nil) {
			tb.Fatalf("plain: error %v, wide: decoded %t", err, decoded)
		}
		decoded = err == nil
		if err != nil {
			if got != nil || !errors.Is(err, basejpeg.ErrFormat) && !errors.Is(err, basejpeg.ErrUnsupported) &&
				!errors.Is(err, basejpeg.ErrTooLarge) {
				tb.Fatalf("%s: got %v and error %v", way, got, err)
			}
			continue
		}
		want, err := standard(data)
		if err != nil {
			tb.Fatalf("%s: accepted, though image/jpeg rejects it: %v", way, err)
		}
		if !samePixels(got, want) {
			tb.Fatalf("%s: %v: pixels differ from image/jpeg", way, got.Rect)
		}
	}
	return decoded
}

func TestRandomFiles(t *testing.T) {
	var d basejpeg.Decoder
	for size := 1; size <= 70; size++ {
		for seed := range uint64(8) {
			w, h := size, 1+(size*int(seed+3))%70
			if !check(t, &d, randomFile(seed, w, h), basejpeg.Limits{}) {
				_, err := d.NRGBA(nil, randomFile(seed, w, h), basejpeg.Limits{})
				t.Fatalf("seed %d, %d×%d: %v", seed, w, h, err)
			}
		}
	}
}

// TestStandardEncoder decodes what image/jpeg writes.
func TestStandardEncoder(t *testing.T) {
	var d basejpeg.Decoder
	random := rand.New(rand.NewPCG(1, 2))
	for _, quality := range []int{1, 30, 75, 90, 100} {
		for size := 1; size <= 70; size += 3 {
			gray := image.NewGray(image.Rect(0, 0, size, 71-size))
			rgba := image.NewRGBA(gray.Rect)
			for i := range gray.Pix {
				gray.Pix[i] = uint8(i*3 + random.IntN(40))
			}
			for i := range rgba.Pix {
				rgba.Pix[i] = uint8(i*(i%4) + random.IntN(90))
			}
			for _, m := range []image.Image{gray, rgba} {
				var buf bytes.Buffer
				if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality}); err != nil {
					t.Fatal(err)
				}
				if !check(t, &d, buf.Bytes(), basejpeg.Limits{}) {
					t.Errorf("%T of quality %d, %v: not decoded", m, quality, gray.Rect)
				}
			}
		}
	}
}

// TestTruncated cuts files at every length: none may pass.
func TestTruncated(t *testing.T) {
	var d basejpeg.Decoder
	for seed := range uint64(12) {
		data := randomFile(seed, 20, 17)
		for n := range data {
			if _, err := d.NRGBA(nil, data[:n], basejpeg.Limits{}); !errors.Is(err, basejpeg.ErrFormat) {
				t.Errorf("seed %d, %d of %d bytes: got error %v, want a broken file", seed, n, len(data), err)
			}
			// The same with the end of image put back, as some tools do.
			if n < 2 || n >= len(data)-2 {
				continue
			}
			cut := append(data[:n:n], 0xff, 0xd9)
			if _, err := d.NRGBA(nil, cut, basejpeg.Limits{}); err == nil {
				t.Errorf("seed %d, %d of %d bytes and an end: accepted", seed, n, len(data))
			}
		}
	}
}

// TestMutated breaks files at random.
func TestMutated(t *testing.T) {
	var d basejpeg.Decoder
	random := rand.New(rand.NewPCG(5, 6))
	accepted := 0
	for seed := range uint64(3000) {
		data := randomFile(seed, 1+int(seed%40), 1+int(seed%23))
		for range 1 + random.IntN(3) {
			i := random.IntN(len(data))
			switch random.IntN(4) {
			case 0:
				data[i] ^= 1 << random.IntN(8)
			case 1:
				data[i] = byte(random.Uint32())
			case 2:
				data = append(data[:i], data[i+1:]...)
			case 3:
				data = append(data[:i], append([]byte{byte(random.Uint32())}, data[i:]...)...)
			}
		}
		if check(t, &d, data, basejpeg.Limits{Pixels: 1 << 20}) {
			accepted++
		}
	}
	if accepted == 0 || accepted == 3000 {
		t.Errorf("%d of 3000 broken files accepted: the test tests nothing", accepted)
	}
}

// edit returns a copy of data with the bytes at the first place where old
// stands replaced.
func edit(tb testing.TB, data []byte, old, replacement string) []byte {
	tb.Helper()
	before, after, found := bytes.Cut(data, []byte(old))
	if !found {
		tb.Fatalf("no %q in file", old)
	}
	return bytes.Join([][]byte{before, after}, []byte(replacement))
}

func TestStrict(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	s := stream{random: random, width: 40, height: 24, sampling: samplings[2], restart: 4, dense: 9, marker: 0xc0}
	whole := s.file()
	var d basejpeg.Decoder
	if !check(t, &d, whole, basejpeg.Limits{}) {
		t.Fatal("the file to break is not decoded")
	}
	tests := []struct {
		name             string
		old, replacement string
		want             error
	}{
		{"no start", "\xff\xd8", "\xff\xd7", basejpeg.ErrFormat},
		{"no end", "\xff\xd9", "", basejpeg.ErrFormat},
		{"half an end", "\xff\xd9", "\xff", basejpeg.ErrFormat},
		{"fill bytes before the end", "\xff\xd9", "\xff\xff\xff\xd9", nil},
		{"data after the end", "\xff\xd9", "\xff\xd9\x00trailer", nil},
		{"byte before the end", "\xff\xd9", "\x55\xff\xd9", basejpeg.ErrFormat},
		{"stuffed byte before the end", "\xff\xd9", "\xff\x00\xff\xd9", basejpeg.ErrFormat},
		{"comment before the end", "\xff\xd9", "\xff\xfe\x00\x03c\xff\xd9", nil},
		{"short comment before the end", "\xff\xd9", "\xff\xfe\x00\x09c\xff\xd9", basejpeg.ErrFormat},
		{"table before the end", "\xff\xd9", "\xff\xdd\x00\x04\x00\x00\xff\xd9", basejpeg.ErrUnsupported},
		{"no restart marker", "\xff\xd1", "", basejpeg.ErrFormat},
		{"restart marker of another number", "\xff\xd1", "\xff\xd2", basejpeg.ErrFormat},
		{"byte before a restart marker", "\xff\xd1", "\x55\xff\xd1", basejpeg.ErrFormat},
		{"restart marker twice", "\xff\xd1", "\xff\xd1\xff\xd1", basejpeg.ErrFormat},
		{"fill byte before a restart marker", "\xff\xd1", "\xff\xff\xd1", nil},
		{"end in place of a restart", "\xff\xd1", "\xff\xd9", basejpeg.ErrFormat},
		{"short restart interval", "\xff\xdd\x00\x04\x00\x04", "\xff\xdd\x00\x03\x04", basejpeg.ErrFormat},
		{"no restart interval", "\xff\xdd\x00\x04\x00\x04", "", basejpeg.ErrFormat},
		{
			"bad table class", "\xff\xc4",
			"\xff\xc4\x00\x14\x20\x01" + strings.Repeat("\x00", 15) + "\x07" + "\xff\xc4", basejpeg.ErrFormat,
		},
		{
			"bad table number", "\xff\xc4",
			"\xff\xc4\x00\x14\x02\x01" + strings.Repeat("\x00", 15) + "\x07" + "\xff\xc4", basejpeg.ErrFormat,
		},
		{
			"empty table", "\xff\xc4",
			"\xff\xc4\x00\x13\x00" + strings.Repeat("\x00", 16) + "" + "\xff\xc4", basejpeg.ErrFormat,
		},
		{
			"over-full table", "\xff\xc4",
			"\xff\xc4\x00\x16\x01\x03" + strings.Repeat("\x00", 15) + "abc" + "\xff\xc4", basejpeg.ErrFormat,
		},
		{"short table", "\xff\xc4", "\xff\xc4\x00\x06\x01\x03ab" + "\xff\xc4", basejpeg.ErrFormat},
		{"bad selector", "\xff\xda\x00\x0c\x03\x01\x00", "\xff\xda\x00\x0c\x03\x01\x20", basejpeg.ErrFormat},
		{"selector of no table", "\xff\xda\x00\x0c\x03\x01\x00", "\xff\xda\x00\x0c\x03\x01\x10", basejpeg.ErrFormat},
		{"unknown component", "\xff\xda\x00\x0c\x03\x01", "\xff\xda\x00\x0c\x03\x09", basejpeg.ErrUnsupported},
		{
			"one component in the scan", "\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00",
			"\xff\xda\x00\x08\x01\x01\x00", basejpeg.ErrUnsupported,
		},
		{"short scan header", "\xff\xda\x00\x0c", "\xff\xda\x00\x0a", basejpeg.ErrFormat},
		{"progressive", "\xff\xc0", "\xff\xc2", basejpeg.ErrUnsupported},
		{"arithmetic", "\xff\xc0", "\xff\xc9", basejpeg.ErrUnsupported},
		{"12 bits", "\xff\xc0\x00\x11\x08", "\xff\xc0\x00\x11\x0c", basejpeg.ErrUnsupported},
		{"long frame header", "\xff\xc0\x00\x11", "\xff\xc0\x00\x12", basejpeg.ErrFormat},
		{"no height", "\x08\x00\x18\x00\x28", "\x08\x00\x00\x00\x28", basejpeg.ErrUnsupported},
		{"sampling 4×1", "\x03\x01\x11\x00", "\x03\x01\x41\x00", basejpeg.ErrUnsupported},
		{"component twice", "\x02\x11\x01", "\x01\x11\x01", basejpeg.ErrFormat},
		{"no quantization table", "\x02\x11\x01", "\x02\x11\x02", basejpeg.ErrFormat},
		{"bad quantization table", "\x02\x11\x01", "\x02\x11\x04", basejpeg.ErrFormat},
		{"stray byte", "\xff\xc0", "\x00\xff\xc0", basejpeg.ErrUnsupported},
		{"Adobe RGB", "\xff\xc0", "\xff\xee\x00\x0eAdobe\x00\x00\x00\x00\x00\x00\x00\xff\xc0", basejpeg.ErrUnsupported},
		{"Adobe YCbCr", "\xff\xc0", "\xff\xee\x00\x0eAdobe\x00\x00\x00\x00\x00\x00\x01\xff\xc0", nil},
		{"JFIF", "\xff\xc0", "\xff\xe0\x00\x07JFIF\x00\xff\xc0", nil},
		{"much too large", "\x08\x00\x18\x00\x28", "\x08\xff\xff\xff\xff", basejpeg.ErrFormat},
		{"no pixels", "\xff\xc0", "\xff\xd9\xff\xc0", basejpeg.ErrFormat},
		{"frame twice", "\xff\xda", "\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xda", basejpeg.ErrFormat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := edit(t, whole, tt.old, tt.replacement)
			_, err := d.NRGBA(nil, data, basejpeg.Limits{})
			if !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
			check(t, &d, data, basejpeg.Limits{})
		})
	}
}

func TestLimits(t *testing.T) {
	data := randomFile(1, 30, 20)
	for _, tt := range []struct {
		limits basejpeg.Limits
		want   error
	}{
		{basejpeg.Limits{}, nil},
		{basejpeg.Limits{Side: 30, Pixels: 600}, nil},
		{basejpeg.Limits{Side: 29}, basejpeg.ErrTooLarge},
		{basejpeg.Limits{Pixels: 599}, basejpeg.ErrTooLarge},
	} {
		if _, err := new(basejpeg.Decoder).NRGBA(nil, data, tt.limits); !errors.Is(err, tt.want) {
			t.Errorf("%+v: got error %v, want %v", tt.limits, err, tt.want)
		}
	}
}

// TestReuse holds that neither a decoder nor a picture carries anything over,
// and that it allocates nothing once it is large enough.
func TestReuse(t *testing.T) {
	var d basejpeg.Decoder
	var m *image.NRGBA
	for seed := range uint64(40) {
		data := randomFile(seed, 60-int(seed), 20+int(seed))
		want, err := new(basejpeg.Decoder).NRGBA(nil, data, basejpeg.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if m, err = d.NRGBA(m, data, basejpeg.Limits{}); err != nil || !bytes.Equal(m.Pix, want.Pix) {
			t.Fatalf("seed %d: a used decoder gives other pixels, error %v", seed, err)
		}
		if _, err := d.NRGBA(nil, data[:len(data)/2], basejpeg.Limits{}); err == nil {
			t.Fatal("half a file accepted")
		}
	}
	data := randomFile(3, 60, 60)
	allocs := testing.AllocsPerRun(10, func() {
		m, _ = d.NRGBA(m, data, basejpeg.Limits{})
	})
	if allocs > 0 {
		t.Errorf("got %v allocations a picture, want none", allocs)
	}
}

// TestFrozen holds the pixels themselves, which no Go release may change.
func TestFrozen(t *testing.T) {
	var d basejpeg.Decoder
	for way := range ways {
		sum := sha256.New()
		for seed := range uint64(60) {
			m, err := d.NRGBA(nil, randomFile(seed, 50+int(seed), 90-int(seed)), basejpeg.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(m.Pix)
		}
		const want = "bfe02797513a5b0f"
		if got := hex.EncodeToString(sum.Sum(nil))[:16]; got != want {
			t.Errorf("%s: got digest %s, want %s", way, got, want)
		}
	}
}

func TestPhotographs(t *testing.T) {
	var d basejpeg.Decoder
	for i, data := range photographs(t) {
		if !check(t, &d, data, basejpeg.Limits{}) {
			t.Errorf("photograph %d: not decoded", i)
		}
	}
}

// TestJpegtran rewrites photographs losslessly in the ways that libjpeg-turbo
// knows.
func TestJpegtran(t *testing.T) {
	tool := need.Program(t, "jpegtran")
	photo := photographs(t)[0]
	var d basejpeg.Decoder
	for _, tt := range []struct {
		args string
		want bool
	}{
		{"-optimize", true},
		{"-optimize -restart 1", true},
		{"-restart 3B -crop 333x217+16+32", true},
		{"-grayscale -optimize", true},
		{"-transpose", true},
		{"-progressive", false},
		{"-arithmetic", false},
	} {
		cmd := exec.CommandContext(t.Context(), tool, strings.Fields(tt.args)...)
		cmd.Stdin = bytes.NewReader(photo)
		data, err := cmd.Output()
		if err != nil {
			t.Fatalf("jpegtran %s: %v", tt.args, err)
		}
		if got := check(t, &d, data, basejpeg.Limits{}); got != tt.want {
			_, err := d.NRGBA(nil, data, basejpeg.Limits{})
			t.Errorf("jpegtran %s: got %v, error %v, want %v", tt.args, got, err, tt.want)
		}
	}
}

// FuzzDecode holds that the decoder takes no file that image/jpeg rejects, and
// gives the same pixels.
func FuzzDecode(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomFile(seed, 1+int(seed)*2, 40-int(seed)))
	}
	var d basejpeg.Decoder
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, &d, data, basejpeg.Limits{Pixels: 1 << 18})
	})
}
