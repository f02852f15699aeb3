package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export"
)

// maxReport bounds what is read of a report that an earlier run wrote.
const maxReport = 64 << 20

// An s3Target is a prefix in S3. A folder there is whole when it has its
// report.json, which is written last.
type s3Target struct {
	store  *s3source.Store
	prefix decode.S3Object
	opts   s3source.PutOptions
	// mark is the file that is written last to a folder.
	mark string
	// created is what publish writes.
	created *memoryFile
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
	return &s3Target{store: store, prefix: prefix, opts: s3source.PutOptions{Force: force}, mark: markFile}, nil
}

// newS3Output is newS3Target for what convert writes, which replaces what it wrote
// itself, as it does in a folder of this machine.
func newS3Output(ctx context.Context, to *cloud, address string, force bool) (target, error) {
	t, err := newS3Target(ctx, to, address, force)
	if err != nil {
		return nil, err
	}
	t.opts.Own, t.opts.Files = isOwnObject, reported
	return t, nil
}

// pngHead is how much of a picture says who made it.
const pngHead = 512

// reported returns the files that a report lists, with their digests.
func reported(report []byte) map[string]string {
	var r struct {
		Outputs []struct {
			File   string `json:"file"`
			SHA256 string `json:"sha256"`
		} `json:"outputs"`
	}
	files := map[string]string{}
	if json.Unmarshal(report, &r) != nil {
		return files
	}
	for _, f := range r.Outputs {
		if fs.ValidPath(f.File) {
			files[f.File] = f.SHA256
		}
	}
	return files
}

func (t *s3Target) object(name string) decode.S3Object {
	return decode.S3Object{Bucket: t.prefix.Bucket, Name: t.prefix.Name + name}
}

func (t *s3Target) address(name string) string { return s3source.FormatURL(t.object(name)) }

func (t *s3Target) close() error { return nil }

func (t *s3Target) forced() target {
	f := *t
	f.opts.Force = true
	return &f
}

// check compares the sizes with those of a listing. Who may write but not list
// is denied it: then the report, which is written last, is what there is to go by.
func (t *s3Target) check(ctx context.Context, name string, outputs []export.Output, deep bool) error {
	entries, err := t.store.List(ctx, t.object(name), nil)
	if errors.Is(err, s3source.ErrDenied) {
		return nil
	}
	if err != nil {
		return err
	}
	sizes := map[string]int64{}
	for _, e := range entries {
		sizes[e.Object.Name] = e.Size
	}
	note := t.object(name + "/" + s3source.NoteName(t.mark)).Name
	if _, left := sizes[note]; left && t.opts.Own != nil {
		return fmt.Errorf("%s: a run that replaced the folder was killed", path.Base(note))
	}
	for _, out := range outputs {
		o := t.object(name + "/" + out.File)
		if size, ok := sizes[o.Name]; !ok || size != int64(out.Bytes) {
			return fmt.Errorf("%s: it is not there with its %d bytes", out.File, out.Bytes)
		}
		if !deep {
			continue
		}
		if err := t.compare(ctx, o, out); err != nil {
			return err
		}
	}
	return nil
}

func (t *s3Target) compare(ctx context.Context, o decode.S3Object, out export.Output) error {
	got, err := t.store.Object(ctx, o, int64(out.Bytes))
	if err != nil {
		return err
	}
	if decode.Digest(sha256.Sum256(got.Data)).String() != out.SHA256 {
		return fmt.Errorf("%s: its digest is another than the report's", out.File)
	}
	return nil
}

func (t *s3Target) put(ctx context.Context, name string, data []byte) error {
	return t.store.Put(ctx, t.object(name), data, &t.opts)
}

// claim finds nothing: that an object is another's, S3 says when it is written.
func (t *s3Target) claim(...string) error { return nil }

// create begins a file that is kept in memory.
func (t *s3Target) create(name string) (io.WriteCloser, error) {
	t.created = &memoryFile{name: name}
	return t.created, nil
}

func (t *s3Target) publish(ctx context.Context) error {
	return t.put(ctx, t.created.name, t.created.Bytes())
}

// A memoryFile is a file in the making.
type memoryFile struct {
	name string
	bytes.Buffer
}

// Close does nothing.
func (*memoryFile) Close() error { return nil }

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
	return &s3Stage{t.store.Folder(t.object(name), t.mark, &t.opts)}, nil
}

// An s3Stage keeps the files in memory until all are there.
type s3Stage struct{ folder *s3source.Folder }

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
