package pngw

import (
	"bytes"
	"hash/adler32"
	"image"
	"image/png"
	"math/rand/v2"
	"testing"

	"golang.org/x/sys/cpu"
)

// ways yields twice: with the processor's wide instructions, where it has them,
// and without.
func ways(yield func(way string) bool) {
	defer func(avx2, bmi2 bool) { cpu.X86.HasAVX2, cpu.X86.HasBMI2 = avx2, bmi2 }(cpu.X86.HasAVX2, cpu.X86.HasBMI2)
	if yield("wide") {
		cpu.X86.HasAVX2, cpu.X86.HasBMI2 = false, false
		yield("plain")
	}
}

// TestWide holds that the wide instructions give the bytes that the plain ones
// give, whatever the width of a picture.
func TestWide(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for width := 1; width < 120; width += 1 + width/20 {
		m := image.NewNRGBA(image.Rect(0, 0, width, 1+random.IntN(40)))
		for i := range m.Pix {
			m.Pix[i] = uint8(i/7) + uint8(random.Uint32()>>29)
			if i%4 == 3 && width%3 != 0 || random.IntN(4) == 0 {
				m.Pix[i] = 0xff
			}
		}
		sameWays(t, m)
	}
}

// TestWideFar is TestWide for pictures in which what is rare was last seen about as
// far away as a match may be, and some pixels are the same as there.
func TestWideFar(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for width := farthest/3 - 4; width < farthest/3+5; width++ {
		m := image.NewNRGBA(image.Rect(0, 0, width, 6))
		grey := uint8(0)
		for i := 0; i < len(m.Pix); i += 4 {
			p := m.Pix[i : i+4]
			switch random.IntN(1000) {
			case 0:
				grey += uint8(random.IntN(256))
			case 1:
				p[1] = uint8(random.IntN(256))
			default:
				grey += uint8(random.IntN(3))
			}
			p[0], p[1], p[2], p[3] = grey, grey+p[1], grey, 0xff
			if x := i / 4 % width; i > m.Stride && x%5000 < 20 {
				copy(p, m.Pix[i-m.Stride:])
			}
		}
		sameWays(t, m)
	}
}

func sameWays(t *testing.T, m *image.NRGBA) {
	t.Helper()
	var files [][]byte
	for range ways {
		file, err := new(Encoder).Append(nil, m, nil)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Errorf("%v: got other bytes than the plain way", m.Rect.Max)
	}
}

func TestPaethRow(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for _, bpp := range []int{3, 4} {
				for n := range 70 {
					cur, up := make([]byte, n*bpp), make([]byte, n*bpp)
					for shift := range 8 {
						for i := range cur {
							cur[i], up[i] = uint8(random.Uint32()>>24>>shift), uint8(random.Uint32()>>24>>shift)
						}
						got, want := make([]byte, n*bpp), make([]byte, n*bpp)
						paethRow(got, cur, up, bpp)
						paethBytes(want, cur, up, bpp)
						if !bytes.Equal(got, want) {
							t.Fatalf("%d pixels of %d bytes: got %v, want %v", n, bpp, got, want)
						}
					}
				}
			}
		})
	}
}

// TestPaethAll compares the word-wise predictor with section 9.4 for every
// left, up and up-left.
func TestPaethAll(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			for a := range 256 {
				// One row of pixels: a above-left c, then up b, for all b and c.
				for b := range 256 {
					cur, up := make([]byte, 3*512), make([]byte, 3*512)
					for c := range 256 {
						cur[6*c], up[6*c], up[6*c+3] = uint8(a), uint8(c), uint8(b)
					}
					got := make([]byte, len(cur))
					paethRow(got, cur, up, 3)
					for c := range 256 {
						want := -paeth(uint8(a), uint8(b), uint8(c))
						if got[6*c+3] != want {
							t.Fatalf("left %d, up %d, up-left %d: got %d, want %d", a, b, c, got[6*c+3], want)
						}
					}
				}
			}
		})
	}
}

