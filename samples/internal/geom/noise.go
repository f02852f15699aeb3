package geom

import "math"

// Hash returns a number from 0 up to 1 that looks random but depends on the
// arguments alone.
func Hash(x, y, z int32) float64 {
	h := uint32(x)*0x8da6b343 ^ uint32(y)*0xd8163841 ^ uint32(z)*0xcb1ab31f
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	h ^= h >> 15
	return float64(h) / (1 << 32)
}

// Noise is a smooth random function of space between -1 and 1 whose features
// are about one unit large.
func Noise(p Vec) float64 {
	fx, fy, fz := math.Floor(p.X), math.Floor(p.Y), math.Floor(p.Z)
	x, y, z := int32(fx), int32(fy), int32(fz)
	u, v, w := ease(p.X-fx), ease(p.Y-fy), ease(p.Z-fz)
	edge := func(y, z int32) float64 { return Mix(Hash(x, y, z), Hash(x+1, y, z), u) }
	lower := Mix(edge(y, z), edge(y+1, z), v)
	upper := Mix(edge(y, z+1), edge(y+1, z+1), v)
	return float64(2*Mix(lower, upper, w)) - 1
}

// Fractal adds octaves of Noise, each half as large and half as strong as the
// one before.
func Fractal(p Vec, octaves int) float64 {
	sum, amp := 0.0, 0.5
	for range octaves {
		sum += float64(amp * Noise(p))
		p = Vec{p.Y + p.Y + 17.3, p.Z + p.Z + 5.1, p.X + p.X - 3.7}
		amp /= 2
	}
	return sum
}

func ease(t float64) float64 { return float64(t * t * (3 - float64(2*t))) }
