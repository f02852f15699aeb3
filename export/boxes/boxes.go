package boxes

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// A Format is what boxes can be written as.
type Format string

// The formats, and the files that each has.
const (
	// COCO is the object detection format of https://cocodataset.org/#format-data:
	// annotations.json.
	COCO Format = "coco"
	// VOC is that of the PASCAL Visual Object Classes challenge:
	// Annotations/FOLDER/FRAME.xml, ImageSets/Main/trainval.txt and labelmap.txt.
	VOC Format = "voc"
	// YOLO is that of Ultralytics: labels/FOLDER/FRAME.txt, train.txt and
	// data.yaml.
	YOLO Format = "yolo"
	// LabelStudio is tasks with predictions, as Label Studio imports them:
	// tasks.json, and the labelling set-up that they fit, labels.xml.
	LabelStudio Format = "labelstudio"
	// CVAT is "CVAT for images 1.1": annotations.xml.
	CVAT Format = "cvat"
	// W3C is a list of Web Annotations (https://www.w3.org/TR/annotation-model/):
	// annotations.jsonld.
	W3C Format = "w3c"
	// CSV is a table (RFC 4180) with a row for every frame: boxes.csv.
	CSV Format = "csv"
)

// Formats returns all formats, sorted by name.
func Formats() []Format { return []Format{COCO, CSV, CVAT, LabelStudio, VOC, W3C, YOLO} }

// What [Write] refuses.
var (
	// ErrFormat says that there is no such format.
	ErrFormat = errors.New("not a format of boxes")
	// ErrFolder says that the name of a session's folder is no safe name for a
	// folder, or is taken already.
	ErrFolder = errors.New("not a usable folder name")
	// ErrBase says that what stands before the names of pictures would break the
	// lines of a file.
	ErrBase = errors.New("not a usable start of a picture's address")
)

// A Session is one session to write the boxes of.
type Session struct {
	// Folder is the name of the session's folder as the convert command makes
	// it: ASCII letters, digits, and - _ ~ . after the first, at most 128.
	Folder string
	// Report is what [export.Inspect] or [export.Convert] says of the session.
	Report *export.Report
}

// Options say how boxes are written. Nil means the zero Options.
type Options struct {
	// Base stands before the names of the pictures, FOLDER/originals/FRAME.jpg as
	// [export.Convert] puts them, such as "https://example.com/batch/"; "" for
	// names that are relative to the file. Label Studio shows only pictures with
	// an address: there "" means "/data/local-files/?d=", its own for files on
	// its server. VOC and YOLO have a place of their own for pictures, and no Base.
	Base string
}

// Write writes the boxes of all sessions in a format and hands every file to
// put, NOTES.txt last. The same reports, format and options give the same
// bytes. It fails with [ErrFormat], [ErrFolder] or [ErrBase] before anything is
// put, and with the error of put.
//
// It returns what the format could not say of these sessions.
func Write(f Format, sessions []Session, opts *Options, put export.Put) ([]Note, error) {
	if opts == nil {
		opts = &Options{}
	}
	spec, ok := specs[f]
	if !ok {
		return nil, fmt.Errorf("%w: %.40q", ErrFormat, string(f))
	}
	if err := check(sessions, opts); err != nil {
		return nil, err
	}
	b := newBatch(sessions, opts)
	b.notes = spec.notes(b)
	if err := spec.write(b, put); err != nil {
		return nil, err
	}
	if len(b.notes) == 0 {
		return nil, nil
	}
	return b.notes, put("NOTES.txt", notesText(f, b.notes))
}

// PicturePath returns where the readers of a format look for a picture beside the
// files that [Write] writes without a Base. The name is that of the picture among
// the files of [export.Convert], such as originals/audit-0.jpg.
func PicturePath(f Format, folder, name string) string {
	switch f {
	case VOC:
		return vocPictures + "/" + folder + "/" + path.Base(name)
	case YOLO:
		return "images/" + folder + "/" + path.Base(name)
	}
	return folder + "/" + name
}

// safeFolder matches names that are a folder's on every system, and that need
// no escape in any of the formats.
var safeFolder = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_~.-]{0,127}$`)

func check(sessions []Session, opts *Options) error {
	seen := map[string]bool{}
	for _, s := range sessions {
		// Some file systems do not tell upper case from lower.
		key := strings.ToLower(s.Folder)
		if !safeFolder.MatchString(s.Folder) || strings.HasSuffix(s.Folder, ".") || seen[key] {
			return fmt.Errorf("%w: %.140q", ErrFolder, s.Folder)
		}
		seen[key] = true
	}
	if strings.ContainsFunc(opts.Base, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' }) {
		return fmt.Errorf("%w: %.140q", ErrBase, opts.Base)
	}
	return nil
}

// A spec is what is known of a format.
type spec struct {
	write func(*batch, export.Put) error
	// says is what the format has a place for.
	says []subject
}

var specs = map[Format]spec{
	COCO:        {writeCOCO, []subject{rawBox}},
	VOC:         {writeVOC, nil},
	YOLO:        {writeYOLO, nil},
	LabelStudio: {writeLabelStudio, []subject{rawBox, noBox}},
	CVAT:        {writeCVAT, []subject{rawBox, noBox}},
	W3C:         {writeW3C, []subject{rawBox}},
	CSV:         {writeCSV, []subject{rawBox, noBox, failed, session, remarks}},
}

func (s spec) saysOf(what subject) bool { return slices.Contains(s.says, what) }
