package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/pipeline"
)

const markSchema = "lvtool.expiring/1"

// A deletionMark lies beside a pack in S3 while its objects are deleted, one by one.
// It names nobody: where new objects are locked, it may have to stay.
type deletionMark struct {
	Schema string `json:"schema"`
	deletedPack
	// Name is the SHA-256 digest of the digest and the name of the pack.
	Name string `json:"name_sha256"`

	found bool // the pack is there, or a part of it
}

// markSum is how a mark says which pack it is of.
func markSum(tagManifest, name string) string { return digestOf([]byte(tagManifest + " " + name)) }

func (m *deletionMark) until() time.Time { return day(m.RetainUntil) }

// maxMark bounds a mark.
const maxMark = 4 << 10

// readMark reads a mark. What is none says so, since nothing else has such a name.
func (s *s3Shelf) readMark(ctx context.Context, name string) error {
	got, err := s.store.Object(ctx, s.object(name), maxMark)
	if err != nil {
		return err
	}
	m := &deletionMark{}
	decoder := json.NewDecoder(bytes.NewReader(got.Data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(m)
	if err != nil || m.Schema != markSchema || expiredName(m.TagManifest) != name || !digestText.MatchString(m.Name) ||
		m.until().IsZero() || m.Versions < 0 {
		return fmt.Errorf("%s: not the mark of a deletion that was begun: delete it", s.address(name))
	}
	s.marks = append(s.marks, m)
	return nil
}

// remove deletes all versions of a pack's objects: its mark is there first, its tag
// manifest is deleted last, and then the mark.
func (s *s3Shelf) remove(ctx context.Context, k *kept) (gone bool, err error) {
	all, err := s.deletable(ctx, k)
	if err != nil {
		return false, err
	}
	begun := k.mark != nil
	if !begun {
		if err := s.mark(ctx, k); err != nil {
			return false, err
		}
	}
	whole, err := s.deleteAll(ctx, k, all)
	if err != nil && whole && !begun {
		_ = s.unmark(context.WithoutCancel(ctx), k) // a mark beside a whole pack does no harm
		return false, err
	}
	if err == nil && !k.gone {
		err = s.nothingLeft(ctx, k)
	}
	if err == nil {
		err = s.unmark(ctx, k)
	}
	k.half = err != nil
	return true, err
}

// mark says beside a pack that its deletion begins.
func (s *s3Shelf) mark(ctx context.Context, k *kept) error {
	k.mark = &deletionMark{Schema: markSchema, deletedPack: k.record(), Name: markSum(k.digest, k.name)}
	text, err := json.Marshal(k.mark)
	if err != nil {
		return err
	}
	return s.store.Put(ctx, s.object(expiredName(k.digest)), append(text, '\n'), nil)
}

// unmark deletes the mark, in all versions, unless the bucket locks all that is
// written to it: then the mark is hidden, until somebody deletes it for good.
func (s *s3Shelf) unmark(ctx context.Context, k *kept) error {
	o := s.object(expiredName(k.digest))
	lock, err := s.bucketLock(ctx)
	if err != nil {
		return err
	}
	if lock.Default {
		return s.store.Delete(ctx, o)
	}
	all, err := s.store.Versions(ctx, o, maxVersions)
	if err != nil {
		return err
	}
	for _, v := range all {
		if err := s.store.DeleteVersion(ctx, v.Object); err != nil {
			return err
		}
	}
	return nil
}

// deleters is how many objects are deleted at a time.
const deleters = 8

// ranked returns versions, sorted by key, a key together, by [pack.DeleteRank].
func (s *s3Shelf) ranked(k *kept, all []s3source.Version) [][][]s3source.Version {
	ranks := make([][][]s3source.Version, pack.DeleteRanks)
	for len(all) > 0 {
		key := all[0].Object.Name
		n := slices.IndexFunc(all, func(v s3source.Version) bool { return v.Object.Name != key })
		if n < 0 {
			n = len(all)
		}
		rank := pack.DeleteRank(s.nameIn(k, all[0]))
		ranks[rank] = append(ranks[rank], all[:n])
		all = all[n:]
	}
	return ranks
}

// deleteAll deletes versions, sorted by key with the latest last, in the order of
// [pack.DeleteRank], up to the first failure, and says whether all are still there.
// What was asked for before a failure is waited for: a request that is given up may
// have deleted something.
func (s *s3Shelf) deleteAll(ctx context.Context, k *kept, all []s3source.Version) (whole bool, err error) {
	var touched, failed atomic.Bool
	remove := func(ctx context.Context, _ int, versions []s3source.Version) error {
		for _, v := range versions {
			if failed.Load() {
				break
			}
			err := s.store.DeleteVersion(ctx, v.Object)
			if !errors.Is(err, s3source.ErrDenied) {
				touched.Store(true) // if by a request whose answer did not arrive
			}
			if err != nil {
				failed.Store(true)
				return err
			}
		}
		return nil
	}
	for _, objects := range s.ranked(k, all) {
		for failure := range pipeline.Map(ctx, deleters, objects, remove) {
			if err == nil {
				err = failure
			}
		}
		if err != nil {
			break
		}
	}
	return !touched.Load(), err
}

// nothingLeft says, as an error, what somebody has written meanwhile.
func (s *s3Shelf) nothingLeft(ctx context.Context, k *kept) error {
	left, err := s.versions(ctx, k)
	if err != nil || len(left) == 0 {
		return err
	}
	k.stays = nil
	for _, v := range left {
		k.stays = append(k.stays, s3source.FormatURL(v.Object))
	}
	return stayError(k.stays, errWritten)
}

var errWritten = errors.New("written while the pack was deleted")

func (s *s3Shelf) bucketLock(ctx context.Context) (s3source.BucketLock, error) {
	if s.lock == nil {
		lock, err := s.store.BucketLock(ctx, s.prefix.Bucket)
		if err != nil {
			return lock, err
		}
		s.lock = &lock
	}
	return *s.lock, nil
}

// unlocked says, as an error, which versions Object Lock holds.
func (s *s3Shelf) unlocked(ctx context.Context, k *kept, all []s3source.Version) error {
	bucket, err := s.bucketLock(ctx)
	if err != nil || !bucket.On {
		return err
	}
	type answer struct {
		lock s3source.Lock
		err  error
	}
	ask := func(ctx context.Context, _ int, v s3source.Version) (a answer) {
		if !v.Marker {
			a.lock, a.err = s.store.LockOf(ctx, v.Object)
		}
		return a
	}
	i := 0
	var held []string
	for a := range pipeline.Map(ctx, deleters, all, ask) {
		if a.err != nil {
			return a.err
		}
		if a.lock.Holds(s.e.now) {
			held = append(held, s3source.FormatURL(all[i].Object)+" "+lockWords(a.lock))
			k.stays = append(k.stays, s3source.FormatURL(all[i].Object))
		}
		i++
	}
	if len(held) > 0 {
		return stayError(held, errHeld)
	}
	return ctx.Err()
}

// lockWords says by what a version is held.
func lockWords(l s3source.Lock) string {
	var by []string
	if l.Mode != "" {
		by = append(by, fmt.Sprintf("until %s (%s)", l.Until.UTC().Format(time.RFC3339), l.Mode))
	}
	if l.LegalHold {
		by = append(by, "by a legal hold")
	}
	return strings.Join(by, " and ")
}
