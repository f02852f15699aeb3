package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// Glasses are a pair of glasses.
type Glasses struct {
	// Rim is how thick the rim is in centimetres; 0 means no glasses.
	Rim float64
	// Width and Height are half the size of a lens in centimetres.
	Width, Height float64
	// Square is 2 for oval lenses and more for squarer ones.
	Square float64
	Colour geom.Vec
}

// rims returns the mesh of the frame.
func (g *Glasses) rims(h *head) *geom.Mesh {
	m := &geom.Mesh{}
	for _, side := range [2]float64{-1, 1} {
		var ring []vec
		for i := range 72 {
			ring = append(ring, g.edge(h, side, float64(i)/72*2*math.Pi))
		}
		tube(m, append(ring, ring[:1]...), g.Rim)
		hinge := g.edge(h, side, 0.25)
		ear := pt(side*(7.3*h.Width), 1.6, -1.2)
		temple := pt(side*(6.9*h.Width+0.25), hinge.Y+0.1, hinge.Z-1.2)
		tube(m, []vec{hinge, temple, ear, ear.Add(pt(0, -1.2, -1.6))}, g.Rim)
	}
	var bridge []vec
	for i := range 13 {
		t := -1 + float64(i)/6
		a := g.edge(h, 1, math.Pi-0.25)
		bridge = append(bridge, pt(t*a.X, a.Y+0.25*(1-t*t), a.Z+0.15*(1-t*t)))
	}
	tube(m, bridge, g.Rim)
	m.Smooth()
	return m
}

// edge returns the point of a lens's edge at an angle from its outer side.
func (g *Glasses) edge(h *head, side, angle float64) vec {
	sin, cos := math.Sincos(angle)
	power := func(c float64) float64 { return math.Copysign(math.Pow(math.Abs(c), 2/g.Square), c) }
	return g.point(h, side, g.Width*power(cos), g.Height*power(sin))
}

// point returns the point of a lens that lies u outwards and v up from its
// middle. Lenses lean to the cheeks and curve around the face.
func (g *Glasses) point(h *head, side, u, v float64) vec {
	x := h.EyeGap + 0.12 + u
	return pt(side*x, v-0.25, 9.35+0.13*v-0.040*x*x)
}

// tube adds a tube along a path.
func tube(m *geom.Mesh, path []vec, radius float64) {
	const sides = 8
	first := int32(len(m.Pos))
	for i, p := range path {
		along := path[min(i+1, len(path)-1)].Sub(path[max(i-1, 0)]).Norm()
		s, t := along.Frame()
		for k := range sides {
			sin, cos := math.Sincos(float64(k) / sides * 2 * math.Pi)
			m.Pos = append(m.Pos, p.AddScaled(s, radius*cos).AddScaled(t, radius*sin))
		}
	}
	for i := range int32(len(path) - 1) {
		for k := range int32(sides) {
			a, b := first+i*sides+k, first+i*sides+(k+1)%sides
			m.Tri = append(m.Tri, [3]int32{a, b, a + sides}, [3]int32{b, b + sides, a + sides})
		}
	}
}

// lenses returns the mesh of the glass.
func (g *Glasses) lenses(h *head) *geom.Mesh {
	const spokes, rings = 48, 6
	m := &geom.Mesh{}
	for _, side := range [2]float64{-1, 1} {
		first := int32(len(m.Pos))
		for r := range rings {
			for i := range spokes {
				e := g.edge(h, side, float64(i)/spokes*2*math.Pi)
				mid := g.point(h, side, 0, 0)
				t := float64(r) / (rings - 1)
				p := mid.Lerp(e, t)
				m.Pos = append(m.Pos, p)
				m.Normal = append(m.Normal, pt(0.10*p.X, 0.10*p.Y, 1).Norm())
			}
		}
		for r := range int32(rings - 1) {
			for i := range int32(spokes) {
				a, b := first+r*spokes+i, first+r*spokes+(i+1)%spokes
				t := [2][3]int32{{a, a + spokes, b}, {b, a + spokes, b + spokes}}
				if side < 0 {
					t = [2][3]int32{{a, b, a + spokes}, {b, b + spokes, a + spokes}}
				}
				m.Tri = append(m.Tri, t[0], t[1])
			}
		}
	}
	return m
}

// rimShade colours the frame.
func (s *scene) rimShade(f *fragment) (vec, bool) {
	view := pt(0, 0, s.cam.distance).Sub(f.world).Norm()
	nh := max(0, f.normal.Dot(s.room.Key.Norm().Add(view).Norm()))
	return s.person.Glasses.Colour.Mul(f.light).Add(s.room.KeyColour.Scale(0.5 * f.key * math.Pow(nh, 60))), true
}

// lensShade is what the glass adds to the light behind it.
func (s *scene) lensShade(f *fragment) (vec, bool) {
	view := pt(0, 0, s.cam.distance).Sub(f.world).Norm()
	mirror := f.normal.Scale(2 * f.normal.Dot(view)).Sub(view)
	key := pt(s.room.Key.X*0.55, s.room.Key.Y, s.room.Key.Z).Norm()
	a, b := key.Frame()
	x, y := mirror.Dot(a)+0.35*mirror.Dot(b), mirror.Dot(b)
	window := geom.Step(0.16, 0.10, math.Abs(x)) * geom.Step(0.34, 0.26, math.Abs(y))
	return s.room.SkyColour.Scale(0.02).Add(s.room.KeyColour.Scale(0.07 * window)), true
}
