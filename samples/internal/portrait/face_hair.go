package portrait

import (
	"math"
	"math/rand/v2"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// Brows says how the eyebrows and lashes look.
type Brows struct {
	Colour geom.Vec
	// Thick and Arch are 1 in the mean; Dense is how many hairs a brow has.
	Thick, Arch float64
	Dense       int
	// Lashes scales the lashes.
	Lashes float64
}

// Beard says how hair grows on the face.
type Beard struct {
	Colour geom.Vec
	Grey   float64
	// Count is the number of hairs, Length theirs in centimetres.
	Count  int
	Length float64
	// Cheeks is how far up the cheeks it grows, 0 to 1. Chin limits it to
	// chin and upper lip.
	Cheeks float64
	Chin   bool
	// Shadow darkens the skin where it is shaved, 0 to 1.
	Shadow float64
}

// onFace returns the point of the face in front of (x, y) and the normal
// there.
func (h *head) onFace(x, y float64) (p, n vec) {
	p = pt(x, y, 12.5)
	for range 40 {
		d := h.dist(p)
		if d < 0.005 {
			break
		}
		p.Z -= 0.7 * d
	}
	return p, geom.Field(h.dist).Gradient(p, 0.08)
}

// hairs returns a short strand of four points.
func hairs(p, dir, curl vec, length, width, tint float64) strand {
	st := strand{points: make([]vec, 0, 4), width: width, tint: tint}
	for i := range 4 {
		t := float64(i) / 3
		st.points = append(st.points, p.AddScaled(dir, length*t).AddScaled(curl, length*t*t))
	}
	return st
}

// line is the middle of the brow, from the nose outwards: x, y and half its
// height.
func (b *Brows) line(t float64) (x, y, half float64) {
	x = 1.25 + 3.85*t
	y = 1.70 + b.Arch*(0.52*math.Sin(2.1*t)-0.42*geom.Step(0.45, 1.1, t))
	half = b.Thick * (0.33*geom.Step(-0.18, 0.28, t) - 0.24*geom.Step(0.35, 1.05, t))
	return x, y, half
}

// grow returns the hairs of both brows.
func (b *Brows) grow(h *head, seed uint64) []strand {
	rnd := rand.New(rand.NewPCG(seed, 23))
	var all []strand
	for _, side := range [2]float64{-1, 1} {
		for range b.Dense {
			t := rnd.Float64()
			x, y, half := b.line(t)
			x1, y1, _ := b.line(t + 0.05)
			off := geom.Clamp(rnd.NormFloat64()*0.6, -1.1, 1.1)
			p, n := h.onFace(side*x*h.EyeGap/3.15, y+off*half)
			rise := geom.Mix(1.1, 0.05, geom.Step(0, 0.4, t)) - 0.28*off + 0.12*rnd.NormFloat64()
			dir := pt(side*(x1-x), y1-y, 0).Norm().Add(pt(0, rise, 0))
			dir = dir.AddScaled(n, -dir.Dot(n)).Norm().AddScaled(n, 0.16)
			st := hairs(p, dir, n.Scale(-0.16), 0.30+0.28*rnd.Float64(), 0.020, rnd.NormFloat64())
			st.normal = n
			all = append(all, st)
		}
	}
	return all
}

// lashes returns the hairs at the edges of the lids.
func (b *Brows) lashes(h *head, seed uint64) []strand {
	rnd := rand.New(rand.NewPCG(seed, 29))
	var all []strand
	for _, side := range [2]float64{-1, 1} {
		for i := range 130 {
			t := -0.92 + 1.88*(float64(i)+rnd.Float64())/130
			upper := i%3 != 0
			x := side*(h.EyeGap+t*1.40*h.EyeWidth) - sway(0)
			_, up, down := h.lid(pt(x, 0, 7.5))
			y, lift, long := up, 0.28, 0.26+0.28*geom.Step(-0.8, 0.8, t)
			if !upper {
				y, lift, long = -down, -0.35, 0.16
			}
			p, _ := h.onFace(x, y)
			p.Z += 0.02
			dir := pt(side*(0.10+0.60*t), lift*0.6, 0.55).Norm()
			st := hairs(p, dir, pt(0, lift*0.8, 0), long*b.Lashes*(0.7+0.3*rnd.Float64()), 0.026, -1.5)
			st.normal = pt(0, 0, 1)
			all = append(all, st)
		}
	}
	return all
}

// region returns how densely the beard grows at p, 0 to 1.
func (b *Beard) region(h *head, p vec) float64 {
	x := math.Abs(p.X)
	q := h.bend(pt(x, p.Y, p.Z))
	full := 0.40 * h.Lips
	y := q.Y - mouthHeight
	u, v := q.X/2.4, (y+0.3*full)/(2.0*full)
	onLip := p.Z > 5 && u*u+v*v < 1
	if p.Z < -1 || p.Y > 0.5 || onLip || x > 6.2*h.Width && p.Z < 0.8 {
		return 0
	}
	top := geom.Mix(-5.4, -2.6, b.Cheeks) + 0.11*(x-3)*(x-3)*geom.Step(2, 4, x)
	if x < 2.6 {
		top = -4.75 // Below the nose.
	}
	d := geom.Step(top+0.5, top-0.7, p.Y+0.4*geom.Noise(p.Scale(1.1)))
	if b.Chin {
		d *= geom.Step(3.3, 2.3, x)
	} else if x > 4.8 {
		d = max(d, geom.Step(5.0, 5.6, x)*geom.Step(0.6, -2.6, p.Y)) // Sideburns.
	}
	bare := geom.Bump((x-1.2)/0.55) * geom.Bump((p.Y+8.2)/0.6) // Beside the lower lip's middle.
	return d * (1 - 0.5*bare) * geom.Step(-13.5, -11.0, p.Y+0.5*p.Z-2)
}

// grow returns the hairs of the beard.
func (b *Beard) grow(h *head, mesh *geom.Mesh, seed uint64) []strand {
	rnd := rand.New(rand.NewPCG(seed, 31))
	var all []strand
	for tries := 0; len(all) < b.Count && tries < 40*b.Count; tries++ {
		i := rnd.IntN(len(mesh.Pos))
		p, n := mesh.Pos[i], mesh.Normal[i]
		if rnd.Float64() > b.region(h, p) {
			continue
		}
		s, t := n.Frame()
		p = p.AddScaled(s, 0.08*rnd.NormFloat64()).AddScaled(t, 0.08*rnd.NormFloat64())
		down := pt(0.25*p.X/5, -1, 0.1)
		dir := down.AddScaled(n, -down.Dot(n)).AddScaled(n, 0.7)
		long := b.Length
		if p.Y > mouthHeight {
			long = min(long, 0.45) // A moustache leaves the lips free.
		}
		dir = dir.Add(pt(rnd.NormFloat64(), rnd.NormFloat64(), rnd.NormFloat64()).Scale(0.28)).Norm()
		st := hairs(p, dir, pt(0, -0.35, -0.1), long*(0.5+0.6*rnd.Float64()), 0.020, rnd.NormFloat64())
		st.normal, st.grey = n, rnd.Float64() < b.Grey
		all = append(all, st)
	}
	return all
}
