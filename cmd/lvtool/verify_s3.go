package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/bag"
)

// maxArchive bounds an archive in S3, which is held in memory.
const maxArchive = 1 << 30

// packCloudFlags are the flags of a command that reads packs in S3. There
// --profile is a BagIt Profile; AWS_PROFILE names a section of the config files.
func packCloudFlags() []cli.Flag {
	return slices.DeleteFunc(amazonFlags(), func(f cli.Flag) bool {
		return slices.Contains([]string{"profile", "s3-bucket"}, f.Names()[0])
	})
}

// newPackCloud reads the flags of [packCloudFlags].
func newPackCloud(c *cli.Context) (*cloud, error) {
	to, err := newCloud(c)
	if err != nil {
		return nil, err
	}
	to.settings.Profile = ""
	return to, nil
}

// s3Packs returns the packs that an address names: an archive, the pack of a
// prefix, or those below it.
func s3Packs(ctx context.Context, s3 *cloud, address string) ([]string, error) {
	o, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	if isArchiveName(o.Name) {
		return []string{address}, nil
	}
	store, err := s3.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	prefix := strings.TrimSuffix(address, "/") + "/"
	var packs []string
	for e, err := range store.Walk(ctx, o, &s3source.ListOptions{Max: maxListed}) {
		if err != nil {
			return nil, err
		}
		name, _, folder := strings.Cut(below(o, e.Object), "/")
		switch {
		case name == "bagit.txt" && !folder:
			return []string{address}, nil
		case folder && (len(packs) == 0 || packs[len(packs)-1] != prefix+name+"/"):
			packs = append(packs, prefix+name+"/")
		case !folder && isArchiveName(name):
			packs = append(packs, prefix+name)
		}
	}
	if len(packs) == 0 {
		return []string{address}, nil // which then is said to be none
	}
	return packs, nil
}

// below returns the key of an object below a prefix.
func below(prefix, o decode.S3Object) string {
	return strings.TrimPrefix(strings.TrimPrefix(o.Name, strings.TrimSuffix(prefix.Name, "/")), "/")
}

// inS3 opens the pack at an address.
func (r *packReader) inS3(ctx context.Context, address string, look func(bag.Tree) error) error {
	o, err := parseS3(address)
	if err != nil {
		return err
	}
	store, err := r.cloud.open(ctx)
	if err != nil {
		return err
	}
	if isArchiveName(o.Name) {
		got, err := s3Archive(ctx, store, o)
		if err != nil {
			return err
		}
		return r.archive(bytes.NewReader(got.Data), int64(len(got.Data)), look)
	}
	t, err := newS3Tree(ctx, store, o)
	if err != nil {
		return err
	}
	return look(t)
}

var errLargeArchive = errors.New("an archive of more than 1 GiB is not read in S3: copy it here first")

// s3Archive reads an archive, which is held in memory.
func s3Archive(ctx context.Context, store *s3source.Store, o decode.S3Object) (*decode.Object, error) {
	got, err := store.Object(ctx, o, maxArchive)
	if errors.Is(err, decode.ErrTooLarge) {
		err = errLargeArchive
	}
	return got, err
}

// newS3Tree returns the objects below a prefix.
func newS3Tree(ctx context.Context, store *s3source.Store, o decode.S3Object) (*s3Tree, error) {
	t := &s3Tree{ctx: ctx, store: store, listed: map[string]s3source.Entry{}}
	list, err := store.List(ctx, o, &s3source.ListOptions{Max: maxListed})
	for _, e := range list {
		name := below(o, e.Object)
		t.names = append(t.names, name)
		t.listed[name] = e
	}
	return t, err
}

// An s3Tree is the objects below a prefix, as they were when it was made.
type s3Tree struct {
	ctx    context.Context //nolint:containedctx // As in http.Request: bag.Tree takes none.
	store  *s3source.Store
	names  []string
	listed map[string]s3source.Entry
}

// Entries yields the objects. A key is hostile like any other name.
func (t *s3Tree) Entries(l bag.Limits) iter.Seq2[bag.Entry, *bag.Finding] {
	return func(yield func(bag.Entry, *bag.Finding) bool) {
		for i, name := range t.names {
			var bad *bag.Finding
			switch {
			case l.Entries > 0 && i >= l.Entries:
				yield(bag.Entry{}, &bag.Finding{
					Code: bag.TooMany, Message: fmt.Sprintf("more than %d objects", l.Entries),
				})
				return
			case !fs.ValidPath(name) || path.Clean(name) != name || strings.Contains(name, `\`):
				bad = &bag.Finding{Code: bag.OutOfScope, Path: name, Message: "the key is no path of a file in the bag"}
			}
			e := bag.Entry{Name: name, Size: t.listed[name].Size}
			if bad != nil {
				e = bag.Entry{}
			}
			if !yield(e, bad) {
				return
			}
		}
	}
}

// Open opens an object, unless it has become another since it was listed.
func (t *s3Tree) Open(e bag.Entry) (io.ReadCloser, error) {
	listed := t.listed[e.Name]
	r, err := t.store.Open(t.ctx, listed.Object, listed.Size)
	if err != nil {
		return nil, changedInS3(err)
	}
	if r.Origin.ETag != listed.ETag {
		return nil, errors.Join(bag.ErrChanged, r.Close())
	}
	return s3File{r}, nil
}

// An s3File says of an object that changes while it is read what bags say.
type s3File struct{ *s3source.Reader }

// Read is that of the object.
func (f s3File) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = changedInS3(err)
	}
	return n, err
}

// changedInS3 returns what err means of an object that was listed.
func changedInS3(err error) error {
	for _, changed := range []error{s3source.ErrChanged, decode.ErrNotFound, decode.ErrTooLarge} {
		if errors.Is(err, changed) {
			return bag.ErrChanged
		}
	}
	return err
}
