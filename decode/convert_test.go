package decode

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// Every way of storing pixels must give what the pixel's own colour says.
func TestToNRGBA(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	fill := func(b []byte) {
		for i := range b {
			b[i] = byte(rnd.Uint32())
		}
	}
	whole, part := image.Rect(0, 0, 37, 23), image.Rect(4, 8, 31, 21)
	palette := color.Palette{color.NRGBA{10, 20, 30, 40}, color.RGBA{1, 2, 3, 255}, color.NRGBA{9, 9, 9, 0}}
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		m := image.NewYCbCr(whole, ratio)
		fill(m.Y)
		fill(m.Cb)
		fill(m.Cr)
		same(t, ratio.String(), m)
		same(t, ratio.String()+" part", m.SubImage(part))
		a := image.NewNYCbCrA(whole, ratio)
		a.YCbCr = *m
		fill(a.A)
		same(t, "alpha "+ratio.String(), a)
		same(t, "alpha part "+ratio.String(), a.SubImage(part))
	}
	gray, cmyk, nrgba := image.NewGray(whole), image.NewCMYK(whole), image.NewNRGBA(whole)
	rgba, paletted := image.NewRGBA(whole), image.NewPaletted(whole, palette)
	fill(gray.Pix)
	fill(cmyk.Pix)
	fill(nrgba.Pix)
	for i := range paletted.Pix {
		paletted.Pix[i] = byte(rnd.IntN(len(palette)))
	}
	for i := range rgba.Pix {
		rgba.Pix[i] = byte(rnd.Uint32())
		if i%4 == 3 {
			rgba.Pix[i] = 255
		}
	}
	same(t, "gray", gray)
	same(t, "gray part", gray.SubImage(part))
	same(t, "cmyk", cmyk)
	same(t, "nrgba", nrgba)
	same(t, "nrgba part", nrgba.SubImage(part))
	same(t, "rgba", rgba)
	same(t, "paletted", paletted)
}

func same(t *testing.T, name string, m image.Image) {
	t.Helper()
	got, b := toNRGBA(m), m.Bounds()
	if got.Rect != (image.Rectangle{Max: b.Size()}) {
		t.Errorf("%s: got bounds %v", name, got.Rect)
		return
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := m.At(b.Min.X+x, b.Min.Y+y)
			want := color.NRGBAModel.Convert(c).(color.NRGBA)
			switch c := c.(type) {
			case color.YCbCr:
				r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
				want = color.NRGBA{r, g, b, 255}
			case color.NYCbCrA:
				r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
				want = color.NRGBA{r, g, b, c.A}
			}
			if got := got.NRGBAAt(x, y); got != want {
				t.Fatalf("%s: pixel (%d,%d) is %v, want %v", name, x, y, got, want)
			}
		}
	}
}

// Of sixteen bits the high byte is kept, whatever the alpha.
func TestToNRGBAHighByte(t *testing.T) {
	r := image.Rect(0, 0, 1, 1)
	n, o, g := image.NewNRGBA64(r), image.NewRGBA64(r), image.NewGray16(r)
	n.SetNRGBA64(0, 0, color.NRGBA64{0x12ff, 0x3480, 0x5600, 0x00ff})
	o.SetRGBA64(0, 0, color.RGBA64{0x12ff, 0x3480, 0x5600, 0xffff})
	g.SetGray16(0, 0, color.Gray16{0x78ff})
	for _, tt := range []struct {
		m    image.Image
		want color.NRGBA
	}{
		{n, color.NRGBA{0x12, 0x34, 0x56, 0}},
		{o, color.NRGBA{0x12, 0x34, 0x56, 0xff}},
		{g, color.NRGBA{0x78, 0x78, 0x78, 0xff}},
	} {
		if got := toNRGBA(tt.m).NRGBAAt(0, 0); got != tt.want {
			t.Errorf("%T: got %v, want %v", tt.m, got, tt.want)
		}
	}
}

// A decoder that panics must cost one image, not the program.
func TestDecoderPanic(t *testing.T) {
	c := pngCodec
	c.survey = func([]byte) survey { panic("index out of range") }
	m, _, err := c.pixels(new(Loader), []byte("x"), DefaultLimits())
	if m != nil || err == nil {
		t.Errorf("got %v, %v", m, err)
	}
}
