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
	pose   Pose
	cam    camera
	turn   geom.Rot
}

// The size of the pictures and the focal length in pixels.
const (
	Width, Height = 480, 640
	focal         = 620
)

// A Model is a person's meshes, ready to be drawn in many poses.
type Model struct {
	person *Person
	head   *head
	skin   *geom.Mesh
	cloth  *geom.Mesh
	eyes   [2]*geom.Mesh
}

// NewModel builds the meshes of p.
func NewModel(p *Person) *Model {
	h := newHead(p.Shape)
	m := &Model{person: p, head: h}
	m.skin = geom.Surface(h.dist, pt(-10.4, -25, -12.5), pt(10.4, 12, 12.5), 0.13)
	m.cloth = geom.Surface(func(q vec) float64 { return h.body(q) - 0.45 }, pt(-24, -50, -15), pt(24, -12, 8), 0.3)
	for i, side := range [2]float64{1, -1} {
		m.eyes[i] = eyeMesh(pt(side*h.eye.X, h.eye.Y, h.eye.Z))
	}
	return m
}

// place moves a mesh into the pose.
func (s *scene) place(m *geom.Mesh, grain int) *surface {
	n := len(m.Pos)
	f := &surface{mesh: m, grain: grain, world: make([]vec, n), normal: make([]vec, n), light: make([]vec, n), key: make([]float32, n)}
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
		person: m.person, head: m.head, room: room, pose: pose, turn: geom.Turn(pose.Yaw, pose.Pitch, pose.Roll),
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
	for i := range c.light {
		c.light[i] = grey(0.25)
	}
	skin := s.place(m.skin, 2)
	cloth := s.place(m.cloth, 4)
	eyes := []*surface{s.place(m.eyes[0], 1), s.place(m.eyes[1], 1)}
	illuminate(room.lamps(), []*surface{skin, cloth, eyes[0], eyes[1]}, nil)
	skin.scatter([3]int{26, 9, 4})
	c.draw(&s.cam, cloth, func(f *fragment) (vec, bool) { return pt(0.1, 0.15, 0.3).Mul(f.light), true })
	es := &eyeShader{scene: s}
	for i, side := range [2]float64{1, -1} {
		eye := pt(side*m.head.eye.X, m.head.eye.Y, m.head.eye.Z)
		es.gaze[i] = s.gaze(eye)
		c.draw(&s.cam, eyes[i], es.shade)
	}
	c.draw(&s.cam, skin, (&skinShader{scene: s, key: room.Key.Norm()}).shade)
	return develop(c, 1)
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
	hairline = 7.3
	chinEnd  = -11.2
)
