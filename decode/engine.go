package decode

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

// An engine turns texts into sessions.
type engine struct {
	name   string
	size   int // of the document in bytes, about; 0 for unknown
	limits Limits
	yield  func(*Session, error) bool
	in     *input
	reader reader
	// sessions counts those found, failures the errors reported.
	sessions, failures int
	// direct says that a text of the input was a session itself, rather than
	// something that held one.
	direct bool
	// missed are the texts that held no session, of which the first are kept:
	// beside sessions, they are sessions that went wrong.
	missed  []*DocumentError
	dropped int
	// quiet is the first text without a session that nobody takes for one.
	quiet *DocumentError
}

// run reads the document.
func (e *engine) run(r io.Reader) {
	in, err := open(r, e.limits, e.size)
	defer in.close()
	e.in = in
	if err != nil {
		e.fail(&DocumentError{Name: e.name, Err: err})
		return
	}
	s := &splitter{in: in, w: newWindow(in, e.size), limits: e.limits, name: e.name, text: e.text, fail: e.fail}
	// The first bytes tell what it is; they are kept to tell what it was.
	head := bytes.Clone(s.w.peek(16 << 10))
	if len(bytes.TrimLeft(head, "\ufeff \t\r\n\x00")) == 0 && !s.w.more() {
		err := s.w.failed()
		if err == nil {
			err = empty(head)
		}
		e.fail(&DocumentError{Name: e.name, Err: err})
		return
	}
	if e.split(s, head) && e.sessions == 0 && e.failures == 0 {
		e.fail(e.nothing(head))
	}
}

// empty says of a document without content whether it has bytes at all.
func empty(head []byte) error {
	if len(head) == 0 {
		return fmt.Errorf("%w: it has no bytes; a command that fails leaves such a file, so look at what it said",
			ErrEmpty)
	}
	return fmt.Errorf("%w: it has nothing but white space or zero bytes; copy it again, or take a backup", ErrEmpty)
}

// split takes the document apart in the way that its first bytes ask for. It
// reports whether to go on.
func (e *engine) split(s *splitter, head []byte) bool {
	head = bytes.TrimLeft(head, "\ufeff \t\r\n\x1e,")
	if startsJSON(head) {
		return s.json()
	}
	s.w.skipWhile(&between)
	if err := refuseDocument(head, true); err != nil {
		return s.failHere(err)
	}
	if packedJSON(head) && inBase64[head[len(head)/2]] {
		return s.packed()
	}
	if yamlStart.Match(head) || bytes.HasPrefix(head, []byte("{")) {
		if err := refuseDocument(head, false); err != nil {
			return s.failHere(err)
		}
		return s.yaml()
	}
	return s.log()
}

// text takes a text of the document. It reports whether to go on.
func (e *engine) text(t text) bool {
	if !opens(t.data[0]) && !t.yaml {
		return e.miss(&t, scalarValue(t.data))
	}
	r := &e.reader
	r.reset()
	root, err := e.parse(&t, r)
	if err != nil {
		return e.unparsed(&t, err)
	}
	if root == nil {
		return true
	}
	r.find(root)
	for _, v := range r.missed {
		line, column := t.position(v.at)
		if !e.fail(&DocumentError{e.name, line, column, t.pointer + v.pointer(nil), explain(v)}) {
			return false
		}
	}
	if len(r.found) == 0 {
		return e.miss(&t, root)
	}
	e.direct = e.direct || r.found[0].outer == unwrap(root)
	if e.direct && !e.report() {
		return false
	}
	for i := range r.found {
		if !e.session(&t, r, r.found[i], len(r.found) == 1) {
			return false
		}
	}
	return true
}

// parse makes a tree of a text.
func (e *engine) parse(t *text, r *reader) (*value, error) {
	t.json = t.data
	if t.yaml {
		var err error
		if t.json, t.marks, err = yamlToJSON(t.data, e.limits); err != nil || t.json == nil {
			return nil, err
		}
	}
	root, err := r.parse(t.json)
	if err == nil || errors.Is(err, ErrTooLarge) {
		return root, err
	}
	mended := repair(t.json)
	if mended == nil {
		return nil, err
	}
	r.values = 0
	root, again := r.parse(mended)
	if again != nil {
		return nil, err
	}
	t.json, t.repaired = mended, true
	return root, nil
}

// unparsed reports a text that is not JSON or YAML, though it looked like it.
func (e *engine) unparsed(t *text, err error) bool {
	switch {
	case t.log && !mentionsSession(t.data):
		return true
	case t.yaml && bytes.IndexByte(t.data, '{') >= 0 && !errors.Is(err, ErrTooLarge):
		before := e.sessions + e.failures
		s := &splitter{
			in: &input{recorder: &recorder{}}, limits: e.limits, name: e.name, text: e.text, fail: e.fail,
			w: &window{r: bytes.NewReader(t.data), line: t.line, column: t.column},
		}
		if !s.log() {
			return false
		}
		if e.sessions+e.failures > before {
			return true
		}
	}
	if refusal := refuseDocument(t.data[:min(len(t.data), 16<<10)], false); refusal != nil {
		return e.fail(&DocumentError{Name: e.name, Line: t.line, Column: t.column, Err: refusal})
	}
	return e.fail(t.syntaxError(e.name, err))
}

// session makes a session of what lies at p and hands it on.
func (e *engine) session(t *text, r *reader, p place, only bool) bool {
	line, column := t.position(p.outer.at)
	source := Source{Name: e.name, Line: line}
	var from *value
	pointer := ""
	switch {
	case only && t.whole != nil:
		source.Data, source.Encoding, pointer = t.whole, t.encoding(e.in.encoding), t.pointer
	case only || t.yaml || t.repaired:
		source.Data, source.Encoding = t.data, t.encoding("")
	default:
		from, source.Data = p.outer, p.outer.raw
	}
	source.SHA256 = sha256.Sum256(source.Data)
	source.Pointer = pointer + p.inner.pointer(from)
	s, err := r.session(p, from, pointer)
	if err != nil {
		return e.fail(&DocumentError{e.name, line, column, source.Pointer, err})
	}
	s.Source = source
	if t.repaired {
		s.note("repaired", "the JSON has NaN or Infinity without quotes, or line breaks in strings")
	}
	if t.log {
		s.note("from_log", "the result was found among other text, at line %d", line)
	}
	e.sessions++
	return e.yield(s, nil)
}

func (e *engine) fail(err error) bool {
	e.failures++
	return e.yield(nil, err)
}
