package decode

import (
	"image"
	"image/color"
)

// toNRGBA returns m with its origin at (0, 0), eight bits a channel, alpha not
// premultiplied. Of samples with sixteen bits the high byte is kept; the colour
// below a transparent pixel is kept too.
func toNRGBA(m image.Image) *image.NRGBA {
	size := m.Bounds().Size()
	if src, ok := m.(*image.NRGBA); ok && src.Rect.Min == (image.Point{}) && src.Stride == 4*size.X {
		return src
	}
	dst := image.NewNRGBA(image.Rectangle{Max: size})
	row := rowsOf(m)
	for y := range size.Y {
		row(dst.Pix[y*dst.Stride:][:4*size.X], y)
	}
	return dst
}

// rowsOf returns a function that writes a row of m, counted from 0, as NRGBA.
func rowsOf(m image.Image) func(dst []byte, y int) {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.YCbCr:
		return func(dst []byte, y int) { rowYCbCr(dst, m, b.Min.Y+y) }
	case *image.NYCbCrA:
		return func(dst []byte, y int) {
			rowYCbCr(dst, &m.YCbCr, b.Min.Y+y)
			alpha := m.A[m.AOffset(b.Min.X, b.Min.Y+y):]
			for x := range b.Dx() {
				dst[4*x+3] = alpha[x]
			}
		}
	case *image.Gray:
		return func(dst []byte, y int) { rowGray(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):], 1) }
	case *image.Gray16:
		return func(dst []byte, y int) { rowGray(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):], 2) }
	case *image.Paletted:
		palette := nrgbaPalette(m.Palette)
		return func(dst []byte, y int) { rowPaletted(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):], &palette) }
	case *image.NRGBA64:
		return func(dst []byte, y int) { rowHighBytes(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]) }
	case *image.RGBA64:
		if m.Opaque() {
			return func(dst []byte, y int) { rowHighBytes(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]) }
		}
	case *image.RGBA:
		if m.Opaque() {
			return func(dst []byte, y int) { copy(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]) }
		}
	}
	return func(dst []byte, y int) { rowAny(dst, m, b.Min.Add(image.Pt(0, y))) }
}

// rowYCbCr converts exactly as [color.YCbCrToRGB] does.
func rowYCbCr(dst []byte, m *image.YCbCr, y int) {
	x0 := m.Rect.Min.X
	luma := m.Y[m.YOffset(x0, y):]
	shift := chromaShift(m.SubsampleRatio)
	// The offset of a row's first column, were the row to start at zero.
	c := m.COffset(x0, y) - x0>>shift
	for i := range len(dst) / 4 {
		at := c + (x0+i)>>shift
		r, g, b := color.YCbCrToRGB(luma[i], m.Cb[at], m.Cr[at])
		px := dst[4*i : 4*i+4 : 4*i+4]
		px[0], px[1], px[2], px[3] = r, g, b, 0xff
	}
}

// chromaShift returns the binary logarithm of how many columns share a chroma
// sample.
func chromaShift(r image.YCbCrSubsampleRatio) int {
	switch r {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		return 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		return 2
	}
	return 0
}

func rowGray(dst, src []byte, step int) {
	for i := range len(dst) / 4 {
		v := src[i*step]
		px := dst[4*i : 4*i+4 : 4*i+4]
		px[0], px[1], px[2], px[3] = v, v, v, 0xff
	}
}

func rowHighBytes(dst, src []byte) {
	for i := range dst {
		dst[i] = src[2*i]
	}
}

func rowPaletted(dst, src []byte, palette *[256]color.NRGBA) {
	for i := range len(dst) / 4 {
		c := palette[src[i]]
		px := dst[4*i : 4*i+4 : 4*i+4]
		px[0], px[1], px[2], px[3] = c.R, c.G, c.B, c.A
	}
}

// nrgbaPalette returns p with 256 colours, those that p lacks being opaque
// black, as image/png reads them.
func nrgbaPalette(p color.Palette) (full [256]color.NRGBA) {
	for i := range full {
		full[i] = color.NRGBA{A: 0xff}
		if i < len(p) {
			full[i] = color.NRGBAModel.Convert(p[i]).(color.NRGBA)
		}
	}
	return full
}

// rowAny converts pixel by pixel what has no faster way, such as CMYK.
func rowAny(dst []byte, m image.Image, at image.Point) {
	for i := range len(dst) / 4 {
		c := color.NRGBAModel.Convert(m.At(at.X+i, at.Y)).(color.NRGBA)
		px := dst[4*i : 4*i+4 : 4*i+4]
		px[0], px[1], px[2], px[3] = c.R, c.G, c.B, c.A
	}
}
