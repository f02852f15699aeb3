package review

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/measure"
)

// A Session is what a page shows of a session.
type Session struct {
	// Name is what people know the folder by.
	Name string
	// Report is the session's report, and ReportJSON the file it was read from.
	Report     *export.Report
	ReportJSON []byte
	// Frames are in the order of the report's.
	Frames []*Frame
}

// A Frame is an image of a session. All but the record is zero where the image
// could not be decoded.
type Frame struct {
	Record *export.FrameRecord
	// Data is the image file as received.
	Data []byte
	// Placement is where the box lies.
	Placement annotate.Placement
	// PixelSHA256 is the digest of the pixels as this build decodes them.
	PixelSHA256 decode.Digest
	// Values are measured in the part of the box that lies in the frame; nil
	// where there is none.
	Values *measure.Values
}

// What a session's report and images may have together.
const (
	maxReport = 64 << 20
	maxImages = 256 << 20
)

// ReportName is the file that makes a folder one of a session.
const ReportName = "report.json"

// Read reads a session from the folder that fsys is, which is taken to be
// hostile: the images must have the bytes, and the boxes the places, that the
// report says, else the error is a [*MismatchError]. Nil limits are the default
// ones. name is what people know the folder by. Pictures that were drawn are not
// read, since no page shows them.
func Read(ctx context.Context, fsys fs.FS, name string, limits *decode.Limits) (*Session, error) {
	data, err := readFile(fsys, ReportName, maxReport)
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", name, ReportName, err)
	}
	report, err := export.ParseReport(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", name, ReportName, err)
	}
	if limits == nil {
		limits = &decode.Limits{}
	}
	r := &reader{ctx: ctx, fsys: fsys, name: name, limits: limits.OrDefault()}
	if most := r.limits.Frames; len(report.Frames) > most {
		return nil, mismatch(CodeManyFrames, r.at(ReportName), "%d frames, more than %d", len(report.Frames), most)
	}
	s := &Session{Name: name, Report: report, ReportJSON: data}
	for _, record := range report.Frames {
		f, err := r.frame(record)
		if err != nil {
			return nil, err
		}
		s.Frames = append(s.Frames, f)
	}
	return s, nil
}

// A reader reads the files of one session.
type reader struct {
	ctx    context.Context //nolint:containedctx // lives as long as one call of Read
	fsys   fs.FS
	name   string
	limits decode.Limits
	bytes  int64
}

func (r *reader) at(file string) string { return r.name + "/" + file }

func (r *reader) frame(record *export.FrameRecord) (*Frame, error) {
	f := &Frame{Record: record}
	if !isShown(record) {
		return f, r.ctx.Err()
	}
	data, err := r.image(*record.File, *record.SHA256)
	if err != nil {
		return nil, err
	}
	img := &decode.Image{Name: record.Name, S3: &decode.S3Object{Bucket: "folder", Name: "image"}}
	loaded := decode.LoadFrame(r.ctx, img, &decode.LoadOptions{Limits: r.limits, Objects: oneObject(data)})
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	where := r.at(*record.File)
	if loaded.Err != nil {
		return nil, mismatch(CodeNotDecoded, where, "%v", loaded.Err)
	}
	size := loaded.Size()
	if *record.Width != size.X || *record.Height != size.Y {
		return nil, mismatch(CodeFrameSize, where, "%d×%d pixels, where the report says %d×%d",
			size.X, size.Y, *record.Width, *record.Height)
	}
	f.Data, f.PixelSHA256 = data, loaded.PixelSHA256
	record.Format = new(loaded.Format)
	if f.Placement = place(record, size); !samePlace(&f.Placement, record.Placement) {
		return nil, mismatch(CodePlacement, where, "the report places the box where its numbers do not")
	}
	if v, ok := measure.Inside(loaded.Pixels, f.Placement.Clipped); ok {
		f.Values = &v
	}
	return f, nil
}

// isShown reports whether a page shows the image of a record: it was decoded, and
// there is a file of it.
func isShown(f *export.FrameRecord) bool { return f.Width != nil && f.File != nil && f.SHA256 != nil }

// image reads an image as received, and checks its digest.
func (r *reader) image(file, want string) ([]byte, error) {
	if !fs.ValidPath(file) {
		return nil, mismatch(CodeFileName, r.at(ReportName), "%+.80q cannot be the name of a file", file)
	}
	data, err := readFile(r.fsys, file, r.limits.ImageBytes)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, mismatch(CodeFileMissing, r.at(file), "the report names this file, and it is not there")
	case err != nil:
		return nil, fmt.Errorf("%s: %w", r.at(file), err)
	}
	if got := digest(data); got != want {
		return nil, mismatch(CodeFileDigest, r.at(file), "SHA-256 %s, where the report says %s", got, want)
	}
	if r.bytes += int64(len(data)); r.bytes > maxImages {
		return nil, mismatch(CodeManyBytes, r.name, "images of more than %d bytes", maxImages)
	}
	return data, nil
}

// digest returns the SHA-256 of data, in hexadecimal.
func digest(data []byte) string { return decode.Digest(sha256.Sum256(data)).String() }

// place places the box of a record anew.
func place(record *export.FrameRecord, size image.Point) annotate.Placement {
	var box *decode.Box
	unit := annotate.Auto
	if b := record.Box; b != nil {
		box = &decode.Box{Left: b.Left, Top: b.Top, Width: b.Width, Height: b.Height}
		if b.Unit != nil {
			unit = *b.Unit
		}
	}
	return annotate.Place(box, size, unit)
}

// samePlace reports whether a report says of a placement what it is.
func samePlace(p *annotate.Placement, r *export.PlacementRecord) bool {
	if r.State != p.State {
		return false
	}
	if p.State == annotate.Absent || p.State == annotate.Invalid {
		return true
	}
	rect := func(r *export.RectRecord) image.Rectangle {
		if r == nil {
			return image.Rectangle{}
		}
		return image.Rectangle{Min: image.Pt(r.Left, r.Top), Max: image.Pt(r.Right, r.Bottom)}
	}
	return rect(r.Pixels) == p.Pixels && rect(r.Clipped) == p.Clipped && annotate.Edges(*r.Exact) == p.Exact &&
		annotate.Overshoot(*r.Overshoot) == p.Overshoot && *r.Visible == p.Visible
}

// oneObject gives the same bytes whatever is asked for.
type oneObject []byte

// Object returns the bytes.
func (o oneObject) Object(context.Context, decode.S3Object, int64) (*decode.Object, error) {
	return &decode.Object{Data: o}, nil
}

// readFile reads a regular file of at most so many bytes.
func readFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name) // before it is opened: a pipe would wait for ever
	switch {
	case err != nil:
		return nil, unwrapPath(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, unwrapPath(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, unwrapPath(err)
	case int64(len(data)) > most:
		return nil, fmt.Errorf("more than %d bytes", most)
	}
	return data, nil
}

// unwrapPath removes the name of the file, which the caller says better.
func unwrapPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
