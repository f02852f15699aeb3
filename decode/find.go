package decode

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A reader makes sessions of values.
type reader struct {
	limits Limits
	// dec is used again for every text: making one costs more than reading a
	// short text does.
	dec jsontext.Decoder
	// values and inflated count what has been made of the document so far.
	values   int
	inflated int64
	// found are the places of sessions, in the order of the document.
	found []place
	// missed are values beside sessions that are none.
	missed []*value
}

// A place is where a document has a session.
type place struct {
	// outer is the value that everything of the session lies in.
	outer *value
	// inner is the object with the images.
	inner *value
	// around are the objects around inner that may name the session, from the
	// nearest on.
	around []*value
	// copies are where the document has the session again.
	copies []*value
}

// reset makes r ready for another text.
func (r *reader) reset() {
	r.values, r.inflated = 0, 0
	r.found, r.missed = nil, nil
}

func (r *reader) parse(data []byte) (*value, error) {
	r.dec.Reset(bytes.NewBuffer(data))
	return (&parser{dec: &r.dec, data: data, limits: r.limits, values: &r.values}).parse()
}

// find looks for sessions in v and everything below: not by the names that
// programs wrap results in, which are endless, but by what a result looks like.
func (r *reader) find(v *value) {
	v = unwrap(v)
	switch v.kind {
	case jsontext.KindBeginObject:
		r.findInObject(v)
	case jsontext.KindBeginArray:
		r.findInArray(v)
	case jsontext.KindString:
		if root := r.decoded(v); root != nil {
			r.find(root)
		} else {
			r.findInLog(v)
		}
	}
}

func (r *reader) findInObject(v *value) {
	l := look(v)
	start := len(r.found)
	for _, m := range v.members {
		if f, _, _ := meaning(m.name); !l.images || f == unknown {
			r.find(m.value)
		}
	}
	switch below := len(r.found) - start; {
	case l.images && (l.held || !r.sameBelow(start, idOf(v))):
		r.found = slices.Insert(r.found, start, place{outer: v, inner: v})
		r.dropCopies(start)
	case below == 0 && l.result():
		r.found = append(r.found, place{outer: v, inner: v})
	case below == 1 && l.names():
		p := &r.found[start]
		p.outer, p.around = v, append(p.around, v)
	}
}

// sameBelow reports whether one of the sessions found from the one at i on may
// be the session with an id.
func (r *reader) sameBelow(i int, id string) bool {
	for _, below := range r.found[i:] {
		if other := idOf(below.inner); other == "" || id == "" || other == id {
			return true
		}
	}
	return false
}

// dropCopies takes those of the sessions found below the one at i out that are
// the same session again, as programs write that keep the raw answer beside
// what they made of it.
func (r *reader) dropCopies(i int) {
	p := &r.found[i]
	id := idOf(p.inner)
	kept := r.found[:i+1]
	for _, below := range r.found[i+1:] {
		if other := idOf(below.inner); other == "" || other == id {
			p.copies = append(p.copies, below.inner)
		} else {
			kept = append(kept, below)
		}
	}
	r.found = kept
}

// idOf returns the session id that an object has, "" for none.
func idOf(v *value) string {
	for _, m := range v.members {
		if f, _, _ := meaning(m.name); f == sessionID {
			return unwrap(m.value).text()
		}
	}
	return ""
}

func (r *reader) findInArray(v *value) {
	var missed []*value
	before, direct := len(r.found), false
	for _, item := range v.items {
		start := len(r.found)
		r.find(item)
		if len(r.found) == start {
			missed = append(missed, item)
		}
		direct = direct || len(r.found) > start && r.found[start].outer == unwrap(item)
	}
	// Beside sessions, something that is none is a session that went wrong.
	for _, item := range missed {
		if direct && !isQuiet(item) || len(r.found) > before && isFailure(item) {
			r.missed = append(r.missed, item)
		}
	}
}

// isQuiet reports whether v is a number, a word or the like, which nobody takes
// for a session that went wrong.
func isQuiet(v *value) bool {
	switch v.kind {
	case jsontext.KindBeginObject, jsontext.KindBeginArray, jsontext.KindNull:
		return v.bulk
	}
	return !mentionsSession(v.raw)
}

// isFailure reports whether v says that a call has failed, and is no line of a
// log, where failures of all kinds are to be seen.
func isFailure(v *value) bool {
	failure := false
	for _, m := range v.members {
		switch fold(m.name) {
		case "error", "errors", "errormessage", "errortype", "errorcode", "exception", "type":
			failure = failure || !m.value.null() && (fold(m.name) != "type" || m.name == "__type")
		case "level", "msg", "time", "timestamp", "@timestamp", "severity", "logger", "log", "stream":
			return false
		}
	}
	return failure
}

// findInLog looks for JSON texts among the other text of a string.
func (r *reader) findInLog(v *value) {
	if v.nested >= r.limits.Unwrap || !mentionsSession(v.raw) || bytes.IndexByte(v.raw, '{') < 0 {
		return
	}
	logTexts([]byte(v.text()), r.limits, func(data []byte) {
		if root, err := r.parse(data); err == nil {
			adopt(root, v)
			r.find(root)
		}
	})
}

// mentionsSession reports whether a text has a name that results have.
func mentionsSession(text []byte) bool {
	for _, name := range []string{
		"SessionId", "sessionId", "session_id", "ReferenceImage", "referenceImage", "reference_image",
		"AuditImage", "auditImage", "audit_image",
	} {
		if bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return false
}

// A looks is what the names in an object tell about it.
type looks struct {
	// images says that there are names of images, like that what is under them
	// is made like images, held that there are images.
	images, like, held bool
	// known says that the status is one that the service writes.
	id, status, known, confidence bool
}

// result reports whether an object without images is a result.
func (l looks) result() bool { return l.id && (l.status || l.confidence) }

// names reports whether an object says something about a session whose images
// lie below it.
func (l looks) names() bool { return l.id || l.known || l.confidence }

func look(v *value) looks {
	var l looks
	for _, m := range v.members {
		f, p, _ := meaning(m.name)
		inner := unwrap(m.value)
		switch f {
		case sessionID:
			l.id = l.id || inner.kind == jsontext.KindString
		case status:
			// The service may come to know more statuses, but elsewhere "status"
			// says all kinds of things.
			l.known = l.known || statuses[inner.text()]
			l.status = l.known || m.name == "Status" && inner.kind == jsontext.KindString
		case confidence:
			l.confidence = l.confidence || inner.kind == jsontext.KindNumber
		case referenceImage, auditImages, soleImage:
			like, has := holding(inner, p)
			l.images, l.like, l.held = true, l.like || like, l.held || has
		}
	}
	// The names alone may be those in a description of results.
	l.images = l.images && (l.like || l.names())
	return l
}

// holding says whether v, under the name of an image, is made like an image or
// a list of them, and whether it has one: rather than what is left of one, or
// a description of what such a thing is.
func holding(v *value, p part) (like, has bool) {
	switch v.kind {
	case jsontext.KindString:
		return true, true
	case jsontext.KindBeginArray:
		has = v.bulk || len(v.items) > 0
		return has, has
	case jsontext.KindBeginObject:
		if v.bulk || p != wholeImage || numbered(v) != nil {
			return true, true
		}
	}
	for _, m := range v.members {
		if p, ok := imageParts[fold(m.name)]; ok {
			like = true
			has = has || p != stubPart && p != boxPart && !m.value.null()
		}
	}
	return like, has
}
