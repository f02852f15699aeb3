package boxes

import (
	"net/url"
	"strings"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/export"
)

// A batch is what the writers of the formats read.
type batch struct {
	base     string
	tool     string // what made the reports
	sessions []Session
	frames   []*frame
	notes    []Note
}

// A frame is one image of a session.
type frame struct {
	*export.FrameRecord
	session *Session
	// name is that of the frame's files, without folder and extension.
	name string
	// box is the part of the face's box in the picture; nil where there is none.
	box *export.RectRecord
}

func newBatch(sessions []Session, opts *Options) *batch {
	b := &batch{base: opts.Base, tool: "lvtool", sessions: sessions}
	for i := range sessions {
		s := &sessions[i]
		if v := s.Report.Tool.Version; v != "" {
			b.tool = "lvtool " + v
		}
		names := s.Report.FileNames()
		for j, r := range s.Report.Frames {
			f := &frame{FrameRecord: r, session: s, name: names[j]}
			if p := r.Placement; p != nil && (p.State == annotate.Inside || p.State == annotate.Clipped) {
				f.box = p.Clipped
			}
			b.frames = append(b.frames, f)
		}
	}
	return b
}

// boxed returns the frames that have a box in the picture.
func (b *batch) boxed() []*frame {
	var list []*frame
	for _, f := range b.frames {
		if f.box != nil {
			list = append(list, f)
		}
	}
	return list
}

// shown returns the frames that could be loaded, with a box or not.
func (b *batch) shown() []*frame {
	var list []*frame
	for _, f := range b.frames {
		if f.Width != nil {
			list = append(list, f)
		}
	}
	return list
}

// stem returns the frame's name below a folder for labels, such as
// SESSION/audit-0.
func (f *frame) stem() string { return f.session.Folder + "/" + f.name }

// file returns the name of the picture's file, with its extension.
func (f *frame) file() string { return f.name + export.Extension(f.format()) }

func (f *frame) format() string {
	if f.Format == nil {
		return ""
	}
	return *f.Format
}

// original returns where [export.Convert] puts the image as received.
func (f *frame) original() string { return f.session.Folder + "/originals/" + f.file() }

// address returns the frame's picture after a base, which is an address or the
// beginning of one.
func (f *frame) address(base string) string {
	// No character of a name needs an escape today; should one come to, it has it.
	return base + strings.ReplaceAll(url.PathEscape(f.original()), "%2F", "/")
}

// size returns the width and height of the box.
func size(r *export.RectRecord) (w, h int) { return r.Right - r.Left, r.Bottom - r.Top }

// turned reports whether the image file holds its picture otherwise than
// upright.
func (f *frame) turned() bool { return f.Orientation != nil && *f.Orientation > 1 }