func TestAdler(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for n := range 300 {
				p := make([]byte, n*(1+n%40))
				for i := range p {
					p[i] = uint8(random.Uint32())
					if n%3 == 0 {
						p[i] = 0xff
					}
				}
				k := n / 2 * (1 + n%40)
				got := adler32Sum(adler32Sum(1, p[:k]), p[k:])
				if want := adler32.Checksum(p); got != want {
					t.Errorf("%d bytes: got %#x, want %#x", len(p), got, want)
				}
			}
		})
	}
}

// FuzzHuffman holds what decoders rely on: every symbol that occurs has a code,
// no other, none over the limit, and the code is complete.
func FuzzHuffman(f *testing.F) {
	f.Add([]byte{1, 2, 3, 5, 8, 13, 21, 34}, uint8(4))
	f.Add([]byte{1, 1, 0, 1}, uint8(3))
	f.Add([]byte{7}, uint8(1))
	f.Add(bytes.Repeat([]byte{1, 200, 3}, 90), uint8(9))
	f.Fuzz(func(t *testing.T, data []byte, limit uint8) {
		counts := make([]uint32, min(len(data), numLitLen))
		used := 0
		for i := range counts {
			counts[i] = uint32(1) << (data[i] & 15) * uint32(data[i]>>4)
			used += min(int(counts[i]), 1)
		}
		bits := int(limit % (maxCodeBits + 1))
		for 1<<bits < used || bits == 0 {
			bits++
		}
		lengths := make([]uint8, len(counts))
		new(huffman).makeLengths(lengths, counts, bits)
		kraft := 0
		for s, n := range lengths {
			if (n > 0) != (counts[s] > 0) || int(n) > bits {
				t.Fatalf("symbol %d occurs %d times: got length %d, limit %d", s, counts[s], n, bits)
			}
			if n > 0 {
				kraft += 1 << (bits - int(n))
			}
		}
		if used >= 2 && kraft != 1<<bits {
			t.Errorf("Kraft sum: got %d/%d, want 1", kraft, 1<<bits)
		}
	})
}

// TestHuffmanOptimal compares the cost of codes with that of an unlimited
// Huffman code built the plain way.
func TestHuffmanOptimal(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		counts := make([]uint32, 2+random.IntN(60))
		var weights []int
		for i := range counts {
			counts[i] = 1 + random.Uint32N(50)
			weights = append(weights, int(counts[i]))
		}
		lengths := make([]uint8, len(counts))
		new(huffman).makeLengths(lengths, counts, maxCodeBits)
		got, want := 0, 0
		for s, n := range lengths {
			got += int(n) * int(counts[s])
		}
		for len(weights) > 1 {
			sum := takeLeast(&weights) + takeLeast(&weights)
			weights = append(weights, sum)
			want += sum
		}
		if got != want {
			t.Errorf("%v: got %d bits, want %d", counts, got, want)
		}
	}
}

func takeLeast(weights *[]int) int {
	w := *weights
	k := 0
	for i := range w {
		if w[i] < w[k] {
			k = i
		}
	}
	least := w[k]
	w[k] = w[len(w)-1]
	*weights = w[:len(w)-1]
	return least
}

// TestPositionsStartAnew lets positions pass their bound, where the matchers
// must forget all that they remember.
func TestPositionsStartAnew(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 200, 150))
	for i := range m.Pix {
		m.Pix[i] = uint8(i / 4 % 40 * 6)
		if i%4 == 3 {
			m.Pix[i] = 0xff
		}
	}
	for level := Fast; level <= Small; level++ {
		var enc Encoder
		want, err := enc.Append(nil, m, &Options{Level: level})
		if err != nil {
			t.Fatal(err)
		}
		enc.deflate.base = maxFiltered - 1
		for range 3 {
			got, err := enc.Append(nil, m, &Options{Level: level})
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("level %d at base %d: got other bytes, error %v", level, enc.deflate.base, err)
			}
			if _, err := png.Decode(bytes.NewReader(got)); err != nil {
				t.Error(err)
			}
		}
		if enc.deflate.base > maxFiltered/2 {
			t.Errorf("level %d: base %d did not start anew", level, enc.deflate.base)
		}
	}
}
