package pack

import (
	"bytes"
	"context"
	"io/fs"
	"path"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

// PageFile is the reviewer's page of a pack; see Options.Page.
const PageFile = "data/review.html"

// PaperFile is the PDF of a pack; see export.OutputPDF.
const PaperFile = "data/session.pdf"

// MakePage makes the reviewer's page of the session that lies in a folder, with
// the options that the rest was made with.
func MakePage(ctx context.Context, folder fs.FS, opts *export.Options, put export.Put) error {
	s, err := review.Read(ctx, folder, "pack", &opts.Load.Limits)
	if err != nil {
		return err
	}
	one := func(yield func(*review.Session, error) bool) { yield(s, nil) }
	page := &review.Options{Name: path.Base(PageFile), Audience: opts.Audience, Tool: opts.Tool}
	_, err = review.Write(one, page, put)
	return err
}

// keptFiles are the files of a payload that a page is made of.
type keptFiles map[string][]byte

// keep hands files on to put, and keeps them.
func (k keptFiles) keep(put export.Put) export.Put {
	return func(name string, data []byte) error {
		if name == path.Base(ReportFile) || path.Dir(name) == "originals" {
			k[name] = bytes.Clone(data)
		}
		return put(name, data)
	}
}

// Open opens a file.
func (k keptFiles) Open(name string) (fs.File, error) {
	data, ok := k[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return newPayloadFile(name, data), nil
}
