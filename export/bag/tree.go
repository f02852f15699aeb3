package bag

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
)

// A Tree is the files of a bag, wherever they lie.
type Tree interface {
	// Entries yields all that lies in the bag, in any order. Of what cannot be
	// read, or should not be there, it yields a finding instead. It stops where
	// it meets more than l allows.
	Entries(l Limits) iter.Seq2[Entry, *Finding]
	// Open opens the file of an entry that it has yielded. Reading it to the
	// end, or opening it, fails with [ErrChanged] if it is no longer what it was.
	Open(e Entry) (io.ReadCloser, error)
}

// ErrChanged says that a file changed while it was looked at.
var ErrChanged = errors.New("changed while the bag was verified")

// An Entry is a file, folder, or something else in a bag.
type Entry struct {
	// Name is relative to the bag and has forward slashes.
	Name string
	// Size is that of a file, in bytes.
	Size int64
	// Mode says what it is. Its permissions do not matter.
	Mode fs.FileMode

	info fs.FileInfo // of a file in a folder
}

// Folder returns the tree of a bag in a folder. It follows no symbolic link.
// The root stays the caller's to close.
func Folder(root *os.Root) Tree { return folder{root} }

type folder struct{ root *os.Root }

// batch is how many entries of a folder are held at a time, before they are
// counted.
const batch = 1024

// Entries lists the folder and those within.
func (f folder) Entries(l Limits) iter.Seq2[Entry, *Finding] {
	l = l.withDefaults()
	return func(yield func(Entry, *Finding) bool) {
		left := l.Entries
		f.walk(".", l.Depth, func(e Entry, bad *Finding) bool {
			if left--; left < 0 {
				yield(Entry{}, tooManyEntries(l))
				return false
			}
			return yield(e, bad)
		})
	}
}

func tooManyEntries(l Limits) *Finding {
	return &Finding{Code: TooMany, Message: fmt.Sprintf("more than %d files and folders", l.Entries)}
}

func tooDeep(name string) *Finding {
	return &Finding{Code: TooMany, Path: name, Message: "folders lie too deep in each other"}
}

// walk yields what lies in a folder, and reports whether to go on.
func (f folder) walk(dir string, depth int, yield func(Entry, *Finding) bool) bool {
	if depth < 0 {
		return yield(Entry{}, tooDeep(dir))
	}
	d, err := f.root.OpenFile(dir, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return yield(Entry{}, unreadable(dir, err))
	}
	defer d.Close()
	for {
		list, err := d.ReadDir(batch)
		for _, e := range list {
			if !f.entry(path.Join(dir, e.Name()), depth, yield) {
				return false
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return true
		case err != nil:
			return yield(Entry{}, unreadable(dir, err))
		}
	}
}

func (f folder) entry(name string, depth int, yield func(Entry, *Finding) bool) bool {
	info, err := f.root.Lstat(name)
	if err != nil {
		return yield(Entry{}, unreadable(name, err))
	}
	if !yield(Entry{Name: name, Size: info.Size(), Mode: info.Mode(), info: info}, nil) {
		return false
	}
	return !info.IsDir() || f.walk(name, depth-1, yield)
}

func unreadable(name string, err error) *Finding {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err // the other half names the file, as the finding does
	}
	code := Unreadable
	if errors.Is(err, errBehind) {
		code = BadZip
	}
	if errors.Is(err, ErrChanged) || errors.Is(err, fs.ErrNotExist) {
		code, err = Changed, ErrChanged
	}
	return &Finding{Code: code, Path: name, Message: err.Error()}
}

// Open opens a file, unless it has become another.
func (f folder) Open(e Entry) (io.ReadCloser, error) {
	file, err := f.root.OpenFile(e.Name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	w := &watched{file, e.info}
	if err := w.check(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

// A watched file fails at its end if it is not what it was when it was listed.
type watched struct {
	*os.File
	was fs.FileInfo
}

// Read reads, and looks at the file again at its end.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.File.Read(p)
	if errors.Is(err, io.EOF) {
		if changed := w.check(); changed != nil {
			err = changed
		}
	}
	return n, err
}

func (w *watched) check() error {
	now, err := w.Stat()
	switch {
	case err != nil:
		return err
	case !os.SameFile(now, w.was) || now.Mode() != w.was.Mode(),
		now.Size() != w.was.Size(), !now.ModTime().Equal(w.was.ModTime()):
		return ErrChanged
	}
	return nil
}
