package redact

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/pack"
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
	// more are secrets that only a pack has.
	more []leak.Secret
}

// shared are the files that all packs have alike, so that their digests say
// nothing.
var shared = []string{"bagit.txt", pack.ProfileFile, pack.VerifyFile}

// ReadPack reads a pack that was verified. Beside what [ReadFolder] knows, no
// digest of any of its files may stand in a copy, nor the head of its custody log.
func ReadPack(c *pack.Contents) (*Full, error) {
	f, err := ReadFolder(c.Payload())
	if err != nil {
		return nil, err
	}
	list := secrets{}
	for _, file := range c.Bag.Files {
		inReport := strings.HasPrefix(file.Name, "data/") && file.Name != pack.PageFile
		if slices.Contains(shared, file.Name) || inReport {
			continue
		}
		data, err := c.Bag.Read(file.Name, mostTag)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFolder, err)
		}
		list.digest("digest of "+file.Name, decode.Digest(sha256.Sum256(data)).String())
	}
	if head, ok := bag.Lookup(c.Bag.Info, custody.HeadLabel); ok {
		list.digest("head of the custody log", head)
	}
	f.more = append(f.more, list.list...)
	return f, nil
}

// mostTag is how many bytes a tag file may have.
const mostTag = 64 << 20

// sources are the names that the document has in folders and in packs.
var sources = []string{
	"source.json", "source.bin", "source/result.json", "source/result.json.gz", "source/result.json.zst",
	"source/result.yaml", "source/result.bin",
}

// ReadFolder reads a folder that the convert command made, or a pack. It fails
// with [ErrFolder] where a file is missing or is not the one that the report
// names: what was changed is not copied.
func ReadFolder(folder fs.FS) (*Full, error) {
	folder, err := payload(folder)
	if err != nil {
		return nil, err
	}
	data, err := readFile(folder, reportName)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	report, err := export.ParseReport(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: report.json: %w", ErrFolder, err)
	}
	f := &Full{Report: report, originals: make([][]byte, len(report.Frames))}
	sum := sha256.Sum256(data)
	list := secrets{ordinary: vocabulary(report)}
	list.add("digest of report.json", leak.Digest, sum[:])
	for _, name := range sources {
		if data, err := fs.ReadFile(folder, name); err == nil {
			list.source(data)
		}
	}
	f.more = list.list
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
	data, err := readFile(folder, *r.File)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	if r.SHA256 == nil || decode.Digest(sha256.Sum256(data)).String() != *r.SHA256 {
		return nil, fmt.Errorf("%w: %s is not the file that the report was made of", ErrFolder, *r.File)
	}
	return data, nil
}

// readFile reads a file; an error names it once, and no call of the system.
func readFile(folder fs.FS, name string) ([]byte, error) {
	data, err := fs.ReadFile(folder, name)
	return data, named(name, err)
}

// named says of which file an error is.
func named(name string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", name, p.Err)
	}
	return err
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
