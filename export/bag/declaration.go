package bag

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// The names of tag files.
const (
	bagitFile   = "bagit.txt"
	infoFile    = "bag-info.txt"
	oldInfoFile = "package-info.txt" // before 0.96
	fetchFile   = "fetch.txt"
)

// versions are those of BagIt that are read.
var versions = []string{"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"}

// The lines of bagit.txt, as they should be and as they are taken to be meant.
var (
	versionLine  = lazyregexp.New(`^BagIt-Version: (\S+)$`)
	encodingLine = lazyregexp.New(`^Tag-File-Character-Encoding: (\S+)$`)
	versionLike  = lazyregexp.New(`^\s*BagIt-Version\s*:\s*(\S+)\s*$`)
	encodingLike = lazyregexp.New(`^\s*Tag-File-Character-Encoding\s*:\s*(\S+)\s*$`)
)

// declaration reads bagit.txt.
func (v *verifier) declaration() {
	r := v.result
	r.Version, r.Encoding = "1.0", "UTF-8" // to go on with
	f := v.files[bagitFile]
	if f == nil {
		v.findf(BagitMissing, bagitFile, 0, "not there: this is no bag")
		r.Version, r.Encoding = "", ""
		return
	}
	t, ok := v.text(f, "UTF-8")
	if !ok {
		return
	}
	if t.bom {
		v.findf(BagitBOM, bagitFile, 0, "begins with a byte order mark")
	}
	v.checkEnds(t, bagitFile)
	if len(t.lines) != 2 {
		v.findf(BagitLines, bagitFile, 0, "%d lines, not 2", len(t.lines))
		return
	}
	version := v.declared(1, t.lines[0], versionLine, versionLike, "BagIt-Version: 1.0")
	encoding := v.declared(2, t.lines[1], encodingLine, encodingLike, "Tag-File-Character-Encoding: UTF-8")
	if version != "" && !slices.Contains(versions, version) {
		v.findf(BadVersion, bagitFile, 1, "version %+.20q; those from 0.93 to 1.0 are known", version)
		version = "1.0"
	}
	if _, _, known, _ := decodeText(nil, encoding); encoding != "" && !known {
		v.findf(BadEncoding, bagitFile, 2, "encoding %+.40q is not known", encoding)
		encoding = ""
	}
	if version != "" {
		r.Version = version
	}
	if encoding != "" {
		r.Encoding = encoding
	}
}

// declared returns what a line of bagit.txt says.
func (v *verifier) declared(n int, line string, exact, like *lazyregexp.Regexp, want string) string {
	if m := exact.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	m := like.FindStringSubmatch(line)
	if m == nil {
		v.findf(BagitSyntax, bagitFile, n, "%+.80q is no line such as %s", line, want)
		return ""
	}
	v.findf(BagitWhitespace, bagitFile, n, "%+.80q has other spaces than %s", line, want)
	return m[1]
}

// checkEnds finds lines that end otherwise than tools such as sha256sum expect.
func (v *verifier) checkEnds(t text, name string) {
	if t.otherEndings {
		v.gap(LineEnding, name, 0, "lines do not end in a line feed alone")
	}
	if t.unended {
		v.gap(FinalNewline, name, 0, "the last line does not end in a line feed")
	}
}

// text reads a tag file in an encoding.
func (v *verifier) text(f *File, encoding string) (text, bool) {
	if f.Size > v.limits.TagBytes {
		v.findf(TooMany, f.Name, 0, "%d bytes, too many for a tag file", f.Size)
		return text{}, false
	}
	data, err := readEntry(v.tree, f.entry)
	if err != nil {
		v.find(*unreadable(f.Name, err))
		return text{}, false
	}
	t, known, ok := newText(data, encoding)
	if known && !ok {
		v.findf(BadText, f.Name, 0, "not text in %s", encoding)
	}
	return t, known && ok
}

// tagText reads a tag file in the encoding that bagit.txt names.
func (v *verifier) tagText(f *File) (text, bool) {
	t, ok := v.text(f, cmp.Or(v.result.Encoding, "UTF-8"))
	if t.bom {
		v.warn(BOM, f.Name, 0, "begins with a byte order mark, which other tools take for a part of the first line")
	}
	v.checkEnds(t, f.Name)
	return t, ok
}

// info reads bag-info.txt.
func (v *verifier) info() {
	name := infoFile
	if v.files[name] == nil && v.result.Version < "0.96" {
		name = oldInfoFile
	}
	f := v.files[name]
	if f == nil {
		return
	}
	t, ok := v.tagText(f)
	if !ok {
		return
	}
	fields, bad := parseInfo(t.lines)
	if bad > 0 {
		v.findf(BadInfo, name, bad, "no label and colon")
	}
	v.result.Info = fields
}

// oxum compares the payload with the size that bag-info.txt says, where nothing
// that was found of its files explains the difference.
func (v *verifier) oxum() {
	r := v.result
	for _, name := range v.names {
		if isPayload(name) {
			r.Payload++
			r.PayloadBytes += v.files[name].Size
		}
	}
	want, ok := Lookup(r.Info, oxum)
	explained := slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return isPayload(f.Path) && !f.Warning && !f.gap
	})
	if !ok || explained {
		return
	}
	bytes, count, dot := strings.Cut(want, ".")
	n, err1 := strconv.ParseInt(bytes, 10, 64)
	files, err2 := strconv.ParseInt(count, 10, 64)
	got := fmt.Sprintf("%d.%d", r.PayloadBytes, r.Payload)
	switch {
	case !dot || err1 != nil || err2 != nil:
		v.findf(BadOxum, infoFile, 0, "%s %+.40q is no number of bytes, dot, and number of files", oxum, want)
	case n != r.PayloadBytes || files != int64(r.Payload):
		v.findf(BadOxum, infoFile, 0, "%s is %d.%d, the payload has %s", oxum, n, files, got)
	}
}
