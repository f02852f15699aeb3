// Package export makes files of liveness sessions: pictures, contact sheets
// and the report.
package export

import (
	"context"
	"image"
	"io"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
)

// Options say what is made of a session, and how.
type Options struct {
	Threshold decode.Number // "" for none
	Unit      annotate.Unit
	Style     annotate.Style
	Crop      annotate.CropOptions
	Sheet     Layout
	Load      decode.LoadOptions
	Tool      Tool
}

// Layout says how a sheet is laid out; zero fields choose well by themselves.
type Layout struct {
	Columns int // tiles in a row
	Tile    int // width of a tile's picture, pixels
}

// Tool says what made a report; cmd/lvtool fills it.
type Tool struct {
	Version string            `json:"version"`
	Go      string            `json:"go"`
	Modules map[string]string `json:"modules"`
	Options map[string]string `json:"options"`
}

// Put takes one finished file; name has forward slashes, e.g. annotated/audit-0.png.
type Put func(name string, data []byte) error

// Report is the JSON report, lvtool.report/1.
type Report struct{}

// Result is what Convert made.
type Result struct {
	Report    *Report
	Thumbnail *image.RGBA // for an overview; nil where no frame could be shown
}

// Convert makes every file of s and hands them to put one by one, report.json last.
func Convert(ctx context.Context, s *decode.Session, opts *Options, put Put) (*Result, error) {
	panic("contract")
}

// Inspect makes the report that Convert would, without outputs.
func Inspect(ctx context.Context, s *decode.Session, opts *Options) (*Report, error) {
	panic("contract")
}

// An Overview lays out one tile a session, page by page: add sessions, then Close.
type Overview struct{}

// NewOverview … pages go to put as overview.png, overview-2.png, … when full.
func NewOverview(layout Layout, tool Tool, put Put) *Overview { panic("contract") }

// Add …
func (o *Overview) Add(r *Result, folder string) error { panic("contract") }

// Close …
func (o *Overview) Close() error { panic("contract") }

// EncodePNG …
func EncodePNG(w io.Writer, m image.Image, text []Text) error { panic("contract") }

// Text is a keyword and value carried by a PNG.
type Text struct{ Keyword, Value string }
