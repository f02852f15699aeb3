package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// An s3Shelf is a prefix in S3 that packs lie below.
type s3Shelf struct {
	e      *expiry
	store  *s3source.Store
	prefix decode.S3Object // ends with a slash, or is the bucket
	marks  []*deletionMark
	// lock is what is known of Object Lock in the bucket; nil before it was asked.
	lock *s3source.BucketLock
}

func newS3Shelf(e *expiry, address string) (*s3Shelf, error) {
	cloud, err := newPackCloud(e.c)
	if err != nil {
		return nil, err
	}
	t, err := newS3Target(e.c.Context, cloud, address, false)
	if err != nil {
		return nil, err
	}
	return &s3Shelf{e: e, store: t.store, prefix: t.prefix}, nil
}

func (*s3Shelf) close() {}

func (*s3Shelf) sync() {}

// sweep has nothing to do: what is left of a pack is known by its mark.
func (*s3Shelf) sweep(*receipt) error { return nil }

func (s *s3Shelf) object(name string) decode.S3Object {
	return decode.S3Object{Bucket: s.prefix.Bucket, Name: s.prefix.Name + name}
}

func (s *s3Shelf) address(name string) string { return s3source.FormatURL(s.object(name)) }

// markName matches the names of marks.
var markName = lazyregexp.New(`^\.lvtool-expired-[0-9a-f]{64}$`)

// list goes through all objects once: a pack is a folder, which ends with a slash,
// or an archive.
func (s *s3Shelf) list(ctx context.Context) ([]*kept, error) {
	all := map[string]*kept{}
	for e, err := range s.store.Walk(ctx, s.prefix, &s3source.ListOptions{Max: maxListed}) {
		if err != nil {
			return nil, err
		}
		name, _, inside := strings.Cut(below(s.prefix, e.Object), "/")
		switch {
		case name == "bagit.txt" && !inside:
			return nil, isPackError(s.address(""))
		case !inside && markName.MatchString(name):
			if err := s.readMark(ctx, name); err != nil {
				return nil, err
			}
		case inside && name != "" && !strings.HasPrefix(name, "."):
			all[name+"/"] = &kept{name: name + "/"}
		case !inside && isArchiveName(name):
			all[name] = &kept{name: name}
		}
	}
	var sorted []*kept
	for _, name := range slices.Sorted(maps.Keys(all)) {
		sorted = append(sorted, all[name])
	}
	return sorted, nil
}

func (s *s3Shelf) open(ctx context.Context, k *kept, look func(bag.Tree) error) error {
	o := s.object(k.name)
	if strings.HasSuffix(k.name, "/") {
		t, err := newS3Tree(ctx, s.store, o)
		if err != nil {
			return err
		}
		k.objects = t.listed
		return look(t)
	}
	got, err := s3Archive(ctx, s.store, o)
	if err != nil {
		return err
	}
	k.objects = map[string]s3source.Entry{"": {Object: o, ETag: got.Origin.ETag}}
	return s.e.reader.archive(bytes.NewReader(got.Data), int64(len(got.Data)), look)
}

// begun knows by its mark a pack that was being deleted when a run was stopped. Of a
// part of one it is found out whether it is due: no other file than those of a
// pack that was verified may be left.
func (s *s3Shelf) begun(ctx context.Context, k *kept) error {
	i := slices.IndexFunc(s.marks, func(m *deletionMark) bool { return m.Name == markSum(m.TagManifest, k.name) })
	if i < 0 {
		return nil
	}
	mark := s.marks[i]
	mark.found = true
	if k.state != pack.Unverified {
		if k.digest == mark.TagManifest { // all of it is there yet
			k.mark = mark
		}
		return nil
	}
	if !strings.HasSuffix(k.name, "/") || !s.e.checked(mark.TagManifest) {
		return nil
	}
	v, err := pack.Remnant(mark.TagManifest, slices.Sorted(maps.Keys(k.objects)), s.reader(ctx, k))
	if _, failed := errors.AsType[*s3source.Error](err); failed && !errors.Is(err, decode.ErrNotFound) {
		return err
	}
	if err != nil {
		return nil //nolint:nilerr // It stays unverified: something else than a deletion happened to it.
	}
	k.digest, k.mark, k.half = mark.TagManifest, mark, true
	k.state, k.until = pack.Due, mark.until()
	if v.Info != nil {
		k.state, k.until = v.Retention(s.e.now)
	}
	return nil
}

