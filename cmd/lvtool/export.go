package main

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/boxes"
)

func newExportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write the boxes for other programs to read, or a PDF for paper files",
		ArgsUsage: "RESULT…",
		Description: `RESULT is a file, a folder, a pattern, s3://BUCKET/KEY, s3://BUCKET/PREFIX/, or -
for standard input. With --session-id it can be left out.

The boxes of all sessions go into one folder, in the format asked for: coco, voc,
yolo, labelstudio, cvat, w3c or csv. What these sessions have and the format
cannot say is written to standard error and to NOTES.txt. The files name the
pictures as convert puts them, FOLDER/originals/FRAME.jpg, or, for voc and yolo,
where their readers look for them; --images puts them there, as received.

The format pdf is one file a session, named by its id: what is known of it, every
image as received with its box over it, and their digests.

Examples:
   lvtool export --format coco -o boxes samples/session.json
   lvtool export --format csv -o - results/ | head
   lvtool export --format labelstudio --image-base https://example.com/batch/ -o tasks results/
   lvtool export --format pdf --paper letter -o files results/`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + formatNames()},
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-boxes",
				Usage: "write to `DIR`, new or empty; - for standard output, where the format is one file",
			},
			&cli.StringFlag{
				Name:  "image-base",
				Usage: "put `BASE`, such as an address, before the names of pictures (not voc, yolo and pdf)",
			},
			&cli.BoolFlag{Name: "images", Usage: "put the pictures too where the files name them"},
			paperFlag(""),
			audienceFlag("", "`WHOM` a PDF is for: reviewer, auditor, or subject (no score in it)"),
		}, sessionFlags()),
		Action: func(c *cli.Context) error {
			x := &exporter{c: c, names: folderNames{}}
			return x.run()
		},
	}
}

func formatNames() string {
	var names []string
	for _, f := range boxes.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(append(names, pdfFormat), ", ")
}

// pdfFormat is what export calls the format that is no format of boxes.
const pdfFormat = "pdf"

// An exporter is one run of the export command.
type exporter struct {
	c                    *cli.Context
	source               *source
	names                folderNames
	sessions             []boxes.Session // none for PDF, which is written at once
	read, partly, failed int
}

func (x *exporter) run() (err error) {
	format := x.c.String("format")
	if format == "" {
		return usageError("export: give --format, one of %s", formatNames())
	}
	if !slices.Contains(boxes.Formats(), boxes.Format(format)) && format != pdfFormat {
		return usageError("--format %s: want %s", format, formatNames())
	}
	if err := x.idle(format); err != nil {
		return err
	}
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	if x.source, err = newSource(x.c); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.source.close()) }()
	if err := readPaper(x.c, x.source.opts); err != nil {
		return err
	}
	make := func(put export.Put) error { return x.make(format, put) }
	if dir := x.c.String("output"); dir != "-" {
		err = (&folder{path: dir, stamp: stamp}).fill(x.c.Context, make)
	} else {
		err = x.toOutput(make)
	}
	if err != nil {
		return err
	}
	summary, err := outcomeOf(x.read, x.partly, x.failed, 0)
	if summary != "" {
		sayf(x.c.App.ErrWriter, "lvtool: %s", summary)
	}
	return err
}

// idle refuses options that say nothing to a format.
func (x *exporter) idle(format string) error {
	isPDF := format == pdfFormat
	names := slices.Contains([]boxes.Format{boxes.VOC, boxes.YOLO}, boxes.Format(format))
	return firstError(
		idle(x.c, "images", !isPDF, "a PDF holds its images"),
		idle(x.c, "image-base", !isPDF, "a PDF holds its images, and names none"),
		idle(x.c, "image-base", !names, "the readers of "+format+" look for pictures where the format has them"),
		idle(x.c, "paper", isPDF, "it is that of a PDF: give --format pdf"),
		idle(x.c, "audience", isPDF, "a PDF is for somebody, boxes are not: give --format pdf"),
	)
}

// make reads the sessions and puts the files.
func (x *exporter) make(format string, put export.Put) error {
	err := x.source.each(x.c.Context, sink{
		session: func(_ *input, s *decode.Session) error { return x.session(format, s, put) },
		failed:  x.fail,
	})
	if err != nil || len(x.sessions) == 0 {
		return err
	}
	opts := &boxes.Options{Base: x.c.String("image-base")}
	notes, err := boxes.Write(boxes.Format(format), x.sessions, opts, put)
	if errors.Is(err, boxes.ErrBase) {
		return usageError("--image-base: %v", err)
	}
	for _, n := range notes {
		sayf(x.c.App.ErrWriter, "lvtool: %s: %s", format, n)
	}
	return err
}

func (x *exporter) fail(_ *input, err error) {
	x.failed++
	complain(x.c.App.ErrWriter, err, "")
}

func (x *exporter) session(format string, s *decode.Session, put export.Put) error {
	opts := x.source.options(s)
	name := x.names.folderName(s)
	r, err := x.report(boxes.Format(format), s, opts, name, put)
	if err != nil {
		return err
	}
	x.read++
	if !r.Complete() {
		x.partly++
	}
	if format != pdfFormat {
		x.sessions = append(x.sessions, boxes.Session{Folder: name, Report: r})
		return nil
	}
	var file bytes.Buffer
	load := func(i int, _ bool) *decode.Frame { return decode.LoadFrame(x.c.Context, &s.Images[i], &opts.Load) }
	if err := opts.PDF(&file, r, load); err != nil {
		return err
	}
	return put(name+".pdf", file.Bytes())
}

// report returns the report of a session, and puts its images, where asked for.
func (x *exporter) report(
	format boxes.Format, s *decode.Session, opts *export.Options, folder string, put export.Put,
) (*export.Report, error) {
	if !x.c.Bool("images") || format == pdfFormat {
		return export.Inspect(x.c.Context, s, opts)
	}
	originals := *opts
	originals.Outputs = []string{export.OutputOriginals}
	originals.KeepSource = false
	made, err := export.Convert(x.c.Context, s, &originals, func(name string, data []byte) error {
		if !strings.HasPrefix(name, "originals/") {
			return nil
		}
		return put(boxes.PicturePath(format, folder, name), data)
	})
	if err != nil {
		return nil, err
	}
	return made.Report, nil
}

// toOutput writes the one file that is made to standard output.
func (x *exporter) toOutput(make func(export.Put) error) error {
	one := &soleFile{}
	if err := make(one.put); err != nil {
		return err
	}
	if x.read == 0 {
		return nil
	}
	return one.writeTo(x.c.App.Writer)
}

// A soleFile is the one file of a format that has one.
type soleFile struct {
	files int
	data  []byte
}

var errSeveral = &exitError{
	code: exitUsage, err: errors.New("--output -: this makes several files"), hint: "give a folder",
}

func (f *soleFile) put(name string, data []byte) error {
	// Label Studio's set-up and the notes go beside the one file that matters.
	if name == "NOTES.txt" || name == "labels.xml" {
		return nil
	}
	f.files++
	f.data = slices.Clone(data)
	return nil
}

func (f *soleFile) writeTo(w io.Writer) error {
	if f.files != 1 {
		return errSeveral
	}
	_, err := w.Write(f.data)
	return err
}
