package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"
)

// A size is a set of sessions: what their frames measure, and how strong the
// noise is that makes their files as large as those of photographs are.
type size struct {
	Name          string
	Width, Height int
	noise         int
}

// sizes returns the sets there are. The noise was chosen once, so that a JPEG
// has 71, 180 and 347 kB on average.
func sizes() []size {
	return []size{
		{"s", 480, 640, 81},
		{"m", 720, 1280, 73},
		{"l", 1080, 1920, 64},
	}
}

func sizeOf(name string) (size, error) {
	for _, s := range sizes() {
		if s.Name == name {
			return s, nil
		}
	}
	return size{}, fmt.Errorf("no set %q", name)
}

// quality is that of the JPEG files.
const quality = 90

// A frame is an image of a session, as the result has it.
type frame struct {
	Bytes       []byte
	BoundingBox box
}

// A box is where a face lies, in shares of the frame.
type box struct{ Width, Height, Left, Top float64 }

// inside reports whether the box lies in its frame, so that every program makes
// a picture of the frame's own size.
func (b box) inside() bool {
	return b.Width > 0.1 && b.Height > 0.1 &&
		b.Left >= 0 && b.Top >= 0 && b.Left+b.Width <= 1 && b.Top+b.Height <= 1
}

// A document is a result of the service, as far as it matters here.
type document struct {
	SessionID      string `json:"SessionId"`
	Status         string
	Confidence     float64
	ReferenceImage frame
	AuditImages    []frame
}

// sampleFrames returns the frames of the project's samples that have a face
// inside.
func sampleFrames(dir string) ([]frame, error) {
	var all []frame
	for _, name := range []string{"session", "edges", "inside", "low-confidence", "no-reference", "outside"} {
		data, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if err != nil {
			return nil, err
		}
		var d document
		if err := json.Unmarshal(data, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, f := range append([]frame{d.ReferenceImage}, d.AuditImages...) {
			if f.BoundingBox.inside() {
				all = append(all, f)
			}
		}
	}
	return all, nil
}

// A picture is a frame that was decoded and has a set's size.
type picture struct {
	pixels *image.RGBA
	box    box
}

// scaled decodes the frame and gives it another size, whatever its shape.
func (f frame) scaled(s size) (picture, error) {
	m, err := jpeg.Decode(bytes.NewReader(f.Bytes))
	if err != nil {
		return picture{}, err
	}
	p := picture{image.NewRGBA(image.Rect(0, 0, s.Width, s.Height)), f.BoundingBox}
	draw.CatmullRom.Scale(p.pixels, p.pixels.Rect, m, m.Bounds(), draw.Src, nil)
	return p, nil
}

// shot returns the picture as a camera of some noise would take it. The number
// is the seed.
func (p picture) shot(noise int, number uint64) (frame, error) {
	m := image.NewRGBA(p.pixels.Rect)
	random := rand.NewPCG(1, number)
	for i := 0; i < len(m.Pix); i += 4 {
		n := gaussian(random.Uint64()) * noise / 4096
		for c := range 3 {
			m.Pix[i+c] = uint8(min(max(int(p.pixels.Pix[i+c])+n, 0), 255))
		}
		m.Pix[i+3] = 255
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}) // which halves the colour both ways: 4:2:0
	return frame{b.Bytes(), p.box}, err
}

// gaussian returns a number about 0 with a standard deviation of about 209, from
// the sum of the eight bytes of bits.
func gaussian(bits uint64) int {
	sum := -8 * 255 / 2
	for ; bits != 0; bits >>= 8 {
		sum += int(bits & 0xFF)
	}
	return sum
}