// reader reads tag files of a pack as they were listed, none larger than one of a whole
// pack may be: with such a one it did not verify, and its deletion was not begun.
func (s *s3Shelf) reader(ctx context.Context, k *kept) func(name string) ([]byte, error) {
	t := &s3Tree{ctx: ctx, store: s.store, listed: k.objects}
	return func(name string) ([]byte, error) {
		switch entry, there := k.objects[name]; {
		case !there:
			return nil, decode.ErrNotFound
		case entry.Size > bag.MostTagBytes:
			return nil, fmt.Errorf("%w: %s is larger than a tag file may be", pack.ErrRemnant, bag.Printable(name))
		}
		r, err := t.Open(bag.Entry{Name: name})
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
}

// gone returns the packs of which the mark alone is left.
func (s *s3Shelf) gone() []*kept {
	var all []*kept
	for _, mark := range s.marks {
		if !mark.found {
			all = append(all, &kept{
				name: expiredName(mark.TagManifest), state: pack.Due, until: mark.until(), digest: mark.TagManifest,
				mark: mark, half: true, gone: true,
			})
		}
	}
	return all
}

var (
	// errBlind says that it cannot be known what would stay.
	errBlind = errors.New("nothing was deleted, since it cannot be seen which versions would stay")
	// errHeld says that Object Lock holds versions.
	errHeld = errors.New("held by S3 Object Lock; nothing of it was deleted")
	// errUnknown says that versions would stay that are not of the pack.
	errUnknown = errors.New("not in the pack as it is now; nothing of it was deleted")
)

// check finds what would stay of a pack.
func (s *s3Shelf) check(ctx context.Context, k *kept) error {
	_, err := s.deletable(ctx, k)
	if errors.Is(err, s3source.ErrDenied) {
		return fmt.Errorf("%w: %w", errBlind, err)
	}
	return err
}

// deletable returns the versions of a pack's objects, where all can be deleted, and
// the pack is what was verified.
func (s *s3Shelf) deletable(ctx context.Context, k *kept) ([]s3source.Version, error) {
	if k.gone {
		k.versions = k.mark.Versions
		return nil, nil
	}
	all, err := s.versions(ctx, k)
	if err != nil {
		return nil, err
	}
	latest := 0
	k.stays = nil
	for _, v := range all {
		entry, known := k.objects[s.nameIn(k, v)]
		switch {
		case !known:
			k.stays = append(k.stays, s3source.FormatURL(v.Object))
		case v.Latest && (v.Marker || v.ETag != entry.ETag):
			return nil, errOtherPack
		case v.Latest:
			latest++
		}
	}
	if len(k.stays) > 0 {
		return nil, stayError(k.stays, errUnknown)
	}
	if latest != len(k.objects) {
		return nil, errOtherPack
	}
	k.versions = len(all)
	if k.mark != nil { // which counts what is gone, too
		k.versions = max(k.versions, k.mark.Versions)
	}
	return all, s.unlocked(ctx, k, all)
}

// nameIn returns the name in the pack of a version's object.
func (s *s3Shelf) nameIn(k *kept, v s3source.Version) string {
	return strings.TrimPrefix(v.Object.Name, s.prefix.Name+k.name)
}

// maxVersions bounds the versions of a pack's objects.
const maxVersions = 10_000_000

// versions returns the versions of all objects of a pack.
func (s *s3Shelf) versions(ctx context.Context, k *kept) ([]s3source.Version, error) {
	all, err := s.store.Versions(ctx, s.object(k.name), maxVersions)
	if !strings.HasSuffix(k.name, "/") {
		all = slices.DeleteFunc(all, func(v s3source.Version) bool { return s.nameIn(k, v) != "" }) // ID.zip.age
	}
	return all, err
}

// stayError says which versions stay, and why.
func stayError(stays []string, why error) error {
	const named = 3
	text := strings.Join(stays[:min(named, len(stays))], ", ")
	if more := len(stays) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Errorf("%s: %s: %w", count(len(stays), "version"), text, why)
}

// day returns a day of a mark, zero where it is none.
func day(text string) time.Time {
	t, _ := time.Parse(time.DateOnly, text)
	return t
}
