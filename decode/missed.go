package decode

import "fmt"

// mostMissed is how many texts without a session are kept in case that one
// with a session follows.
const mostMissed = 1000

// miss takes note of a text without a session.
func (e *engine) miss(t *text, v *value) bool {
	if t.log || e.sessions > 0 && isQuiet(v) {
		return true
	}
	switch quiet := isQuiet(v); {
	case !quiet && len(e.missed) < mostMissed:
		e.missed = append(e.missed, e.none(t, v))
	case !quiet:
		e.dropped++
	case e.quiet == nil:
		e.quiet = e.none(t, v)
	}
	return !e.direct && !isFailure(v) || e.report()
}

// none says that there is no session in v.
func (e *engine) none(t *text, v *value) *DocumentError {
	line, column := t.position(v.at)
	return &DocumentError{e.name, line, column, t.pointer, explain(v)}
}

// report hands on the texts that had no session.
func (e *engine) report() bool {
	list := e.missed
	if e.dropped > 0 {
		err := fmt.Errorf("%w: nor are %d more texts", ErrNotSession, e.dropped)
		list = append(list, &DocumentError{Name: e.name, Err: err})
	}
	e.missed, e.dropped = nil, 0
	for _, err := range list {
		if !e.fail(err) {
			return false
		}
	}
	return true
}

// nothing says that a document has no session, and what it has instead.
func (e *engine) nothing(head []byte) error {
	if refusal := refuseDocument(head, false); refusal != nil {
		return &DocumentError{Name: e.name, Line: 1, Column: 1, Err: refusal}
	}
	switch {
	case len(e.missed) > 0:
		return e.missed[0]
	case e.quiet != nil:
		return e.quiet
	}
	err := fmt.Errorf("%w: no JSON or YAML of one was found", ErrNotSession)
	return &DocumentError{Name: e.name, Line: 1, Column: 1, Err: err}
}
