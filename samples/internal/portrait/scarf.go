package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// scarf is the field of a scarf that covers hair, ears and neck.
func (d *Dress) scarf(h *head) geom.Field {
	return func(p vec) float64 {
		q := pt(math.Abs(p.X), p.Y, p.Z)
		cap := geom.Ellipsoid(q, pt(0, 2.7, -1.6), pt(8.0*h.Width, 9.3, 9.9))
		f := geom.Join(h.jaw(q, h.skull(q))-0.5, cap, 1)
		drape := geom.Cone(q, pt(0, -9, -1.6), pt(0, -19, -2.6), 6.4, 9.4)
		f = geom.Join(f, drape, 2.2)
		f = geom.Join(f, h.body(q)-1.1, 2)
		return f - d.pleats(p)
	}
}

// pleats is how far folds lift the scarf: around the face, then across the
// throat to one shoulder.
func (d *Dress) pleats(p vec) float64 {
	low := geom.Step(-6, -12, p.Y)
	angle := math.Atan2(p.X, 3+0.35*p.Y)
	across := p.Y*1.15 + 0.42*p.X + 0.8*geom.Noise(p.Scale(0.25))
	sweep := 0.26 * math.Sin(across*1.9) * geom.Noise(pt(p.X*0.15, p.Y*0.3, 2))
	around := 0.10 * math.Sin(p.Z*1.4+2.5*geom.Noise(p.Scale(0.22)))
	around *= geom.Step(5.5, 3.5, p.Z) * (0.6 + 0.4*math.Cos(3*angle))
	return geom.Mix(around, sweep+0.35*geom.Fractal(p.Scale(0.22), 2), low)
}

// opening returns how far a point of the scarf lies outside of the opening
// for the face.
func opening(p vec) float64 {
	if p.Z < 0 {
		return 5
	}
	x, y := p.X/(6.0-0.14*max(0, -2-p.Y)), (p.Y+1.9)/8.6
	if p.Y < -1.9 {
		y = (p.Y + 1.9) / 8.75
	}
	return (math.Sqrt(float64(x*x)+float64(y*y)) - 1) * 6
}

// scarfShade colours the scarf.
func (s *clothShader) scarfShade(f *fragment) (vec, bool) {
	edge := opening(f.rest)
	if edge < 0 {
		return vec{}, false
	}
	weave := geom.Noise(f.rest.Scale(11))
	light := (1 + 0.06*weave) * geom.Mix(0.6, 1, geom.Step(0, 0.10, edge)) * (1 - 0.25*geom.Bump((edge-0.55)/0.1))
	view := pt(0, 0, s.cam.distance).Sub(f.world).Norm()
	soft := 0.05 * math.Pow(1-max(0, f.normal.Dot(view)), 2)
	return s.ScarfColour.Add(grey(soft)).Mul(f.light).Scale(light), true
}
