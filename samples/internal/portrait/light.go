package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// vec is short for the type that almost everything here is made of.
type vec = geom.Vec

func pt(x, y, z float64) vec { return vec{X: x, Y: y, Z: z} }

func grey(l float64) vec { return vec{X: l, Y: l, Z: l} }

// A lamp is light from one far direction.
type lamp struct {
	from   vec // unit direction to the lamp
	colour vec // light that a surface receives that faces it
	key    bool
}

// A Room says what light there is.
type Room struct {
	// Key is the direction to the main light, Spread how large it is seen, in
	// radians.
	Key    geom.Vec
	Spread float64
	// KeyColour, SkyColour, FloorColour and WallColour are the light of the
	// main light, from above, from below and from the far side.
	KeyColour, SkyColour, FloorColour, WallColour geom.Vec
	// Screen is the light of the telephone's screen, from the front.
	Screen geom.Vec
	// Backdrop is seen behind the person.
	Backdrop Backdrop
	// Noise is how noisy the picture is: 1 in good light.
	Noise float64
	// Desk is the height of the edge of a desk before the person, as a share
	// of the picture from the top; 0 means none. DeskColour is its light.
	Desk       float64
	DeskColour geom.Vec
}

const (
	keyLamps = 12
	skyLamps = 30
)

// lamps breaks the light of a room into single directions.
func (r *Room) lamps() []lamp {
	var l []lamp
	key := r.Key.Norm()
	s, t := key.Frame()
	for i := range keyLamps {
		// Sunflower seeds cover a disc evenly.
		rad := r.Spread * math.Sqrt((float64(i)+0.5)/keyLamps)
		sin, cos := math.Sincos(float64(i) * 2.39996)
		d := key.AddScaled(s, rad*cos).AddScaled(t, rad*sin).Norm()
		l = append(l, lamp{d, r.KeyColour.Scale(1.0 / keyLamps), true})
	}
	for i := range skyLamps {
		y := 1 - (2*float64(i)+1)/skyLamps
		sin, cos := math.Sincos(float64(i) * 2.39996)
		q := math.Sqrt(1 - y*y)
		d := pt(q*cos, y, q*sin)
		c := r.FloorColour.Lerp(r.SkyColour, geom.Step(-0.9, 0.9, y))
		side := geom.Step(0, 1, -d.X*key.X/math.Abs(key.X))
		c = c.Lerp(r.WallColour, 0.8*side*(1-math.Abs(y)))
		l = append(l, lamp{d, c.Scale(4.0 / skyLamps), false})
	}
	return append(l, lamp{pt(0, -0.1, 1).Norm(), r.Screen, false})
}

// A shadow is the depth of the scene seen from one lamp.
type shadow struct {
	from, s, t vec
	depth      []float32
}

// The shadow maps cover a square around the head.
const (
	shadowSide = 384
	shadowCell = 0.15
	shadowMidY = -9.0
)

func newShadow(from vec) *shadow {
	sh := &shadow{from: from, depth: make([]float32, shadowSide*shadowSide)}
	sh.s, sh.t = from.Frame()
	for i := range sh.depth {
		sh.depth[i] = -math.MaxFloat32
	}
	return sh
}

func (sh *shadow) cell(p vec) (x, y int, depth float64) {
	p.Y -= shadowMidY
	const mid = shadowSide / 2
	return int(math.Floor(p.Dot(sh.s)/shadowCell)) + mid, int(math.Floor(p.Dot(sh.t)/shadowCell)) + mid, p.Dot(sh.from)
}

// add lets points throw shadows, each size cells wide. The points of a body
// must lie closer together than that.
func (sh *shadow) add(points []vec, size int) {
	for _, p := range points {
		x, y, d := sh.cell(p)
		if x < 0 || y < 0 || x+size > shadowSide || y+size > shadowSide {
			continue
		}
		for j := range size {
			for i := range size {
				if c := &sh.depth[(y+j)*shadowSide+x+i]; float32(d) > *c {
					*c = float32(d)
				}
			}
		}
	}
}

// lit returns how much of the lamp the point p sees.
func (sh *shadow) lit(p vec) float64 {
	x, y, d := sh.cell(p)
	if x < 1 || y < 1 || x >= shadowSide-1 || y >= shadowSide-1 {
		return 1
	}
	const bias, soft = 0.30, 0.5
	sum := 0.0
	for _, o := range [4]int{-1, 1, -shadowSide, shadowSide} {
		sum += geom.Clamp(1-(float64(sh.depth[y*shadowSide+x+o])-d-bias)/soft, 0, 1)
	}
	return sum / 4
}

// illuminate finds the light that falls on surfaces and hair. The first coat
// is the only one that throws shadows: brows and beards are short.
func (s *scene) illuminate(surfaces []*surface, coats []*coat) {
	hair := coats[0].casts()
	for i, l := range s.room.lamps() {
		sh := newShadow(l.from)
		for _, f := range surfaces {
			sh.add(f.world, f.grain)
		}
		sh.add(hair, 3)
		for _, f := range surfaces {
			f.receive(l, sh)
		}
		if i%lampStep == 0 {
			for _, c := range coats {
				c.receive(l, sh, &s.turn)
			}
		}
	}
}

func (s *surface) receive(l lamp, sh *shadow) {
	for i, n := range s.normal {
		cos := n.Dot(l.from)
		if cos <= 0 {
			continue
		}
		seen := sh.lit(s.world[i].AddScaled(n, 0.1))
		s.light[i] = s.light[i].AddScaled(l.colour, cos*seen)
		if l.key {
			s.key[i] += float32(seen / keyLamps)
		}
	}
}

// scatter spreads light along the surface as skin does: red furthest.
func (s *surface) scatter() {
	rounds := s.spread
	if rounds[0] == 0 {
		return
	}
	start, list := s.mesh.Neighbours()
	next := make([]vec, len(s.light))
	for r := range max(rounds[0], rounds[1], rounds[2]) {
		for i, own := range s.light {
			sum, n := own, 1.0
			for _, k := range list[start[i]:start[i+1]] {
				sum = sum.Add(s.light[k])
				n++
			}
			mean := sum.Scale(1 / n)
			if r >= rounds[0] {
				mean.X = own.X
			}
			if r >= rounds[1] {
				mean.Y = own.Y
			}
			if r >= rounds[2] {
				mean.Z = own.Z
			}
			next[i] = mean
		}
		s.light, next = next, s.light
	}
}
