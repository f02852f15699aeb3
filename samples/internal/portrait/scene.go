package portrait

import (
	"image"
	"math"

	"github.com/lvtool/lvtool/samples/internal/geom"
)

// A Pose is where the head is in one frame.
type Pose struct {
	// Yaw, Pitch and Roll turn the head, in radians.
	Yaw, Pitch, Roll float64
	// Distance is how far the camera is from the head, in centimetres.
	Distance float64
	// X and Y are where the middle of the head lies, as shares of the picture.
	X, Y float64
}

// A scene is one frame being drawn.
type scene struct {
	person *Person
	head   *head
	room   *Room
	cam    camera
	turn   geom.Rot
}

// Width is how wide the pictures are, in pixels.
const Width = 480

// Height is how high the pictures are, in pixels.
const Height = 640

// focal is the focal length in pixels.
const focal = 620

// A Model is a person's meshes, ready to be drawn in many poses.
type Model struct {
	person *Person
	head   *head
	skin   *geom.Mesh
	cloth  *geom.Mesh
	// These are nil where there are none.
	collar, scarf, rims, lenses *geom.Mesh
	eyes                        [2]*geom.Mesh
	hair                        []strand
	brows                       []strand
	lashes                      []strand
	beard                       []strand
}

// NewModel builds the meshes of p.
func NewModel(p *Person) *Model {
	h := newHead(p.Shape)
	m := &Model{person: p, head: h}
	m.skin = geom.Surface(h.dist, pt(-10.4, -26, -12.5), pt(10.4, 12, 12.5), 0.145)
	m.skin.Keep(func(q vec) bool {
		ear := math.Abs(q.X) > 6.6*h.Width && q.Y > -5 && q.Y < 4
		return p.Dress.below(h, q) < 1.2 && (!p.Dress.Scarf || !ear)
	})
	m.cloth = geom.Surface(p.Dress.cloth(h), pt(-26, -52, -16), pt(26, -12, 9), 0.34)
	m.cloth.Keep(func(q vec) bool { return p.Dress.below(h, q) > -0.5 })
	if p.Dress.Scarf {
		m.scarf = geom.Surface(p.Dress.scarf(h), pt(-14, -24, -13), pt(14, 13, 12), 0.2)
		m.scarf.Keep(func(q vec) bool { return opening(q) > -0.3 })
	}
	if p.Glasses.Rim > 0 {
		m.rims, m.lenses = p.Glasses.rims(h), p.Glasses.lenses(h)
	}
	if p.Dress.Cut == Shirt {
		m.collar = collar(h)
	}
	for i, side := range [2]float64{1, -1} {
		m.eyes[i] = eyeMesh(pt(side*h.eye.X, h.eye.Y, h.eye.Z))
	}
	m.hair = p.Hair.grow(h, m.skin, p.Seed)
	m.brows = p.Brows.grow(h, p.Seed)
	m.lashes = p.Brows.lashes(h, p.Seed)
	m.beard = p.Beard.grow(h, m.skin, p.Seed)
	return m
}

// place moves a mesh into the pose.
func (s *scene) place(m *geom.Mesh, grain int, shade shader) *surface {
	n := len(m.Pos)
	f := &surface{
		mesh: m, shade: shade, grain: grain,
		world: make([]vec, n), normal: make([]vec, n), light: make([]vec, n), key: make([]float32, n),
	}
	for i, p := range m.Pos {
		w := stiffness(p)
		f.world[i] = s.move(p, w)
		f.normal[i] = m.Normal[i].Lerp(s.turn.Apply(m.Normal[i]), w).Norm()
	}
	return f
}

// pivot is the joint that the head turns on.
var pivot = pt(0, -8, -2)

// stiffness is how far a point follows the head: 1 on the head, 0 on the
// chest.
func stiffness(p vec) float64 { return geom.Step(-16, -8, p.Y+0.45*(p.Z+2)) }

func (s *scene) move(p vec, w float64) vec {
	return p.Lerp(s.turn.Apply(p.Sub(pivot)).Add(pivot), w)
}

