package geom

// A Mesh is a surface of triangles.
type Mesh struct {
	// Pos and Normal are the vertices: points and unit directions outwards.
	Pos, Normal []Vec
	// Tri holds the vertices of every triangle, counter-clockwise from
	// outside.
	Tri [][3]int32
}

// Keep removes the triangles that have a vertex which keep does not want, and
// the vertices that no triangle needs.
func (m *Mesh) Keep(keep func(p Vec) bool) {
	wanted := make([]bool, len(m.Pos))
	for i, p := range m.Pos {
		wanted[i] = keep(p)
	}
	number := make([]int32, len(m.Pos))
	for i := range number {
		number[i] = -1
	}
	var pos, normal []Vec
	tri := m.Tri[:0]
	for _, t := range m.Tri {
		if !wanted[t[0]] || !wanted[t[1]] || !wanted[t[2]] {
			continue
		}
		for k, v := range t {
			if number[v] < 0 {
				number[v] = int32(len(pos))
				pos, normal = append(pos, m.Pos[v]), append(normal, m.Normal[v])
			}
			t[k] = number[v]
		}
		tri = append(tri, t)
	}
	m.Pos, m.Normal, m.Tri = pos, normal, tri
}

// Smooth sets the normals to the mean of those of the triangles around each
// vertex, large ones counting more.
func (m *Mesh) Smooth() {
	m.Normal = make([]Vec, len(m.Pos))
	for _, t := range m.Tri {
		a, b, c := m.Pos[t[0]], m.Pos[t[1]], m.Pos[t[2]]
		face := b.Sub(a).Cross(c.Sub(a))
		for _, v := range t {
			m.Normal[v] = m.Normal[v].Add(face)
		}
	}
	for i, n := range m.Normal {
		m.Normal[i] = n.Norm()
	}
}

// Neighbours returns, for every vertex, the vertices it shares an edge with,
// the list of vertex i being list[start[i]:start[i+1]].
func (m *Mesh) Neighbours() (start, list []int32) {
	start = make([]int32, len(m.Pos)+1)
	for _, t := range m.Tri {
		for _, v := range t {
			start[v+1]++
		}
	}
	for i := range m.Pos {
		start[i+1] += start[i]
	}
	list = make([]int32, 3*len(m.Tri))
	next := append([]int32(nil), start...)
	for _, t := range m.Tri {
		for k, v := range t {
			// Inside a surface every edge comes once in each direction.
			list[next[v]] = t[(k+1)%3]
			next[v]++
		}
	}
	return start, list
}
