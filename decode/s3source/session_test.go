package s3source_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/internal/s3fault"
)

// A result names objects of its own session, or of buckets that the caller
// trusts, or it gets none, without a request.
func TestFor(t *testing.T) {
	t.Parallel()
	const id = "5f3c1a20-8d4e-4b7a-9c11-2e6f0a7d1b03"
	for _, tt := range []struct {
		session, key string
		buckets      []string
		want         error
	}{
		{id, "liveness/" + id + "/reference.jpg", nil, nil},
		{id, "liveness" + id + "/audit_0.jpg", nil, nil},
		{id, "people/passport.jpg", nil, s3source.ErrUnrelated},
		{"people/passports/0000000000000001.jpg", "people/passports/0000000000000001.jpg", nil, s3source.ErrUnrelated},
		{"", "a.jpg", nil, s3source.ErrUnrelated},
		{"", "a.jpg", []string{"other", "bucket"}, nil},
		{id, "liveness/" + id + "/reference.jpg", []string{"other"}, s3source.ErrBucketRefused},
	} {
		srv := s3fault.New(t)
		srv.Set("bucket", tt.key, []byte("jpeg"))
		s := s3source.New(srv.Config(), quick())
		o := decode.S3Object{Bucket: "bucket", Name: tt.key}
		_, err := s.For(tt.session, tt.buckets...).Object(t.Context(), o, limit)
		if !errors.Is(err, tt.want) {
			t.Errorf("%q, %s, %q: got %v, want %v", tt.session, tt.key, tt.buckets, err, tt.want)
		}
		if requests := srv.Requests(tt.key); (requests == 0) != (tt.want != nil) {
			t.Errorf("%q, %s, %q: got %d requests", tt.session, tt.key, tt.buckets, requests)
		}
	}
}

// Every condition has a code of its own, and what is said about the code is
// what is said about the error, but for a refusal, which says more.
func TestProblemCode(t *testing.T) {
	seen := map[string]error{}
	for _, condition := range []error{
		s3source.ErrAddress, s3source.ErrArchived, s3source.ErrBadCredentials, s3source.ErrBucketDots,
		s3source.ErrBucketRefused, s3source.ErrChanged, s3source.ErrChecksum, s3source.ErrClock,
		s3source.ErrCustomerKey, s3source.ErrDeleteMarker, s3source.ErrDenied, s3source.ErrEndpoint,
		s3source.ErrExists, s3source.ErrExpiredToken, s3source.ErrKey, s3source.ErrNetwork,
		s3source.ErrNoCredentials, s3source.ErrNoSuchBucket, s3source.ErrNoSuchVersion, s3source.ErrRefused,
		s3source.ErrRegion, s3source.ErrServer, s3source.ErrTLS, s3source.ErrThrottled, s3source.ErrTimeout,
		s3source.ErrTooMany, s3source.ErrUnrelated, decode.ErrNotFound,
	} {
		err := &s3source.Error{Op: s3source.OpGet, Err: fmt.Errorf("%w: more", condition)}
		code := err.ProblemCode()
		if code == "" || seen[code] != nil {
			t.Errorf("%v: got code %q, as %v has", condition, code, seen[code])
		}
		seen[code] = condition
		if want := s3source.Advice(err); s3source.AdviceOn(code) != want && !errors.Is(err, s3source.ErrDenied) {
			t.Errorf("%s: got %q, want %q", code, s3source.AdviceOn(code), want)
		}
	}
	tooLarge := &s3source.Error{Err: &decode.LimitError{Limit: decode.LimitImageBytes}}
	if got := tooLarge.ProblemCode(); got != "" {
		t.Errorf("too large: got %q, want none", got)
	}
}

// A walk asks for a page when the one before has been used, and for no more
// when nobody listens.
func TestWalk(t *testing.T) {
	t.Parallel()
	srv := s3fault.New(t)
	for i := range 2500 {
		srv.Set("bucket", fmt.Sprintf("in/%04d.json", i), nil)
	}
	s := s3source.New(srv.Config(), quick())
	var keys []string
	for e, err := range s.Walk(t.Context(), decode.S3Object{Bucket: "bucket", Name: "in"}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, e.Object.Name)
		if want := int64(1 + (len(keys)-1)/1000); s.Stats().Requests != want {
			t.Fatalf("%d requests for %d keys, want %d", s.Stats().Requests, len(keys), want)
		}
		if len(keys) == 1500 {
			break
		}
	}
	if !slices.IsSorted(keys) || keys[0] != "in/0000.json" || len(keys) != 1500 {
		t.Errorf("got %d keys from %s on", len(keys), keys[0])
	}
}
