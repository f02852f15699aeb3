package decode

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A reader makes sessions of values.
type reader struct {
	limits Limits
}

// fold returns a name as names are compared: without regard to case,
// underscores and hyphens, so that SessionId, sessionId and session_id are one.
func fold(name string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
}

// session makes a session of an object, which [isResult] has accepted.
func (r *reader) session(v *value) (*Session, error) {
	s := &Session{}
	for _, m := range v.members {
		if !r.field(s, fold(m.name), m.value) {
			if s.Extra == nil {
				s.Extra = map[string]json.RawMessage{}
			}
			s.Extra[m.name] = json.RawMessage(m.value.raw)
		}
	}
	// The reference image comes first, wherever the document has it.
	for _, key := range []string{"referenceimage", "auditimages"} {
		if err := r.images(s, key, v); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// isResult reports whether v is an object with members of a liveness result.
func isResult(v *value) bool {
	var id, status bool
	for _, m := range v.members {
		switch fold(m.name) {
		case "referenceimage", "auditimages":
			return true
		case "sessionid":
			id = m.value.kind == jsontext.KindString
		case "status":
			status = m.value.kind == jsontext.KindString
		}
	}
	return id && status
}

// field sets the field of s called name and reports whether there is one.
func (r *reader) field(s *Session, name string, v *value) bool {
	switch name {
	case "sessionid":
		return setText(&s.ID, v)
	case "status":
		return setText(&s.Status, v)
	case "confidence":
		return setNumber(&s.Confidence, v)
	case "challenge":
		return setChallenge(s, v)
	case "feedback":
		return setFeedback(s, v)
	case "referenceimage", "auditimages":
		return true
	}
	return false
}

func setText(dst *string, v *value) bool {
	if v.kind == jsontext.KindString {
		*dst = v.text()
		return true
	}
	return v.null()
}

func setNumber(dst *Number, v *value) bool {
	switch v.kind {
	case jsontext.KindNumber:
		*dst = Number(v.raw)
	case jsontext.KindString:
		*dst = Number(v.text())
	case jsontext.KindNull:
	default:
		return false
	}
	return true
}

func setChallenge(s *Session, v *value) bool {
	if v.kind != jsontext.KindBeginObject {
		return v.null()
	}
	s.Challenge = &Challenge{}
	for _, m := range v.members {
		switch fold(m.name) {
		case "type":
			setText(&s.Challenge.Type, m.value)
		case "version":
			setText(&s.Challenge.Version, m.value)
		}
	}
	return true
}

func setFeedback(s *Session, v *value) bool {
	if v.kind != jsontext.KindBeginArray || v.bulk {
		return v.null()
	}
	for _, item := range v.items {
		var f Feedback
		for _, m := range item.members {
			switch fold(m.name) {
			case "code":
				setText(&f.Code, m.value)
			case "message":
				setText(&f.Message, m.value)
			}
		}
		s.Feedback = append(s.Feedback, f)
	}
	return true
}

// images adds the images that the members of v called key hold.
func (r *reader) images(s *Session, key string, v *value) error {
	for _, m := range v.members {
		if fold(m.name) != key || m.value.null() {
			continue
		}
		images := []*value{m.value}
		if key == "auditimages" && m.value.kind == jsontext.KindBeginArray {
			images = m.value.items
		}
		for i, img := range images {
			name := "reference"
			if key == "auditimages" {
				name = "audit-" + strconv.Itoa(i)
			}
			s.Images = append(s.Images, r.image(name, img))
			if err := within(LimitFrames, len(s.Images), r.limits.Frames); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) image(name string, v *value) Image {
	img := Image{Name: name, Pointer: v.pointer()}
	for _, m := range v.members {
		switch fold(m.name) {
		case "bytes":
			if !m.value.null() && string(m.value.raw) != `""` {
				img.Inline = json.RawMessage(m.value.raw)
			}
		case "s3object":
			img.S3 = s3Object(m.value)
		case "boundingbox":
			img.Box = r.box(&img, m.value)
		}
	}
	return img
}

func s3Object(v *value) *S3Object {
	var o S3Object
	for _, m := range v.members {
		switch fold(m.name) {
		case "bucket":
			setText(&o.Bucket, m.value)
		case "name", "key":
			setText(&o.Name, m.value)
		case "version":
			setText(&o.Version, m.value)
		}
	}
	if o.Bucket == "" || o.Name == "" {
		return nil
	}
	return &o
}

func (r *reader) box(img *Image, v *value) *Box {
	if v.null() {
		return nil
	}
	var b Box
	for _, m := range v.members {
		var dst *Number
		switch fold(m.name) {
		case "left":
			dst = &b.Left
		case "top":
			dst = &b.Top
		case "width":
			dst = &b.Width
		case "height":
			dst = &b.Height
		default:
			continue
		}
		if !setNumber(dst, m.value) {
			*dst = Number(m.value.raw)
		}
	}
	if b == (Box{}) {
		img.Problems = append(img.Problems, Problem{
			Code:    "box_unreadable",
			Message: fmt.Sprintf("the box is not an object with Left, Top, Width and Height: %.60s", printable(string(v.raw))),
		})
		return nil
	}
	return &b
}
