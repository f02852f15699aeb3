package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
)

var errNoPack = errors.New("no pack there: want the prefix of one, or a ZIP archive")

// inS3 puts timestamps into a pack in S3.
func (a *attacher) inS3() error {
	ctx := a.c.Context
	o, err := parseS3(a.file)
	switch {
	case err != nil:
		return err
	case o.Version != "":
		return usageError("%s: nothing can be written to a version", a.file)
	}
	store, err := a.cloud.open(ctx)
	if err != nil {
		return a.failed(err)
	}
	if isArchiveName(o.Name) {
		return a.archiveInS3(store, o)
	}
	t, err := newS3Tree(ctx, store, o)
	if err != nil {
		return err
	}
	if len(t.names) == 0 {
		return a.failed(errNoPack)
	}
	stamps, err := a.stamps(t)
	if err != nil {
		return err
	}
	if o.Name != "" && !strings.HasSuffix(o.Name, "/") {
		o.Name += "/"
	}
	for _, s := range stamps {
		at := decode.S3Object{Bucket: o.Bucket, Name: o.Name + s.name}
		if err := store.Put(ctx, at, s.data, nil); err != nil {
			return a.failed(err)
		}
	}
	a.say(stamps)
	return nil
}

// archiveInS3 puts the archive anew in place of the one that it read.
func (a *attacher) archiveInS3(store *s3source.Store, o decode.S3Object) error {
	got, err := s3Archive(a.c.Context, store, o)
	if err != nil {
		return a.failed(err)
	}
	return a.renew(bytes.NewReader(got.Data), int64(len(got.Data)), func(write func(io.Writer) error) (err error) {
		f, err := os.CreateTemp("", "lvtool-*.zip")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
		if err := write(f); err != nil {
			return err
		}
		size, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return err
		}
		return store.Replace(a.c.Context, o, f, size, got.Origin.ETag)
	})
}
