package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
)

// maxReport bounds what is read of a report that an earlier run wrote.
const maxReport = 64 << 20

// An s3Target is a prefix in S3. A folder there is whole when it has its
// report.json, which is written last.
type s3Target struct {
	store  *s3source.Store
	prefix decode.S3Object
	opts   s3source.PutOptions
}

// newS3Target returns the target at an address such as s3://bucket/prefix/.
func newS3Target(ctx context.Context, to *cloud, address string, force bool) (*s3Target, error) {
	prefix, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	if prefix.Version != "" {
		return nil, usageError("%s: nothing can be written to a version", address)
	}
	if prefix.Name != "" && !strings.HasSuffix(prefix.Name, "/") {
		prefix.Name += "/"
	}
	store, err := to.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", prefix, err)
	}
	return &s3Target{store: store, prefix: prefix, opts: s3source.PutOptions{Force: force}}, nil
}

func (t *s3Target) object(name string) decode.S3Object {
	return decode.S3Object{Bucket: t.prefix.Bucket, Name: t.prefix.Name + name}
}

func (t *s3Target) address(name string) string { return s3source.FormatURL(t.object(name)) }

func (t *s3Target) close() {}

func (t *s3Target) put(ctx context.Context, name string, data []byte) error {
	return t.store.Put(ctx, t.object(name), data, &t.opts)
}

func (t *s3Target) existing(ctx context.Context, name string) ([]byte, error) {
	got, err := t.store.Object(ctx, t.object(name+"/"+markFile), maxReport)
	switch {
	case errors.Is(err, s3source.ErrNoSuchBucket):
		return nil, err
	case errors.Is(err, decode.ErrNotFound), errors.Is(err, s3source.ErrDenied) && !errors.Is(err, s3source.ErrKey):
		// Who may write but not list is denied what does not exist. If it does
		// exist, writing will find out.
		return nil, nil
	case err != nil:
		return nil, err
	case !isOwnJSON(got.Data[:min(len(got.Data), ownHead)]):
		return nil, nil
	}
	return got.Data, nil
}

func (t *s3Target) stage(name string) (stage, error) {
	return &s3Stage{t.store.Folder(t.object(name), markFile, &t.opts)}, nil
}

// An s3Stage keeps the files in memory until all are there.
type s3Stage struct{ folder *s3source.Folder }

// put keeps a copy: the caller uses its buffer again.
func (s *s3Stage) put(name string, data []byte) error { return s.folder.Put(name, slices.Clone(data)) }

func (s *s3Stage) commit(ctx context.Context) error { return s.folder.Commit(ctx) }

func (s *s3Stage) drop() error { return nil }

// parseS3 returns what an s3:// address on the command line names.
func parseS3(address string) (decode.S3Object, error) {
	o, err := s3source.ParseURL(address)
	if err != nil {
		return o, &exitError{code: exitUsage, err: err, hint: s3source.Advice(err)}
	}
	return o, nil
}
