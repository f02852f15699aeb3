package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
)

// What can be found by making everything anew.
const (
	// RederiveFailed says that nothing could be made.
	RederiveFailed bag.Code = "rederive-failed"
	// RederivePixels says that a picture does not show what it should.
	RederivePixels bag.Code = "rederive-pixels"
	// RederiveBytes says that a file, though it is no picture, has other bytes;
	// as a warning, that a picture has, but shows the same.
	RederiveBytes bag.Code = "rederive-bytes"
	// RederiveFiles says that a file would not be made, or that one more would.
	RederiveFiles bag.Code = "rederive-files"
	// RederiveReport says that the report does not say what it should.
	RederiveReport bag.Code = "rederive-report"
)

// Same says how like a file of a pack is what was made again.
type Same string

// How like they are. Of a picture the pixels alone may be the same; of the report,
// what it says of the source.
const (
	SameBytes   Same = "bytes"
	SamePixels  Same = "pixels"
	SameContent Same = "content"
	NotSame     Same = "no"
)

// Rederive decodes the originals of a pack again, and makes of them every file
// that was made. It proves what digests cannot: that the pictures show what the
// originals show, and the report says what the source says.
//
// Another build of lvtool, or of Go, may make other bytes of the same pixels; that
// is a warning. What S3 said of an object, or why it gave none, is taken from the
// report, since nothing else in the pack tells.
type Rederive struct {
	// Options returns the options of package export that stand for those that a
	// report names. What it returns as the tool is not used.
	Options func(given map[string]string) (*export.Options, error)
	// Convert is used in place of [export.Convert] where it is not nil.
	Convert Convert
}

// Check is a check for [VerifyOptions].More.
func (r *Rederive) Check(ctx context.Context, p *Contents) Check {
	c := Check{Name: "rederive"}
	c.Same = map[string]Same{}
	d := &derivation{check: &c, pack: p}
	if err := r.run(ctx, d); err != nil {
		c.find(RederiveFailed, "", "%s", err)
	}
	d.unmade()
	words := fmt.Sprintf("%d of %s made again, byte for byte", d.count(SameBytes), counted(len(c.Same), "file"))
	if n := d.count(SamePixels); n > 0 {
		words += fmt.Sprintf(", %d pixel for pixel", n)
	}
	if n := d.count(SameContent); n > 0 {
		words += ", the report in what it says"
	}
	c.conclude("%s", words)
	return c
}

// errNoReport says that it is not known what to make.
var errNoReport = errors.New("the report cannot be read, so it is not known what was made")

func (r *Rederive) run(ctx context.Context, d *derivation) error {
	if d.pack.Report == nil {
		return errNoReport
	}
	report := d.pack.Report
	opts, err := r.Options(report.Tool.Options)
	if err != nil {
		return fmt.Errorf("the options that the report names: %w", err)
	}
	session, err := d.session(opts.Load.Limits)
	if err != nil {
		return err
	}
	again := *opts
	again.Tool = report.Tool
	again.KeepSource = false
	again.Load.Objects = originals{d.pack, session}
	convert := r.Convert
	if convert == nil {
		convert = export.Convert
	}
	result, err := convert(ctx, session, &again, d.put)
	if err != nil {
		return err
	}
	if d.pack.Bag.File(PageFile) != nil {
		if err := MakePage(ctx, d.pack.Payload(), &again, d.put); err != nil {
			return err
		}
	}
	return d.report(result.Report)
}

// A derivation compares files that are made anew with those of a pack.
type derivation struct {
	check *Check
	pack  *Contents
}

func (d *derivation) count(same Same) int {
	n := 0
	for _, s := range d.check.Same {
		if s == same {
			n++
		}
	}
	return n
}

