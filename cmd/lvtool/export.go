package main

import (
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
		Usage:     "write the boxes for other programs to read",
		ArgsUsage: "RESULT…",
		Description: `RESULT is a file, a folder, a pattern, or - for standard input.

The boxes of all sessions go into one folder, in the format asked for: coco, voc,
yolo, labelstudio, cvat, w3c or csv. What these sessions have and the format
cannot say is written to standard error and to NOTES.txt. Pictures are not
copied; the files name them as convert puts them, FOLDER/originals/FRAME.jpg.

Examples:
   lvtool export --format coco -o boxes samples/session.json
   lvtool export --format csv -o - results/ | head
   lvtool export --format labelstudio --image-base https://example.com/batch/ -o tasks results/`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + formatNames()},
			&cli.StringFlag{
				Name: "output", Aliases: []string{"o"}, Value: "lvtool-boxes",
				Usage: "write to `DIR`, new or empty; - for standard output, where the format is one file",
			},
			&cli.StringFlag{
				Name:  "image-base",
				Usage: "put `BASE`, such as an address, before the names of pictures (not voc and yolo)",
			},
		}, sessionFlags()),
		Action: func(c *cli.Context) error {
			x := &exporter{c: c, folders: &output{used: map[string]int{}}}
			return x.run()
		},
	}
}

func formatNames() string {
	var names []string
	for _, f := range boxes.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// An exporter is one run of the export command.
type exporter struct {
	c              *cli.Context
	opts           *export.Options
	folders        *output // gives names only
	sessions       []boxes.Session
	partly, failed int
}

func (x *exporter) run() (err error) {
	format := boxes.Format(x.c.String("format"))
	if !slices.Contains(boxes.Formats(), format) {
		return usageError("--format %s: want %s", format, formatNames())
	}
	stamp, err := sourceDate()
	if err != nil {
		return err
	}
	all, err := inputs(x.c)
	if err != nil {
		return err
	}
	opts, closeOptions, err := exportOptions(x.c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeOptions()) }()
	x.opts = opts
	if err := eachSession(x.c.Context, all, opts.Load.Limits, x.session, x.fail); err != nil {
		return err
	}
	if len(x.sessions) > 0 {
		if err := x.write(format, &folder{path: x.c.String("output"), stamp: stamp}); err != nil {
			return err
		}
	}
	return outcome(x.c.App.ErrWriter, len(x.sessions), x.partly, x.failed)
}

func (x *exporter) fail(err error) {
	x.failed++
	complain(x.c.App.ErrWriter, err, "")
}

func (x *exporter) session(s *decode.Session) error {
	r, err := export.Inspect(x.c.Context, s, x.opts)
	if err != nil {
		return err
	}
	if !r.Complete() {
		x.partly++
	}
	x.sessions = append(x.sessions, boxes.Session{Folder: x.folders.folderName(s), Report: r})
	return nil
}

// write writes all boxes and says what the format could not.
func (x *exporter) write(format boxes.Format, out *folder) error {
	opts := &boxes.Options{Base: x.c.String("image-base")}
	var notes []boxes.Note
	var err error
	if out.path == "-" {
		one := &soleFile{}
		if notes, err = boxes.Write(format, x.sessions, opts, one.put); err == nil {
			err = one.writeTo(x.c.App.Writer)
		}
	} else {
		err = out.fill(func(put export.Put) error {
			notes, err = boxes.Write(format, x.sessions, opts, put)
			return err
		})
	}
	if err != nil {
		return advised(err)
	}
	for _, n := range notes {
		sayf(x.c.App.ErrWriter, "lvtool: %s: %s", format, n)
	}
	return nil
}

func advised(err error) error {
	switch {
	case errors.Is(err, boxes.ErrBase):
		return usageError("--image-base: %v", err)
	case errors.Is(err, errSeveral):
		return usageError("--output -: %v", err)
	}
	return err
}

var errSeveral = errors.New("the format is several files; give a folder")

// A soleFile is the one file of a format that has one.
type soleFile struct {
	names []string
	data  []byte
}

func (f *soleFile) put(name string, data []byte) error {
	// Label Studio's set-up and the notes go beside the one file that matters.
	if name == "NOTES.txt" || name == "labels.xml" {
		return nil
	}
	f.names = append(f.names, name)
	f.data = slices.Clone(data)
	return nil
}

func (f *soleFile) writeTo(w io.Writer) error {
	if len(f.names) != 1 {
		return errSeveral
	}
	_, err := w.Write(f.data)
	return err
}
