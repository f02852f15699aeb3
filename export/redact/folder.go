package redact

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// A Full is a session with all that there is of it, read from a folder.
type Full struct {
	// Report is the folder's report.json.
	Report *export.Report
	// Digest is the folder's [FolderDigest].
	Digest decode.Digest
	// originals are the images as received, by the number of their frame; nil
	// for those that the folder does not have.
	originals [][]byte
}

// ReadFolder reads a folder that the convert command made, or a pack. It fails
// with [ErrFolder] where a file is missing or is not the one that the report
// names: what was changed is not copied.
func ReadFolder(folder fs.FS) (*Full, error) {
	folder, err := payload(folder)
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(folder, "report.json")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	report, err := export.ParseReport(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: report.json: %w", ErrFolder, err)
	}
	f := &Full{Report: report, originals: make([][]byte, len(report.Frames))}
	for i, r := range report.Frames {
		if f.originals[i], err = original(folder, r); err != nil {
			return nil, err
		}
	}
	if f.Digest, err = FolderDigest(folder); err != nil {
		return nil, err
	}
	return f, nil
}

// payload returns the folder of a bag (package bag) that holds what it is about,
// and any other folder as it is.
func payload(folder fs.FS) (fs.FS, error) {
	if !isBag(folder) {
		return folder, nil
	}
	return fs.Sub(folder, "data")
}

func isBag(folder fs.FS) bool {
	_, err := fs.Stat(folder, "bagit.txt")
	return err == nil
}

// original reads the image of a frame as received.
func original(folder fs.FS, r *export.FrameRecord) ([]byte, error) {
	if r.File == nil {
		return nil, nil
	}
	if path.Dir(*r.File) != "originals" || !fs.ValidPath(*r.File) {
		return nil, fmt.Errorf("%w: the report names the file %+.80q", ErrFolder, *r.File)
	}
	data, err := fs.ReadFile(folder, *r.File)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	if r.SHA256 == nil || decode.Digest(sha256.Sum256(data)).String() != *r.SHA256 {
		return nil, fmt.Errorf("%w: %s is not the file that the report was made of", ErrFolder, *r.File)
	}
	return data, nil
}

// Folders returns the folders of sessions, and the packs, in a folder, sorted:
// itself, ".", or those right below it.
func Folders(folder fs.FS) ([]string, error) {
	if whole(folder) {
		return []string{"."}, nil
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, err
	}
	var list []string
	for _, e := range entries {
		if sub, err := fs.Sub(folder, e.Name()); err == nil && e.IsDir() && whole(sub) {
			list = append(list, e.Name())
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: no report.json in it or in the folders below", ErrFolder)
	}
	return list, nil
}

// whole reports whether a folder is that of a session, or a pack.
func whole(folder fs.FS) bool {
	folder, err := payload(folder)
	if err != nil {
		return false
	}
	_, err = fs.Stat(folder, "report.json")
	return err == nil
}

// image returns a frame of the folder as an image to load.
func (f *Full) image(i int) *decode.Image {
	r := f.Report.Frames[i]
	img := &decode.Image{Name: r.Name}
	if f.originals[i] != nil {
		img.Inline = json.RawMessage(`"` + base64.StdEncoding.EncodeToString(f.originals[i]) + `"`)
	}
	if b := r.Box; b != nil {
		img.Box = &decode.Box{Left: b.Left, Top: b.Top, Width: b.Width, Height: b.Height}
	}
	return img
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
