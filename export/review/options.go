package review

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lvtool/lvtool/export"
)

// An Audience is whom a page is for.
type Audience = export.Audience

// The audiences, as package export has them.
const (
	Reviewer = export.Reviewer
	Auditor  = export.Auditor
	Subject  = export.Subject
)

// ErrOptions says that [Options] contradict themselves or are out of range.
var ErrOptions = errors.New("bad options")

// SaveName is what a page that is served posts decisions to; see Options.Served.
const SaveName = "save"

// Options say how pages are made. Nil means the zero Options.
type Options struct {
	// Audience is Reviewer where it is "".
	Audience Audience
	// Blind leaves out the score, what it is compared with, and every earlier
	// decision, so that a second reviewer decides alone.
	Blind bool
	// Title is the heading; "" for "Face Liveness review".
	Title string
	// Reasons are what a reviewer can tick; nil for [DefaultReasons].
	Reasons []Reason
	// Earlier are decisions that were made before, which are shown with their
	// sessions; see [ReadLog].
	Earlier []Entry
	// Tool is what the page names as its maker.
	Tool export.Tool
	// Served is for pages that a server gives out, on the machine of the reviewer:
	// they post what they would export to [SaveName], beside themselves.
	Served bool
	// Name is the name of the file, "review.html" where it is "". A batch that
	// needs several has their index in it, and the pages beside it: review-1.html
	// and so on.
	Name string
	// PageBytes is how many bytes of images and reports, as they are embedded, a
	// page holds before another begins; 0 for [PageBytes]. A session that has
	// more is alone on its page.
	PageBytes int
	// PageSessions is how many sessions a page holds; 0 for [PageSessions].
	PageSessions int
}

// What a page holds at most where [Options] do not say.
const (
	PageBytes    = 24 << 20
	PageSessions = 500
)

// Validate reports what is wrong with o, as an [ErrOptions].
func (o *Options) Validate() error {
	switch {
	case o == nil:
		return nil
	case o.Audience != "" && !slices.Contains(export.Audiences(), o.Audience):
		return fmt.Errorf("%w: audience %+.40q", ErrOptions, string(o.Audience))
	case o.Blind && !o.decides():
		return fmt.Errorf("%w: only a reviewer can be blind", ErrOptions)
	case o.PageBytes < 0 || o.PageSessions < 0:
		return fmt.Errorf("%w: a page of less than nothing", ErrOptions)
	}
	return checkReasons(o.Reasons)
}

func (o *Options) withDefaults() *Options {
	if o == nil {
		o = &Options{}
	}
	d := *o
	d.Audience = or(d.Audience, Reviewer)
	d.Title = or(d.Title, "Face Liveness review")
	d.Name = or(d.Name, "review.html")
	d.PageBytes = or(d.PageBytes, PageBytes)
	d.PageSessions = or(d.PageSessions, PageSessions)
	if d.Reasons == nil {
		d.Reasons = DefaultReasons()
	}
	if !d.showsDecisions() {
		d.Earlier = nil
	}
	return &d
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// scored reports whether the page may say what the score is.
func (o *Options) scored() bool { return !o.Blind && o.Audience != Subject }

// decides reports whether decisions can be made on the page.
func (o *Options) decides() bool { return o.Audience == Reviewer || o.Audience == "" }

func (o *Options) showsDecisions() bool { return o.scored() }

// bound reports whether the page names the digests of the documents that hold
// the score, from which it could be guessed.
func (o *Options) bound() bool { return o.Audience != Subject }
