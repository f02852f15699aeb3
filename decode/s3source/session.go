package s3source

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/internal/lazyregexp"
)

// serviceID is the form of the service's ids. Any other could be part of, or
// even be, whatever key its writer likes.
var serviceID = lazyregexp.New(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// For returns s for the images of one session whose result others may have
// written. Such a result could name any object that the caller may read, for
// instance another person's document, and have it shown as the session's own.
//
// With buckets, objects of these alone are got; others are an
// [ErrBucketRefused]. Without, those objects are got whose key holds the
// session's id, as the keys do under which the service stores images
// (PREFIX/ID/reference.jpg); others are an [ErrUnrelated]. No request is made
// for what is refused.
func (s *Store) For(session string, buckets ...string) decode.Objects {
	return sessionObjects{s, session, buckets}
}

type sessionObjects struct {
	store   *Store
	session string
	buckets []string
}

func (s sessionObjects) Object(ctx context.Context, o decode.S3Object, limit int64) (*decode.Object, error) {
	if err := s.allow(o); err != nil {
		return nil, &Error{Op: OpGet, Object: o, Err: err}
	}
	return s.store.Object(ctx, o, limit)
}

func (s sessionObjects) allow(o decode.S3Object) error {
	switch {
	case len(s.buckets) > 0 && !slices.Contains(s.buckets, o.Bucket):
		return ErrBucketRefused
	case len(s.buckets) > 0:
		return nil
	case !serviceID.MatchString(s.session):
		return fmt.Errorf("%w: the session has no id of the service's form", ErrUnrelated)
	case !strings.Contains(o.Name, s.session):
		return fmt.Errorf("%w: its key does not hold the session's id", ErrUnrelated)
	}
	return nil
}