func newScene(m *Model, room *Room, pose Pose) *scene {
	return &scene{
		person: m.person, head: m.head, room: room, turn: geom.Turn(pose.Yaw, pose.Pitch, pose.Roll),
		cam: camera{
			distance: pose.Distance, focal: focal * samples,
			cx: pose.X * Width * samples, cy: pose.Y * Height * samples,
		},
	}
}

// Draw renders the model in a room.
func (m *Model) Draw(room *Room, pose Pose) *image.RGBA {
	s := newScene(m, room, pose)
	c := newCanvas(Width*samples, Height*samples)
	c.paint(&room.Backdrop, 0.15*(pose.X-0.5), 0.15*(pose.Y-0.42))
	layers := s.layers(m)
	coats := []*coat{
		s.placeHair(m.hair, m.person.Hair.Colour), s.placeHair(m.brows, m.person.Brows.Colour),
		s.placeHair(m.lashes, grey(0.012)), s.placeHair(m.beard, m.person.Beard.Colour),
	}
	s.illuminate(layers, coats)
	for _, l := range layers {
		l.scatter()
		if !l.film {
			c.draw(&s.cam, l)
		}
	}
	for _, h := range coats {
		c.drawHair(s, h)
	}
	for _, l := range layers {
		if l.film {
			c.draw(&s.cam, l)
		}
	}
	if room.Desk > 0 {
		c.desk(room.Desk, room.DeskColour)
	}
	return develop(c, room.Noise, m.person.Seed+uint64(pose.Distance*64))
}

// layers places everything that has a surface.
func (s *scene) layers(m *Model) []*surface {
	key := s.room.Key.Norm()
	eyes := &eyeShader{scene: s}
	wear := &clothShader{s, &m.person.Dress}
	skin := s.place(m.skin, 2, (&skinShader{scene: s, key: key}).shade)
	skin.spread = [3]int{20, 9, 5}
	layers := []*surface{skin, s.place(m.cloth, 4, wear.shade)}
	for i, side := range [2]float64{1, -1} {
		eyes.gaze[i] = s.gaze(pt(side*m.head.eye.X, m.head.eye.Y, m.head.eye.Z))
		layers = append(layers, s.place(m.eyes[i], 1, eyes.shade))
	}
	if m.collar != nil {
		fold := s.place(m.collar, 3, wear.collarShade)
		fold.both = true
		layers = append(layers, fold)
	}
	if m.scarf != nil {
		scarf := s.place(m.scarf, 3, wear.scarfShade)
		scarf.both = true
		layers = append(layers, scarf)
	}
	if m.rims != nil {
		glass := s.place(m.lenses, 0, s.lensShade)
		glass.film = true
		layers = append(layers, s.place(m.rims, 2, s.rimShade), glass)
	}
	return layers
}

// gaze returns where the pupil lies on an eyeball that looks at the camera,
// from its centre, before the head is turned.
func (s *scene) gaze(eye vec) vec {
	to := pt(0, 0, s.cam.distance).Sub(s.move(eye, 1)).Norm()
	r := &s.turn
	back := r[0].Scale(to.X).Add(r[1].Scale(to.Y)).Add(r[2].Scale(to.Z))
	return back.Mul(eyeball)
}

// FaceBox returns where the face lies in a pose, in shares of the picture: from
// the hairline to the chin and from ear to ear. It may leave the picture.
func (m *Model) FaceBox(pose Pose) (left, top, width, height float64) {
	s := newScene(m, nil, pose)
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range m.skin.Pos {
		if p.Z < -2.5 || p.Y > hairline || p.Y < chinEnd {
			continue
		}
		x, y, _ := s.cam.project(s.move(p, stiffness(p)))
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	const w, h = Width * samples, Height * samples
	return x0 / w, y0 / h, (x1 - x0) / w, (y1 - y0) / h
}

// The face ends at these heights.
const (
	hairline = 6.5
	chinEnd  = -11.2
)
