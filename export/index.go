package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// IndexSchema is the name of the index's shape.
const IndexSchema = "lvtool.index/1"

// An Index lists what one run made, and what it could not. It is the shape of
// index.json, which an [IndexWriter] writes.
type Index struct {
	Schema string `json:"schema"`
	Tool   Tool   `json:"tool"`
	// Sessions are in the order of the input.
	Sessions []*IndexEntry `json:"sessions"`
	// Failed are the documents and sessions that could not be read.
	Failed []Failure `json:"failed"`
	// Overview are the files of the overview sheet.
	Overview []string `json:"overview"`
	// Pages are the files of the page to decide from.
	Pages []string `json:"pages"`
}

// An IndexEntry is one session of an [Index].
type IndexEntry struct {
	ID *string `json:"id"`
	// Folder is where the session's files are, below that of the index.
	Folder     string        `json:"folder"`
	Status     *string       `json:"status"`
	Confidence decode.Number `json:"confidence"`
	Threshold  *Threshold    `json:"threshold"`
	Source     SourceRecord  `json:"source"`
	// Frames counts the frames by the state of their placement; those that
	// could not be loaded are "failed".
	Frames map[string]int `json:"frames"`
	// Problems are those of the report, each with the frame it is about.
	Problems []IndexProblem `json:"problems"`
}

// An IndexProblem is a problem of a session or of one of its frames.
type IndexProblem struct {
	// Frame is nil for a problem of the session as a whole.
	Frame *string `json:"frame"`
	decode.Problem
}

// String returns p for people.
func (p IndexProblem) String() string {
	if p.Frame == nil {
		return p.Message
	}
	return *p.Frame + ": " + p.Message
}

// A Failure is a document or session that could not be read.
type Failure struct {
	Message string `json:"message"`
}

// failedFrame is what Frames counts frames under that could not be loaded.
const failedFrame = "failed"

// NewIndexEntry returns the entry of a report whose files are in folder.
func NewIndexEntry(r *Report, folder string) *IndexEntry {
	e := &IndexEntry{
		ID:         r.Session.ID,
		Folder:     folder,
		Status:     r.Session.Status,
		Confidence: r.Session.Confidence,
		Threshold:  r.Threshold,
		Source:     r.Source,
		Frames:     map[string]int{},
		Problems:   r.AllProblems(),
	}
	for _, f := range r.Frames {
		e.Frames[frameState(f)]++
	}
	return e
}

// AllProblems returns the problems of the session, then those of its frames.
func (r *Report) AllProblems() []IndexProblem {
	list := []IndexProblem{}
	for _, p := range r.Problems {
		list = append(list, IndexProblem{Problem: p})
	}
	for _, f := range r.Frames {
		for _, p := range f.Problems {
			list = append(list, IndexProblem{Frame: &f.Name, Problem: p})
		}
	}
	return list
}

// Complete reports whether every image that the session names could be loaded.
func (r *Report) Complete() bool {
	return !slices.ContainsFunc(r.Frames, func(f *FrameRecord) bool { return frameState(f) == failedFrame })
}

func frameState(f *FrameRecord) string {
	if f.Placement == nil {
		return failedFrame
	}
	return string(f.Placement.State)
}

// Complete reports whether every image that the session names could be loaded.
func (e *IndexEntry) Complete() bool { return e.Frames[failedFrame] == 0 }

// Summary says in a few words what e is: its status, its confidence, and how
// the boxes lie in their frames.
func (e *IndexEntry) Summary() string {
	parts := []string{"no status", comparison(e.Confidence, e.Threshold)}
	if e.Status != nil {
		parts[0] = *e.Status
	}
	total := 0
	var states []string
	for _, s := range []string{
		string(annotate.Inside), string(annotate.Clipped), string(annotate.Outside), string(annotate.Empty),
		string(annotate.Invalid), string(annotate.Absent), failedFrame,
	} {
		if n := e.Frames[s]; n > 0 {
			total += n
			states = append(states, fmt.Sprintf("%d %s", n, stateWords[s]))
		}
	}
	frames := fmt.Sprintf("%d frames", total)
	if total == 1 {
		frames = "1 frame"
	}
	if len(states) > 0 {
		frames += " (" + strings.Join(states, ", ") + ")"
	}
	return strings.Join(append(parts, frames), ", ")
}

// stateWords are the states of a frame's box, as people read them.
var stateWords = map[string]string{
	string(annotate.Inside):  "inside",
	string(annotate.Clipped): "clipped",
	string(annotate.Outside): "outside",
	string(annotate.Empty):   "empty",
	string(annotate.Invalid): "with an unusable box",
	string(annotate.Absent):  "without a box",
	failedFrame:              "failed",
}
