package portrait

import (
	"math"
	"sync"
	"testing"
)

// bare is the model of an average, bald head, which is quick to build.
var bare = sync.OnceValue(func() *Model {
	return NewModel(&Person{Seed: 1, Shape: MeanShape(), Skin: Skin{Tone: grey(0.4), Lip: grey(0.3), Shine: 1}})
})

func wall() *Room {
	return &Room{
		Key: pt(-0.7, 0.4, 0.6), Spread: 0.3, KeyColour: grey(1), SkyColour: grey(0.3), FloorColour: grey(0.1),
		WallColour: grey(0.1), Screen: grey(0.1), Backdrop: Backdrop{Upper: pt(0, 0.9, 0), Lower: pt(0, 0.9, 0)},
	}
}

// TestFaceBoxHoldsFace holds that the box reaches from the hairline to the
// chin and from ear to ear, and no further than a little.
func TestFaceBoxHoldsFace(t *testing.T) {
	m := bare()
	for _, pose := range []Pose{
		{Distance: 45, X: 0.5, Y: 0.45},
		{Yaw: 0.3, Pitch: 0.1, Distance: 40, X: 0.2, Y: 0.5},
		{Yaw: -0.2, Pitch: -0.1, Roll: 0.1, Distance: 60, X: 0.9, Y: 0.1},
		{Distance: 300, X: 0.5, Y: 0.5},
	} {
		s := newScene(m, nil, pose)
		l, top, w, h := m.FaceBox(pose)
		for name, p := range map[string]vec{
			"eye": pt(3.1, 0, 7.6), "other eye": pt(-3.1, 0, 7.6), "nose": pt(0, -3.4, 10.6),
			"mouth": pt(0, mouthHeight, 8.8), "chin": pt(0, -10.5, 7), "forehead": pt(0, 5.8, 7.9),
		} {
			x, y, _ := s.cam.project(s.move(p, stiffness(p)))
			x, y = x/(Width*samples), y/(Height*samples)
			if x < l || x > l+w || y < top || y > top+h {
				t.Errorf("%+v: got %s at %.3f, %.3f outside of %.3f, %.3f, %.3f, %.3f", pose, name, x, y, l, top, w, h)
			}
		}
		// A face is about 16 by 17.5 centimetres, and near the camera looks larger.
		scale := pose.Distance / focal
		if wide, high := w*Width*scale, h*Height*scale; wide < 14 || wide > 20 || high < 16.5 || high > 24 {
			t.Errorf("%+v: got a face of %.1f by %.1f cm, want that of a person", pose, wide, high)
		}
	}
}

func TestFaceBoxMoves(t *testing.T) {
	m := bare()
	l0, t0, w0, h0 := m.FaceBox(Pose{Distance: 45, X: 0.5, Y: 0.5})
	l1, t1, w1, h1 := m.FaceBox(Pose{Distance: 45, X: -0.25, Y: 0.75})
	for _, d := range []float64{l1 - l0 + 0.75, t1 - t0 - 0.25, w1 - w0, h1 - h0} {
		if math.Abs(d) > 1e-12 {
			t.Errorf("got a box %g off, want the same one elsewhere", d)
		}
	}
	if _, _, w2, _ := m.FaceBox(Pose{Distance: 35, X: 0.5, Y: 0.5}); w2 < 1.2*w0 {
		t.Errorf("got width %g nearer and %g further away, want it larger", w2, w0)
	}
}

// TestFaceIsDrawnInBox holds that the picture shows skin within the box and
// the green wall beside it.
func TestFaceIsDrawnInBox(t *testing.T) {
	if testing.Short() {
		t.Skip("drawing takes seconds")
	}
	m := bare()
	pose := Pose{Distance: 48, X: 0.4, Y: 0.4}
	img := m.Draw(wall(), pose)
	l, top, w, h := m.FaceBox(pose)
	green := func(x, y float64) bool {
		c := img.RGBAAt(int(x*Width), int(y*Height))
		return int(c.G) > int(c.R)+60
	}
	skin := 0
	for i := range 400 {
		u, v := (float64(i%20)+0.5)/20, (float64(i/20)+0.5)/20
		if !green(l+u*w, top+v*h) {
			skin++
		}
	}
	if skin < 320 {
		t.Errorf("got skin at %d of 400 points in the box, want most", skin)
	}
	for _, y := range []float64{0.2, 0.4, 0.6} {
		if !green(l-0.02, top+y*h) || !green(l+w+0.02, top+y*h) {
			t.Errorf("got no wall beside the box at %.1f of its height, want it to fit", y)
		}
	}
}

// TestDrawRepeats holds that a picture depends on its arguments alone.
func TestDrawRepeats(t *testing.T) {
	if testing.Short() {
		t.Skip("drawing takes seconds")
	}
	m, room, pose := bare(), wall(), Pose{Yaw: 0.1, Distance: 50, X: 0.5, Y: 0.4}
	a, b := m.Draw(room, pose), m.Draw(room, pose)
	for i := range a.Pix {
		if a.Pix[i] != b.Pix[i] {
			t.Fatalf("byte %d: got %d, then %d", i, a.Pix[i], b.Pix[i])
		}
	}
}

// TestHairGrowsOnScalp holds that no hair starts in the face and that none
// ends inside the head.
func TestHairGrowsOnScalp(t *testing.T) {
	m := bare()
	hair := Hair{
		Count: 2000, Length: 20, Sides: 15, Comb: pt(1, 0.3, -0.4), Lift: 0.3, Volume: 1, Weight: 0.3, Frizz: 0.1,
	}
	deep := 0
	for _, st := range hair.grow(m.head, m.skin, 5) {
		root, tip := st.points[0], st.points[len(st.points)-1]
		if root.Z > 5 && root.Y < 4.5 {
			t.Fatalf("got a root at %v, want none in the face", root)
		}
		if m.head.dist(tip) < -0.5 {
			deep++
		}
	}
	if deep > 20 {
		t.Errorf("got %d of 2000 tips in the head, want at most 20", deep)
	}
}

// TestBeardLeavesLips holds that the beard grows on the chin but not on the
// lips, the nose or the brow.
func TestBeardLeavesLips(t *testing.T) {
	m := bare()
	b := Beard{Cheeks: 0.3}
	if got := b.region(m.head, pt(0, -9.5, 8)); got < 0.8 {
		t.Errorf("chin: got %g, want near 1", got)
	}
	for name, p := range map[string]vec{
		"lip": pt(0, mouthHeight, 8.8), "nose": pt(0, -3.4, 10.6), "brow": pt(3, 2, 8), "neck": pt(0, -17, 2),
	} {
		if got := b.region(m.head, p); got > 0.05 {
			t.Errorf("%s: got %g, want 0", name, got)
		}
	}
}

func TestTone(t *testing.T) {
	last := -1
	for i := range 200 {
		v := int(tone(float64(i) / 100))
		if v < last {
			t.Fatalf("got %d after %d, want a curve that rises", v, last)
		}
		last = v
	}
	if tone(-1) != 0 || tone(5) != 255 {
		t.Errorf("got %d for black and %d for white, want 0 and 255", tone(-1), tone(5))
	}
}
