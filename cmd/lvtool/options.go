package main

import (
	"fmt"
	"image"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pdf"
)

// exportOptions reads the flags of a command into the options of package
// export.
func exportOptions(c *cli.Context) (*export.Options, error) {
	opts := &export.Options{
		Unit:  annotate.Unit(c.String("box-unit")),
		Style: annotate.Style{Canvas: annotate.Canvas(c.String("canvas"))},
		Sheet: export.Layout{Columns: c.Int("sheet-columns"), Tile: c.Int("sheet-tile")},
		Tool:  tool(effectiveOptions(c)),
	}
	err := firstError(
		oneOf("box-unit", opts.Unit, annotate.Auto, annotate.Ratio, annotate.Pixel),
		readThreshold(c, opts),
		readLimits(c, &opts.Load.Limits),
		readPictures(c, opts),
	)
	opts.Load.CheckObjects = c.Bool("check-s3")
	return opts, err
}

func readThreshold(c *cli.Context, opts *export.Options) error {
	for _, flag := range []string{"threshold", "fail-below"} {
		n := decode.Number(c.String(flag))
		if n == "" {
			continue
		}
		r, err := n.Rat()
		if err != nil || r.Sign() < 0 || r.Cmp(big.NewRat(100, 1)) > 0 {
			return usageError("--%s %s: want a number from 0 to 100, as the confidence is", flag, n)
		}
		if opts.Threshold == "" {
			opts.Threshold = n
		}
	}
	return nil
}

func readPictures(c *cli.Context, opts *export.Options) error {
	if !has(c, "canvas") {
		return nil
	}
	opts.PNG = export.Level(c.String("png"))
	crop := &opts.Crop
	crop.Padding = decode.Number(c.String("padding"))
	crop.Edge = annotate.Edge(c.String("face-edge"))
	err := firstError(
		readOutputs(c, opts),
		oneOf("png", opts.PNG, export.Fast, export.Balanced, export.Small),
		oneOf("canvas", opts.Style.Canvas, annotate.Extend, annotate.FrameOnly),
		oneOf("face-edge", crop.Edge, annotate.Clip, annotate.Pad, annotate.Shift),
		readPair(c, "aspect", ":", &crop.Aspect),
		readPair(c, "face-size", "x", &crop.Size),
	)
	if err != nil {
		return err
	}
	if err := firstError(crop.Validate(), opts.Sheet.Validate()); err != nil {
		return usageError("%v", err)
	}
	return nil
}

// readOutputs reads the list of what to make. The report names it in one order,
// however it was given.
func readOutputs(c *cli.Context, opts *export.Options) error {
	asked := []string{export.OutputReport}
	for name := range strings.SplitSeq(c.String("outputs"), ",") {
		name = strings.TrimSpace(name)
		if err := oneOf("outputs", name, export.OutputNames()...); err != nil {
			return err
		}
		asked = append(asked, name)
	}
	if c.Bool("pdf") {
		asked = append(asked, export.OutputPDF)
	}
	for _, name := range export.OutputNames() {
		if slices.Contains(asked, name) {
			opts.Outputs = append(opts.Outputs, name)
		}
	}
	opts.Tool.Options["outputs"] = strings.Join(opts.Outputs, ",")
	return readPaper(c, opts)
}

// readPaper reads how a PDF looks, and whom it and the page are for.
func readPaper(c *cli.Context, opts *export.Options) error {
	paper, audience := pdf.Paper(c.String("paper")), export.Audience(c.String("audience"))
	err := firstError(
		oneOf("paper", paper, pdf.A4, pdf.Letter),
		oneOf("audience", audience, export.Audiences()...),
	)
	if err != nil {
		return err
	}
	opts.Audience, opts.PDF = audience, pdfWriter(paper, audience)
	if opts.Makes(export.OutputPDF) {
		opts.Tool.Options["paper"] = string(paper)
		nameAudience(opts)
	}
	return nil
}

// nameAudience has the report say whom what was made is for, unless that is the
// default.
func nameAudience(opts *export.Options) {
	if opts.Audience != export.Reviewer {
		opts.Tool.Options["audience"] = string(opts.Audience)
	}
}

func pdfWriter(paper pdf.Paper, audience export.Audience) export.PDFWriter {
	return func(w io.Writer, r *export.Report, load func(int, bool) *decode.Frame) error {
		return pdf.Write(w, r, load, &pdf.Options{Paper: paper, Audience: audience})
	}
}

// readPair reads two whole numbers with a separator between them. Only a size
// may lack one of them.
func readPair(c *cli.Context, flag, separator string, p *image.Point) error {
	value := c.String(flag)
	if value == "" || flag == "aspect" && value == "free" {
		return nil
	}
	x, y, found := strings.Cut(value, separator)
	var err1, err2 error
	p.X, err1 = readSide(x)
	p.Y, err2 = readSide(y)
	missing := p.X == 0 || p.Y == 0
	if !found || err1 != nil || err2 != nil || *p == (image.Point{}) || missing && flag == "aspect" {
		return usageError("--%s %s: want two whole numbers up to 65535 with %q between them", flag, value, separator)
	}
	return nil
}

func readSide(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err == nil && n == 0 {
		err = strconv.ErrRange
	}
	return int(n), err
}

func readLimits(c *cli.Context, to *decode.Limits) error {
	for _, l := range limitsOf(to) {
		n := readCount(c.String(l.flag))
		if n == 0 {
			return usageError("--%s %s: want a whole number above 0, or one with k, M or G behind it",
				l.flag, c.String(l.flag))
		}
		l.set(n)
	}
	return nil
}

// readCount reads a count, which may end in k, M or G for the powers of 1024.
// It returns 0 for anything else, and for what is out of all bounds.
func readCount(s string) int64 {
	shift := 0
	for i, suffix := range []string{"k", "M", "G"} {
		if n, ok := strings.CutSuffix(s, suffix); ok {
			s, shift = n, 10*(i+1)
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n <= 0 {
		return 0
	}
	return n << shift
}

func oneOf[T ~string](flag string, value T, allowed ...T) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	var names []string
	for _, a := range allowed {
		names = append(names, string(a))
	}
	return usageError("--%s %s: want %s", flag, value, strings.Join(names, ", "))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func has(c *cli.Context, flag string) bool {
	return slices.ContainsFunc(c.Command.Flags, func(f cli.Flag) bool { return f.Names()[0] == flag })
}

// bystanders are the flags that change nothing in what is made of a session, and
// those that are named in other words, where they do (readPaper).
var bystanders = []string{"json", "output", "fail-below", "s3-root", "help", "pdf", "paper", "audience"}

// effectiveOptions returns the flags that change what is made, with their
// values, for the report.
func effectiveOptions(c *cli.Context) map[string]string {
	options := map[string]string{}
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if value := fmt.Sprint(c.Value(name)); !isBystander(f) && value != "" {
			options[name] = value
		}
	}
	return options
}