// session reads the source again.
func (d *derivation) session(limits decode.Limits) (*decode.Session, error) {
	name := source(d.pack.Bag)
	data, err := d.pack.Bag.Read(name, maxDocument)
	if err != nil {
		return nil, err
	}
	var session *decode.Session
	recorded := d.pack.Report.Source
	opts := &decode.Options{Name: recorded.Name, Limits: limits}
	for s, err := range decode.Sessions(bytes.NewReader(data), opts) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if session != nil {
			return nil, fmt.Errorf("%s: it holds several sessions", name)
		}
		session = s
	}
	if session == nil {
		return nil, fmt.Errorf("%s: it holds no session", name)
	}
	// Where the session stood in a longer document, which is not here.
	session.Source.Name = recorded.Name
	if recorded.Line != nil {
		session.Source.Line = *recorded.Line
	}
	return session, nil
}

// put compares a file that was made with that of the pack.
func (d *derivation) put(name string, data []byte) error {
	name = "data/" + name
	d.check.Same[name] = NotSame
	if name == ReportFile {
		if old, err := d.pack.Bag.Read(name, maxDocument); err == nil && bytes.Equal(old, data) {
			d.check.Same[name] = SameBytes
		}
		return nil // else it is compared by what it says
	}
	if d.pack.Bag.File(name) == nil {
		d.check.find(RederiveFiles, name, "it would be made, and is not there")
		return nil
	}
	old, err := d.pack.Bag.Read(name, maxDocument)
	switch {
	case err != nil:
		d.check.find(bag.Unreadable, name, "%s", err)
	case bytes.Equal(old, data):
		d.check.Same[name] = SameBytes
	case !strings.HasSuffix(name, ".png") || strings.HasPrefix(name, "data/originals/"):
		d.check.find(RederiveBytes, name, "it is not what this build makes of the source")
	case ShowSame(old, data):
		d.check.Same[name] = SamePixels
		d.check.Findings = append(d.check.Findings, bag.Finding{
			Code: RederiveBytes, Path: name, Warning: true, Message: "the same pixels, but other bytes",
		})
	default:
		d.check.find(RederivePixels, name, "it does not show what is drawn anew from the originals")
	}
	return nil
}

// ShowSame reports whether two PNG files show the same. Of the first nothing is
// taken for granted; it is not decoded unless it has the size of the second.
func ShowSame(old, made []byte) bool {
	is, err1 := png.DecodeConfig(bytes.NewReader(old))
	want, err2 := png.DecodeConfig(bytes.NewReader(made))
	if err1 != nil || err2 != nil || is.Width != want.Width || is.Height != want.Height {
		return false
	}
	x, err1 := png.Decode(bytes.NewReader(old))
	y, err2 := png.Decode(bytes.NewReader(made))
	return err1 == nil && err2 == nil && bytes.Equal(rgba(x).Pix, rgba(y).Pix)
}

func rgba(m image.Image) *image.NRGBA64 {
	p := image.NewNRGBA64(m.Bounds())
	draw.Draw(p, p.Bounds(), m, m.Bounds().Min, draw.Src)
	return p
}

// unmade finds files that were not made.
func (d *derivation) unmade() {
	for _, f := range d.pack.Bag.Files {
		_, made := d.check.Same[f.Name]
		made = made || f.Name == ReportFile || f.Name == source(d.pack.Bag)
		if strings.HasPrefix(f.Name, "data/") && !made && len(d.check.Same) > 0 {
			d.check.find(RederiveFiles, f.Name, "it is there, and would not be made")
		}
	}
}

// report compares what the report says with what it would say.
func (d *derivation) report(again *export.Report) error {
	if d.check.Same[ReportFile] == SameBytes {
		return nil
	}
	old, err := comparable(d.pack.Report)
	if err != nil {
		return err
	}
	now, err := comparable(again)
	if err != nil {
		return err
	}
	if bytes.Equal(old, now) {
		d.check.Same[ReportFile] = SameContent
		return nil
	}
	x, y := LinesApart(old, now)
	d.check.find(RederiveReport, ReportFile, "it says %+.100q where it should say %+.100q", x, y)
	return nil
}

// LinesApart returns the first lines in which two texts differ, "" for one that has
// come to its end.
func LinesApart(old, now []byte) (inOld, inNow string) {
	x, y := strings.Split(string(old), "\n"), strings.Split(string(now), "\n")
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	line := func(lines []string) string {
		if i < len(lines) {
			return strings.TrimSpace(lines[i])
		}
		return ""
	}
	return line(x), line(y)
}
