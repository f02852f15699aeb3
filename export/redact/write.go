package redact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/pack"
)

// DocumentName is the name of the document among the files of a copy.
const DocumentName = "redacted.json"

// A Made is what [Copy.Files] or [Copy.Pack] made.
type Made struct {
	// Report is the report of the copy.
	Report *export.Report
	// Files counts the files that were searched, which are all.
	Files int
	// Unchecked names the secrets that are too short to be looked for.
	Unchecked []string
}

// Files makes all that [export.Convert] makes of the copy's document, and the
// document itself as [DocumentName], and hands every file to put. The images in
// the folder originals are those that the document holds: they are the copy's
// originals, as filled. Of the options, Unit and Load.Objects do not count, nor
// does Threshold where the confidence is hidden.
//
// Every file is searched for the secrets of the full folder before it is put.
// One that holds any ends it with an [ErrLeak]; what was put before it must be
// thrown away.
func (c *Copy) Files(ctx context.Context, opts *export.Options, put export.Put) (*Made, error) {
	search := c.search()
	checked := func(name string, data []byte) error {
		if err := search.file(name, data); err != nil {
			return err
		}
		return put(name, data)
	}
	if err := checked(DocumentName, c.Document); err != nil {
		return nil, err
	}
	s, err := c.session()
	if err != nil {
		return nil, err
	}
	r, err := export.Convert(ctx, s, c.options(opts), checked)
	if err != nil {
		return nil, err
	}
	search.made.Report = r.Report
	return &search.made, nil
}

// Pack makes an evidence pack of the copy's document, as [pack.Write] does. It is
// a pack of its own: its log begins with the redaction, and nothing in it names a
// file of the full one. Of opts.Export counts what does for [Copy.Files].
//
// Every file, tag files, signatures and timestamps too, is searched before it is
// put, as by [Copy.Files].
func (c *Copy) Pack(ctx context.Context, opts *pack.Options, put bag.Put) (*Made, error) {
	search := c.search()
	checked := func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if err := search.file(name, data); err != nil {
			return err
		}
		return put(name, bytes.NewReader(data))
	}
	s, err := c.session()
	if err != nil {
		return nil, err
	}
	o := *opts
	o.Export, o.Redacted = *c.options(&opts.Export), true
	r, err := pack.Write(ctx, s, &o, checked)
	if err != nil {
		return nil, err
	}
	search.made.Report = r.Report
	return &search.made, nil
}

// Search searches a file that holds the copy, such as an archive of its pack, as
// [Copy.Files] does.
func (c *Copy) Search(name string, data []byte) error { return c.search().file(name, data) }

// A search is that of the files of one copy.
type search struct {
	scanner *leak.Scanner
	made    Made
}

func (c *Copy) search() *search {
	s := &search{scanner: leak.New(c.Secrets, c.Public...)}
	for _, secret := range s.scanner.Skipped() {
		s.made.Unchecked = append(s.made.Unchecked, secret.Name)
	}
	return s
}

// file reports the secrets in a file and its name, as an [ErrLeak].
func (s *search) file(name string, data []byte) error {
	s.made.Files++
	inName, err1 := s.scanner.Scan("name of a file", []byte(name))
	inData, err2 := s.scanner.Scan(name, data)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("%w: %w", ErrLeak, err)
	}
	var list []string
	for _, l := range slices.Concat(inName, inData) {
		list = append(list, l.String())
	}
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrLeak, strings.Join(list, "; "))
}

var errSessions = errors.New("the copy does not hold one session")

// session reads the document back, as anybody will.
func (c *Copy) session() (*decode.Session, error) {
	var found *decode.Session
	opts := &decode.Options{Name: DocumentName, Limits: decode.Limits{Document: int64(len(c.Document))}}
	for s, err := range decode.Sessions(bytes.NewReader(c.Document), opts) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("reading copy: %w", err)
		case found != nil:
			return nil, errSessions
		}
		found = s
	}
	if found == nil {
		return nil, errSessions
	}
	return found, nil
}

// options returns those for the files of the copy.
func (c *Copy) options(files *export.Options) *export.Options {
	opts := export.Options{}
	if files != nil {
		opts = *files
	}
	opts.Unit = c.Unit
	opts.Load.Limits.ImageBytes = int64(len(c.Document)) // filled images are PNG, and larger than what came
	opts.Load.Objects = nil
	if opts.Threshold == "" {
		opts.Threshold = c.Threshold
	}
	if c.Redaction.ConfidenceHidden {
		opts.Threshold = ""
	}
	opts.Tool.Options = maps.Clone(opts.Tool.Options)
	if opts.Tool.Options == nil {
		opts.Tool.Options = map[string]string{}
	}
	// What the copy itself brings along, so that its files can be made again.
	delete(opts.Tool.Options, "threshold")
	if opts.Threshold != "" {
		opts.Tool.Options["threshold"] = string(opts.Threshold)
	}
	opts.Tool.Options["box-unit"] = string(c.Unit)
	return &opts
}
