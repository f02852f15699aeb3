package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// The eyeball and the lids over it are wider than high, so that the corners
// of the opening have something to lie on.
var (
	eyeball = pt(1.55, 1.24, 1.24)
	lidball = pt(1.65, 1.34, 1.34)
)

const (
	irisRadius  = 0.60
	pupilRadius = 0.21
)

// lid returns where a point of the skin lies in the opening of the lids:
// across from the inner (-1) to the outer (1) corner, and how far it lies
// inside the upper and lower edge, in centimetres.
func (h *head) lid(p vec) (across, upper, lower float64) {
	x := math.Abs(p.X+sway(p.Y)) - h.EyeGap
	t := x / (1.40 * h.EyeWidth)
	y := p.Y - float64(h.EyeTilt*x)
	round := max(0, 1-float64(t*t))
	// The upper edge is highest inside of the middle, the lower outside of it.
	up := 0.55 * h.EyeOpen * math.Pow(round, 0.62) * (1 - 0.16*t)
	down := -0.50 * math.Sqrt(h.EyeOpen) * math.Pow(round, 0.85) * (1 + 0.22*t)
	return t, up - y, y - down
}

// eyeMesh returns the visible half of the eyeball around c.
func eyeMesh(c vec) *geom.Mesh {
	const rings, spokes = 28, 64
	m := &geom.Mesh{}
	for i := range rings + 1 {
		sa, ca := math.Sincos(float64(i) / rings * math.Pi / 2)
		for j := range spokes {
			sb, cb := math.Sincos(float64(j) / spokes * 2 * math.Pi)
			d := pt(sa*cb, sa*sb, ca)
			m.Pos = append(m.Pos, c.Add(d.Mul(eyeball)))
			m.Normal = append(m.Normal, pt(d.X/eyeball.X, d.Y/eyeball.Y, d.Z/eyeball.Z).Norm())
		}
	}
	for i := range rings {
		for j := range spokes {
			a, b := int32(i*spokes+j), int32(i*spokes+(j+1)%spokes)
			m.Tri = append(m.Tri, [3]int32{a, a + spokes, b}, [3]int32{b, a + spokes, b + spokes})
		}
	}
	return m
}

// An eyeShader colours the eyeballs.
type eyeShader struct {
	*scene
	gaze [2]vec // where the pupils lie, from the eyeballs' centres
}

func (s *eyeShader) shade(f *fragment) (vec, bool) {
	side, i := 1.0, 0
	if f.rest.X < 0 {
		side, i = -1, 1
	}
	e := f.rest.Sub(pt(side*s.head.EyeGap, 0, s.head.eye.Z))
	o := e.Sub(s.gaze[i])
	rho := math.Hypot(o.X, o.Y)
	t, upper, lower := s.head.lid(f.rest)
	white := pt(0.52, 0.485, 0.46).Lerp(pt(0.50, 0.27, 0.24), 0.55*geom.Step(0.55, 1.05, math.Abs(t)))
	col := white.Lerp(s.iris(o, rho), geom.Step(irisRadius+0.05, irisRadius-0.05, rho))
	// Lids and lashes shade the ball.
	shade := geom.Mix(0.30, 1, geom.Step(-0.05, 0.38, upper)) * geom.Mix(0.6, 1, geom.Step(-0.05, 0.2, lower))
	col = col.Mul(f.light).Scale(shade * 1.05)
	return col.Add(s.glint(f, o, rho, upper)), true
}

func (s *eyeShader) iris(o vec, rho float64) vec {
	c := s.person.Iris
	angle := math.Atan2(o.Y, o.X)
	fibre := geom.Fractal(pt(angle*7, rho*3, 4), 3)
	ring := geom.Step(pupilRadius, irisRadius, rho)
	col := c.Scale(1.15+0.9*fibre).Lerp(c.Scale(0.25), geom.Step(0.72, 1, ring))
	col = col.AddScaled(pt(1.0, 0.8, 0.5).Mul(c), 0.5*geom.Bump((ring-0.25)*3))
	return col.Lerp(grey(0.004), geom.Step(pupilRadius+0.035, pupilRadius-0.035, rho))
}

// glint is the mirror image of the main light and of the screen.
func (s *eyeShader) glint(f *fragment, o vec, rho, upper float64) vec {
	n := f.normal
	if rho < 0.7 {
		n = n.Add(pt(o.X, o.Y, 0).Scale(0.55)).Norm() // The cornea bulges.
	}
	view := pt(0, 0, s.cam.distance).Sub(f.world).Norm()
	mirror := n.Scale(2 * n.Dot(view)).Sub(view)
	key := s.room.Key.Norm()
	a, b := key.Frame()
	x, y := mirror.Dot(a), mirror.Dot(b)
	window := 0.0
	if mirror.Dot(key) > 0 {
		const edge = 0.05
		window = geom.Step(0.24, 0.24-edge, math.Abs(x)) * geom.Step(0.30, 0.30-edge, math.Abs(y))
		window *= 1 - 0.7*geom.Bump(x/0.035)
	}
	glow := 0.5 * geom.Step(0.90, 1.0, mirror.Z) * geom.Step(0.14, 0.05, math.Abs(mirror.X))
	seen := geom.Step(0.05, 0.15, upper)
	return s.room.KeyColour.Scale(0.75 * window * seen).Add(s.room.Screen.Scale(glow * seen))
}
