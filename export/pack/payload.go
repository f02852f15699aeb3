package pack

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"time"

	"github.com/lvtool/lvtool/export/bag"
)

// Payload returns the folder data of a pack, for as long as its tree can be
// read. Only files can be opened; what is read of one are the bytes that were
// verified, else the error is a [bag.ErrChanged].
func (c *Contents) Payload() fs.FS { return payload{c.Bag} }

type payload struct{ bag *bag.Result }

// Open reads a file.
func (p payload) Open(name string) (fs.File, error) {
	failed := func(err error) error { return &fs.PathError{Op: "open", Path: name, Err: err} }
	if !fs.ValidPath(name) {
		return nil, failed(fs.ErrInvalid)
	}
	data, err := p.bag.Read("data/"+name, maxDocument)
	switch {
	case errors.Is(err, bag.ErrNoFile):
		return nil, failed(fs.ErrNotExist)
	case err != nil:
		return nil, failed(err)
	}
	return newPayloadFile(name, data), nil
}

// Stat says what there is without reading it.
func (p payload) Stat(name string) (fs.FileInfo, error) {
	f := p.bag.File("data/" + name)
	if f == nil || !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return payloadInfo{name, f.Size}, nil
}

type payloadFile struct {
	*bytes.Reader
	info payloadInfo
}

func newPayloadFile(name string, data []byte) *payloadFile {
	return &payloadFile{bytes.NewReader(data), payloadInfo{name, int64(len(data))}}
}

// Stat returns what the file is.
func (f *payloadFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (*payloadFile) Close() error { return nil }

// A payloadInfo is what is known of a file: no bag says more.
type payloadInfo struct {
	name string
	size int64
}

func (i payloadInfo) Name() string     { return path.Base(i.name) }
func (i payloadInfo) Size() int64      { return i.size }
func (payloadInfo) Mode() fs.FileMode  { return 0o444 }
func (payloadInfo) ModTime() time.Time { return time.Time{} }
func (payloadInfo) IsDir() bool        { return false }
func (payloadInfo) Sys() any           { return nil }
