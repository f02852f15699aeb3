package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// A coat is hair in the pose of a frame. All its strands have equally many
// points, which lie one after the other.
type coat struct {
	strands []strand
	colour  vec
	n       int   // points of a strand
	world   []vec // where the points are
	lit     int   // places of a strand that light is found at
	light   []vec // light that arrives there
	gleam   []vec // the main light's part of it
}

// Light is found at every litStep-th point of a strand and for every
// lampStep-th lamp; every castStep-th strand throws a shadow.
const (
	litStep  = 5
	lampStep = 3
	castStep = 9
)

func (s *scene) placeHair(strands []strand, colour vec) *coat {
	c := &coat{strands: strands, colour: colour}
	if len(strands) == 0 {
		return c
	}
	c.n = len(strands[0].points)
	c.lit = (c.n-1)/litStep + 2
	c.world = make([]vec, 0, c.n*len(strands))
	for i := range strands {
		for _, p := range strands[i].points {
			c.world = append(c.world, s.move(p, stiffness(p)))
		}
	}
	c.light = make([]vec, c.lit*len(strands))
	c.gleam = make([]vec, len(c.light))
	return c
}

// casts returns the points that throw shadows.
func (c *coat) casts() []vec {
	var p []vec
	for i := 0; i < len(c.strands); i += castStep {
		p = append(p, c.world[i*c.n:(i+1)*c.n]...)
	}
	return p
}

// receive adds the light of a lamp, which hair lets through in part.
func (c *coat) receive(l lamp, sh *shadow, turn *geom.Rot) {
	power := l.colour.Scale(lampStep)
	for i := range c.strands {
		pts := c.world[i*c.n : (i+1)*c.n]
		facing := turn.Apply(c.strands[i].normal).Dot(l.from)
		round := 0.30 + 0.70*max(0, facing)
		for k := range c.lit {
			at := min(k*litStep, c.n-1)
			t := pts[min(at+1, c.n-1)].Sub(pts[max(at-1, 0)]).Norm()
			tl := t.Dot(l.from)
			sin := math.Sqrt(max(0, 1-tl*tl))
			seen := sh.through(pts[at])
			j := i*c.lit + k
			c.light[j] = c.light[j].AddScaled(power, sin*seen*round)
			if l.key {
				c.gleam[j] = c.gleam[j].AddScaled(power, seen*geom.Step(-0.3, 0.5, facing))
			}
		}
	}
}

// through returns how much of the lamp reaches a point within hair.
func (sh *shadow) through(p vec) float64 {
	x, y, d := sh.cell(p)
	if x < 0 || y < 0 || x >= shadowSide || y >= shadowSide {
		return 1
	}
	deep := 1 + 0.45*max(0, float64(sh.depth[y*shadowSide+x])-d-0.15)
	return 1 / (deep * deep)
}

// drawHair draws the strands.
func (c *canvas) drawHair(s *scene, h *coat) {
	key := s.room.Key.Norm()
	for i := range h.strands {
		st := &h.strands[i]
		own := h.colour.Scale(math.Exp(0.13 * st.tint))
		if st.grey {
			own = pt(0.29, 0.285, 0.28).Scale(1 + 0.12*st.tint)
		}
		pts := h.world[i*h.n : (i+1)*h.n]
		light, shine := h.light[i*h.lit:(i+1)*h.lit], h.gleam[i*h.lit:(i+1)*h.lit]
		for k := 1; k < len(pts); k++ {
			a, b := pts[k-1], pts[k]
			t := b.Sub(a).Norm()
			view := pt(0, 0, s.cam.distance).Sub(a).Norm()
			diffuse := blend(light, k).Mul(own)
			gleam := blend(shine, k)
			col := diffuse.Add(gleam.Mul(gloss(t, key, view, own, st.tint)))
			c.segment(&s.cam, a, b, col, st.width*taper(k, len(pts)), uint32(i*131+k))
		}
	}
}

func taper(k, n int) float64 { return 1 - 0.7*geom.Step(0.6, 1, float64(k)/float64(n)) }

func blend(l []vec, k int) vec {
	x := float64(k) / litStep
	i := min(int(x), len(l)-2)
	return l[i].Lerp(l[i+1], x-float64(i))
}

// gloss is the share of light that a strand along t mirrors: a white lobe
// towards the root, a coloured one towards the tip, after Kajiya and Kay.
func gloss(t, key, view, own vec, tint float64) vec {
	half := key.Add(view).Norm()
	lobe := func(shift, power float64) float64 {
		x := t.Dot(half) + shift + 0.05*tint
		return math.Pow(max(0, 1-x*x), power)
	}
	return grey(0.045 * lobe(0.10, 90)).Add(own.Scale(0.85 * lobe(-0.12, 28)))
}

// segment draws a piece of a strand. A piece thinner than a sample is drawn in
// as many samples as its width is of one.
func (c *canvas) segment(cam *camera, a, b, col vec, width float64, seed uint32) {
	x0, y0, z0 := cam.project(a)
	x1, y1, z1 := cam.project(b)
	wide := width * cam.focal / z0
	n := int(max(math.Abs(x1-x0), math.Abs(y1-y0))) + 1
	across := max(1, int(math.Round(wide)))
	steep := math.Abs(y1-y0) > math.Abs(x1-x0)
	for i := range n {
		t := (float64(i) + 0.5) / float64(n)
		if wide < 1 && geom.Hash(int32(seed), int32(i), 5) > wide {
			continue
		}
		x, y := int(math.Floor(geom.Mix(x0, x1, t))), int(math.Floor(geom.Mix(y0, y1, t)))
		z := float32(geom.Mix(z0, z1, t))
		for k := range across {
			if steep {
				c.plot(x+k-across/2, y, z, col)
			} else {
				c.plot(x, y+k-across/2, z, col)
			}
		}
	}
}

func (c *canvas) plot(x, y int, z float32, col vec) {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return
	}
	if i := y*c.w + x; z < c.depth[i] {
		c.light[i], c.depth[i] = col, z
	}
}
