package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
)

const (
	// maxListed bounds how many results one prefix may hold.
	maxListed = 100_000_000
	// maxResult bounds the bytes of a document in S3. It may hold many sessions,
	// each of which has a limit of its own.
	maxResult = 64 << 30
)

// errOwn says that lvtool wrote a document itself.
var errOwn = errors.New("written by lvtool")

// s3Inputs returns the document, or the documents below the prefix, that an
// address names.
func s3Inputs(c *cli.Context, cloud *cloud, address string) ([]input, error) {
	o, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	if dir := c.String("s3-root"); dir != "" {
		return copiedInputs(dir, o)
	}
	if !isPrefix(o) {
		return []input{s3Document(cloud, o, false)}, nil
	}
	in := input{name: s3source.FormatURL(o)}
	in.list = func(ctx context.Context) iter.Seq2[input, error] { return s3List(ctx, cloud, o, in) }
	return []input{in}, nil
}

// isPrefix reports whether an address names a folder, not an object.
func isPrefix(o decode.S3Object) bool { return o.Name == "" || strings.HasSuffix(o.Name, "/") }

// copiedInputs returns the documents of a copy of the bucket, as those of the
// bucket itself.
func copiedInputs(dir string, o decode.S3Object) ([]input, error) {
	bucket := filepath.Join(dir, o.Bucket)
	name := filepath.FromSlash(strings.TrimSuffix(o.Name, "/"))
	if !filepath.IsLocal(o.Bucket) || name != "" && !filepath.IsLocal(name) {
		return nil, usageError("%s: cannot be the name of a file", o)
	}
	files := []string{filepath.Join(bucket, name)}
	info, err := os.Stat(files[0])
	switch {
	case err != nil:
		return nil, notFound(files[0], err)
	case isPrefix(o) != info.IsDir():
		return nil, fmt.Errorf("%s: the copy has a file where S3 would have a folder, or the other way about", o)
	case isPrefix(o):
		if files, err = folderFiles(files[0]); err != nil {
			return nil, err
		}
	}
	all := make([]input, len(files))
	for i, file := range files {
		object := decode.S3Object{Bucket: o.Bucket, Name: label(bucket, file), Version: o.Version}
		all[i] = fileInput(file, s3source.FormatURL(object))
		all[i].name = all[i].label
	}
	return all, nil
}

// s3List yields the results below a prefix, as they are listed; an error is
// about the input that it comes with.
func s3List(ctx context.Context, cloud *cloud, prefix decode.S3Object, from input) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		store, err := cloud.open(ctx)
		if err != nil {
			yield(from, fmt.Errorf("%s: %w", prefix, err))
			return
		}
		none := true
		opts := &s3source.ListOptions{Match: isResultKey, Max: maxListed}
		for e, err := range store.Walk(ctx, prefix, opts) {
			none = false
			if err != nil {
				yield(from, err)
				return
			}
			if !yield(s3Document(cloud, e.Object, true), nil) {
				return
			}
		}
		if none {
			yield(from, noResults(prefix.String()))
		}
	}
}

// isResultKey reports whether the key below a prefix is that of a result, as
// the file of a folder would be.
func isResultKey(key string) bool {
	if strings.HasPrefix(key, ".") || strings.Contains(path.Dir(key), "/.") {
		return false
	}
	return isResultName(path.Base(key))
}

// s3Document is a document in S3. One that was listed is an [errOwn] where
// lvtool wrote it.
func s3Document(cloud *cloud, o decode.S3Object, listed bool) input {
	return input{name: s3source.FormatURL(o), listed: listed, open: func(ctx context.Context) (*document, error) {
		store, err := cloud.open(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
		r, err := store.Open(ctx, o, maxResult)
		if err != nil {
			return nil, err
		}
		buffered := bufio.NewReader(r)
		if head, _ := buffered.Peek(ownHead); listed && isOwnJSON(head) {
			_ = r.Close() // it returns nil
			return nil, errOwn
		}
		is := o
		is.Version = r.Origin.Version // which one it was
		return &document{
			ReadCloser: struct {
				io.Reader
				io.Closer
			}{buffered, r},
			label:    s3source.FormatURL(is),
			problems: r.Problems,
		}, nil
	}}
}
