package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// infoFile says how long a pack must be kept.
const infoFile = "bag-info.txt"

var manifestFile = lazyregexp.New(`^(tag)?manifest-[a-z0-9]+\.txt$`)

// DeleteRank returns when a file is deleted where those of a pack cannot vanish at
// once: those of rank 0 first, and at last, alone, the tag manifest. What of a pack
// is left at any time says that it was this pack, and that it was due: see
// [Remnant].
func DeleteRank(name string) int {
	switch {
	case name == TagManifest:
		return 3
	case name == infoFile:
		return 2
	case manifestFile.MatchString(name), signatureFile.MatchString(name):
		return 1
	}
	return 0
}

// DeleteRanks is how many there are.
const DeleteRanks = 4

// ErrRemnant says that files are not what is left of a pack.
var ErrRemnant = errors.New("not what is left of the pack")

// Remnant looks at what is left of a pack whose deletion was begun in the order of
// [DeleteRank]. It returns what is known of it for [Verification.Retention]: no
// Info where no file but its tag manifest is left. The error is an [ErrRemnant]
// where the digest of the tag manifest is another, where files have changed that
// say how long it must be kept, or where there is a file that is not the pack's.
//
// The payload is not looked at: a part of it is gone. Nor are signatures, which
// whoever began the deletion has checked.
func Remnant(digest string, names []string, read func(name string) ([]byte, error)) (*Verification, error) {
	tags, err := read(TagManifest)
	if err != nil {
		return nil, err
	}
	if sum(tags) != digest {
		return nil, fmt.Errorf("%w: %s has another digest", ErrRemnant, TagManifest)
	}
	v := &Verification{Kind: KindPack, TagManifest: digest}
	if !slices.Contains(names, infoFile) {
		if len(names) != 1 {
			return nil, fmt.Errorf("%w: there is no %s, and more than %s", ErrRemnant, infoFile, TagManifest)
		}
		return v, nil
	}
	files := listedIn(tags)
	for _, name := range append([]string{infoFile}, slices.DeleteFunc(slices.Clone(names), isNotManifest)...) {
		data, err := read(name)
		switch {
		case err != nil:
			return nil, err
		case files[name] != sum(data):
			return nil, fmt.Errorf("%w: %s has another digest", ErrRemnant, name)
		case name == infoFile:
			v.Info = bag.ParseInfo(data)
			continue
		}
		for payload := range listedIn(data) {
			files[payload] = ""
		}
	}
	for _, name := range names {
		_, listed := files[name]
		if !listed && !signatureFile.MatchString(name) && !manifestFile.MatchString(name) {
			return nil, fmt.Errorf("%w: %s is not listed in its manifests", ErrRemnant, bag.Printable(name))
		}
	}
	return v, nil
}

// isNotManifest reports whether a file does not list payload.
func isNotManifest(name string) bool {
	return !manifestFile.MatchString(name) || strings.HasPrefix(name, "tag")
}

// listedIn returns the files of a manifest that lvtool wrote, with their digests.
func listedIn(manifest []byte) map[string]string {
	files := map[string]string{}
	for line := range strings.Lines(string(manifest)) {
		if sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok {
			files[name] = sum
		}
	}
	return files
}
