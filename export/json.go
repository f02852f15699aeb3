package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/internal/jsonwords"
)

// ErrReport says that a document is not a report that this version reads.
var ErrReport = errors.New("not a " + Schema + " report")

// maxReport is the most bytes that a report may have. It leaves room for a
// session document of the size that package decode allows, spread over lines.
const maxReport = 256 << 20

// JSON returns r as it is written to report.json: over several lines, with a
// line feed at the end.
func (r *Report) JSON() ([]byte, error) {
	line, err := r.JSONLine()
	if err != nil {
		return nil, err
	}
	return spread(line), nil
}

// JSONLine returns r as one line, with a line feed at the end.
func (r *Report) JSONLine() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("writing report: %w", err)
	}
	return b.Bytes(), nil
}

// ParseReport reads a report of this version's [Schema]. Anything else, or a
// report of more than 256 MiB, is an [ErrReport]. Members that this version
// does not know are left out. It checks no more of the report than that other
// functions of this package can rely on it; [ReportSchema] says all.
func ParseReport(r io.Reader) (*Report, error) { return parse(r, maxReport) }

func parse(r io.Reader, limit int64) (*Report, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading report: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrReport, limit)
	}
	report := &Report{}
	if err := json.Unmarshal(data, report); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReport, jsonwords.Of(data, err))
	}
	if report.Schema != Schema {
		return nil, fmt.Errorf("%w: schema %.40q", ErrReport, report.Schema)
	}
	for i, f := range report.Frames {
		if !f.whole() {
			return nil, fmt.Errorf("%w: frame %d contradicts itself", ErrReport, i)
		}
	}
	return report, nil
}

// whole reports whether r has all that belongs together, so that no reader has
// to ask for each: a frame with a width was loaded, and is placed.
func (r *FrameRecord) whole() bool {
	switch {
	case r == nil:
		return false
	case r.Width == nil:
		return true
	}
	return r.Height != nil && r.SHA256 != nil && len(*r.SHA256) == hex.EncodedLen(sha256.Size) && r.Placement.whole()
}

func (r *PlacementRecord) whole() bool {
	switch {
	case r == nil:
		return false
	case r.State == annotate.Absent, r.State == annotate.Invalid:
		return true
	}
	return r.Exact != nil && r.Pixels != nil && r.Overshoot != nil &&
		r.Visible != nil && *r.Visible >= 0 && *r.Visible <= 1
}

// spread lays compact JSON out over lines. Unlike json.Indent it keeps small
// and deeply nested values on one line, so that a rectangle reads as one and a
// hostile nesting does not multiply the size of the report.
func spread(src []byte) []byte {
	s := spreader{out: make([]byte, 0, len(src)+len(src)/2)}
	for len(src) > 0 {
		n := 1
		if src[0] == '"' {
			n = stringLength(src)
		}
		s.token(src[:n], src[n:])
		src = src[n:]
	}
	return s.out
}

// stringLength returns the length of the JSON string that src begins with.
func stringLength(src []byte) int {
	for i := 1; ; i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

type spreader struct {
	out  []byte
	open []bool // for every open container, whether it is spread over lines
}

func (s *spreader) token(token, rest []byte) {
	switch c := token[0]; c {
	case '{', '[':
		s.out = append(s.out, c)
		s.open = append(s.open, spreads(c, len(s.open)) && rest[0] != c+2) // ASCII has } and ] two after { and [
		s.line("")
	case '}', ']':
		was := s.open[len(s.open)-1]
		s.open = s.open[:len(s.open)-1]
		if was {
			s.newline()
		}
		s.out = append(s.out, c)
	case ',':
		s.out = append(s.out, c)
		s.line(" ")
	case ':':
		s.out = append(s.out, ": "...)
	default:
		s.out = append(s.out, token...)
	}
}

// spreads reports whether a container that begins with c at a depth is spread
// over lines: those of the report's own shape are, down to a frame's placement.
func spreads(c byte, depth int) bool { return depth < 3 || depth == 3 && c == '{' }

// line begins a new line in a container that is spread, and writes otherwise
// where it is not.
func (s *spreader) line(otherwise string) {
	if s.open[len(s.open)-1] {
		s.newline()
	} else {
		s.out = append(s.out, otherwise...)
	}
}

func (s *spreader) newline() {
	s.out = append(s.out, '\n')
	for range s.open {
		s.out = append(s.out, "  "...)
	}
}
