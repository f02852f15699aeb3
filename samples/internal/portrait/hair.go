package portrait

import (
	"math"
	"math/rand/v2"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// Hair says how the hair of the head grows. The zero value is a bald head.
type Hair struct {
	// Colour is the hair's own colour, Grey the share of strands without it.
	Colour geom.Vec
	Grey   float64
	// Count is how many strands are drawn.
	Count int
	// Length is the length of the longest strands in front and on top, Sides
	// that at the temples and the neck, in centimetres.
	Length, Sides float64
	// Part is where the hair is parted, in centimetres from the middle.
	Part float64
	// Comb is the direction in which hair is combed: away from the part, up,
	// to the front.
	Comb geom.Vec
	// Lift is how steeply hair leaves the head, Volume how far its outer layer
	// lies from it in centimetres.
	Lift, Volume float64
	// Weight is how strongly hair bends down, for each centimetre.
	Weight float64
	// Wave is how far strands swing aside, Period the length of a swing, in
	// centimetres; Frizz how far each strand leaves its neighbours.
	Wave, Period, Frizz float64
	// Recede moves the hairline up, in centimetres.
	Recede float64
	// Tied pulls all hair to the back.
	Tied bool
}

// A strand is a hair: points from its root to its tip, before the head turns.
type strand struct {
	points []vec
	normal vec // of the skin at the root
	tint   float64
	width  float64 // centimetres
	grey   bool
}

// scalpLine holds the lowest height that hair grows at, by Z from the back to
// the front.
var scalpLine = [][2]float64{
	{-9, -7.5},
	{-5, -7},
	{-3.6, -3},
	{-2.6, 2.4},
	{0.5, 2.6},
	{1.2, -0.6},
	{2.2, -0.4},
	{3.2, 3.2},
	{4.6, 5.2},
	{5.6, 6.0},
	{12, 6.2},
}

func lookup(table [][2]float64, x float64) float64 {
	for i := 1; i < len(table); i++ {
		a, b := table[i-1], table[i]
		if x <= b[0] {
			return geom.Mix(a[1], b[1], geom.Clamp((x-a[0])/(b[0]-a[0]), 0, 1))
		}
	}
	return table[len(table)-1][1]
}

// scalp returns how far p lies above the hairline.
func (h *Hair) scalp(p vec) float64 {
	temple := geom.Bump((math.Abs(p.X)-4.6)/2.4) * geom.Step(2, 5, p.Z)
	line := lookup(scalpLine, p.Z) + h.Recede*geom.Step(2, 6, p.Z)*(1+0.5*temple)
	line += 0.55*geom.Noise(pt(p.X*0.8, 7, p.Z*0.8)) + 0.25*geom.Noise(pt(p.X*3, 9, p.Z*3))
	if math.Abs(p.X) > 6 && p.Y < 2.2 && p.Z < 1 && p.Z > -3.4 {
		return -1 // The ear.
	}
	return p.Y - line
}

// guides is how many strands are grown step by step; the others follow them.
const guides = 1400

// steps is how many points a strand of the head has.
const steps = 26

// A barber grows hair on a head.
type barber struct {
	*Hair
	head  *head
	roots []int // vertices of the scalp
	mesh  *geom.Mesh
	rnd   *rand.Rand
}

// grow returns the hair of a head.
func (h *Hair) grow(hd *head, mesh *geom.Mesh, seed uint64) []strand {
	b := &barber{Hair: h, head: hd, mesh: mesh, rnd: rand.New(rand.NewPCG(seed, 11))}
	for i, p := range mesh.Pos {
		// The hairline is thin.
		if h.scalp(p) > 1.1*b.rnd.Float64() && !(h.Tied && p.Z > 0 && p.Y < 1.5) {
			b.roots = append(b.roots, i)
		}
	}
	if h.Count == 0 || len(b.roots) == 0 {
		return nil
	}
	lead := make([]strand, guides)
	for i := range lead {
		lead[i] = b.guide()
	}
	all := make([]strand, h.Count)
	for i := range all {
		all[i] = b.follow(lead)
	}
	return all
}

func (b *barber) root() (p, n vec) {
	i := b.roots[b.rnd.IntN(len(b.roots))]
	p, n = b.mesh.Pos[i], b.mesh.Normal[i]
	s, t := n.Frame()
	return p.AddScaled(s, 0.12*b.rnd.NormFloat64()).AddScaled(t, 0.12*b.rnd.NormFloat64()), n
}

// length returns how long hair at p grows.
func (b *barber) length(p vec) float64 {
	return geom.Mix(b.Sides, b.Length, geom.Step(1, 7.5, p.Y+0.25*p.Z))
}

// guide grows one strand over the head under its own weight.
func (b *barber) guide() strand {
	p, n := b.root()
	side := 1.0
	if p.X < b.Part {
		side = -1
	}
	comb := pt(b.Comb.X*side, b.Comb.Y, b.Comb.Z)
	if b.Weight > 0 && !b.Tied { // At the sides it hangs.
		comb = pt(0, -1, -0.15).Lerp(comb, geom.Step(2.5, 7, p.Y))
	}
	comb = comb.AddScaled(n, -comb.Dot(n))
	dir := n.Scale(b.Lift).Add(comb).Norm()
	length := b.length(p) * (0.72 + 0.28*b.rnd.Float64())
	step := length / (steps - 1)
	layer := b.Volume * (0.15 + 0.85*b.rnd.Float64())
	st := strand{points: make([]vec, 0, steps), normal: n}
	for i := range steps {
		st.points = append(st.points, p)
		along := float64(i) * step
		dir.Y -= b.Weight * step
		if b.Tied {
			dir = dir.Add(pt(0, 0.5, -9).Sub(p).Norm().Scale(0.5 * step))
		} else {
			dir = b.clearFace(p, dir, side, step)
		}
		dir = b.hug(p, dir, layer, step)
		dir = dir.Norm()
		p = b.keepOut(p.AddScaled(dir, step), &dir, layer*geom.Step(0, 3, along)+0.08)
	}
	return st
}

// clearFace turns hair that hangs before the face to the side.
func (b *barber) clearFace(p, dir vec, side, step float64) vec {
	in := geom.Step(2.0, 4.5, p.Z) * geom.Step(7.0, 5.5, math.Abs(p.X)) *
		geom.Step(8.2, 5.5, p.Y) * geom.Step(-14, -10, p.Y)
	if in == 0 || b.Weight == 0 {
		return dir
	}
	return dir.Add(pt(side*1.1, 0, -0.15).Scale(in * min(1, step)))
}

// hug bends hair that leaves the head back to it.
func (b *barber) hug(p, dir vec, gap, step float64) vec {
	if b.Weight == 0 {
		return dir
	}
	d := b.head.dist(p)
	if d < gap+0.2 || p.Y < -4 {
		return dir
	}
	n := geom.Field(b.head.dist).Gradient(p, 0.3)
	return dir.AddScaled(n, -0.5*min(d-gap, 1)*step)
}

// keepOut moves p to no less than gap from head and body, and turns dir along
// them.
func (b *barber) keepOut(p vec, dir *vec, gap float64) vec {
	for _, f := range [2]geom.Field{b.head.dist, func(q vec) float64 { return b.head.body(q) - 0.5 }} {
		d := f(p)
		if d >= gap {
			continue
		}
		n := f.Gradient(p, 0.2)
		p = p.AddScaled(n, min(gap-d, 1.5))
		if in := dir.Dot(n); in < 0 {
			*dir = dir.AddScaled(n, -in).Norm()
		}
	}
	return p
}

// follow returns a strand at a new root that runs like the guides near it.
func (b *barber) follow(lead []strand) strand {
	p, n := b.root()
	a, c := b.nearest(p, lead)
	t := 0.5 * b.rnd.Float64()
	st := strand{points: make([]vec, steps), normal: n, tint: b.rnd.NormFloat64(), width: 0.030}
	st.grey = b.rnd.Float64() < b.Grey
	cut := 0.75 + 0.25*b.rnd.Float64()
	phase := pt(p.X*0.35, p.Y*0.35, p.Z*0.35)
	s, u := n.Frame()
	fs, fu := b.rnd.NormFloat64(), b.rnd.NormFloat64()
	for i := range st.points {
		along := float64(i) / (steps - 1) * cut
		off := sample(a, along).Lerp(sample(c, along), t)
		base := a.points[0].Lerp(c.points[0], t)
		// Strands close in on their guides towards the tips.
		q := p.Lerp(base, 0.45*along).Add(off.Sub(base))
		q = q.Add(b.swing(phase, along*b.length(p), s, u))
		free := b.Frizz * geom.Step(0, 1, along)
		q = q.AddScaled(s, free*fs).AddScaled(u, free*fu)
		st.points[i] = q.AddScaled(n, 0.04)
	}
	return st
}

// swing is how far waves move a strand at a length from its root.
func (b *barber) swing(phase vec, along float64, s, u vec) vec {
	if b.Wave == 0 {
		return vec{}
	}
	turn := along/b.Period*2*math.Pi + 5*geom.Noise(phase)
	amp := b.Wave * geom.Step(0, b.Period, along) * (1 + 0.5*geom.Noise(phase.Scale(2)))
	sin, cos := math.Sincos(turn)
	return s.Scale(amp*sin).AddScaled(u, amp*cos)
}

// nearest returns the two guides whose roots are nearest to p on its side of
// the part.
func (b *barber) nearest(p vec, lead []strand) (first, second *strand) {
	d1, d2 := math.Inf(1), math.Inf(1)
	for i := range lead {
		r := lead[i].points[0]
		d := r.Sub(p)
		dd := d.Dot(d)
		if (r.X < b.Part) != (p.X < b.Part) {
			dd += 25
		}
		switch {
		case dd < d1:
			d1, d2, first, second = dd, d1, &lead[i], first
		case dd < d2:
			d2, second = dd, &lead[i]
		}
	}
	return first, second
}

// sample returns the point at the share t of a strand.
func sample(st *strand, t float64) vec {
	x := t * float64(len(st.points)-1)
	i := min(int(x), len(st.points)-2)
	return st.points[i].Lerp(st.points[i+1], x-float64(i))
}
