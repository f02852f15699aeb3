package export

import (
	"image"
	"sync"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export/pngw"
	"github.com/lvtool/lvtool/internal/area"
)

// A workspace is the memory, and the fonts, that conversions use one after the
// other.
type workspace struct {
	loader  decode.Loader
	painter annotate.Painter
	encoder pngw.Encoder
	theme   *theme
	file    []byte // the PNG being made
}

// workspaces are those that no conversion uses: as many as ran at a time.
type workspaces struct {
	mu   sync.Mutex
	idle []*workspace
}

// take returns a workspace, which give takes back.
func (w *workspaces) take() *workspace {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := len(w.idle) - 1
	if last < 0 {
		return &workspace{theme: newTheme()}
	}
	ws := w.idle[last]
	w.idle = w.idle[:last]
	return ws
}

func (w *workspaces) give(ws *workspace) {
	ws.theme.small.reset()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = append(w.idle, ws)
}

// A canvas is memory for a picture.
type canvas []uint8

// sized returns a picture in c, made anew where that is too small. Its pixels
// are whatever they were.
func (c *canvas) sized(width, height int) *image.RGBA {
	n := 4 * width * height
	if cap(*c) < n {
		*c = make(canvas, n)
	}
	return &image.RGBA{Pix: (*c)[:n], Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}
}

// A shrinker makes small pictures, which are valid until it is reset.
type shrinker struct {
	area area.Shrinker
	made []canvas
	used int
}

func (s *shrinker) reset() { s.used = 0 }

// shrink returns a copy of src, at the origin, that fits into the bounds.
func (s *shrinker) shrink(src *image.RGBA, bounds image.Point) *image.RGBA {
	if s.used == len(s.made) {
		s.made = append(s.made, nil)
	}
	size := fit(src.Rect.Size(), bounds)
	dst := s.made[s.used].sized(size.X, size.Y)
	s.used++
	s.area.RGBA(dst, src)
	return dst
}

// within returns m, shrunk where it does not fit into the bounds.
func (s *shrinker) within(m *image.RGBA, bounds image.Point) *image.RGBA {
	if m == nil || fit(m.Rect.Size(), bounds) == m.Rect.Size() {
		return m
	}
	return s.shrink(m, bounds)
}
