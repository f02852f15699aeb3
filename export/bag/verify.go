package bag

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Options say how a bag is verified. The zero Options, and nil, go by the letter
// of BagIt.
type Options struct {
	Limits Limits
	// Strict closes the gaps of BagIt: there must be a tag manifest, no file
	// beside the payload may be missing in it, and lists must be as [Writer]
	// writes them, so that every tool reads them alike. Warnings become findings.
	Strict bool
	// Known reports of a file beside the payload whether it need not be listed,
	// such as a signature of the tag manifest; nil means that all must.
	Known func(name string) bool
	// Fold returns the same for names that some file system takes for one; nil
	// means by case alone. A caller who knows about Unicode's normal forms gives
	// one that does.
	Fold func(name string) string
	// Each calls do for every number from 0 to n-1, in any order, several at
	// once or not; nil means one after the other.
	Each func(n int, do func(i int))
}

// A Result is what [Verify] found of a bag.
type Result struct {
	// Version and Encoding are what bagit.txt says, "" if nothing usable.
	Version  string `json:"version"`
	Encoding string `json:"encoding"`
	// Info is bag-info.txt, in its order.
	Info []Field `json:"info"`
	// Algorithms are those of the manifests of the payload.
	Algorithms []Algorithm `json:"algorithms"`
	// Files are sorted by name.
	Files []File `json:"-"`
	// Payload counts the files of the payload, and PayloadBytes their bytes.
	Payload      int   `json:"payload_files"`
	PayloadBytes int64 `json:"payload_bytes"`
	// Findings are in the order of what they are about: the bag, its
	// declaration, its lists, its files.
	Findings []Finding `json:"findings"`

	tree Tree
}

// A File is a file of a bag.
type File struct {
	// Name is relative to the bag.
	Name string
	// Size is in bytes.
	Size int64
	// Digests are those that were computed, in hexadecimal: of the algorithms of
	// the manifests that list the file.
	Digests map[Algorithm]string

	entry Entry
}

// Valid reports whether nothing was found but warnings.
func (r *Result) Valid() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return !f.Warning })
}

// Relax makes of the result of a strict verification that of one which is not:
// for a bag that turns out to be another program's.
func (r *Result) Relax() {
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.gap })
	for i := range r.Findings {
		r.Findings[i].Warning = r.Findings[i].doubt
	}
}

// File returns the file of a name, nil if there is none.
func (r *Result) File(name string) *File {
	i, ok := slices.BinarySearchFunc(r.Files, name, func(f File, name string) int { return cmp.Compare(f.Name, name) })
	if !ok {
		return nil
	}
	return &r.Files[i]
}

// Verify checks a bag, and goes on to its end whatever it finds. Every file is
// read once. It fails only with the error of ctx.
func Verify(ctx context.Context, t Tree, opts *Options) (*Result, error) {
	v := &verifier{ctx: ctx, tree: t, files: map[string]*File{}, result: &Result{tree: t}}
	if opts != nil {
		v.opts = *opts
	}
	v.limits = v.opts.Limits.withDefaults()
	v.list()
	v.declaration()
	v.info()
	v.manifests()
	v.fetch()
	v.complete()
	v.digest()
	v.oxum()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, f := range v.files {
		v.result.Files = append(v.result.Files, *f)
	}
	slices.SortFunc(v.result.Files, func(x, y File) int { return cmp.Compare(x.Name, y.Name) })
	return v.result, nil
}

// A verifier is one run of Verify.
type verifier struct {
	ctx    context.Context
	tree   Tree
	opts   Options
	limits Limits
	result *Result
	files  map[string]*File
	names  []string // of files, sorted
	dirs   []string // folders

	lists   []*list
	fetched map[string]bool // files that fetch.txt names
}

// find adds a finding.
func (v *verifier) find(f Finding) {
	if f.gap && !v.opts.Strict {
		return
	}
	f.Warning = f.doubt && !v.opts.Strict
	switch n := len(v.result.Findings); {
	case n < v.limits.Findings:
		v.result.Findings = append(v.result.Findings, f)
	case n == v.limits.Findings:
		v.result.Findings = append(v.result.Findings, Finding{
			Code: TooMany, Message: fmt.Sprintf("more than %d findings; the others are left out", n),
		})
	}
}

// findf adds a finding about a line of a file, 0 for all of it.
func (v *verifier) findf(code Code, name string, line int, format string, args ...any) {
	v.find(Finding{Code: code, Path: name, Line: line, Message: fmt.Sprintf(format, args...)})
}

// warn adds a finding that is a warning unless gaps of BagIt are closed.
func (v *verifier) warn(code Code, name string, line int, format string, args ...any) {
	v.find(Finding{Code: code, Path: name, Line: line, Message: fmt.Sprintf(format, args...), doubt: true})
}

// gap adds a finding that is none unless gaps of BagIt are closed.
func (v *verifier) gap(code Code, name string, line int, format string, args ...any) {
	v.find(Finding{Code: code, Path: name, Line: line, Message: fmt.Sprintf(format, args...), gap: true})
}

// list takes in what lies in the bag.
func (v *verifier) list() {
	var total int64
	for e, bad := range v.tree.Entries(v.limits) {
		if v.ctx.Err() != nil {
			return
		}
		if bad != nil {
			v.find(*bad)
			continue
		}
		switch {
		case e.Mode.IsDir():
			v.dirs = append(v.dirs, e.Name)
		case !e.Mode.IsRegular():
			v.findf(NotRegular, e.Name, 0, "%s, not a file", modeWord(e.Mode))
		default:
			total += e.Size
			v.files[e.Name] = &File{Name: e.Name, Size: e.Size, entry: e}
		}
	}
	if total < 0 || total > v.limits.Bytes {
		v.findf(TooMany, "", 0, "%d bytes in all, more than %d: nothing was read", total, v.limits.Bytes)
		clear(v.files)
	}
	v.names = slices.Sorted(maps.Keys(v.files))
	v.checkNames()
	v.checkDirs()
}

// checkDirs finds folders that hold no file, which no list can name.
func (v *verifier) checkDirs() {
	full := map[string]bool{".": true, "data": true}
	for _, name := range v.names {
		for dir := path.Dir(name); !full[dir]; dir = path.Dir(dir) {
			full[dir] = true
		}
	}
	slices.Sort(v.dirs)
	for _, dir := range v.dirs {
		if !full[dir] {
			v.gap(Extra, dir, 0, "a folder without files")
		}
	}
}

func modeWord(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m&fs.ModeDevice != 0:
		return "a device"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	}
	return "something else"
}

func isPayload(name string) bool { return strings.HasPrefix(name, "data/") }

// checkNames finds names that cannot be everywhere, and those that some systems
// take for one, folders included.
func (v *verifier) checkNames() {
	fold := v.opts.Fold
	if fold == nil {
		fold = strings.ToLower
	}
	seen := map[string]string{}
	for _, name := range v.names {
		if reason := badName(name); reason != "" {
			v.gap(BadName, name, 0, "%s", reason)
		}
		for part := name; part != "."; part = path.Dir(part) {
			key := fold(part)
			other, ok := seen[key]
			if ok && other == part {
				break
			}
			if ok {
				v.warn(Collision, part, 0, "some systems take this name for that of %s", Printable(other))
				break
			}
			seen[key] = part
		}
	}
}
