package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// A skinShader colours head and neck.
type skinShader struct {
	*scene
	key vec // direction to the main light
}

func (s *skinShader) shade(f *fragment) (vec, bool) {
	p := f.rest
	rim, open := s.lidRim(p)
	if open || s.person.Dress.below(s.head, p) > 0.7 {
		return vec{}, false
	}
	albedo, gloss := s.albedo(p)
	albedo = albedo.Lerp(albedo.Mul(pt(0.30, 0.20, 0.18)), rim)
	grain := geom.Noise(p.Scale(9)) + 0.6*geom.Noise(p.Scale(19))
	col := albedo.Mul(f.light).Scale(1 + 0.045*grain)
	return col.Add(s.shine(f, gloss*(1+0.5*grain))), true
}

// lidRim returns how dark the lids' edges are at p, the upper one with its
// lashes darkest; open means that p lies between the lids.
func (s *skinShader) lidRim(p vec) (rim float64, open bool) {
	if p.Z < 5 || math.Abs(p.Y) > 2.5 {
		return 0, false
	}
	t, upper, lower := s.head.lid(p)
	switch {
	case math.Abs(t) < 1 && upper > 0 && lower > 0:
		return 0, true
	case math.Abs(t) > 1.1:
		return 0, false
	}
	rim = 0.6 * geom.Step(0.16, 0.02, max(-upper, -lower))
	if upper <= 0 {
		rim = max(rim, geom.Step(0.10, 0.03, -upper)*geom.Step(-1, -0.5, t))
	}
	return rim, false
}

// shine is the light that the skin's surface mirrors.
func (s *skinShader) shine(f *fragment, gloss float64) vec {
	view := pt(0, 0, s.cam.distance).Sub(f.world).Norm()
	half := s.key.Add(view).Norm()
	nh := max(0, f.normal.Dot(half))
	nv := max(0, f.normal.Dot(view))
	fresnel := 0.03 + 0.5*math.Pow(1-nv, 5)
	lobe := 5.5*math.Pow(nh, 14) + 14*math.Pow(nh, 55)
	sheen := s.room.KeyColour.Scale(f.key * lobe * 0.028 * (0.5 + fresnel*6))
	sky := s.room.SkyColour.Scale(fresnel * 0.35 * max(0, 0.5+0.5*f.normal.Y))
	lum := min(1, (f.light.X+f.light.Y+f.light.Z)/1.5)
	return sheen.Add(sky.Scale(lum)).Scale(gloss * s.person.Skin.Shine)
}

// albedo returns the skin's own colour at p and how glossy it is.
func (s *skinShader) albedo(p vec) (vec, float64) {
	skin := &s.person.Skin
	q := pt(math.Abs(p.X), p.Y, p.Z)
	off := float64(s.person.Seed % 97)
	blotch := geom.Fractal(p.Scale(0.9).Add(grey(off)), 3)
	col := skin.Tone.Mul(pt(1+0.10*blotch, 1+0.15*blotch, 1+0.17*blotch))
	flush := 0.8*near(q, pt(4.1, -3.0, 6.2), 2.8) + 0.9*near(q, pt(0, -3.7, 10.5), 1.9) +
		0.4*near(q, pt(0, -9.5, 8), 2) + 0.9*near(q, pt(8, -0.8, -1.5), 3.4)
	flush *= skin.Flush * (1 + 0.7*blotch)
	col = col.Lerp(col.Mul(pt(1.12, 0.66, 0.60)), geom.Clamp(flush, 0, 1))
	if skin.Freckles > 0 && p.Z > 2 {
		spot := geom.Step(0.42, 0.62, geom.Noise(p.Scale(3.2))) * near(q, pt(2.5, -2, 8), 5)
		col = col.Lerp(col.Mul(pt(0.62, 0.48, 0.4)), 0.6*skin.Freckles*spot)
	}
	gloss := 0.75 + 0.5*near(q, pt(0, 4, 8), 5) + 0.7*near(q, pt(0, -2.5, 10), 2.5)
	if hair := &s.person.Hair; hair.Count > 0 {
		col = col.Lerp(hair.Colour.Scale(1.2), 0.85*geom.Step(-0.1, 0.9, hair.scalp(p)))
	}
	if beard := &s.person.Beard; beard.Shadow > 0 {
		dark := beard.Colour.Lerp(skin.Tone.Scale(0.5), 0.35)
		col = col.Lerp(dark, beard.Shadow*beard.region(s.head, p))
	}
	if p.Z > 4 && p.Y > 0.8 && p.Y < 4 {
		col = col.Lerp(s.person.Brows.Colour.Scale(1.5), s.browBase(q))
	}
	if p.Z > 4 {
		dark := s.eyeFolds(p) + s.noseFolds(q) + s.ageLines(q)
		col = col.Lerp(col.Mul(pt(0.55, 0.40, 0.36)), geom.Clamp(dark, 0, 1))
		if lip := s.lips(p); lip > 0 {
			col = col.Lerp(skin.Lip.Scale(1+0.25*geom.Noise(pt(p.X*7, p.Y*1.5, 3))), lip)
			gloss = geom.Mix(gloss, 0.9, lip)
		}
		col = s.mouthLine(p, col)
	}
	return col, gloss
}

// browBase is how much the skin shows the brow's colour between its hairs.
func (s *skinShader) browBase(q vec) float64 {
	t := (q.X*3.15/s.head.EyeGap - 1.25) / 3.85
	_, y, half := s.person.Brows.line(t)
	return 0.32 * geom.Bump((q.Y-y)/(1.2*half+0.05)) * geom.Step(-0.06, 0.1, t) * geom.Step(1.05, 0.8, t)
}

// near falls from 1 at c to 0 at the distance r.
func near(p, c vec, r float64) float64 { return geom.Bump(p.Sub(c).Len() / r) }

// lips returns how much a point belongs to the lips.
func (s *skinShader) lips(p vec) float64 {
	h := s.head
	b := h.bend(pt(p.X+sway(p.Y), p.Y, p.Z))
	x := math.Abs(b.X) / 2.42
	if x > 1 {
		return 0
	}
	y := b.Y - mouthHeight
	full := 0.40 * h.Lips
	bow := 1.62 * full * math.Pow(1-x, 0.62) * (1 - 0.30*geom.Bump(b.X/0.42)) * (0.82 + 0.42*geom.Bump((x-0.25)*1.7))
	low := -2.35 * full * math.Pow(1-x*x, 0.72)
	const soft = 0.07
	return geom.Step(bow+soft, bow-soft, y) * geom.Step(low-1.4*soft, low+1.4*soft, y) * geom.Step(1, 0.93, x)
}

// mouthLine darkens the line between the lips.
func (s *skinShader) mouthLine(p, col vec) vec {
	b := s.head.bend(pt(p.X+sway(p.Y), p.Y, p.Z))
	x := math.Abs(b.X) / 2.5
	if x >= 1 {
		return col
	}
	y := b.Y - mouthHeight + 0.05*geom.Bump(b.X/0.6)
	line := geom.Bump(y/(0.05+0.06*(1-x))) * geom.Step(1, 0.85, x)
	return col.Lerp(col.Mul(pt(0.16, 0.07, 0.07)), 0.9*line)
}
