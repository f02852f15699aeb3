// Package geom holds the geometry that the synthetic portraits are built of:
// vectors, noise, distance fields and the meshes made from them.
//
// Products are rounded before they are added (the float64 conversions look
// idle, but the language gives them that meaning), so that a compiler that
// fuses multiplications with additions draws the same picture.
package geom

import "math"

// A Vec is a point, a direction or a linear RGB colour.
type Vec struct{ X, Y, Z float64 }

// Add returns v+w.
func (v Vec) Add(w Vec) Vec { return Vec{v.X + w.X, v.Y + w.Y, v.Z + w.Z} }

// Sub returns v-w.
func (v Vec) Sub(w Vec) Vec { return Vec{v.X - w.X, v.Y - w.Y, v.Z - w.Z} }

// Mul returns v times w, component by component.
func (v Vec) Mul(w Vec) Vec { return Vec{float64(v.X * w.X), float64(v.Y * w.Y), float64(v.Z * w.Z)} }

// Scale returns v times s.
func (v Vec) Scale(s float64) Vec {
	return Vec{float64(v.X * s), float64(v.Y * s), float64(v.Z * s)}
}

// AddScaled returns v + w·s.
func (v Vec) AddScaled(w Vec, s float64) Vec { return v.Add(w.Scale(s)) }

// Dot returns the scalar product of v and w.
func (v Vec) Dot(w Vec) float64 {
	return float64(v.X*w.X) + float64(v.Y*w.Y) + float64(v.Z*w.Z)
}

// Cross returns the vector product of v and w.
func (v Vec) Cross(w Vec) Vec {
	return Vec{
		float64(v.Y*w.Z) - float64(v.Z*w.Y),
		float64(v.Z*w.X) - float64(v.X*w.Z),
		float64(v.X*w.Y) - float64(v.Y*w.X),
	}
}

// Len returns the length of v.
func (v Vec) Len() float64 { return math.Sqrt(v.Dot(v)) }

// Norm returns v at length 1, or v where it has no length.
func (v Vec) Norm() Vec {
	l := v.Len()
	if l == 0 {
		return v
	}
	return v.Scale(1 / l)
}

// Lerp returns the point that lies the share t of the way from v to w.
func (v Vec) Lerp(w Vec, t float64) Vec { return v.Add(w.Sub(v).Scale(t)) }

// Frame returns two directions that form a right-handed base with the unit
// vector v.
func (v Vec) Frame() (s, t Vec) {
	up := Vec{0, 1, 0}
	if math.Abs(v.Y) > 0.95 {
		up = Vec{1, 0, 0}
	}
	s = up.Cross(v).Norm()
	return s, v.Cross(s)
}

// A Rot is a rotation, stored as the rows of its matrix.
type Rot [3]Vec

// Turn returns the rotation by yaw around Y, then pitch around X, then roll
// around Z, in radians.
func Turn(yaw, pitch, roll float64) Rot {
	sy, cy := math.Sincos(yaw)
	sp, cp := math.Sincos(pitch)
	sr, cr := math.Sincos(roll)
	y := Rot{{cy, 0, sy}, {0, 1, 0}, {-sy, 0, cy}}
	x := Rot{{1, 0, 0}, {0, cp, -sp}, {0, sp, cp}}
	z := Rot{{cr, -sr, 0}, {sr, cr, 0}, {0, 0, 1}}
	return z.times(x).times(y)
}

// Apply returns v rotated.
func (r *Rot) Apply(v Vec) Vec { return Vec{r[0].Dot(v), r[1].Dot(v), r[2].Dot(v)} }

func (r Rot) times(q Rot) Rot {
	var p Rot
	for i, row := range r {
		p[i] = q[0].Scale(row.X).Add(q[1].Scale(row.Y)).Add(q[2].Scale(row.Z))
	}
	return p
}

// Clamp returns x held between lo and hi.
func Clamp(x, lo, hi float64) float64 { return max(lo, min(hi, x)) }

// Mix returns the value that lies the share t of the way from a to b.
func Mix(a, b, t float64) float64 { return a + float64((b-a)*t) }

// Step rises smoothly from 0 at a to 1 at b; a may be above b.
func Step(a, b, x float64) float64 {
	t := Clamp((x-a)/(b-a), 0, 1)
	return float64(t * t * (3 - float64(2*t)))
}

// Bump is a smooth hill of height 1 over 0 that ends at ±1.
func Bump(x float64) float64 {
	t := 1 - float64(x*x)
	if t <= 0 {
		return 0
	}
	return float64(t * t)
}
