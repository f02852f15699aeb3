package s3source

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
)

const (
	defaultListed = 100_000
	// passedOver is how many objects may be listed for each one that matches
	// may be: what bounds the requests.
	passedOver = 100
)

// ListOptions say what a listing holds. Nil means all objects, up to the
// default number.
type ListOptions struct {
	// Match reports whether an object is wanted, by its key below the prefix.
	// Nil means all.
	Match func(name string) bool
	// Max is the most objects that may match. Zero means 100,000.
	Max int
}

// An Entry is an object in a listing.
type Entry struct {
	// Object has no version: it is the newest.
	Object decode.S3Object
	// Size is in bytes.
	Size int64
	// ETag and LastModified are as in [decode.Origin].
	ETag, LastModified string
	// Archived says that the object must be restored before it can be read.
	Archived bool
}

// List returns the objects below a prefix, sorted by key. A prefix without a
// slash at its end is taken for a folder: s3://bucket/a does not list
// s3://bucket/ab. Empty objects that stand for folders are left out. More
// objects than opts.Max are an [ErrTooMany].
func (s *Store) List(ctx context.Context, prefix decode.S3Object, opts *ListOptions) ([]Entry, error) {
	var entries []Entry
	for e, err := range s.Walk(ctx, prefix, opts) {
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	// Some servers, and directory buckets, list in another order than S3 does.
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Object.Name, b.Object.Name) })
	return slices.CompactFunc(entries, func(a, b Entry) bool { return a.Object == b.Object }), nil
}

// Walk is [Store.List] for listings too long to be held: it yields the objects
// in the order in which S3 lists them, by key but for directory buckets, and
// asks for more as they are used. An error is the last that it yields.
func (s *Store) Walk(ctx context.Context, prefix decode.S3Object, opts *ListOptions) iter.Seq2[Entry, error] {
	l := lister{store: s, prefix: prefix, most: defaultListed}
	if opts != nil {
		l.match, l.most = opts.Match, cmp.Or(opts.Max, defaultListed)
	}
	if name := prefix.Name; name != "" && !strings.HasSuffix(name, "/") {
		l.prefix.Name += "/"
	}
	return l.walk(ctx)
}

// A lister goes through the pages of a listing.
type lister struct {
	store  *Store
	prefix decode.S3Object
	match  func(string) bool
	most   int
	token  *string
	pages  int
	// found counts the objects that matched; entries are those of this page.
	found   int
	entries []Entry
}

// walk yields what is listed. Each loop over it begins anew.
func (l lister) walk(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		l := l
		for more := true; more; {
			var err error
			l.entries = l.entries[:0]
			more, err = l.page(ctx)
			for _, e := range l.entries {
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(Entry{}, err)
				return
			}
		}
	}
}

// page gets the next page, and reports whether there are more.
func (l *lister) page(ctx context.Context) (more bool, err error) {
	var out *s3.ListObjectsV2Output
	list := call{op: OpList, object: l.prefix, send: func(ctx context.Context, region func(*s3.Options)) (err error) {
		out, err = l.store.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
			Bucket:              &l.prefix.Bucket,
			Prefix:              &l.prefix.Name,
			ContinuationToken:   l.token,
			EncodingType:        types.EncodingTypeUrl, // XML cannot hold every character that a key can
			ExpectedBucketOwner: l.store.owner(),
		}, region)
		return err
	}}
	if err := l.store.do(ctx, list); err != nil {
		return false, err
	}
	for i := range out.Contents {
		if err := l.add(out, &out.Contents[i]); err != nil {
			return false, &Error{Op: OpList, Object: l.prefix, Err: err}
		}
	}
	last := l.token
	l.token = out.NextContinuationToken
	l.pages++
	switch {
	case !aws.ToBool(out.IsTruncated):
		return false, nil
	case l.token == nil || last != nil && *last == *l.token:
		return false, &Error{Op: OpList, Object: l.prefix, Err: fmt.Errorf("%w: the listing does not go on", ErrServer)}
	case int64(l.pages) > 10+int64(l.most)*passedOver/1000:
		err := fmt.Errorf("%w: %d pages of them", ErrTooMany, l.pages)
		return false, &Error{Op: OpList, Object: l.prefix, Err: err}
	}
	return true, nil
}

// add takes one object of a page.
func (l *lister) add(out *s3.ListObjectsV2Output, o *types.Object) error {
	key := aws.ToString(o.Key)
	if out.EncodingType == types.EncodingTypeUrl {
		plain, err := url.QueryUnescape(key)
		if err != nil {
			return fmt.Errorf("%w: a key that is not encoded as it should be", ErrServer)
		}
		key = plain
	}
	name, ok := strings.CutPrefix(key, l.prefix.Name)
	if !ok {
		return fmt.Errorf("%w: a key outside of the prefix", ErrServer)
	}
	if name == "" || strings.HasSuffix(name, "/") || l.match != nil && !l.match(name) {
		return nil
	}
	if l.found == l.most {
		return fmt.Errorf("%w: more than %d", ErrTooMany, l.most)
	}
	l.found++
	l.entries = append(l.entries, Entry{
		Object:       decode.S3Object{Bucket: l.prefix.Bucket, Name: key},
		Size:         aws.ToInt64(o.Size),
		ETag:         unquote(o.ETag),
		LastModified: timestamp(o.LastModified),
		Archived: o.StorageClass == types.ObjectStorageClassGlacier ||
			o.StorageClass == types.ObjectStorageClassDeepArchive,
	})
	return nil
}
