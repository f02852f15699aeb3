package bag

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// OpenZip returns the tree of a bag in a ZIP archive of the given size: of the
// one folder that the archive holds, or of the archive itself where bagit.txt
// lies in no folder. It fails with an [ErrZip] for what is no ZIP archive, has
// more entries than the limits allow, or has parts beside its entries. Nothing
// is unpacked.
func OpenZip(r io.ReaderAt, size int64, l Limits) (Tree, error) {
	l = l.withDefaults()
	directory, err := readDirectory(r, size)
	if err != nil {
		return nil, err
	}
	if directory.records > uint64(l.Entries) { //nolint:gosec // limits are positive
		return nil, fmt.Errorf("%w: %d entries, more than %d", ErrZip, directory.records, l.Entries)
	}
	if err := directory.walk(r); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: %v", ErrZip, err)
	}
	if !directory.agrees(archive) {
		return nil, fmt.Errorf("%w: %v", ErrZip, errAmbiguous)
	}
	t := &zipTree{archive: archive, files: map[string]*zip.File{}, directory: directory, source: r}
	t.prefix = t.base()
	return t, nil
}

// ErrZip says that an archive cannot be read, or cannot be read in one way only.
var ErrZip = errors.New("unusable ZIP archive")

type zipTree struct {
	archive   *zip.Reader
	source    io.ReaderAt
	directory *zipDirectory
	prefix    string // of the names in the bag: empty, or a folder with a slash
	files     map[string]*zip.File
}

// base returns the folder of the bag.
func (t *zipTree) base() string {
	base := ""
	for i, f := range t.archive.File {
		first, _, found := strings.Cut(f.Name, "/")
		if f.Name == bagitFile || !found || misleads(first) || i > 0 && base != first+"/" {
			return ""
		}
		base = first + "/"
	}
	return base
}

// misleads reports whether a name leads out of the bag, or may for some programs:
// those that take the backslash for a slash, or end a name at a zero byte.
func misleads(name string) bool {
	return !fs.ValidPath(name) || name == "." || outOfScope(name) || strings.ContainsAny(name, "\\\x00")
}

// Entries yields the entries, and what is wrong with them.
func (t *zipTree) Entries(l Limits) iter.Seq2[Entry, *Finding] {
	l = l.withDefaults()
	return func(yield func(Entry, *Finding) bool) {
		spans, odd := make([]span, len(t.archive.File)), make([]error, len(t.archive.File))
		for i, f := range t.archive.File {
			spans[i], odd[i] = t.directory.span(t.source, i, f)
		}
		if !slices.ContainsFunc(odd, func(err error) bool { return err != nil }) {
			for _, f := range t.layout(spans) {
				if !yield(Entry{}, &f) {
					return
				}
			}
		}
		for i, f := range t.archive.File {
			e, bad := t.entry(f, odd[i], l)
			if (e.Name != "" || bad != nil) && !yield(e, bad) {
				return
			}
		}
	}
}

// entry returns what an entry of the archive is in the bag; nothing for the
// folder of the bag itself. odd is what is wrong with its header.
func (t *zipTree) entry(f *zip.File, odd error, l Limits) (Entry, *Finding) {
	name := strings.TrimSuffix(strings.TrimPrefix(f.Name, t.prefix), "/")
	bad := func(code Code, format string, args ...any) (Entry, *Finding) {
		return Entry{}, &Finding{Code: code, Path: f.Name, Message: fmt.Sprintf(format, args...)}
	}
	switch {
	case name == "" && t.prefix != "" && f.Name == t.prefix:
		return Entry{}, t.refuse(f, odd, l)
	case misleads(name):
		return bad(OutOfScope, "the name of an entry leads out of the bag, or is written so that it might")
	case strings.Count(name, "/") > l.Depth:
		return Entry{}, tooDeep(f.Name)
	case t.files[name] != nil && t.files[name] != f:
		return bad(BadZip, "two entries of this name")
	}
	t.files[name] = f
	if bad := t.refuse(f, odd, l); bad != nil {
		return Entry{}, bad
	}
	return Entry{Name: name, Size: int64(f.UncompressedSize64), Mode: kind(f)}, nil //nolint:gosec // within the limit
}

// refuse returns what is wrong with an entry whatever its name.
func (t *zipTree) refuse(f *zip.File, odd error, l Limits) *Finding {
	bad := func(code Code, format string, args ...any) *Finding {
		return &Finding{Code: code, Path: f.Name, Message: fmt.Sprintf(format, args...)}
	}
	folder := strings.HasSuffix(f.Name, "/")
	switch mode := kind(f); {
	case odd != nil:
		return bad(BadZip, "%v", odd)
	case folder && (f.CompressedSize64 > 0 || f.UncompressedSize64 > 0 || f.Method != zip.Store):
		return bad(BadZip, "a folder that holds bytes, as only a file does")
	case !mode.IsDir() && !mode.IsRegular():
		name := strings.TrimPrefix(f.Name, t.prefix)
		return &Finding{Code: NotRegular, Path: cmp.Or(name, f.Name), Message: modeWord(mode) + ", not a file"}
	case f.Flags&encrypted != 0:
		return bad(BadZip, "the entry is encrypted")
	case f.Flags&^knownFlags != 0:
		return bad(BadZip, "the entry has flags %#x, which not every program knows", f.Flags&^knownFlags)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return bad(BadZip, "the entry is compressed by method %d, which not every program knows", f.Method)
	case f.Method == zip.Store && f.Flags&sizesFollow != 0 && f.CompressedSize64 > 0:
		return bad(BadZip, "the size stands behind bytes that do not say where they end: "+
			"programs that read from the front would see different files")
	case f.UncompressedSize64 > uint64(l.Bytes): //nolint:gosec // limits are positive
		return bad(TooMany, "%d bytes, more than %d", f.UncompressedSize64, l.Bytes)
	}
	return nil
}

// Open opens an entry.
func (t *zipTree) Open(e Entry) (io.ReadCloser, error) {
	f := t.files[e.Name]
	if f == nil {
		return nil, &fs.PathError{Op: "open", Path: path.Clean(e.Name), Err: fs.ErrNotExist}
	}
	return openZipFile(f)
}
