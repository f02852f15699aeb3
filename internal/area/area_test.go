package area_test

import (
	"bytes"
	"fmt"
	"image"
	"math/big"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"
	"golang.org/x/sys/cpu"

	"github.com/lvtool/lvtool/internal/area"
)

func noise(w, h int) *image.RGBA {
	random := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.Uint32())
	}
	return m
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

// want averages a pixel by exact fractions: the integral of the source over the
// area that pixel (x, y) stands for.
func want(src *image.RGBA, size image.Point, x, y, c int) uint8 {
	sum := new(big.Rat)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	for sy := range h {
		for sx := range w {
			part := new(big.Rat).Mul(overlap(sx, x, w, size.X), overlap(sy, y, h, size.Y))
			v := int64(src.Pix[sy*src.Stride+4*sx+c])
			sum.Add(sum, part.Mul(part, big.NewRat(v, 1)))
		}
	}
	sum.Mul(sum, big.NewRat(int64(size.X)*int64(size.Y), int64(w)*int64(h)))
	sum.Add(sum, big.NewRat(1, 2))
	return uint8(new(big.Int).Quo(sum.Num(), sum.Denom()).Int64())
}

// overlap is how much of source pixel s, of n, lies in target pixel t, of m.
func overlap(s, t, n, m int) *big.Rat {
	from, to := big.NewRat(int64(t*n), int64(m)), big.NewRat(int64((t+1)*n), int64(m))
	if low := big.NewRat(int64(s), 1); from.Cmp(low) < 0 {
		from = low
	}
	if high := big.NewRat(int64(s+1), 1); to.Cmp(high) > 0 {
		to = high
	}
	if to.Cmp(from) <= 0 {
		return new(big.Rat)
	}
	return to.Sub(to, from)
}

func TestExact(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			var s area.Shrinker
			for _, tt := range []struct{ from, to image.Point }{
				{image.Pt(1, 1), image.Pt(1, 1)},
				{image.Pt(7, 5), image.Pt(7, 5)},
				{image.Pt(9, 12), image.Pt(3, 4)},
				{image.Pt(12, 8), image.Pt(8, 3)},
				{image.Pt(13, 11), image.Pt(5, 10)},
				{image.Pt(31, 2), image.Pt(1, 1)},
				{image.Pt(60, 3), image.Pt(7, 2)},
				{image.Pt(3, 4), image.Pt(5, 7)},
			} {
				src := noise(tt.from.X, tt.from.Y)
				dst := image.NewRGBA(image.Rectangle{Max: tt.to})
				s.RGBA(dst, src)
				for i, got := range dst.Pix {
					x, y, c := i/4%tt.to.X, i/4/tt.to.X, i%4
					if want := want(src, tt.to, x, y, c); got != want {
						t.Errorf("%v to %v: at (%d,%d), sample %d: got %d, want %d", tt.from, tt.to, x, y, c, got, want)
					}
				}
			}
		})
	}
}

// TestExtremes holds that white stays white and black black, at sizes where
// sums are largest.
func TestExtremes(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			var s area.Shrinker
			for _, size := range []image.Point{{8192, 3}, {3, 8192}, {2001, 1999}, {16400, 16400}} {
				if testing.Short() && size.X*size.Y > 1<<24 {
					continue
				}
				// The stride is zero: one row serves for all.
				src := &image.RGBA{Pix: bytes.Repeat([]byte{255}, 4*size.X), Rect: image.Rectangle{Max: size}}
				dst := image.NewRGBA(image.Rect(0, 0, 7, 2))
				s.RGBA(dst, src)
				if !bytes.Equal(dst.Pix, bytes.Repeat([]byte{255}, len(dst.Pix))) {
					t.Errorf("%v of white: got %v", size, dst.Pix)
				}
			}
		})
	}
}

// TestWide holds that the wide instructions give what the plain ones give.
func TestWide(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var s area.Shrinker
	for range 60 {
		src := noise(1+random.IntN(700), 1+random.IntN(90))
		size := image.Rect(0, 0, 1+random.IntN(src.Rect.Dx()), 1+random.IntN(src.Rect.Dy()))
		var pictures []*image.RGBA
		for range ways {
			dst := image.NewRGBA(size)
			s.RGBA(dst, src)
			pictures = append(pictures, dst)
		}
		if !bytes.Equal(pictures[0].Pix, pictures[1].Pix) {
			t.Errorf("%v to %v: got other pixels than the plain way", src.Rect.Max, size.Max)
		}
	}
}

func TestSubImages(t *testing.T) {
	var s area.Shrinker
	src := noise(50, 40).SubImage(image.Rect(7, 9, 43, 31)).(*image.RGBA)
	whole := image.NewRGBA(image.Rect(0, 0, 36, 22))
	draw.Draw(whole, whole.Rect, src, src.Rect.Min, draw.Src)
	want := image.NewRGBA(image.Rect(0, 0, 10, 9))
	s.RGBA(want, whole)
	canvas := noise(30, 30)
	edge := canvas.RGBAAt(14, 5)
	dst := canvas.SubImage(image.Rect(4, 5, 14, 14)).(*image.RGBA)
	s.RGBA(dst, src)
	for y := range 9 {
		for x := range 10 {
			if got, want := dst.RGBAAt(4+x, 5+y), want.RGBAAt(x, y); got != want {
				t.Errorf("(%d,%d): got %v, want %v", x, y, got, want)
			}
		}
	}
	if got := canvas.RGBAAt(14, 5); got != edge {
		t.Errorf("beside the target: got %v, want %v", got, edge)
	}
}

func TestNoAllocations(t *testing.T) {
	var s area.Shrinker
	src, dst := noise(60, 50), image.NewRGBA(image.Rect(0, 0, 20, 17))
	if got := testing.AllocsPerRun(5, func() { s.RGBA(dst, src) }); got > 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func ExampleShrinker_RGBA() {
	src := image.NewRGBA(image.Rect(0, 0, 2, 1))
	copy(src.Pix, []byte{10, 20, 30, 255, 20, 40, 60, 255})
	dst := image.NewRGBA(image.Rect(0, 0, 1, 1))
	var s area.Shrinker
	s.RGBA(dst, src)
	fmt.Println(dst.RGBAAt(0, 0))
	// Output: {15 30 45 255}
}

// BenchmarkShrink shrinks to 320 pixels of width, beside x/image/draw.
func BenchmarkShrink(b *testing.B) {
	for _, size := range []image.Point{{480, 640}, {1080, 1920}} {
		src := noise(size.X, size.Y)
		dst := image.NewRGBA(image.Rect(0, 0, 320, 320*size.Y/size.X))
		var s area.Shrinker
		for _, bb := range []struct {
			name string
			do   func()
		}{
			{"rgba", func() { s.RGBA(dst, src) }},
			{"x-approx-bilinear", func() { draw.ApproxBiLinear.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil) }},
			{"x-bilinear", func() { draw.BiLinear.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil) }},
		} {
			b.Run(fmt.Sprintf("%dx%d/%s", size.X, size.Y, bb.name), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(size.X * size.Y * 3))
				for b.Loop() {
					bb.do()
				}
			})
		}
	}
}
