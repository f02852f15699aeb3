package boxes

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/export"
)

// A Note is something that sessions had and a format has no place for, or what
// its readers must know to take the boxes for what they are.
type Note struct {
	// Code stays the same over versions: clipped, digits, no_box, failed,
	// session, problems, orientation, no_images.
	Code string
	// Count is how many frames, or for session and no_images sessions, the note
	// is about.
	Count int
	// Message says what they are, in the plural.
	Message string
}

// String returns the message with the count.
func (n Note) String() string { return fmt.Sprintf("%s: %d", n.Message, n.Count) }

// A subject is something that a report says and a format may have a place for.
type subject int

const (
	rawBox  subject = iota // the box as it came, all of it
	noBox                  // frames whose face has no box in the picture
	failed                 // frames that could not be loaded
	session                // status, confidence, threshold of the session
	remarks                // problems
)

// notes returns what the format cannot say of b.
func (s spec) notes(b *batch) []Note {
	t := newTally(b)
	var list []Note
	add := func(said bool, code string, count int, message string) {
		if !said && count > 0 {
			list = append(list, Note{code, count, message})
		}
	}
	add(s.saysOf(rawBox), "clipped", t.clipped,
		"boxes that reach beyond their picture, of which only the part in it is here")
	add(s.saysOf(rawBox), "digits", t.boxed, "boxes rounded to whole pixels, without the numbers of the result")
	add(s.saysOf(noBox), "no_box", t.unboxed, "frames without a box in the picture ("+t.why()+
		"), left out since the format would take them to show no face")
	add(s.saysOf(failed), "failed", t.failed, "frames that could not be loaded, left out")
	add(s.saysOf(session), "session", t.scored,
		"sessions whose status, confidence and feedback are not here, being of the session and not of a box")
	add(s.saysOf(remarks), "problems", t.problems, "sessions and frames with problems, which are not here")
	add(false, "orientation", t.turned,
		"pictures that their EXIF orientation turns upright, which a reader must do for the boxes to fit")
	add(s.saysOf(failed), "no_images", t.empty, "sessions without an image, of which nothing is here")
	return list
}

// A tally counts what notes are about.
type tally struct {
	boxed, clipped, unboxed, failed, turned int // frames
	scored, empty                           int // sessions
	problems                                int // either
	states                                  map[annotate.State]int
}

func newTally(b *batch) *tally {
	t := &tally{states: map[annotate.State]int{}}
	for _, f := range b.frames {
		t.frame(f)
	}
	for i := range b.sessions {
		r := b.sessions[i].Report
		s := &r.Session
		t.scored += one(s.Status != nil || s.Confidence != "" || r.Threshold != nil || len(s.Feedback) > 0)
		t.empty += one(len(r.Frames) == 0)
		t.problems += one(len(r.Problems) > 0)
	}
	return t
}

func (t *tally) frame(f *frame) {
	t.problems += one(len(f.Problems) > 0)
	t.turned += one(f.turned())
	switch {
	case f.box != nil:
		t.boxed++
		t.clipped += one(f.Placement.State == annotate.Clipped)
	case f.Placement == nil:
		t.failed++
	default:
		t.unboxed++
		t.states[f.Placement.State]++
	}
}

// why counts the frames without a box by the state of their placement.
func (t *tally) why() string {
	var list []string
	for _, s := range []annotate.State{annotate.Outside, annotate.Empty, annotate.Invalid, annotate.Absent} {
		if n := t.states[s]; n > 0 {
			list = append(list, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(list, ", ")
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sentence returns the notes as one line, for formats with a place for that.
func sentence(notes []Note) string {
	list := make([]string, len(notes))
	for i, n := range notes {
		list[i] = n.String()
	}
	return strings.Join(list, "; ")
}

// notesText is NOTES.txt.
func notesText(f Format, notes []Note) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "What the boxes in this folder (%s) do not say; report.json says it all.\n\n", f)
	for _, n := range notes {
		fmt.Fprintf(&b, "%-11s  %s\n", n.Code, n)
	}
	return b.Bytes()
}

// attributes returns what came of the frame's box, and how it lies in the
// picture, by name and in this order, for the formats that take attributes.
func (f *frame) attributes() [][2]string {
	p := f.Placement
	if p == nil {
		return nil
	}
	list := [][2]string{{"frame", f.Name}, {"state", string(p.State)}}
	if p.Visible != nil {
		list = append(list, [2]string{"visible", fmt.Sprint(*p.Visible)})
	}
	if b := f.Box; b != nil {
		list = append(list,
			[2]string{"left", string(b.Left)}, [2]string{"top", string(b.Top)},
			[2]string{"width", string(b.Width)}, [2]string{"height", string(b.Height)})
		if b.Unit != nil {
			list = append(list, [2]string{"unit", string(*b.Unit)})
		}
	}
	return list
}

// rawBoxRecord is the same for the formats that are JSON.
type rawBoxRecord struct {
	Frame   string              `json:"frame"`
	State   annotate.State      `json:"state"`
	Visible *float64            `json:"visible"`
	Box     *export.BoxRecord   `json:"box"`
	Exact   *export.ExactRecord `json:"exact"`
	Beyond  *export.RectRecord  `json:"overshoot"`
}

func (f *frame) raw() *rawBoxRecord {
	p := f.Placement
	return &rawBoxRecord{f.Name, p.State, p.Visible, f.Box, p.Exact, p.Overshoot}
}
