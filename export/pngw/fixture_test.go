package pngw_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// contents fill a picture, by integers alone so that it is the same everywhere.
var contents = map[string]func(m *image.NRGBA, random *rand.Rand){
	"noise": func(m *image.NRGBA, random *rand.Rand) {
		each(m, func(int, int) color.NRGBA { return gray(uint8(random.Uint32())) })
	},
	"flat": func(m *image.NRGBA, _ *rand.Rand) {
		each(m, func(int, int) color.NRGBA { return color.NRGBA{250, 250, 247, 255} })
	},
	"gradient": func(m *image.NRGBA, _ *rand.Rand) {
		each(m, func(x, y int) color.NRGBA { return color.NRGBA{uint8(x / 5), uint8(y / 4), uint8((x + y) / 8), 255} })
	},
	"hatch": func(m *image.NRGBA, _ *rand.Rand) {
		each(m, func(x, y int) color.NRGBA { return gray(uint8(200 + 55*((x+y)/6%2))) })
	},
	"photo": func(m *image.NRGBA, random *rand.Rand) {
		each(m, func(x, y int) color.NRGBA {
			v := 40 + x*y/97%50 + x/3 + y/5 + int(random.Uint32N(6))
			return color.NRGBA{uint8(v), uint8(v*3/4 + int(random.Uint32N(5))), uint8(v / 2), 255}
		})
	},
	// As cameras store it: a colour for every two by two pixels.
	"camera": func(m *image.NRGBA, random *rand.Rand) {
		var colours [3]int
		each(m, func(x, y int) color.NRGBA {
			light := 60 + x/3 + y/5 + int(random.Uint32N(8)) + int(random.Uint32N(8))
			if x%2 == 0 {
				at := uint32(x/2*7 + y/2*13)
				colours = [3]int{int(at % 5), int(at / 5 % 7), int(at / 9 % 6)}
			}
			return color.NRGBA{uint8(light + colours[0]), uint8(light - colours[1]), uint8(light - colours[2]), 255}
		})
	},
	"drawing": func(m *image.NRGBA, random *rand.Rand) {
		draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
		for range 40 {
			at := m.Rect.Min.Add(image.Pt(random.IntN(m.Rect.Dx()), random.IntN(m.Rect.Dy())))
			r := image.Rectangle{at, at.Add(image.Pt(1+random.IntN(60), 1+random.IntN(9)))}
			draw.Draw(m, r, image.NewUniform(gray(uint8(random.Uint32N(4)*60))), image.Point{}, draw.Src)
		}
	},
	"alpha": func(m *image.NRGBA, random *rand.Rand) {
		each(m, func(x, y int) color.NRGBA {
			return color.NRGBA{uint8(x), uint8(y), uint8(random.Uint32N(9)), uint8(x*7 + y)}
		})
	},
	"mixed": func(m *image.NRGBA, random *rand.Rand) {
		each(m, func(x, y int) color.NRGBA {
			if y/32%2 == 0 || x < 40 {
				return gray(255)
			}
			return gray(uint8(x + y + int(random.Uint32N(30))))
		})
	},
}

func gray(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }

func each(m *image.NRGBA, f func(x, y int) color.NRGBA) {
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			m.SetNRGBA(x, y, f(x-m.Rect.Min.X, y-m.Rect.Min.Y))
		}
	}
}

// picture draws contents of a size; equal arguments give equal pixels.
func picture(name string, w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	contents[name](m, rand.New(rand.NewPCG(uint64(w), uint64(h))))
	return m
}

// premultiplied returns m as RGBA.
func premultiplied(m *image.NRGBA) *image.RGBA {
	r := image.NewRGBA(m.Rect)
	draw.Draw(r, r.Rect, m, m.Rect.Min, draw.Src)
	return r
}

// packed returns the pixels of m without alpha, in rows of stride bytes.
func packed(m *image.NRGBA, stride int) []byte {
	var pix []byte
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		row := make([]byte, stride)
		for x := range m.Rect.Dx() {
			copy(row[3*x:3*x+3], m.Pix[m.PixOffset(m.Rect.Min.X+x, y):])
		}
		pix = append(pix, row...)
	}
	return pix
}

// photographs decodes the frames of a real session, which tests may read but
// the project does not hold.
func photographs(tb testing.TB) []*image.NRGBA {
	tb.Helper()
	dir := os.Getenv("LVTOOL_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	var list []*image.NRGBA
	for _, name := range []string{"inside", "edges"} {
		data, err := os.ReadFile(filepath.Join(dir, "data", "wire", name+".wire.json"))
		if err != nil {
			tb.Skip("no photographs: set LVTOOL_SHARED to the folder with data/wire")
		}
		type encoded struct{ Bytes string }
		var session struct {
			ReferenceImage encoded
			AuditImages    []encoded
		}
		if err := json.Unmarshal(data, &session); err != nil {
			tb.Fatal(err)
		}
		for _, e := range append(session.AuditImages, session.ReferenceImage) {
			list = append(list, decodeJPEG(tb, e.Bytes))
		}
	}
	return list
}

func decodeJPEG(tb testing.TB, encoded string) *image.NRGBA {
	tb.Helper()
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		tb.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	n := image.NewNRGBA(m.Bounds())
	draw.Draw(n, n.Rect, m, m.Bounds().Min, draw.Src)
	return n
}
