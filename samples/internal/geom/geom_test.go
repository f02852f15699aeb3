package geom_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

func ball(p geom.Vec) float64 { return geom.Sphere(p, geom.Vec{X: 0.3}, 4) }

func ballMesh() *geom.Mesh {
	return geom.Surface(ball, geom.Vec{X: -6, Y: -6, Z: -6}, geom.Vec{X: 6, Y: 6, Z: 6}, 0.25)
}

// TestSurface holds that the mesh of a ball lies on it, faces outwards and has
// no holes: every edge comes once in each direction.
func TestSurface(t *testing.T) {
	m := ballMesh()
	if len(m.Pos) < 3000 {
		t.Fatalf("got %d vertices, want thousands", len(m.Pos))
	}
	for i, p := range m.Pos {
		if d := ball(p); math.Abs(d) > 1e-3 {
			t.Fatalf("vertex %v: got distance %g, want 0", p, d)
		}
		out := p.Sub(geom.Vec{X: 0.3}).Norm()
		if dot := out.Dot(m.Normal[i]); dot < 0.999 {
			t.Fatalf("vertex %v: got normal %v, want %v", p, m.Normal[i], out)
		}
	}
	edges := map[[2]int32]int{}
	for _, tri := range m.Tri {
		a, b, c := m.Pos[tri[0]], m.Pos[tri[1]], m.Pos[tri[2]]
		if b.Sub(a).Cross(c.Sub(a)).Dot(m.Normal[tri[0]]) < 0 {
			t.Fatalf("triangle %v: got it clockwise, want counter-clockwise", tri)
		}
		for k := range tri {
			edges[[2]int32{tri[k], tri[(k+1)%3]}]++
		}
	}
	for e, n := range edges {
		if n != 1 || edges[[2]int32{e[1], e[0]}] != 1 {
			t.Fatalf("edge %v: got %d there and %d back, want 1 and 1", e, n, edges[[2]int32{e[1], e[0]}])
		}
	}
}

func TestKeep(t *testing.T) {
	m := ballMesh()
	all := len(m.Pos)
	m.Keep(func(p geom.Vec) bool { return p.Y > 0 })
	if len(m.Pos) >= all*6/10 || len(m.Pos) <= all*4/10 || len(m.Normal) != len(m.Pos) {
		t.Errorf("got %d vertices and %d normals of %d, want about half", len(m.Pos), len(m.Normal), all)
	}
	for _, tri := range m.Tri {
		for _, v := range tri {
			if m.Pos[v].Y <= 0 {
				t.Fatalf("got vertex %v, want none below 0", m.Pos[v])
			}
		}
	}
}

// TestSmooth holds that normals found from triangles agree with those of the
// field.
func TestSmooth(t *testing.T) {
	m := ballMesh()
	exact := m.Normal
	m.Smooth()
	for i, n := range m.Normal {
		if n.Dot(exact[i]) < 0.99 {
			t.Fatalf("vertex %v: got normal %v, want %v", m.Pos[i], n, exact[i])
		}
	}
}

func TestNeighbours(t *testing.T) {
	m := &geom.Mesh{Pos: make([]geom.Vec, 4), Tri: [][3]int32{{0, 1, 2}, {0, 2, 3}, {0, 3, 1}}}
	start, list := m.Neighbours()
	for v, want := range []string{"[1 2 3]", "[2 0]", "[0 3]", "[0 1]"} {
		if got := fmt.Sprint(list[start[v]:start[v+1]]); got != want {
			t.Errorf("vertex %d: got neighbours %s, want %s", v, got, want)
		}
	}
}

// TestFields compares distances with ones that are known.
func TestFields(t *testing.T) {
	at := func(x, y, z float64) geom.Vec { return geom.Vec{X: x, Y: y, Z: z} }
	tests := []struct {
		name      string
		got, want float64
	}{
		{"sphere", geom.Sphere(at(5, 0, 0), at(1, 0, 0), 3), 1},
		{"cone beside", geom.Cone(at(3, 1, 0), at(0, 0, 0), at(0, 2, 0), 1, 2), 1.5},
		{"cone end", geom.Cone(at(0, 5, 0), at(0, 0, 0), at(0, 2, 0), 1, 2), 1},
		{"ellipsoid on it", geom.Ellipsoid(at(0, 3, 0), at(0, 0, 0), at(2, 3, 4)), 0},
		{"ellipsoid middle", geom.Ellipsoid(at(1, 1, 1), at(1, 1, 1), at(2, 3, 4)), -2},
		{"join apart", geom.Join(1, 5, 0.5), 1},
		{"join blends", geom.Join(1, 1, 0.5), 0.875},
		{"cut", geom.Cut(-3, -1, 0.5), 1},
	}
	for _, tt := range tests {
		if math.Abs(tt.got-tt.want) > 1e-12 {
			t.Errorf("%s: got %g, want %g", tt.name, tt.got, tt.want)
		}
	}
}

// TestNoise holds that noise is bounded, smooth, and varies.
func TestNoise(t *testing.T) {
	lo, hi := 1.0, -1.0
	for i := range 5000 {
		p := geom.Vec{X: float64(i) * 0.37, Y: float64(i) * -0.21, Z: 3.3}
		n := geom.Noise(p)
		lo, hi = min(lo, n), max(hi, n)
		if step := math.Abs(geom.Noise(p.Add(geom.Vec{X: 1e-4})) - n); step > 1e-3 {
			t.Fatalf("at %v: got a jump of %g, want none", p, step)
		}
	}
	if lo < -1 || hi > 1 || hi-lo < 1.2 {
		t.Errorf("got values from %g to %g, want most of -1 to 1", lo, hi)
	}
}

// TestTurn holds that yaw turns to the right of the picture, pitch down, roll
// against the clock, and that lengths stay.
func TestTurn(t *testing.T) {
	nose := geom.Vec{Z: 1}
	yaw, pitch, roll := geom.Turn(0.1, 0, 0), geom.Turn(0, 0.1, 0), geom.Turn(0, 0, 0.1)
	if v := yaw.Apply(nose); v.X <= 0 {
		t.Errorf("yaw: got %v, want it to the right", v)
	}
	if v := pitch.Apply(nose); v.Y >= 0 {
		t.Errorf("pitch: got %v, want it down", v)
	}
	if v := roll.Apply(geom.Vec{X: 1}); v.Y <= 0 {
		t.Errorf("roll: got %v, want it up", v)
	}
	all := geom.Turn(0.3, -0.2, 0.5)
	if l := all.Apply(geom.Vec{X: 1, Y: 2, Z: 2}).Len(); math.Abs(l-3) > 1e-12 {
		t.Errorf("got length %g, want 3", l)
	}
}
