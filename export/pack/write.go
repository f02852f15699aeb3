package pack

import (
	"bytes"
	"context"
	_ "embed" // For the files that are the same in every pack.
	"fmt"
	"slices"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
)

// The names of files in a pack.
const (
	ReportFile     = "data/report.json"
	ProvenanceFile = "provenance.json"
	CustodyFile    = "custody.jsonl"
	ProfileFile    = "profile.json"
	VerifyFile     = "VERIFY.txt"
	// TagManifest is what signatures are of. It is written after all that it
	// lists, and only signatures after it.
	TagManifest = "tagmanifest-sha256.txt"
)

//go:embed VERIFY.txt
var verifyText []byte

//go:embed profile.json
var profile []byte

// Profile returns the BagIt Profile (version 1.4.0) of packs, as it stands in
// every one.
func Profile() []byte { return bytes.Clone(profile) }

// Convert is [export.Convert], or a method that does the same.
type Convert func(context.Context, *decode.Session, *export.Options, export.Put) (*export.Result, error)

// Write makes the pack of a session and hands its files to put one by one, the
// tag manifest and its signatures last. The same session and options give the
// same bytes, if those of Seal are the same. It fails with an [ErrOptions], with
// the errors of [export.Convert], and with those of put and Seal, each of which
// ends it at once.
func Write(ctx context.Context, s *decode.Session, opts *Options, put bag.Put) (*export.Result, error) {
	return WriteBy(ctx, export.Convert, s, opts, put)
}

// WriteBy is [Write] with something that converts.
func WriteBy(
	ctx context.Context, convert Convert, s *decode.Session, opts *Options, put bag.Put,
) (*export.Result, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	var more []bag.Algorithm
	if opts.SHA512 {
		more = append(more, bag.SHA512)
	}
	w, err := bag.NewWriter(put, more...)
	if err != nil {
		return nil, err
	}
	source := sourceName(s)
	if err := w.Add(source, s.Source.Data); err != nil {
		return nil, err
	}
	export := opts.Export
	export.KeepSource = false // it has its place
	add, kept := w.Add, keptFiles{}
	if opts.Page {
		add = kept.keep(w.Add)
	}
	result, err := convert(ctx, s, &export, add)
	if err == nil && opts.Page {
		err = MakePage(ctx, kept, &export, w.Add)
	}
	if err != nil {
		return nil, err
	}
	p := newProvenance(s, opts, result.Report, w.Payload())
	return result, finish(w, p, opts, put)
}

// finish adds what says something of the payload, and seals the bag.
func finish(w *bag.Writer, p *Provenance, opts *Options, put bag.Put) error {
	provenance, err := p.JSON()
	if err != nil {
		return err
	}
	log, err := newLog(w, p, provenance, opts)
	if err != nil {
		return err
	}
	for _, tag := range []struct {
		name string
		data []byte
	}{
		{ProvenanceFile, provenance},
		{CustodyFile, log.Bytes()},
		{ProfileFile, profile},
		{VerifyFile, verifyText},
	} {
		if err := w.Tag(tag.name, tag.data); err != nil {
			return err
		}
	}
	tagManifest, err := w.Close(slices.Concat(opts.fields(p.Session), log.Anchor()))
	if err != nil || opts.Seal == nil {
		return err
	}
	return opts.Seal(tagManifest, put)
}

// newLog writes what has been done.
func newLog(w *bag.Writer, p *Provenance, provenance []byte, opts *Options) (*custody.Log, error) {
	received := custody.Ingestion
	switch {
	case opts.Redacted:
		received = custody.Redaction
	case opts.Captured:
		received = custody.Capture
	}
	log := custody.New()
	for _, e := range []struct {
		kind   custody.Kind
		object string
	}{
		{received, object(p.Sources[0].SHA256, p.Sources[0].File)},
		{custody.Rendering, object(sum(provenance), ProvenanceFile)},
		{custody.InformationPackageCreation, object(sum(w.Manifest()), "manifest-sha256.txt")},
	} {
		if err := log.Add(opts.Time, opts.agent(), e.kind, e.object); err != nil {
			return nil, fmt.Errorf("%s: %w", CustodyFile, err)
		}
	}
	return log, nil
}

func object(sha256, file string) string { return "sha256:" + sha256 + " " + file }

// sourceName returns the name of the source in the payload.
func sourceName(s *decode.Session) string {
	switch s.Source.Encoding {
	case "gzip":
		return "source/result.json.gz"
	case "zstd":
		return "source/result.json.zst"
	case "yaml":
		return "source/result.yaml"
	case "", "utf-16le", "utf-16be":
		return "source/result.json"
	}
	return "source/result.bin"
}
