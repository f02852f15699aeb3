package bag

import (
	"path"
	"strings"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// fetchLine is an address, the number of bytes or a hyphen, and a path.
var fetchLine = lazyregexp.New(`^(\S+)[ \t]+([0-9]+|-)[ \t]+(.+)$`)

// fetch reads fetch.txt, which says where to get files that a bag lacks. Nothing
// is fetched.
func (v *verifier) fetch() {
	v.fetched = map[string]bool{}
	f := v.files[fetchFile]
	if f == nil {
		return
	}
	t, ok := v.tagText(f)
	if !ok {
		return
	}
	for i, line := range t.lines {
		if strings.TrimSpace(line) == "" {
			v.gap(BadFetch, fetchFile, i+1, "an empty line")
			continue
		}
		m := fetchLine.FindStringSubmatch(line)
		if m == nil {
			v.findf(BadFetch, fetchFile, i+1, "%+.120q is no address, length and path", line)
			continue
		}
		name := unescape(m[3], v.result.Version)
		if outOfScope(name) {
			v.findf(OutOfScope, fetchFile, i+1, "path %+.120q leads out of the bag", m[3])
			continue
		}
		if name = path.Clean(name); !isPayload(name) {
			v.findf(NotPayload, fetchFile, i+1, "%+.120q is not in data/", m[3])
			continue
		}
		v.fetched[name] = true
	}
}
