package s3source

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lvtool/lvtool/decode"
)

// A Version is one of the versions of an object, or a delete marker. In a bucket
// that has never kept versions, each object has one, with the id "null".
type Version struct {
	// Object has the version's id.
	Object decode.S3Object
	// ETag and Size are those of the version; "" and 0 of a delete marker.
	ETag string
	Size int64
	// Latest is the version that a reader gets who asks for none.
	Latest bool
	// Marker says that it is a delete marker: Latest, it hides the others.
	Marker bool
}

// Versions returns all versions and delete markers of the objects whose keys begin
// with that of prefix, which is taken as it stands, sorted by key, the latest of
// each last. More than most are an [ErrTooMany].
func (s *Store) Versions(ctx context.Context, prefix decode.S3Object, most int) ([]Version, error) {
	l := versionLister{store: s, prefix: prefix, most: most}
	for more := true; more; {
		var err error
		if more, err = l.page(ctx); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(l.all, func(a, b Version) int {
		if a.Latest != b.Latest && a.Object.Name == b.Object.Name {
			if a.Latest {
				return 1
			}
			return -1
		}
		return strings.Compare(a.Object.Name, b.Object.Name)
	})
	return l.all, nil
}

// A versionLister goes through the pages of a listing of versions.
type versionLister struct {
	store        *Store
	prefix       decode.S3Object
	most         int
	key, version *string // where the next page begins
	all          []Version
}

// page gets the next page, and reports whether there are more.
func (l *versionLister) page(ctx context.Context) (more bool, err error) {
	var out *s3.ListObjectVersionsOutput
	send := func(ctx context.Context, region func(*s3.Options)) (err error) {
		out, err = l.store.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
			Bucket:              &l.prefix.Bucket,
			Prefix:              &l.prefix.Name,
			KeyMarker:           l.key,
			VersionIdMarker:     l.version,
			EncodingType:        types.EncodingTypeUrl, // as in page of a lister
			ExpectedBucketOwner: l.store.owner(),
		}, region)
		return err
	}
	if err := l.store.do(ctx, call{op: OpListVersions, object: l.prefix, send: send}); err != nil {
		return false, err
	}
	failed := func(err error) (bool, error) { return false, &Error{Op: OpListVersions, Object: l.prefix, Err: err} }
	if err := l.take(out); err != nil {
		return failed(err)
	}
	lastKey, lastVersion := l.key, l.version
	l.key, l.version = out.NextKeyMarker, out.NextVersionIdMarker
	if out.EncodingType == types.EncodingTypeUrl && l.key != nil {
		plain, err := url.QueryUnescape(*l.key)
		if err != nil {
			return failed(fmt.Errorf("%w: a key that is not encoded as it should be", ErrServer))
		}
		l.key = &plain
	}
	switch {
	case !aws.ToBool(out.IsTruncated):
		return false, nil
	case l.key == nil, lastKey != nil && *lastKey == *l.key && aws.ToString(lastVersion) == aws.ToString(l.version):
		return failed(fmt.Errorf("%w: the listing does not go on", ErrServer))
	}
	return true, nil
}

// take takes the versions and the delete markers of a page.
func (l *versionLister) take(out *s3.ListObjectVersionsOutput) error {
	encoded := out.EncodingType == types.EncodingTypeUrl
	for i := range out.Versions {
		v := &out.Versions[i]
		one := Version{ETag: unquote(v.ETag), Size: aws.ToInt64(v.Size), Latest: aws.ToBool(v.IsLatest)}
		if err := l.add(one, v.Key, v.VersionId, encoded); err != nil {
			return err
		}
	}
	for i := range out.DeleteMarkers {
		m := &out.DeleteMarkers[i]
		one := Version{Marker: true, Latest: aws.ToBool(m.IsLatest)}
		if err := l.add(one, m.Key, m.VersionId, encoded); err != nil {
			return err
		}
	}
	return nil
}

func (l *versionLister) add(v Version, key, version *string, encoded bool) error {
	name := aws.ToString(key)
	if encoded {
		plain, err := url.QueryUnescape(name)
		if err != nil {
			return fmt.Errorf("%w: a key that is not encoded as it should be", ErrServer)
		}
		name = plain
	}
	if !strings.HasPrefix(name, l.prefix.Name) {
		return fmt.Errorf("%w: a key outside of the prefix", ErrServer)
	}
	if len(l.all) == l.most {
		return fmt.Errorf("%w: more than %d versions", ErrTooMany, l.most)
	}
	v.Object = decode.S3Object{Bucket: l.prefix.Bucket, Name: name, Version: aws.ToString(version)}
	if v.Object.Version == "" {
		v.Object.Version = "null"
	}
	l.all = append(l.all, v)
	return nil
}

// DeleteVersion deletes a version of an object, or a delete marker, for good; one
// that is not there is no error.
func (s *Store) DeleteVersion(ctx context.Context, o decode.S3Object) error {
	if o.Version == "" {
		return &Error{Op: OpDeleteVersion, Object: o, Err: fmt.Errorf("%w: no version", ErrAddress)}
	}
	in := &s3.DeleteObjectInput{
		Bucket: &o.Bucket, Key: &o.Name, VersionId: &o.Version, ExpectedBucketOwner: s.owner(),
	}
	send := func(ctx context.Context, region func(*s3.Options)) error {
		_, err := s.client.DeleteObject(ctx, in, region)
		return err
	}
	err := s.do(ctx, call{op: OpDeleteVersion, object: o, send: send})
	if errors.Is(err, decode.ErrNotFound) && !errors.Is(err, ErrNoSuchBucket) {
		return nil
	}
	return err
}

// Delete deletes an object. In a bucket that keeps versions they stay, behind a
// delete marker.
func (s *Store) Delete(ctx context.Context, o decode.S3Object) error { return s.delete(ctx, o, "") }
