package bag

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Put takes one file of a bag. The name is relative and has forward slashes. It
// reads r to its end, and does not keep it.
type Put func(name string, r io.Reader) error

// A Writer makes a bag. Files go to its Put as they are added; the lists follow
// when it is closed. Nothing is undone after an error: whoever keeps the files
// makes sure that a bag appears whole or not at all.
type Writer struct {
	put        Put
	algorithms []Algorithm
	payload    []listed
	tags       []listed
	seen       map[string]bool // folded names
	closed     bool
}

// A listed file stands in manifests.
type listed struct {
	name string
	size int64
	sums map[Algorithm]string
}

var (
	errAlgorithm = errors.New("algorithms are sha256 and, as well, sha512")
	errTwice     = errors.New("two files of this name, or one that differs in case alone")
	errClosed    = errors.New("the bag is closed")
	errUnread    = errors.New("not read to its end")
)

// NewWriter begins a bag of version 1.0 whose files go to put. Its manifests are
// of SHA-256, and of SHA-512 too where that is among more.
func NewWriter(put Put, more ...Algorithm) (*Writer, error) {
	w := &Writer{put: put, algorithms: []Algorithm{SHA256}, seen: map[string]bool{}}
	for _, a := range more {
		if a != SHA256 && a != SHA512 {
			return nil, fmt.Errorf("%.20q: %w", string(a), errAlgorithm)
		}
		if !slices.Contains(w.algorithms, a) {
			w.algorithms = append(w.algorithms, a)
		}
	}
	return w, nil
}

// Add adds a file of the payload; its name is relative to data/. It returns an
// [ErrName] for a name that [CheckName] refuses.
func (w *Writer) Add(name string, data []byte) error {
	return w.data(&w.payload, "data/"+name, data)
}

// AddReader adds a file of the payload from r, in one pass.
func (w *Writer) AddReader(name string, r io.Reader) error {
	return w.file(&w.payload, "data/"+name, func(name string, d *digester) (int64, error) {
		in := &counter{r: io.TeeReader(r, d)}
		if err := w.put(name, in); err != nil {
			return 0, err
		}
		if n, err := in.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("%s: %w", name, errUnread)
		}
		return in.n, nil
	})
}

// Tag adds a tag file: one that says something of the bag, and stands in its
// tag manifest. The name is relative to the bag, and not one of BagIt's own.
func (w *Writer) Tag(name string, data []byte) error {
	if ownName(name) {
		return fmt.Errorf("%w %+.100q: it means something to BagIt", ErrName, name)
	}
	return w.tag(name, data)
}

func (w *Writer) tag(name string, data []byte) error { return w.data(&w.tags, name, data) }

// data puts a file that lies in memory.
func (w *Writer) data(list *[]listed, name string, data []byte) error {
	return w.file(list, name, func(name string, d *digester) (int64, error) {
		_, _ = d.Write(data)
		r := bytes.NewReader(data)
		if err := w.put(name, r); err != nil {
			return 0, err
		}
		if r.Len() > 0 {
			return 0, fmt.Errorf("%s: %w", name, errUnread)
		}
		return r.Size(), nil
	})
}

// ownName reports whether BagIt itself gives a meaning to a name of a tag file.
func ownName(name string) bool {
	folded := strings.ToLower(name)
	_, _, manifest := manifestName(folded)
	return manifest || slices.Contains([]string{bagitFile, infoFile, oldInfoFile, fetchFile, "data"}, folded) ||
		strings.HasPrefix(folded, "data/")
}

// file has a file put and digested, and lists it.
func (w *Writer) file(list *[]listed, name string, put func(string, *digester) (int64, error)) error {
	if w.closed {
		return fmt.Errorf("%s: %w", name, errClosed)
	}
	if err := CheckName(name); err != nil {
		return err
	}
	key := strings.ToLower(name)
	if w.seen[key] {
		return fmt.Errorf("%s: %w", name, errTwice)
	}
	w.seen[key] = true
	d := newDigester(w.algorithms)
	n, err := put(name, d)
	if err != nil {
		return err
	}
	*list = append(*list, listed{name, n, d.sums()})
	return nil
}

// A counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// declaration is what bagit.txt says.
const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// Close writes what BagIt asks for: bagit.txt, bag-info.txt with the fields of
// info in their order and the size of the payload behind them, and the
// manifests. It returns the tag manifest of SHA-256: who signs that signs the
// bag. Files that are put afterwards, such as the signature, stand in no list.
func (w *Writer) Close(info []Field) (tagManifest []byte, err error) {
	for _, f := range info {
		if err := f.Check(); err != nil {
			return nil, err
		}
	}
	var total int64
	for _, f := range w.payload {
		total += f.size
	}
	size := Field{oxum, fmt.Sprintf("%d.%d", total, len(w.payload))}
	if err := w.tag(bagitFile, []byte(declaration)); err != nil {
		return nil, err
	}
	if err := w.tag(infoFile, formatInfo(append(slices.Clone(info), size))); err != nil {
		return nil, err
	}
	for _, a := range w.algorithms {
		if err := w.tag("manifest-"+string(a)+".txt", manifest(w.payload, a)); err != nil {
			return nil, err
		}
	}
	w.closed = true
	for _, a := range w.algorithms {
		if err := w.put("tagmanifest-"+string(a)+".txt", bytes.NewReader(manifest(w.tags, a))); err != nil {
			return nil, err
		}
	}
	return manifest(w.tags, SHA256), nil
}

// Payload returns the files that have been added so far, in their order.
func (w *Writer) Payload() []File {
	var list []File
	for _, f := range w.payload {
		list = append(list, File{Name: f.name, Size: f.size, Digests: f.sums})
	}
	return list
}

// Manifest returns the manifest of SHA-256 of the payload so far.
func (w *Writer) Manifest() []byte { return manifest(w.payload, SHA256) }

// manifest lists files as sha256sum does, sorted by their names.
func manifest(files []listed, a Algorithm) []byte {
	sorted := slices.SortedFunc(slices.Values(files), func(x, y listed) int { return strings.Compare(x.name, y.name) })
	var b bytes.Buffer
	for _, f := range sorted {
		fmt.Fprintf(&b, "%s  %s\n", f.sums[a], f.name)
	}
	return b.Bytes()
}
