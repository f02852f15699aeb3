package portrait

import (
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// A Shape says how a head differs from the mean. Lengths are centimetres,
// factors are 1 in the mean. The origin lies between the eyes' centres' height
// and the ears; X points to the right of the picture, Y up, Z to the camera.
type Shape struct {
	// Width, Jaw, Cheek and Chin scale parts of the face.
	Width, Jaw, Cheek, Chin float64
	// Fat fills the cheeks and the underside of the chin, 0 to 1.
	Fat float64
	// Brow is how far the ridge above the eyes stands out.
	Brow float64
	// NoseLength, NoseWidth and NoseBridge scale the nose.
	NoseLength, NoseWidth, NoseBridge float64
	// Lips and Mouth scale the lips' fullness and the mouth's width.
	Lips, Mouth float64
	// Smile lifts the corners of the mouth.
	Smile float64
	// EyeOpen, EyeWidth scale the opening of the lids, EyeTilt lifts its outer
	// corner.
	EyeOpen, EyeWidth, EyeTilt float64
	// EyeGap is half the distance of the pupils.
	EyeGap float64
	// Neck scales the neck, Throat is how far the Adam's apple stands out.
	Neck, Throat float64
	// Shoulders scales the shoulders.
	Shoulders float64
}

// A head is the distance field of a head, a neck and the chest below.
type head struct {
	Shape
	eye vec // centre of the eyeball on the positive side
}

func newHead(s Shape) *head {
	return &head{Shape: s, eye: pt(s.EyeGap, 0, 6.38)}
}

// dist is the Field of the head.
func (h *head) dist(p vec) float64 {
	p.X += sway(p.Y)
	q := pt(math.Abs(p.X), p.Y, p.Z)
	d := h.skull(q)
	if d > 5 {
		return d - 3
	}
	d = h.jaw(q, d)
	if q.Z > 3 && q.Y > -12 {
		d = h.eyes(q, d)
		d = h.nose(q, d)
		d = h.mouth(q, d)
	}
	if q.X > 4.5 && q.Y > -6 && q.Y < 5 {
		d = geom.Join(d, h.ear(q), 0.25)
	}
	return d
}

// sway makes the two sides of the face differ.
func sway(y float64) float64 { return float64(0.10 * math.Sin(y*0.33+1)) }

// skull is the head without its features, and the neck.
func (h *head) skull(q vec) float64 {
	w := h.Width
	d := geom.Ellipsoid(q, pt(0, 2.7, -1.2), pt(7.35*w, 8.4, 9.2))
	d = geom.Join(d, geom.Ellipsoid(q, pt(0, 4.0, 2.6), pt(5.95*w, 5.6, 5.8)), 2)
	d = geom.Join(d, geom.Ellipsoid(q, pt(0, -1.6, 2.4), pt(5.8*w, 7.7, 6.5)), 1.5)
	return geom.Join(d, h.trunk(q), 1.2)
}

// trunk is what carries the head: neck, collarbones, chest and arms.
func (h *head) trunk(q vec) float64 {
	neck := geom.Cone(q, pt(0, -5, -2.8), pt(0, -21, -4.2), 4.9*h.Neck, 5.6*h.Neck)
	neck = geom.Join(neck, geom.Cone(q, pt(5.6, -5, -1.5), pt(1.6, -19.5, 0.6), 0.75, 0.35), 1.8)
	neck = geom.Join(neck, geom.Cone(q, pt(3.4, -14.6, -5.6), pt(14*h.Shoulders, -21.2, -5), 2.7, 2.7), 3)
	neck = geom.Join(neck, geom.Cone(q, pt(0.8, -20.8, 0.9), pt(13*h.Shoulders, -20.2, -3), 0.5, 0.4), 1.4)
	neck = geom.Join(neck, geom.Ellipsoid(q, pt(0, -15, -1), pt(3.2*h.Neck, 5.5, 2.5)), 1.5)
	if h.Throat > 0 {
		neck = geom.Join(neck, geom.Sphere(q, pt(0, -14.6, 1.1), 0.8+h.Throat), 1.6)
	}
	return geom.Join(neck, h.chest(q), 3)
}

// body is the trunk without its folding of p: what clothes lie on.
func (h *head) body(p vec) float64 { return h.trunk(pt(math.Abs(p.X), p.Y, p.Z)) }

// chest is the trunk with the upper arms.
func (h *head) chest(q vec) float64 {
	s := h.Shoulders
	d := geom.Ellipsoid(q, pt(0, -43, -4.5), pt(16.5*s, 23.5, 9))
	d = geom.Join(d, geom.Cone(q, pt(0, -23.4, -4.8), pt(15.6*s, -24.4, -4.8), 3.6, 4.4), 4)
	return geom.Join(d, geom.Cone(q, pt(16.2*s, -25, -4.8), pt(19.5*s, -52, -3), 4.3, 4.0), 1.5)
}

func (h *head) jaw(q vec, d float64) float64 {
	c := h.Chin
	chinY := -8.6 - c
	d = geom.Join(d, geom.Cone(q, pt(4.35*h.Jaw, -6.2, 0.4), pt(1.2, chinY+0.2, 6.2), 1.65, 1.4), 1.8)
	d = geom.Join(d, geom.Ellipsoid(q, pt(0, chinY, 6.6), pt(1.6, 1.3, 1.6)), 1.2)
	d = geom.Join(d, geom.Ellipsoid(q, pt(3.85*h.Cheek, -1.7, 5.2), pt(1.75, 1.3, 1.9)), 1.4)
	d = geom.Join(d, geom.Ellipsoid(q, pt(2.85*h.Width, -4.3, 5.4), pt(2.0, 2.4, 1.95).Scale(1+0.12*h.Fat)), 1.5)
	d = geom.Join(d, geom.Ellipsoid(q, pt(0, -6.3, 5.9), pt(2.9, 2.9, 2.75)), 1.3)
	if h.Fat > 0 {
		under := geom.Ellipsoid(q, pt(0, -9.5, 2.8), pt(4.6, 2.4, 4).Scale(0.8+0.25*h.Fat))
		d = geom.Join(d, under, 2)
	}
	return d
}

// eyes adds brow ridge, socket and closed lids; the opening between the lids
// is left out when the skin is drawn.
func (h *head) eyes(q vec, d float64) float64 {
	ridge := geom.Cone(q, pt(1.2, 1.5, 7.4), pt(4.7, 1.6, 5.6), 0.75+h.Brow, 0.7+h.Brow)
	d = geom.Join(d, ridge, 1.2)
	d = geom.Cut(d, geom.Ellipsoid(q, h.eye.Add(pt(-0.05, 0.2, 2.55)), pt(1.95, 1.1, 1.75)), 1.1)
	return geom.Join(d, geom.Ellipsoid(q, h.eye, lidball), 0.35)
}

func (h *head) noseTip() vec { return pt(0, -3.4*h.NoseLength, 9.85) }

func (h *head) nose(q vec, d float64) float64 {
	w, b, tip := h.NoseWidth, h.NoseBridge, h.noseTip()
	d = geom.Join(d, geom.Cone(q, pt(0, 1.0, 7.2+0.5*b), tip.Add(pt(0, 0.5, -0.25)), 0.6, 0.74), 0.9)
	d = geom.Join(d, geom.Sphere(q, tip, 0.82+0.08*w), 0.55)
	d = geom.Join(d, geom.Ellipsoid(q, tip.Add(pt(1.0*w, -0.30, -1.0)), pt(0.70, 0.66, 1.05)), 0.45)
	d = geom.Join(d, geom.Cone(q, tip.Add(pt(0, -0.55, -0.1)), tip.Add(pt(0, -0.85, -1.4)), 0.36, 0.42), 0.3)
	return geom.Cut(d, geom.Ellipsoid(q, tip.Add(pt(0.60*w, -0.86, -0.45)), pt(0.30, 0.34, 0.55)), 0.18)
}

// mouthHeight is the height of the line between the lips.
const mouthHeight = -6.55

// bend maps the neighbourhood of the curved mouth to that of a straight one.
func (h *head) bend(q vec) vec {
	x := q.X / h.Mouth
	xx := float64(x * x)
	return pt(x, q.Y-float64(0.075*h.Smile*xx), q.Z+float64(0.155*xx))
}

func (h *head) mouth(q vec, d float64) float64 {
	b := h.bend(q)
	full := 0.40 * h.Lips
	upper := geom.Ellipsoid(b, pt(0.62, mouthHeight+0.75*full, 8.36), pt(1.75, full, 0.5))
	lower := geom.Ellipsoid(b, pt(0, mouthHeight-1.05*full, 8.33), pt(1.8, 1.25*full, 0.58))
	d = geom.Cut(d, geom.Cone(q, pt(0, -4.8, 9.3), pt(0, -5.7, 9.2), 0.25, 0.3), 0.6)
	d = geom.Join(d, upper, 0.35)
	d = geom.Join(d, lower, 0.35)
	d = geom.Cut(d, geom.Ellipsoid(b, pt(0, mouthHeight-0.05, 8.95), pt(2.35, 0.05, 0.45)), 0.22)
	d = geom.Cut(d, geom.Ellipsoid(b, pt(0, mouthHeight-1.7, 9.2), pt(1.5, 0.35, 0.9)), 0.8)
	return geom.Cut(d, geom.Sphere(b, pt(2.55, mouthHeight, 8.75), 0.18), 0.6)
}

func (h *head) ear(q vec) float64 {
	e := q.Sub(pt(7.15*h.Width, -0.9, -0.9))
	// The ear stands off its rear edge and leans back.
	e = pt(e.X*0.90+e.Z*0.44, e.Y, e.Z*0.90-e.X*0.44)
	e = pt(e.X, e.Y*0.98-e.Z*-0.17, e.Z*0.98+e.Y*0.17)
	d := geom.Ellipsoid(e, pt(0, 0.5, 0), pt(0.42, 2.5, 1.75))
	d = geom.Join(d, geom.Ellipsoid(e, pt(0, -2, 0.25), pt(0.38, 1.1, 0.95)), 0.5)
	d = geom.Cut(d, geom.Ellipsoid(e, pt(0.5, 0.6, 0.05), pt(0.45, 1.95, 1.25)), 0.25)
	d = geom.Join(d, geom.Cone(e, pt(0.1, 1.6, -0.4), pt(0.15, -0.8, -0.75), 0.22, 0.3), 0.3)
	d = geom.Cut(d, geom.Ellipsoid(e, pt(0.35, -0.5, 0.25), pt(0.6, 0.8, 0.6)), 0.25)
	return geom.Join(d, geom.Ellipsoid(e, pt(0.2, -0.6, 1.15), pt(0.3, 0.55, 0.4)), 0.3)
}
