package bag

import (
	"path"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// A list is a manifest of a bag.
type list struct {
	name      string
	algorithm Algorithm
	tags      bool              // a tag manifest
	sums      map[string]string // by name
}

var manifestFile = lazyregexp.New(`^(tag)?manifest-([A-Za-z0-9_-]+)\.txt$`)

// manifestName returns what the name of a manifest says.
func manifestName(name string) (a Algorithm, tags, ok bool) {
	m := manifestFile.FindStringSubmatch(name)
	if m == nil {
		return "", false, false
	}
	return Algorithm(strings.ReplaceAll(strings.ToLower(m[2]), "-", "")), m[1] != "", true
}

// manifests reads all manifests.
func (v *verifier) manifests() {
	payload, tags := 0, 0
	for _, name := range v.names {
		a, isTags, ok := manifestName(name)
		if !ok {
			continue
		}
		if isTags {
			tags++
		} else {
			payload++
		}
		if newHash(a) == nil {
			v.findf(BadAlgorithm, name, 0, "algorithm %+.40q is not known", string(a))
			continue
		}
		l := &list{name: name, algorithm: a, tags: isTags, sums: map[string]string{}}
		v.manifest(l)
		v.lists = append(v.lists, l)
		if !isTags {
			v.result.Algorithms = append(v.result.Algorithms, a)
		}
	}
	if v.files[bagitFile] == nil && payload == 0 {
		return // this is no bag, which has been said
	}
	if !slices.Contains(v.dirs, "data") && !slices.ContainsFunc(v.names, isPayload) {
		v.findf(NoDataDir, "data", 0, "no folder data")
	}
	if payload == 0 {
		v.findf(NoManifest, "", 0, "no manifest of the payload")
	}
	if tags == 0 {
		v.gap(NoTagManifest, "", 0, "no tag manifest: nothing says that the lists are those that were made")
		return
	}
	v.pairs()
}

// pairs finds tag manifests that were taken away or added: nothing lists them, but
// each goes with a manifest of the payload, and those are listed.
func (v *verifier) pairs() {
	for _, l := range v.lists {
		rest, tags := strings.CutPrefix(l.name, "tag")
		switch {
		case tags && v.files[rest] == nil:
			v.gap(Extra, l.name, 0, "there is no %s that it goes with", rest)
		case !tags && v.files["tag"+l.name] == nil:
			v.gap(NoTagManifest, "tag"+l.name, 0, "not there, and goes with %s", l.name)
		}
	}
}

// manifestLine is a checksum, spaces, the asterisk with which md5sum marks
// binary files, and a path.
var manifestLine = lazyregexp.New(`^([0-9A-Fa-f]+)[ \t]+(\*?)(.*)$`)

// manifest reads one manifest.
func (v *verifier) manifest(l *list) {
	t, ok := v.tagText(v.files[l.name])
	if !ok {
		return
	}
	last, sorted := "", true
	for i, line := range t.lines {
		if strings.TrimSpace(line) == "" {
			v.gap(BadLine, l.name, i+1, "an empty line")
			continue
		}
		m := manifestLine.FindStringSubmatch(line)
		if m == nil || len(m[1]) != 2*newHash(l.algorithm).Size() {
			v.findf(BadLine, l.name, i+1, "%+.120q is no checksum of %s and path", line, l.algorithm)
			continue
		}
		switch {
		case m[2] != "":
			v.warn(Star, l.name, i+1, "the path is marked with an asterisk, as md5sum does and BagIt does not")
		case line != strings.ToLower(m[1])+"  "+m[3]:
			v.gap(BadLine, l.name, i+1, "%+.120q is not written as sha256sum does", line)
		}
		name, ok := v.listedPath(l, i+1, m[3])
		if !ok {
			continue
		}
		v.listed(l, i+1, name, strings.ToLower(m[1]))
		sorted, last = sorted && name >= last, name
	}
	if !sorted {
		v.gap(Order, l.name, 0, "the lines are not sorted by path")
	}
}

// listedPath returns the name of a file that a manifest lists.
func (v *verifier) listedPath(l *list, line int, raw string) (string, bool) {
	name := unescape(raw, v.result.Version)
	if outOfScope(name) {
		v.findf(OutOfScope, l.name, line, "path %+.120q leads out of the bag", raw)
		return "", false
	}
	clean := path.Clean(name)
	if clean != name {
		v.warn(Relative, l.name, line, "path %+.120q is %+.120q, needlessly written", raw, clean)
	}
	_, tags, manifest := manifestName(clean)
	switch {
	case !l.tags && !isPayload(clean):
		v.findf(NotPayload, l.name, line, "%+.120q is not in data/", raw)
	case l.tags && isPayload(clean):
		v.findf(PayloadInTags, l.name, line, "%+.120q is payload", raw)
	case l.tags && tags && manifest:
		v.findf(TagsInTags, l.name, line, "%+.120q is a tag manifest itself", raw)
	default:
		return clean, true
	}
	return "", false
}

// listed takes in that a manifest lists a file.
func (v *verifier) listed(l *list, line int, name, sum string) {
	old, twice := l.sums[name]
	switch {
	case !twice:
		l.sums[name] = sum
	case old != sum || v.result.Version == "1.0":
		v.findf(Duplicate, l.name, line, "%s is listed twice", Printable(name))
	default:
		v.warn(Duplicate, l.name, line, "%s is listed twice, with the same checksum", Printable(name))
	}
}

// complete finds files that are listed but not there, and those that are there
// but not listed.
func (v *verifier) complete() {
	for _, l := range v.lists {
		for _, name := range sortedKeys(l.sums) {
			switch {
			case v.files[name] != nil:
			case v.fetched[name]:
				v.findf(FetchNeeded, name, 0, "still to be fetched: fetch.txt says from where")
			default:
				v.findf(Missing, name, 0, "not there, but listed in %s", l.name)
			}
		}
	}
	for _, name := range v.names {
		if isPayload(name) {
			v.unlisted(name)
		} else {
			v.extra(name)
		}
	}
}

// unlisted finds a file of the payload that a manifest leaves out. Before 1.0,
// one manifest that lists it was enough.
func (v *verifier) unlisted(name string) {
	var missing []string
	lists := 0
	for _, l := range v.lists {
		if l.tags {
			continue
		}
		lists++
		if _, ok := l.sums[name]; !ok {
			missing = append(missing, l.name)
		}
	}
	if len(missing) == 0 || v.result.Version != "1.0" && len(missing) < lists {
		return
	}
	v.findf(Unlisted, name, 0, "not listed in %s", strings.Join(missing, ", "))
}

// extra finds a file beside the payload that a tag manifest leaves out.
func (v *verifier) extra(name string) {
	if _, tags, ok := manifestName(name); ok && tags || v.opts.Known != nil && v.opts.Known(name) {
		return
	}
	for _, l := range v.lists {
		if !l.tags {
			continue
		}
		if _, ok := l.sums[name]; !ok {
			v.gap(Extra, name, 0, "not listed in %s", l.name)
			return
		}
	}
}
