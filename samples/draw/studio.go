package main

import (
	"fmt"

	"github.com/lvtool/lvtool/samples/internal/geom"
	"github.com/lvtool/lvtool/samples/internal/portrait"
)

// A session is one sample file to be made.
type session struct {
	name       string // of the file, without .json
	id, status string
	confidence *number
	reference  *shot
	audits     []shot
	challenge  *challenge
	feedback   []feedback
	metadata   *metadata
	bucket     string // where the images go; inline where empty
}

// A shot is one image to be drawn.
type shot struct {
	who, room   string
	pose        portrait.Pose
	flash       geom.Vec    // light that the screen adds
	orientation uint16      // EXIF, 0 for none
	box         *[4]float64 // left, top, width, height, where it is not the face's
	noBox       bool
}

// A studio draws shots; it keeps the people that have been built.
type studio struct {
	models map[string]*portrait.Model
}

func newStudio() *studio { return &studio{models: map[string]*portrait.Model{}} }

func (st *studio) model(who string) (*portrait.Model, error) {
	if m := st.models[who]; m != nil {
		return m, nil
	}
	p, ok := people()[who]
	if !ok {
		return nil, fmt.Errorf("no person %q", who)
	}
	st.models[who] = portrait.NewModel(&p)
	return st.models[who], nil
}

// files returns the session's JSON file and the images it refers to, by their
// paths below samples.
func (st *studio) files(s *session) (map[string][]byte, error) {
	files := map[string][]byte{}
	r := result{
		SessionID: s.id, Status: s.status, Confidence: s.confidence,
		Challenge: s.challenge, Feedback: s.feedback, Metadata: s.metadata,
	}
	if s.reference != nil {
		img, err := st.image(s, s.reference, "reference", files)
		if err != nil {
			return nil, err
		}
		r.ReferenceImage = img
	}
	if s.status != "CREATED" {
		r.AuditImages = []auditImage{}
	}
	for i := range s.audits {
		img, err := st.image(s, &s.audits[i], fmt.Sprintf("audit_%d", i), files)
		if err != nil {
			return nil, err
		}
		r.AuditImages = append(r.AuditImages, *img)
	}
	data, err := r.encode()
	files[s.name+".json"] = data
	return files, err
}

// image draws a shot. Images for a bucket are added to files.
func (st *studio) image(s *session, sh *shot, name string, files map[string][]byte) (*auditImage, error) {
	m, err := st.model(sh.who)
	if err != nil {
		return nil, err
	}
	room, ok := rooms()[sh.room]
	if !ok {
		return nil, fmt.Errorf("no room %q", sh.room)
	}
	room.Screen = room.Screen.Add(sh.flash)
	data, err := encodeJPEG(m.Draw(&room, sh.pose), sh.orientation)
	if err != nil {
		return nil, err
	}
	img := &auditImage{}
	if !sh.noBox {
		img.BoundingBox = sh.faceBox(m)
	}
	if s.bucket == "" {
		img.Bytes = data
		return img, nil
	}
	key := "liveness/" + s.id + "/" + name + ".jpg"
	files["s3/"+s.bucket+"/"+key] = data
	img.S3Object = &s3Object{Bucket: s.bucket, Name: key}
	return img, nil
}

// faceBox returns where the shot's face lies, or the box that the shot says.
func (sh *shot) faceBox(m *portrait.Model) *box {
	l, t, w, h := m.FaceBox(sh.pose)
	if b := sh.box; b != nil {
		l, t, w, h = b[0], b[1], b[2], b[3]
	}
	return &box{Width: number(w), Height: number(h), Left: number(l), Top: number(t)}
}
