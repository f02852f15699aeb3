package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// eyeFolds is how dark the creases around the eyes are: the upper lid's, and
// those below the eye.
func (s *skinShader) eyeFolds(p vec) float64 {
	if p.Y < -3 || p.Y > 2.5 {
		return 0
	}
	skin := &s.person.Skin
	t, upper, lower := s.head.lid(p)
	crease := 0.6 * skin.Fold * geom.Bump((-upper-0.27-0.06*t)/0.09)
	lid := 0.16 * geom.Step(0.8, 0.05, -upper) * geom.Step(0, 0.02, -upper)
	bag := (0.10 + 0.35*skin.Lines) * geom.Bump((-lower-0.42)/0.34)
	return (crease + lid + bag) * geom.Step(1.25, 0.8, math.Abs(t))
}

// noseFolds is how dark the nostrils, the grooves around the wings of the nose
// and the folds from there to beside the mouth are, on the positive side.
func (s *skinShader) noseFolds(q vec) float64 {
	tip, w := s.head.noseTip(), s.head.NoseWidth
	hole := near(q, tip.Add(pt(0.60*w, -0.80, -0.25)), 0.46)
	wing := q.Sub(tip.Add(pt(1.0*w, -0.30, -1.0)))
	groove := geom.Bump((math.Hypot(wing.X/0.86, wing.Y/0.82) - 1) / 0.22)
	groove *= geom.Step(-0.75, 0.1, wing.Y) * geom.Step(-0.3, 0.4, wing.X) * geom.Step(6, 7, q.Z)
	down := geom.Clamp((-4.1-q.Y)/2.9, 0, 1)
	line := 1.75 + 1.25*down + 0.25*math.Sin(down*3.1)
	fold := geom.Bump((q.X-line)/0.22) * geom.Step(0, 0.25, down) * geom.Step(1, 0.7, down)
	return 1.3*hole + 0.5*groove + (0.10+0.5*s.person.Skin.Lines)*fold
}

// ageLines is how dark the lines across the forehead are.
func (s *skinShader) ageLines(q vec) float64 {
	lines := s.person.Skin.Lines
	if q.Y < 2.6 || lines == 0 {
		return 0
	}
	const apart, width = 1.1, 0.12
	wave := q.Y + 0.25*geom.Noise(pt(q.X*0.35, 3, 1))
	off := wave - math.Floor(wave/apart)*apart - apart/2
	return 0.3 * lines * geom.Bump(off/width) * near(q, pt(0, 4.2, 8), 4.5)
}
