package export

import "image"

// A grid is the geometry of a sheet's tiles. A tile is a place for the picture
// and, to the right of it, a column for the captions and the face.
type grid struct {
	columns int
	place   image.Point // the most that a picture may measure
	side    int         // width of the captions
	content int         // width of a page without its margins
}

// minContent is the least width of a page without its margins: the header needs
// it.
const minContent = 1100

// newGrid returns the grid for a number of tiles.
func newGrid(l Layout, tiles int) grid {
	columns, width := l.Columns, l.Tile
	if columns == 0 {
		columns = autoColumns(tiles)
	}
	columns = max(1, min(columns, tiles))
	if width == 0 {
		width = [...]int{1: 460, 2: 400, 3: 280, 4: 240}[min(columns, 4)]
	}
	g := grid{columns: columns, place: image.Pt(width, width*4/3), side: max(200, min(width*2/3, 400))}
	g.content = max(minContent, columns*g.cell()+(columns-1)*gap)
	return g
}

// autoColumns keeps five tiles, which is what a full result has, in two rows.
func autoColumns(tiles int) int {
	switch {
	case tiles == 4:
		return 2
	case tiles <= 12:
		return min(tiles, 3)
	}
	return 4
}

// cell returns the width of a tile.
func (g grid) cell() int { return g.place.X + inset + g.side }

// page returns the width of a page.
func (g grid) page() int { return g.content + 2*margin }
