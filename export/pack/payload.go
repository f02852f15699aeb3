package pack

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/lvtool/lvtool/export/bag"
)

// Payload returns the folder data of a pack, for as long as its tree can be
// read. Folders can only be listed; what is read of a file are the bytes that
// were verified, else the error is a [bag.ErrChanged].
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
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	if f := p.bag.File("data/" + name); f != nil {
		return payloadInfo{name: name, size: f.Size}, nil
	}
	if len(p.below(name)) > 0 {
		return payloadInfo{name: name, folder: true}, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists a folder.
func (p payload) ReadDir(name string) ([]fs.DirEntry, error) {
	list := p.below(name)
	if !fs.ValidPath(name) || len(list) == 0 {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	return list, nil
}

// below returns what lies in a folder, sorted by name; nothing where there is no
// such folder.
func (p payload) below(name string) []fs.DirEntry {
	prefix := "data/" + name + "/"
	if name == "." {
		prefix = "data/"
	}
	found := map[string]payloadInfo{}
	for _, f := range p.bag.Files {
		rest, ok := strings.CutPrefix(f.Name, prefix)
		if !ok {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		info := payloadInfo{name: first, size: f.Size}
		if deeper {
			info = payloadInfo{name: first, folder: true}
		}
		found[first] = info
	}
	var list []fs.DirEntry
	for _, first := range slices.Sorted(maps.Keys(found)) {
		list = append(list, fs.FileInfoToDirEntry(found[first]))
	}
	return list
}

type payloadFile struct {
	*bytes.Reader
	info payloadInfo
}

func newPayloadFile(name string, data []byte) *payloadFile {
	return &payloadFile{bytes.NewReader(data), payloadInfo{name: name, size: int64(len(data))}}
}

// Stat returns what the file is.
func (f *payloadFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (*payloadFile) Close() error { return nil }

// A payloadInfo is what is known of a file: no bag says more.
type payloadInfo struct {
	name   string
	size   int64
	folder bool
}

func (i payloadInfo) Name() string     { return path.Base(i.name) }
func (i payloadInfo) Size() int64      { return i.size }
func (payloadInfo) ModTime() time.Time { return time.Time{} }
func (i payloadInfo) IsDir() bool      { return i.folder }

// Mode says whether it is a folder.
func (i payloadInfo) Mode() fs.FileMode {
	if i.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

func (payloadInfo) Sys() any { return nil }
