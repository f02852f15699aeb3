package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// A Cut is the form of a garment's neck.
type Cut int

// The forms that a garment's neck can have.
const (
	Crew Cut = iota
	Vee
	Turtle
	Shirt // with a collar and buttons
)

// Dress is what is worn.
type Dress struct {
	Cut Cut
	// Colour is the cloth's, Accent that of its pattern.
	Colour, Accent geom.Vec
	// Stripes is the height of one stripe in centimetres, 0 for none.
	Stripes float64
	// Knit is how coarse the cloth is, 0 to 1.
	Knit float64
	// Scarf is worn over the hair.
	Scarf bool
	// ScarfColour is the scarf's.
	ScarfColour geom.Vec
}

// thick is how far cloth lies from the body.
const thick = 0.5

// cloth is the field of the garment.
func (d *Dress) cloth(h *head) geom.Field {
	return func(p vec) float64 {
		body := h.body(p) - thick
		if body > 2 {
			return body - 0.6
		}
		if d.Cut == Turtle {
			roll := pt(p.X, 0, p.Z+3.1).Len() - 5.75*h.Neck - 0.1*math.Sin(p.Y*1.1)
			roll = max(roll, math.Abs(p.Y+15.4+0.25*(p.Z+3))-2.6)
			body = geom.Join(body, roll, 0.8)
		}
		drape := geom.Fractal(pt(p.X*0.16+0.12*p.Y, p.Y*0.10, p.Z*0.16+4), 3)
		return body - 0.9*drape*geom.Step(0.6, 5, d.below(h, p))
	}
}

// below returns how far a point of the body lies below the garment's upper
// edge, which runs around the foot of the neck.
func (d *Dress) below(h *head, p vec) float64 {
	if d.Cut == Turtle {
		return -13 - 0.25*(p.Z+3) - p.Y
	}
	front := geom.Step(-1, 1, p.Z)
	level := -17.9 + 0.05*p.X*p.X - 0.3*max(0, -p.Z-3) - p.Y
	around := math.Hypot(p.X, 0.9*(p.Z+3.8)) - 1.5 - 5.1*h.Neck
	in := -geom.Join(-level, -around, 1.5)
	switch d.Cut {
	case Vee:
		in -= max(0, 4.8-1.25*math.Abs(p.X)) * front
	case Shirt:
		in += 0.7 - (1.4+max(0, 3.6-1.6*math.Abs(p.X)))*front
	}
	return min(in, -13-0.3*(p.Z+3)-p.Y)
}

// A clothShader colours the garment.
type clothShader struct {
	*scene
	*Dress
}

func (s *clothShader) shade(f *fragment) (vec, bool) {
	p := f.rest
	in := s.below(s.head, p)
	if in < 0 {
		return vec{}, false
	}
	col := s.Colour
	if s.Stripes > 0 && math.Mod(-p.Y+0.12*math.Abs(p.X), 2*s.Stripes) > s.Stripes {
		col = s.Accent
	}
	weave := geom.Noise(pt(p.X*9, p.Y*9, p.Z*9))
	rows := math.Sin(p.Y*10+1.5*math.Sin(p.X*10)) * s.Knit
	light := 1 + 0.07*weave + 0.10*rows
	if s.Cut != Shirt && in < 1.5 {
		angle := math.Atan2(p.X, p.Z+3.5)
		light *= (0.90 + 0.10*math.Sin(angle*105)) * (1 - 0.35*geom.Bump((in-1.5)/0.14))
	}
	light *= geom.Mix(0.75, 1, geom.Step(0, 0.10, in))
	if s.Cut == Shirt {
		col, light = s.placket(p, col, light)
	}
	view := pt(0, 0, s.cam.distance).Sub(f.world).Norm()
	fuzz := 0.12 * math.Pow(1-max(0, f.normal.Dot(view)), 3)
	return col.Add(grey(fuzz * 0.3)).Mul(f.light).Scale(light), true
}

// collarShade colours a shirt's collar, its seam near the edge.
func (s *clothShader) collarShade(f *fragment) (vec, bool) {
	weave := geom.Noise(f.rest.Scale(9))
	return s.Colour.Mul(f.light).Scale(1.02 + 0.06*weave), true
}

// placket draws the button border of a shirt.
func (s *clothShader) placket(p, col vec, light float64) (vec, float64) {
	if p.Z < -2 {
		return col, light
	}
	x := p.X - 0.2
	light *= 1 - 0.4*geom.Bump((x-1.5)/0.12) - 0.12*geom.Bump((x+1.5)/0.2)
	y := math.Mod(-p.Y, 8) - 6.4
	r := math.Hypot(x, y)
	if r < 0.55 {
		col = col.Lerp(grey(0.55), geom.Step(0.55, 0.48, r))
		light *= 1 - 0.5*geom.Bump((r-0.5)/0.1) - 0.5*geom.Bump(math.Hypot(math.Abs(x)-0.14, math.Abs(y)-0.14)/0.1)
	}
	return col, light
}

// collar returns the mesh of a shirt's collar: a band that rises around the
// neck, folds over and ends in two points.
func collar(h *head) *geom.Mesh {
	const around, down = 120, 14
	m := &geom.Mesh{}
	at := func(i, j int) vec {
		turn := -1 + 2*float64(i)/around // -1 and 1 are the points in front.
		v := float64(j) / down
		back := math.Abs(turn)
		angle := turn * (math.Pi - 0.10)
		sin, cos := math.Sincos(angle)
		// The leaf is longest at the points, which spread apart.
		long := 3.2 + 2.6*geom.Step(0.60, 1, back)
		r := 5.45*h.Neck + 0.25 + 0.65*v + 0.5*math.Sin(v*math.Pi)*0.5
		front := geom.Step(0.55, 1, back)
		y := -14.6 - 0.25*(-cos*r) - long*v + 0.5*front*(1-v) - 2.2*front
		x := r*sin + math.Copysign(2.6*v*front*front, turn)
		return pt(x, y, -3.3-r*cos*(0.92+0.10*v)+1.5*front*v)
	}
	for i := range around + 1 {
		for j := range down + 1 {
			m.Pos = append(m.Pos, at(i, j))
		}
	}
	const row = down + 1
	for i := range around {
		for j := range down {
			a := int32(i*row + j)
			m.Tri = append(m.Tri, [3]int32{a, a + row, a + 1}, [3]int32{a + row, a + row + 1, a + 1})
		}
	}
	m.Smooth()
	return m
}
