package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// samples is how many samples a pixel has in each direction.
const samples = 2

// A canvas is a picture in linear light, with the depth of every sample.
type canvas struct {
	w, h  int
	light []vec
	depth []float32
}

func newCanvas(w, h int) *canvas {
	c := &canvas{w: w, h: h, light: make([]vec, w*h), depth: make([]float32, w*h)}
	for i := range c.depth {
		c.depth[i] = math.MaxFloat32
	}
	return c
}

// A camera is a pinhole on the Z axis that looks along -Z, with the picture's
// X axis to the right and Y axis down, in samples.
type camera struct {
	distance float64 // from the origin, centimetres
	focal    float64 // samples
	cx, cy   float64 // where the axis meets the picture
}

// project returns the place of p in the picture and its distance from the
// camera's plane.
func (c *camera) project(p vec) (x, y, depth float64) {
	depth = c.distance - p.Z
	k := c.focal / depth
	return c.cx + float64(p.X*k), c.cy - float64(p.Y*k), depth
}

// A fragment is a point of a surface that a sample sees.
type fragment struct {
	rest   vec     // the point before the head was turned
	world  vec     // the point where it is
	normal vec     // unit direction outwards, where it is
	light  vec     // light that arrives, scattered under the skin
	key    float64 // how much of the main light is seen, 0 to 1
}

// A shader returns the colour of a fragment; ok is false where the surface
// has a hole.
type shader func(f *fragment) (colour vec, ok bool)

// A spot is a point of a mesh in the picture, and its distance.
type spot struct{ x, y, z float64 }

// edge returns twice the area of the triangle a, b, p: positive on one side of
// the line from a to b, negative on the other.
func edge(a, b, p spot) float64 {
	return float64((b.x-a.x)*(p.y-a.y)) - float64((b.y-a.y)*(p.x-a.x))
}

// draw renders a lit mesh.
func (c *canvas) draw(cam *camera, s *surface) {
	at := make([]spot, len(s.world))
	for i, p := range s.world {
		at[i].x, at[i].y, at[i].z = cam.project(p)
	}
	for _, t := range s.mesh.Tri {
		a, b, d := at[t[0]], at[t[1]], at[t[2]]
		area := edge(a, b, d)
		if area == 0 || area > 0 && !s.both || min(a.z, b.z, d.z) < 1 {
			continue // Seen from behind: Y points down.
		}
		x0, x1 := span(c.w, a.x, b.x, d.x)
		y0, y1 := span(c.h, a.y, b.y, d.y)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				p := spot{x: float64(x) + 0.5, y: float64(y) + 0.5}
				c.sample(y*c.w+x, s, t, edge(p, b, d)/area, edge(p, d, a)/area, spot{a.z, b.z, d.z})
			}
		}
	}
}

// sample lets the point of triangle t with the barycentric weights u, v and
// 1-u-v cover a sample, if it lies in the triangle and nothing is before it; z
// holds the distances of the corners.
func (c *canvas) sample(i int, s *surface, t [3]int32, u, v float64, z spot) {
	w := 1 - u - v
	if u < 0 || v < 0 || w < 0 {
		return
	}
	near := float32(float64(u*z.x) + float64(v*z.y) + float64(w*z.z))
	if near < c.depth[i] {
		f := s.fragment(t, u, v, w)
		c.put(i, near, s, &f)
	}
}

// put lets a fragment cover a sample.
func (c *canvas) put(i int, z float32, s *surface, f *fragment) {
	colour, ok := s.shade(f)
	switch {
	case s.film:
		c.light[i] = c.light[i].Add(colour)
	case ok:
		c.light[i], c.depth[i] = colour, z
	}
}

// span returns the samples from the least to the greatest of three
// coordinates, within n.
func span(n int, a, b, c float64) (from, to int) {
	lo, hi := min(a, b, c), max(a, b, c)
	return int(geom.Clamp(math.Ceil(lo-0.5), 0, float64(n))), int(geom.Clamp(math.Floor(hi-0.5)+1, 0, float64(n)))
}

// A surface is a mesh in the pose of a frame, with the light that falls on it.
type surface struct {
	mesh          *geom.Mesh
	world, normal []vec
	light         []vec
	key           []float32
	shade         shader
	grain         int    // cells that a vertex covers in a shadow map
	spread        [3]int // how far red, green and blue light scatter
	both          bool   // is seen from both sides
	film          bool   // adds light to what lies behind
}

func (s *surface) fragment(t [3]int32, u, v, w float64) fragment {
	mix := func(l []vec) vec {
		return l[t[0]].Scale(u).Add(l[t[1]].Scale(v)).Add(l[t[2]].Scale(w))
	}
	return fragment{
		rest: mix(s.mesh.Pos), world: mix(s.world), normal: mix(s.normal).Norm(), light: mix(s.light),
		key: float64(s.key[t[0]])*u + float64(s.key[t[1]])*v + float64(s.key[t[2]])*w,
	}
}
