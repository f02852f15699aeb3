package decode

import (
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// session makes a session of what lies at p. The pointers of its images start
// at from, after the pointer given.
func (r *reader) session(p place, from *value, pointer string) (*Session, error) {
	s := &Session{}
	a := &album{r: r, from: from, pointer: pointer}
	ranks := map[field]int{}
	for _, m := range p.inner.members {
		f, part, rank := meaning(m.name)
		if f == soleImage {
			f = soleMeaning(p.inner)
		}
		var taken bool
		switch f {
		case unknown:
		case referenceImage, auditImages:
			taken = true
			if err := a.add(f, part, m.value); err != nil {
				return nil, err
			}
		default:
			taken = s.take(f, rank, ranks, m)
		}
		if !taken {
			s.keep(m)
		}
	}
	s.Images = a.images()
	s.borrow(p)
	for _, c := range p.copies {
		s.note("copy", "the document holds the session again at %s; that copy was not read",
			printable(pointer+c.pointer(from)))
	}
	s.doubt()
	return s, nil
}

// soleMeaning returns what auditImageBytes means in an object: AWS Amplify's
// sample writes the reference image so, alone; beside a reference image, it can
// only be an audit image.
func soleMeaning(v *value) field {
	for _, m := range v.members {
		if f, _, _ := meaning(m.name); f == referenceImage && !m.value.null() {
			return auditImages
		}
	}
	return referenceImage
}

func (s *Session) note(code, format string, args ...any) {
	s.Problems = append(s.Problems, Problem{code, fmt.Sprintf(format, args...)})
}

// keep keeps a member that this package does not know.
func (s *Session) keep(m member) {
	if s.Extra == nil {
		s.Extra = map[string]json.RawMessage{}
	}
	s.Extra[m.name] = json.RawMessage(m.value.raw)
}

// take sets the field f, unless a name of lower rank has set it. It reports
// whether m is what the field is made of.
func (s *Session) take(f field, rank int, ranks map[field]int, m member) bool {
	before, seen := ranks[f]
	v := unwrap(m.value)
	if seen && !v.null() {
		s.note("field_twice", "%s is one of several names for the same thing; one was taken", printable(m.name))
	}
	if seen && before < rank || !s.set(f, v) {
		return false
	}
	if !v.null() {
		ranks[f] = rank
	}
	return true
}

// set sets the field f and reports whether v can be its value.
func (s *Session) set(f field, v *value) bool {
	switch f {
	case sessionID:
		return setText(&s.ID, v)
	case status:
		return v.kind != jsontext.KindNumber && setText(&s.Status, v)
	case confidence:
		return setNumber(&s.Confidence, v)
	case challenge:
		return s.setChallenge(v)
	case challengeType:
		return setText(&s.challenge().Type, v)
	case challengeVersion:
		return setText(&s.challenge().Version, v)
	case feedback:
		return s.setFeedback(v)
	}
	return false
}

// borrow takes what p's object does not say from the objects around it.
func (s *Session) borrow(p place) {
	for _, v := range p.around {
		for _, m := range v.members {
			f, _, _ := meaning(m.name)
			inner := unwrap(m.value)
			switch {
			case f == sessionID && s.ID != "" && inner.text() != s.ID:
				s.note("ids_differ", "an object around the result has another session id: %s", printable(inner.text()))
			case f == sessionID && s.ID == "",
				f == status && s.Status == "" && statuses[inner.text()],
				f == confidence && s.Confidence == "" && fold(m.name) != "score",
				f == challenge && s.Challenge == nil:
				if !inner.null() && s.set(f, inner) {
					s.note("from_around", "%s comes from an object around the images", printable(m.name))
				}
			}
		}
	}
}

// doubt notes what is odd about the numbers.
func (s *Session) doubt() {
	if s.Confidence == "" {
		return
	}
	c, err := s.Confidence.Rat()
	if err != nil {
		s.note("confidence_unreadable", "the confidence is not a number: %s", printable(string(s.Confidence)))
		return
	}
	// Zero is zero on either scale.
	if v, _ := c.Float64(); v > 0 && v <= 1 {
		s.note("confidence_scale", "a confidence of %s is tiny on the scale of 0 to 100 and may be a share of 1; "+
			"it was taken as written", s.Confidence)
	}
}

// setText takes a string, or the digits of a number, which programs write
// where a string is all digits.
func setText(dst *string, v *value) bool {
	switch v.kind {
	case jsontext.KindString:
		*dst = v.text()
	case jsontext.KindNumber:
		*dst = string(v.raw)
	}
	return v.kind == jsontext.KindString || v.kind == jsontext.KindNumber || v.null()
}

func setNumber(dst *Number, v *value) bool {
	switch v.kind {
	case jsontext.KindNumber:
		*dst = Number(v.raw)
	case jsontext.KindString:
		*dst = Number(v.text())
	}
	return v.kind == jsontext.KindString || v.kind == jsontext.KindNumber || v.null()
}

func (s *Session) challenge() *Challenge {
	if s.Challenge == nil {
		s.Challenge = &Challenge{}
	}
	return s.Challenge
}

func (s *Session) setChallenge(v *value) bool {
	switch {
	case v.null():
	case v.kind == jsontext.KindString:
		s.challenge().Type = v.text()
	case v.kind == jsontext.KindBeginObject:
		for _, m := range v.members {
			switch fold(m.name) {
			case "type":
				setText(&s.challenge().Type, unwrap(m.value))
			case "version":
				setText(&s.challenge().Version, unwrap(m.value))
			}
		}
	default:
		return false
	}
	return true
}

func (s *Session) setFeedback(v *value) bool {
	if v.kind != jsontext.KindBeginArray || v.bulk {
		return v.null()
	}
	for _, item := range v.items {
		item = unwrap(item)
		f := Feedback{Code: item.text()}
		for _, m := range item.members {
			switch fold(m.name) {
			case "code":
				setText(&f.Code, unwrap(m.value))
			case "message":
				setText(&f.Message, unwrap(m.value))
			}
		}
		s.Feedback = append(s.Feedback, f)
	}
	return true
}
