package export

import (
	"errors"
	"fmt"
	"image"
	"math/big"
	"slices"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// ErrOptions says that options contradict themselves or are out of bounds.
var ErrOptions = errors.New("unusable option")

// Options say what is made of a session, and how. The zero Options, and nil,
// mean the defaults of every part; [annotate.DefaultCrop] is a better start for
// Crop.
type Options struct {
	// Threshold is what the session's confidence is compared with, 0 to 100;
	// "" for no comparison.
	Threshold decode.Number
	// Unit is what the numbers of boxes measure; "" means [annotate.Auto].
	Unit annotate.Unit
	// Style says how boxes are drawn.
	Style annotate.Style
	// Crop says how faces are cut out.
	Crop annotate.CropOptions
	// Sheet says how the contact sheet is laid out.
	Sheet Layout
	// Outputs are what is made, of [OutputNames]; none means [DefaultOutputs]. The report is
	// made in any case: it says what the other files are, and that they are
	// whole. What no output needs is not drawn, and of the pictures that are not
	// written the report has no digests; frames are decoded all the same, for
	// their sizes and digests.
	Outputs []string
	// Audience is whom what people read is for: the PDF, and whatever page is made
	// of the files; "" means [Reviewer]. Pictures and report are the same for all.
	Audience Audience
	// PDF writes the PDF of [OutputPDF], which needs it: Write of package pdf, in
	// a function of its own.
	PDF PDFWriter
	// PNG is how hard pictures are compressed; "" means [Fast].
	PNG Level
	// Load says how images are loaded.
	Load decode.LoadOptions
	// KeepSource puts the source's bytes among the files, unchanged: as
	// source.json, or source.bin where they are not JSON in UTF-8. It is for
	// sources that exist nowhere else.
	KeepSource bool
	// Tool is what the report and the pictures name as their maker.
	Tool Tool
}

// Validate reports what is wrong with o, as an [ErrOptions].
func (o *Options) Validate() error {
	if err := o.Crop.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrOptions, err)
	}
	switch o.Unit {
	case "", annotate.Auto, annotate.Ratio, annotate.Pixel:
	default:
		return fmt.Errorf("%w: box unit %+.40q", ErrOptions, string(o.Unit))
	}
	switch o.Style.Canvas {
	case "", annotate.Extend, annotate.FrameOnly:
	default:
		return fmt.Errorf("%w: canvas %+.40q", ErrOptions, string(o.Style.Canvas))
	}
	switch o.PNG {
	case "", Fast, Balanced, Small:
	default:
		return fmt.Errorf("%w: PNG level %+.40q", ErrOptions, string(o.PNG))
	}
	if err := checkThreshold(o.Threshold); err != nil {
		return err
	}
	if err := checkOutputs(o.Outputs); err != nil {
		return err
	}
	if o.Makes(OutputPDF) && o.PDF == nil {
		return fmt.Errorf("%w: output pdf, and nothing that writes it", ErrOptions)
	}
	if o.Audience != "" && !slices.Contains(Audiences(), o.Audience) {
		return fmt.Errorf("%w: audience %+.40q", ErrOptions, string(o.Audience))
	}
	return o.Sheet.Validate()
}

func checkThreshold(n decode.Number) error {
	if n == "" {
		return nil
	}
	t, err := n.Rat()
	if err != nil || t.Sign() < 0 || t.Cmp(hundred()) > 0 {
		return fmt.Errorf("%w: threshold %+.40q is not a number from 0 to 100", ErrOptions, string(n))
	}
	return nil
}

// hundred returns the largest confidence there is.
func hundred() *big.Rat { return big.NewRat(100, 1) }

// Bounds of a [Layout].
const (
	MaxColumns = 12
	MinTile    = 80
	MaxTile    = 800
)

// A Layout says how a sheet is laid out. A zero field is chosen by the number
// of tiles.
type Layout struct {
	// Columns is how many tiles stand in a row, 1 to [MaxColumns]. A sheet with
	// fewer tiles has fewer columns.
	Columns int
	// Tile is the width in pixels of the place for a tile's picture, [MinTile]
	// to [MaxTile]. Pictures are shrunk to fit it, never enlarged or cut.
	Tile int
}

// Validate reports what is wrong with l, as an [ErrOptions].
func (l Layout) Validate() error {
	if l.Columns < 0 || l.Columns > MaxColumns {
		return fmt.Errorf("%w: %d sheet columns, not 1 to %d", ErrOptions, l.Columns, MaxColumns)
	}
	if l.Tile != 0 && (l.Tile < MinTile || l.Tile > MaxTile) {
		return fmt.Errorf("%w: sheet tile of %d pixels, not %d to %d", ErrOptions, l.Tile, MinTile, MaxTile)
	}
	return nil
}

// A Tool is what made a report.
type Tool struct {
	// Version is lvtool's own.
	Version string `json:"version"`
	// Go is the toolchain, as runtime.Version returns it.
	Go string `json:"go"`
	// Modules maps the paths of the modules that were built in to their
	// versions.
	Modules map[string]string `json:"modules"`
	// Options are the options that were given, by name.
	Options map[string]string `json:"options"`
}

// name returns what t calls itself on pictures and sheets.
func (t *Tool) name() string {
	if t.Version == "" {
		return "lvtool"
	}
	return "lvtool " + t.Version
}

// Put takes one finished file. The name is relative and has forward slashes,
// such as annotated/audit-0.png. The data is valid only during the call.
type Put func(name string, data []byte) error

// A Result is what [Convert] made of a session.
type Result struct {
	// Report is the report that was written as report.json.
	Report *Report
	// Thumbnail is a small picture of the marked reference frame, or of the
	// first frame that could be shown; nil where there is none, and without
	// [OutputOverview].
	Thumbnail *image.RGBA
}
