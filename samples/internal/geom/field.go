package geom

import "math"

// A Field is a signed distance: how far a point lies outside a body, in
// centimetres, negative inside. Blended bodies keep it only roughly.
type Field func(p Vec) float64

// Sphere returns the distance of p from a ball around c.
func Sphere(p, c Vec, r float64) float64 { return p.Sub(c).Len() - r }

// Ellipsoid returns the approximate distance of p from the ellipsoid around c
// with half-axes r.
func Ellipsoid(p, c, r Vec) float64 {
	d := p.Sub(c)
	q := Vec{d.X / r.X, d.Y / r.Y, d.Z / r.Z}
	k0 := q.Len()
	k1 := Vec{q.X / r.X, q.Y / r.Y, q.Z / r.Z}.Len()
	if k1 == 0 {
		return -min(r.X, r.Y, r.Z)
	}
	return float64(k0*(k0-1)) / k1
}

// Cone returns the distance of p from the rounded cone between a and b whose
// radius goes from ra to rb.
func Cone(p, a, b Vec, ra, rb float64) float64 {
	pa, ba := p.Sub(a), b.Sub(a)
	t := Clamp(pa.Dot(ba)/ba.Dot(ba), 0, 1)
	return pa.AddScaled(ba, -t).Len() - Mix(ra, rb, t)
}

// Join returns the union of two bodies, blended over the width k.
func Join(a, b, k float64) float64 {
	h := k - math.Abs(a-b)
	if h <= 0 {
		return min(a, b)
	}
	return min(a, b) - float64(h*h)/float64(4*k)
}

// Cut returns the body a without b, blended over the width k.
func Cut(a, b, k float64) float64 { return -Join(-a, b, k) }

// Gradient returns the unit direction in which f grows at p.
func (f Field) Gradient(p Vec, eps float64) Vec {
	a := f(Vec{p.X + eps, p.Y - eps, p.Z - eps})
	b := f(Vec{p.X - eps, p.Y - eps, p.Z + eps})
	c := f(Vec{p.X - eps, p.Y + eps, p.Z - eps})
	d := f(Vec{p.X + eps, p.Y + eps, p.Z + eps})
	return Vec{a - b - c + d, -a - b + c + d, -a + b - c + d}.Norm()
}
