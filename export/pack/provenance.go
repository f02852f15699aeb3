package pack

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // For the schema.
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
)

// ProvenanceSchemaName is the name of the shape of provenance.json.
const ProvenanceSchemaName = "lvtool.provenance/1"

//go:embed provenance.schema.json
var provenanceSchema []byte

// ProvenanceSchema returns the JSON Schema (draft 2020-12) of provenance.json.
func ProvenanceSchema() []byte { return bytes.Clone(provenanceSchema) }

// A Provenance says of every file of the payload where it comes from. It is
// closed: each is either a source or derived, once, and is derived from files
// that stand before it.
type Provenance struct {
	Schema string      `json:"schema"`
	Tool   export.Tool `json:"tool"`
	// Created is the time of packing, in UTC.
	Created string `json:"created"`
	// Session is the id of the session, "" where it has none.
	Session string `json:"session"`
	// Sources are the files as they came: that of the session first.
	Sources []SourceFile `json:"sources"`
	// Derived are the files that were made, in their order.
	Derived []DerivedFile `json:"derived"`
}

// A FileRef is a file of the payload.
type FileRef struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// A SourceFile came from outside.
type SourceFile struct {
	FileRef
	Bytes int64 `json:"bytes"`
	// Name is what the source was called; Origin, where an image lay.
	Name   string         `json:"name,omitempty"`
	Origin *decode.Origin `json:"origin,omitempty"`
}

// A DerivedFile was made of others.
type DerivedFile struct {
	FileRef
	Bytes int64 `json:"bytes"`
	// PixelSHA256 is the digest of what a picture shows.
	PixelSHA256 string    `json:"pixel_sha256,omitempty"`
	Operation   string    `json:"operation"`
	Inputs      []FileRef `json:"inputs"`
	// Parameters are what the operation was told, beside the options of the
	// tool.
	Parameters any `json:"parameters"`
}

// The operations.
const (
	opExtract  = "extract image"
	opAnnotate = "mark face box"
	opCrop     = "cut out face"
	opSheet    = "lay out contact sheet"
	opPaper    = "write PDF"
	opReport   = "write report"
	opPage     = "write reviewer's page"
)

// A tracer builds a Provenance.
type tracer struct {
	p     *Provenance
	files map[string]bag.File
}

// newProvenance returns where the files come from, given the report of the
// session that they were made with.
func newProvenance(s *decode.Session, opts *Options, r *export.Report, files []bag.File) *Provenance {
	t := tracer{
		p: &Provenance{
			Schema:  ProvenanceSchemaName,
			Tool:    opts.Export.Tool,
			Created: opts.Time.UTC().Format(time.RFC3339),
			Session: s.ID,
		},
		files: map[string]bag.File{},
	}
	for _, f := range files {
		t.files[f.Name] = f
	}
	source := t.ref("data/" + sourceName(s))
	t.source(source, s.Source.Name, nil)
	given := []FileRef{source} // all that came
	for i, f := range r.Frames {
		if f.File != nil {
			given = append(given, t.original(f, s.Images[i].Pointer, source))
		}
	}
	for _, f := range r.Frames {
		t.pictures(f, source)
	}
	for _, o := range r.Outputs {
		switch {
		case strings.HasPrefix(o.File, "sheet"):
			t.derived("data/"+o.File, "", opSheet, nil, given...)
		case "data/"+o.File == PaperFile:
			t.derived(PaperFile, "", opPaper, nil, given...)
		}
	}
	t.derived(ReportFile, "", opReport, nil, given...)
	if opts.Page {
		t.derived(PageFile, "", opPage, nil, append(given[1:], t.ref(ReportFile))...)
	}
	return t.p
}

func (t *tracer) ref(name string) FileRef {
	return FileRef{File: name, SHA256: t.files[name].Digests[bag.SHA256]}
}

func (t *tracer) source(ref FileRef, name string, origin *decode.Origin) {
	t.p.Sources = append(t.p.Sources, SourceFile{
		FileRef: ref, Bytes: t.files[ref.File].Size, Name: name, Origin: origin,
	})
}

func (t *tracer) derived(file, pixels, operation string, parameters any, inputs ...FileRef) {
	if parameters == nil {
		parameters = struct{}{}
	}
	t.p.Derived = append(t.p.Derived, DerivedFile{
		FileRef: t.ref(file), Bytes: t.files[file].Size, PixelSHA256: pixels,
		Operation: operation, Inputs: inputs, Parameters: parameters,
	})
}

// original traces an image as it was received: out of the source, or from S3.
func (t *tracer) original(f *export.FrameRecord, pointer string, source FileRef) FileRef {
	ref := t.ref("data/" + *f.File)
	if f.Origin == nil || f.Origin.Kind != "inline" {
		t.source(ref, "", f.Origin)
		return ref
	}
	t.derived(ref.File, "", opExtract, struct {
		Pointer  string `json:"pointer"`
		Encoding string `json:"encoding"`
	}{pointer, f.Origin.Encoding}, source)
	return ref
}

// pictures traces what was drawn of a frame.
func (t *tracer) pictures(f *export.FrameRecord, source FileRef) {
	original := source
	if f.File != nil {
		original = t.ref("data/" + *f.File)
	}
	type drawn struct {
		Orientation *int                    `json:"orientation"`
		Box         *export.BoxRecord       `json:"box"`
		Placement   *export.PlacementRecord `json:"placement"`
	}
	if a := f.Annotated; a != nil {
		t.derived("data/"+a.File, a.PixelSHA256, opAnnotate, drawn{f.Orientation, f.Box, f.Placement}, original)
	}
	if c := f.Face; c != nil {
		t.derived("data/"+c.File, c.PixelSHA256, opCrop, struct {
			Orientation *int              `json:"orientation"`
			Rect        export.RectRecord `json:"rect"`
		}{f.Orientation, c.Rect}, original)
	}
}

// JSON returns p as it is written to provenance.json.
func (p *Provenance) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("writing %s: %w", ProvenanceFile, err)
	}
	return b.Bytes(), nil
}

// sum returns the SHA-256 digest of data in hexadecimal.
func sum(data []byte) string {
	d := sha256.Sum256(data)
	return hex.EncodeToString(d[:])
}
