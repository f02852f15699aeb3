package portrait

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// develop makes a picture of the light on the canvas, as a small camera does:
// lens fall-off, noise, tone curve.
func develop(c *canvas, noise float64, seed uint64) *image.RGBA {
	w, h := c.w/samples, c.h/samples
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(seed, 7))
	for y := range h {
		for x := range w {
			l := c.pixel(x, y)
			dx, dy := (float64(x)-float64(w)/2)/float64(h), (float64(y)-float64(h)/2)/float64(h)
			l = l.Scale(1 - 0.55*(dx*dx+dy*dy))
			n := rnd.NormFloat64()
			for k, v := range [3]float64{l.X, l.Y, l.Z} {
				v += (0.6*n + 0.5*rnd.NormFloat64()) * noise * math.Sqrt(max(v, 0)*0.00020+0.000002)
				img.Pix[img.PixOffset(x, y)+k] = tone(v)
			}
			img.Pix[img.PixOffset(x, y)+3] = 255
		}
	}
	return img
}

// pixel averages the samples around a pixel, those of its neighbours with
// less weight.
func (c *canvas) pixel(x, y int) vec {
	var sum vec
	total := 0.0
	for j := -1; j <= samples; j++ {
		for i := -1; i <= samples; i++ {
			sx, sy := x*samples+i, y*samples+j
			if sx < 0 || sy < 0 || sx >= c.w || sy >= c.h {
				continue
			}
			w := 1.0
			if i < 0 || i == samples {
				w *= 0.35
			}
			if j < 0 || j == samples {
				w *= 0.35
			}
			sum = sum.AddScaled(c.light[sy*c.w+sx], w)
			total += w
		}
	}
	return sum.Scale(1 / total)
}

// tone is the camera's curve: light that doubles brightens less and less.
func tone(v float64) uint8 {
	v = max(0, v)
	v = float64(v*(1+v*0.10)) / (1 + float64(v*0.75))
	v = math.Pow(geom.Clamp(v*1.45, 0, 1), 1/2.2)
	return uint8(math.Round(geom.Clamp(v*255, 0, 255)))
}
