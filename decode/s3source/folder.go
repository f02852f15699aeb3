package s3source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lvtool/lvtool/decode"
)

// A Folder is a set of files that belong together, in the making. S3 has
// neither folders nor a way to rename one, so that one file, the mark, is
// written when all others have been: a folder that has its mark is whole, and
// one without is none.
//
// Files are kept in memory until Commit. A Folder is not safe for concurrent
// use.
type Folder struct {
	store  *Store
	prefix decode.S3Object
	mark   string
	opts   PutOptions
	files  map[string][]byte
	// note is set where another folder is replaced, and noted are its bytes.
	note  *note
	noted []byte
}

// Folder begins the folder below prefix, such as s3://bucket/out/session,
// whose mark has the name given, such as report.json.
func (s *Store) Folder(prefix decode.S3Object, mark string, opts *PutOptions) *Folder {
	f := &Folder{store: s, prefix: prefix, mark: mark, files: map[string][]byte{}}
	if name := prefix.Name; name != "" && !strings.HasSuffix(name, "/") {
		f.prefix.Name += "/"
	}
	if opts != nil {
		f.opts = *opts
	}
	return f
}

// Put adds a file, in place of one of the same name. A name is a path with
// forward slashes, as [fs.ValidPath] has it. The data must not be changed until
// Commit has returned.
func (f *Folder) Put(name string, data []byte) error {
	o := f.object(name)
	err := checkAddress(o)
	if !fs.ValidPath(name) || name == "." {
		err = fmt.Errorf("%w: %.100q is not the name of a file", ErrAddress, name)
	}
	if err != nil {
		return &Error{Op: OpPut, Object: o, Err: err}
	}
	f.files[name] = data
	return nil
}

// Whole reports whether S3 has the folder already, which an earlier run may
// have written.
func (f *Folder) Whole(ctx context.Context) (bool, error) {
	return f.store.exists(ctx, f.object(f.mark))
}

// Commit writes the files by name, and the mark after them. It can be called
// again after an error: what is there already stays, as with [Store.Put].
//
// A folder that S3 has with another mark is left as it is, with an
// [ErrExists], unless Force is set or Own takes the mark: then that mark is
// deleted first, so that the folder never looks whole while it is a mixture. Own
// gives an [ErrExists] too where the mark has become another in the meantime.
// With Force, files that the old folder had and the new one has not stay. With
// Own, they are deleted, and no file is touched that the old mark does not list
// with its digest; a run that is killed meanwhile leaves a note of them, by which
// the next can go on.
func (f *Folder) Commit(ctx context.Context) error {
	mark, ok := f.files[f.mark]
	if !ok {
		return fmt.Errorf("%s: no %s was put", f.prefix, f.mark)
	}
	if err := f.unmark(ctx, mark); err != nil {
		return err
	}
	names := make([]string, 0, len(f.files))
	for name := range f.files {
		if name != f.mark {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range append(names, f.mark) {
		if err := f.store.Put(ctx, f.object(name), f.files[name], f.with(name)); err != nil {
			return err
		}
	}
	return f.clear(ctx)
}

// unmark makes sure that S3 has no folder with another mark.
func (f *Folder) unmark(ctx context.Context, mark []byte) error {
	o := f.object(f.mark)
	same, err := f.store.same(ctx, o, contentIn(mark))
	switch {
	case errors.Is(err, decode.ErrNotFound) && !errors.Is(err, ErrNoSuchBucket),
		// Who may write but not list hears this of what does not exist; if it
		// does, Put will find out.
		errors.Is(err, ErrDenied) && !errors.Is(err, ErrKey):
		return f.resume(ctx, true)
	case err != nil:
		return err
	case same:
		return f.resume(ctx, false)
	case f.opts.Force:
		return f.store.delete(ctx, o, "")
	}
	return f.take(ctx, o, mark)
}

func (f *Folder) object(name string) decode.S3Object {
	return decode.S3Object{Bucket: f.prefix.Bucket, Name: f.prefix.Name + name}
}

// exists reports whether there is an object. A request for the object itself
// tells more than one for its header, which fails without words.
func (s *Store) exists(ctx context.Context, o decode.S3Object) (bool, error) {
	err := s.do(ctx, call{op: OpGet, object: o, send: func(ctx context.Context, region func(*s3.Options)) error {
		out, err := s.get(ctx, o, nil, region)
		if err != nil {
			return err
		}
		_ = out.Body.Close() // nothing was read
		return nil
	}})
	if errors.Is(err, decode.ErrNotFound) && !errors.Is(err, ErrNoSuchBucket) {
		return false, nil
	}
	return err == nil, err
}

// delete deletes an object, where etag is not empty only the one that has it: else
// the error is an [ErrChanged]. Not every server knows the condition.
func (s *Store) delete(ctx context.Context, o decode.S3Object, etag string) error {
	in := &s3.DeleteObjectInput{Bucket: &o.Bucket, Key: &o.Name, ExpectedBucketOwner: s.owner()}
	if etag != "" {
		in.IfMatch = aws.String(`"` + etag + `"`)
	}
	return s.do(ctx, call{op: OpDelete, object: o, send: func(ctx context.Context, region func(*s3.Options)) error {
		_, err := s.client.DeleteObject(ctx, in, region)
		if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && in.IfMatch != nil &&
			answer.HTTPStatusCode() == http.StatusNotImplemented {
			in.IfMatch = nil
			_, err = s.client.DeleteObject(ctx, in, region)
		}
		return err
	}})
}
