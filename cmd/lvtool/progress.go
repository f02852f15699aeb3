package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/schollz/progressbar/v3"
)

// How often progress is shown: on a terminal, and as lines.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 30 * time.Second
	// rateOver is how long back the rate is measured, at least, once so much
	// time has gone by.
	rateOver = 30 * time.Second
)

// A progress says how far a batch is. What is done is measured in bytes of the
// input, since how many sessions there are is known only at its end.
type progress struct {
	now func() time.Time
	// total is the bytes of the input, 0 where that is not known.
	total int64
	every time.Duration
	show  func(progressNote)
	shown time.Time
	// last is where the batch is; the rate is measured from the mark from, which
	// becomes next when that is long ago.
	start, last, from, next mark
}

// A mark is a point of a batch.
type mark struct {
	at       time.Time
	sessions int
	bytes    int64
}

// newProgress returns the progress of a batch whose input has so many bytes,
// shown on standard error: by a bar on a terminal, else by a line now and then.
// It is nil where none is to be shown.
func newProgress(t *console, total int64) *progress {
	if t.quiet {
		return nil
	}
	p := &progress{now: t.now, total: total, every: lineEvery, show: func(n progressNote) { t.say(n.message()) }}
	if width, terminal := terminalWidth(t.err); terminal && t.json == nil {
		p.every = barEvery
		p.show, t.erase = newBar(t.err, width)
	}
	start := mark{at: p.now()}
	p.start, p.last, p.from, p.next, p.shown = start, start, start, start, start.at
	return p
}

// step says that a session is done, and up to where the input has been read.
func (p *progress) step(bytes int64) {
	if p == nil {
		return
	}
	p.last = mark{p.now(), p.last.sessions + 1, max(p.last.bytes, bytes)}
	if p.last.at.Sub(p.next.at) >= rateOver {
		p.from, p.next = p.next, p.last
	}
	if p.last.at.Sub(p.shown) >= p.every {
		p.shown = p.last.at
		p.show(p.note())
	}
}

// A progressNote is what is said of a progress.
type progressNote struct {
	sessions int
	// rate is in sessions a second.
	rate float64
	// share is the part of the input that is done, from 0 to 1, and left the
	// time for the rest; share is negative where that is not known.
	share float64
	left  time.Duration
}

func (p *progress) note() progressNote {
	n := progressNote{sessions: p.last.sessions, share: -1}
	if since := p.last.at.Sub(p.from.at); since > 0 {
		n.rate = float64(p.last.sessions-p.from.sessions) / since.Seconds()
	}
	from := p.from
	if from.bytes == p.last.bytes {
		from = p.start // a document is read in large pieces
	}
	if bytes := p.last.bytes - from.bytes; p.total > 0 && bytes > 0 {
		rest := max(0, p.total-p.last.bytes)
		n.share = 1 - float64(rest)/float64(p.total)
		n.left = time.Duration(float64(p.last.at.Sub(from.at)) * float64(rest) / float64(bytes))
	}
	return n
}

// String returns n for people: 1200 sessions, 14.2/s, 41 % of the input, 3m20s left.
func (n progressNote) String() string {
	s := fmt.Sprintf("%s, %.1f/s", count(n.sessions, "session"), n.rate)
	if n.share >= 0 {
		s += fmt.Sprintf(", %d %% of the input, %v left", int(100*n.share), n.left.Round(time.Second))
	}
	return s
}

func (n progressNote) message() message {
	more := []slog.Attr{slog.Int("sessions", n.sessions), slog.Float64("rate", n.rate)}
	if n.share >= 0 {
		more = append(more, slog.Float64("share", n.share), slog.Float64("seconds_left", n.left.Seconds()))
	}
	return message{level: slog.LevelInfo, event: "progress", text: n.String(), more: more}
}

// newBar returns functions that show a progress as a bar on a terminal of the
// given width, or as words where it is not known how much there is to do, and
// take it away. Neither has colours.
func newBar(w io.Writer, width int) (show func(progressNote), erase func()) {
	const parts, words = 1000, 50
	var drawn bytes.Buffer // so that all comes at once, and does not flicker
	bar := progressbar.NewOptions(parts,
		progressbar.OptionSetWriter(&drawn),
		progressbar.OptionSetWidth(max(1, min(40, width-words))),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionUseANSICodes(true),
	)
	visible := false
	erase = func() {
		if visible {
			visible = false
			fmt.Fprint(w, "\r\x1b[2K") // to the beginning of the line, and all of it cleared
		}
	}
	show = func(n progressNote) {
		erase()
		visible = true
		if n.share < 0 {
			fmt.Fprint(w, n)
			return
		}
		drawn.Reset()
		left := n.left.Round(time.Second)
		bar.Describe(fmt.Sprintf("%s, %.1f/s, %v left", count(n.sessions, "session"), n.rate, left))
		drawn.Reset()
		_ = bar.Set(min(parts-1, int(n.share*parts))) // at its end it would take no more
		_, _ = w.Write(drawn.Bytes())
	}
	return show, erase
}
