package decode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Objects gets the images that lie in S3.
type Objects interface {
	// Object returns the object o, of at most limit bytes. An object that is
	// larger is an [ErrTooLarge]; one that does not exist, an [ErrNotFound]. An
	// error with a method ProblemCode() string names its own [Problem].Code.
	Object(ctx context.Context, o S3Object, limit int64) (*Object, error)
}

// An Object is what was got from S3: its bytes, and what S3 said of it.
type Object struct {
	Data []byte
	// Origin is of kind s3; Version, ETag and LastModified are those of the
	// object that was got.
	Origin Origin
	// Problems are the doubts about the object.
	Problems []Problem
}

// DirObjects returns Objects that reads a local copy of a bucket: the object
// s3://bucket/key is the file bucket/key of fsys. A copy has no versions, so
// where a result names one, the object comes with a [Problem].
func DirObjects(fsys fs.FS) Objects { return dirObjects{fsys} }

type dirObjects struct{ fsys fs.FS }

func (d dirObjects) Object(ctx context.Context, o S3Object, limit int64) (*Object, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if strings.Contains(o.Bucket, "/") || !fs.ValidPath(o.Bucket) || !fs.ValidPath(o.Name) {
		return nil, fmt.Errorf("%w: %s cannot be the name of a file", ErrNotFound, o)
	}
	data, err := readFile(d.fsys, o.Bucket+"/"+o.Name, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, o)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	got := &Object{Data: data, Origin: s3Origin(o)}
	if o.Version != "" {
		got.Problems = append(got.Problems, Problem{
			Code:    "version_unchecked",
			Message: "the result names a version of the object, which a local copy cannot confirm",
		})
	}
	return got, nil
}

func readFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	// The file may grow after Stat, so the reading is bounded too.
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	return data, within(LimitImageBytes, max(info.Size(), int64(len(data))), limit)
}

func s3Origin(o S3Object) Origin {
	return Origin{Kind: "s3", Bucket: o.Bucket, Key: o.Name, Version: o.Version}
}
