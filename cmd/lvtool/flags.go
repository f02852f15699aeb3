package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pdf"
)

// The headings under which help lists the flags of a command.
const (
	batches = "Batches:"
	making  = "Outputs:"
	drawing = "Pictures:"
	cutting = "Faces:"
	sheets  = "Sheets:"
	packing = "Packs:"
	sealing = "Signatures:"
	reading = "Input:"
	limits  = "Limits for hostile input:"
)

// withVariables gives every flag the environment variable of its name. One that is
// set to nothing is as good as not set: job engines set such.
func withVariables(flags []cli.Flag) []cli.Flag {
	for _, f := range flags {
		variable := []string{variableOf(f.Names()[0])}
		if os.Getenv(variable[0]) == "" {
			variable = nil
		}
		switch f := f.(type) {
		case *cli.StringFlag:
			f.EnvVars = variable
		case *cli.BoolFlag:
			f.EnvVars = variable
		case *cli.IntFlag:
			f.EnvVars = variable
		case *cli.StringSliceFlag:
			f.EnvVars = variable
		default:
			panic(fmt.Sprintf("flag --%s: unknown kind %T", f.Names()[0], f)) // cannot happen: tests make every command
		}
	}
	return flags
}

// variableOf returns the environment variable of a flag.
func variableOf(flag string) string {
	return "LVTOOL_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// sessionFlags are the flags of every command that reads results.
func sessionFlags() []cli.Flag {
	return slices.Concat([]cli.Flag{
		&cli.StringFlag{
			Name: "threshold", Usage: "compare the confidence with `SCORE`, 0 to 100",
		},
		&cli.BoolFlag{
			Name: "json", Usage: "print one line of JSON a session on standard output",
		},
		&cli.StringFlag{
			Name: "box-unit", Value: string(annotate.Auto), Category: reading,
			Usage: "`UNIT` of boxes: ratio, pixel, or auto (pixels where a width or height is above 2)",
		},
		&cli.StringFlag{
			Name: "s3-root", Category: reading,
			Usage: "read s3://BUCKET/KEY from `DIR`/BUCKET/KEY, a copy made before, not from S3",
		},
		&cli.BoolFlag{
			Name: "check-s3", Category: reading,
			Usage: "where a result holds an image and names its object too, compare them",
		},
	}, liveFlags(), amazonFlags(), limitFlagList())
}

// pictureFlags are the flags of every command that makes pictures.
func pictureFlags() []cli.Flag {
	crop := annotate.DefaultCrop()
	outputs := strings.Join(export.DefaultOutputs(), ",")
	return []cli.Flag{
		&cli.StringFlag{
			Name: "outputs", Value: outputs, Category: making,
			Usage: "make only those of `LIST`, and the report; it costs only what they need; pdf can be one of them",
		},
		&cli.BoolFlag{
			Name: "pdf", Category: making, Usage: "make session.pdf too, for paper files; as pdf in --outputs",
		},
		paperFlag(making),
		audienceFlag(making, "`WHOM` PDF and page are for: reviewer, auditor, or subject (no score in them)"),
		&cli.StringFlag{
			Name: "png", Value: string(export.Fast), Category: making,
			Usage: "compress pictures with `LEVEL`: fast, balanced, or small",
		},
		&cli.StringFlag{
			Name: "canvas", Value: string(annotate.Extend), Category: drawing,
			Usage: "`CANVAS` of a picture whose box leaves it: extend, to hold all of it, or frame",
		},
		&cli.StringFlag{
			Name: "padding", Value: string(crop.Padding), Category: cutting,
			Usage: "`SHARE` of the box that is added on each side",
		},
		&cli.StringFlag{
			Name: "aspect", Value: "free", Category: cutting,
			Usage: "shape of the crop: free, or `W:H` such as 1:1, 4:5, 35:45",
		},
		&cli.StringFlag{
			Name: "face-size", Category: cutting,
			Usage: "scale the crop to `WxH` pixels; Wx or xH keeps its shape",
		},
		&cli.StringFlag{
			Name: "face-edge", Value: string(annotate.Clip), Category: cutting,
			Usage: "`HOW` to treat a crop that leaves the frame: clip, pad (visibly), or shift (into it)",
		},
		&cli.IntFlag{Name: "sheet-columns", Category: sheets, Usage: "`N` tiles in a row; 0 chooses"},
		&cli.IntFlag{Name: "sheet-tile", Category: sheets, Usage: "pictures of `N` pixels width; 0 chooses"},
	}
}

// A limit is a field of decode.Limits and the flag that sets it.
type limit struct {
	flag, usage string
	value       int64
	set         func(int64)
}

// limitsOf returns the fields of l.
func limitsOf(l *decode.Limits) []limit {
	return []limit{
		limitOf(decode.LimitDocument, &l.Document, "most bytes of one session's document"),
		limitOf(decode.LimitDepth, &l.Depth, "how deeply a document may nest"),
		limitOf(decode.LimitValues, &l.Values, "most values in a document"),
		limitOf("unwrap", &l.Unwrap, "how many strings deep JSON is looked for in strings"),
		limitOf(decode.LimitExpansion, &l.Expansion, "how many times its size a compressed document may unpack to"),
		limitOf(decode.LimitFrames, &l.Frames, "most images of a session"),
		limitOf(decode.LimitImageBytes, &l.ImageBytes, "most bytes of an image file"),
		limitOf(decode.LimitPixels, &l.Pixels, "most pixels of an image"),
		limitOf(decode.LimitSide, &l.Side, "most pixels that an image is wide or high"),
		limitOf(decode.LimitScans, &l.Scans, "most scans of a JPEG"),
		limitOf(decode.LimitScanPixels, &l.ScanPixels, "most pixels times scans of a JPEG"),
	}
}

func limitOf[T int | int64](name string, field *T, usage string) limit {
	return limit{flag: limitFlag(name), usage: usage, value: int64(*field), set: func(n int64) { *field = T(n) }}
}

// limitFlag returns the flag that sets the limit that a decode.LimitError names.
func limitFlag(name string) string { return "max-" + name }

func limitFlagList() []cli.Flag {
	var flags []cli.Flag
	for _, l := range limitsOf(new(decode.DefaultLimits())) {
		flags = append(flags, &cli.StringFlag{
			Name: l.flag, Category: limits, Usage: l.usage, Value: strconv.FormatInt(l.value, 10),
		})
	}
	return flags
}

func paperFlag(category string) cli.Flag {
	return &cli.StringFlag{
		Name: "paper", Value: string(pdf.A4), Category: category, Usage: "`PAPER` of a PDF: a4 or letter",
	}
}

func audienceFlag(category, usage string) cli.Flag {
	return &cli.StringFlag{Name: "audience", Value: string(export.Reviewer), Category: category, Usage: usage}
}
