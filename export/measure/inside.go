package measure

import (
	"image"
	"math/big"
)

// Where shadows end and highlights begin, in luma of 0 to 255: what lies
// beyond has next to no drawing left in a picture of eight bits.
const (
	Shadow    = 5   // luma at or below it counts as a clipped shadow
	Highlight = 250 // luma at or above it counts as a clipped highlight
)

// Values are what [Inside] measures. All of it is about the luma of pixels:
// 0.299 R + 0.587 G + 0.114 B of the stored (gamma-coded) channels, the weights
// of ITU-R BT.601 that JPEG uses too, rounded to a whole number of 0 to 255.
type Values struct {
	// Size is the width and height of what was measured, in pixels.
	Size image.Point
	// Mean is the mean luma, 0 to 255.
	Mean float64
	// Shadows and Highlights are the shares, 0 to 1, of pixels at or below
	// [Shadow] and at or above [Highlight].
	Shadows, Highlights float64
	// Sharpness is the variance of the Laplacian: of the luma of the four
	// neighbours of a pixel less four times its own, over all pixels whose
	// neighbours lie in the rectangle too; 0 where there is none. It grows with
	// detail and with noise, and depends on the size of the face in pixels, so it
	// compares pictures of one size only. As a measure of focus: J. L.
	// Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy: a
	// comparative study, ICPR 2000, volume 3, pages 314 to 317.
	Sharpness float64
}

// Inside measures the part of r that lies in m; it returns false where that is
// empty. Transparent pixels count with the colour they hold.
func Inside(m *image.NRGBA, r image.Rectangle) (Values, bool) {
	r = r.Intersect(m.Rect)
	if r.Empty() {
		return Values{}, false
	}
	w, h := r.Dx(), r.Dy()
	l := lumaOf(m, r)
	var sum, dark, bright int64
	for _, v := range l {
		sum += int64(v)
		if v <= Shadow {
			dark++
		}
		if v >= Highlight {
			bright++
		}
	}
	n := int64(len(l))
	return Values{
		Size:       r.Size(),
		Mean:       ratio(sum, n),
		Shadows:    ratio(dark, n),
		Highlights: ratio(bright, n),
		Sharpness:  laplacianVariance(l, w, h),
	}, true
}

// lumaOf returns the luma of the pixels of r, row by row.
func lumaOf(m *image.NRGBA, r image.Rectangle) []uint8 {
	l := make([]uint8, 0, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := m.Pix[m.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for ; len(row) > 0; row = row[4:] {
			v := (299*uint32(row[0]) + 587*uint32(row[1]) + 114*uint32(row[2]) + 500) / 1000
			l = append(l, uint8(v)) //nolint:gosec // the weights sum to one: at most 255
		}
	}
	return l
}

func laplacianVariance(l []uint8, w, h int) float64 {
	var n, sum, squares int64
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			d := int64(l[i-1]) + int64(l[i+1]) + int64(l[i-w]) + int64(l[i+w]) - 4*int64(l[i])
			n++
			sum += d
			squares += d * d
		}
	}
	if n == 0 {
		return 0
	}
	// (n Σd² − (Σd)²) / n², exact until the last step.
	num := new(big.Int).Mul(big.NewInt(n), big.NewInt(squares))
	num.Sub(num, new(big.Int).Mul(big.NewInt(sum), big.NewInt(sum)))
	v, _ := new(big.Rat).SetFrac(num, new(big.Int).Mul(big.NewInt(n), big.NewInt(n))).Float64()
	return v
}

// ratio returns a / b, rounded once.
func ratio(a, b int64) float64 {
	v, _ := big.NewRat(a, b).Float64()
	return v
}
