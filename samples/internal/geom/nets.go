package geom

import "math"

// block is how many cells a side of the blocks has that are skipped whole
// where the surface is far.
const block = 8

// slack is how much more than a true distance a blended field may claim.
const slack = 1.5

// Surface returns the mesh of the surface of f within the box from lo to hi,
// made of cells of the given size: the dual of the cells that the surface
// crosses ("naive surface nets"), each vertex moved onto the surface.
func Surface(f Field, lo, hi Vec, cell float64) *Mesh {
	g := newGrid(lo, hi, cell)
	g.fill(f)
	m := &Mesh{}
	g.vertices(m)
	g.quads(m)
	m.settle(f, cell)
	return m
}

// A grid holds samples of a field at the corners of cells.
type grid struct {
	lo         Vec
	cell       float64
	nx, ny, nz int
	val        []float32
	vertex     []int32
}

func newGrid(lo, hi Vec, cell float64) *grid {
	size := func(a, b float64) int { return (int(math.Ceil((b-a)/cell))/block+1)*block + 1 }
	g := &grid{lo: lo, cell: cell, nx: size(lo.X, hi.X), ny: size(lo.Y, hi.Y), nz: size(lo.Z, hi.Z)}
	g.val = make([]float32, g.nx*g.ny*g.nz)
	g.vertex = make([]int32, len(g.val))
	return g
}

func (g *grid) at(x, y, z int) int { return (z*g.ny+y)*g.nx + x }

func (g *grid) point(x, y, z float64) Vec {
	return g.lo.Add(Vec{x, y, z}.Scale(g.cell))
}

// far marks samples that were skipped because the surface is not near.
const far = math.MaxFloat32

func (g *grid) fill(f Field) {
	for i := range g.val {
		g.val[i] = far
	}
	reach := slack * g.cell * block * math.Sqrt(3) / 2
	for z := 0; z+block < g.nz; z += block {
		for y := 0; y+block < g.ny; y += block {
			for x := 0; x+block < g.nx; x += block {
				const half = block / 2.0
				mid := g.point(float64(x)+half, float64(y)+half, float64(z)+half)
				if math.Abs(f(mid)) < reach {
					g.fillBlock(f, x, y, z)
				}
			}
		}
	}
}

func (g *grid) fillBlock(f Field, x0, y0, z0 int) {
	for z := z0; z <= z0+block; z++ {
		for y := y0; y <= y0+block; y++ {
			for x := x0; x <= x0+block; x++ {
				i := g.at(x, y, z)
				if g.val[i] == far {
					g.val[i] = float32(f(g.point(float64(x), float64(y), float64(z))))
				}
			}
		}
	}
}

// vertices adds a vertex for each cell that the surface crosses, at the mean
// of its crossings with the cell's edges.
func (g *grid) vertices(m *Mesh) {
	for z := range g.nz - 1 {
		for y := range g.ny - 1 {
			for x := range g.nx - 1 {
				i := g.at(x, y, z)
				g.vertex[i] = -1
				if off, ok := g.crossing(i); ok {
					g.vertex[i] = int32(len(m.Pos))
					m.Pos = append(m.Pos, g.point(float64(x), float64(y), float64(z)).AddScaled(off, g.cell))
				}
			}
		}
	}
}

// edges lists the twelve edges of a cell as pairs of corners; the bits of a
// corner are its x, y and z.
var edges = [12][2]uint8{
	{0, 1},
	{2, 3},
	{4, 5},
	{6, 7},
	{0, 2},
	{1, 3},
	{4, 6},
	{5, 7},
	{0, 4},
	{1, 5},
	{2, 6},
	{3, 7},
}

func (g *grid) crossing(i int) (Vec, bool) {
	var v [8]float32
	inside := 0
	for c := range v {
		v[c] = g.val[i+c&1+(c>>1&1)*g.nx+(c>>2)*g.nx*g.ny]
		if v[c] == far {
			return Vec{}, false
		}
		if v[c] < 0 {
			inside++
		}
	}
	if inside == 0 || inside == 8 {
		return Vec{}, false
	}
	var sum Vec
	n := 0.0
	for _, e := range edges {
		a, b := v[e[0]], v[e[1]]
		if (a < 0) == (b < 0) {
			continue
		}
		sum = sum.Add(corner(e[0]).Lerp(corner(e[1]), float64(a)/float64(a-b)))
		n++
	}
	return sum.Scale(1 / n), true
}

func corner(c uint8) Vec { return Vec{float64(c & 1), float64(c >> 1 & 1), float64(c >> 2)} }

// quads joins the four vertices around each cell edge that the surface
// crosses.
func (g *grid) quads(m *Mesh) {
	step := [3]int{1, g.nx, g.nx * g.ny}
	for z := 1; z < g.nz-1; z++ {
		for y := 1; y < g.ny-1; y++ {
			for x := 1; x < g.nx-1; x++ {
				i := g.at(x, y, z)
				for axis := range 3 {
					g.quad(m, i, step[axis], step[(axis+1)%3], step[(axis+2)%3])
				}
			}
		}
	}
}

func (g *grid) quad(m *Mesh, i, along, u, v int) {
	a, b := g.val[i], g.val[i+along]
	if a == far || b == far || (a < 0) == (b < 0) {
		return
	}
	q := [4]int32{g.vertex[i], g.vertex[i-u], g.vertex[i-u-v], g.vertex[i-v]}
	if min(q[0], q[1], q[2], q[3]) < 0 {
		return
	}
	if a > 0 {
		q[1], q[3] = q[3], q[1]
	}
	m.Tri = append(m.Tri, [3]int32{q[0], q[1], q[2]}, [3]int32{q[0], q[2], q[3]})
}

// settle moves the vertices onto the surface and finds their normals.
func (m *Mesh) settle(f Field, cell float64) {
	m.Normal = make([]Vec, len(m.Pos))
	for i, p := range m.Pos {
		n := f.Gradient(p, cell/2)
		m.Pos[i] = p.AddScaled(n, -Clamp(f(p), -cell, cell))
		m.Normal[i] = n
	}
}
