package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/inventory"
	"github.com/lvtool/lvtool/decode/s3source"
)

// inventoryInputs returns the input that stands for the results that an inventory
// lists: those below the prefixes that the arguments name, or all.
func inventoryInputs(c *cli.Context, from *cloud, address string) ([]input, error) {
	l := &inventoryList{cloud: from, address: address}
	for _, arg := range c.Args().Slice() {
		if !isS3(arg) {
			return nil, usageError("%s: with --inventory, give s3://BUCKET/PREFIX/ or nothing", arg)
		}
		prefix, err := parseS3(arg)
		if err != nil {
			return nil, err
		}
		if !isPrefix(prefix) {
			return nil, usageError("%s: with --inventory, give a prefix, which ends with a slash", arg)
		}
		l.within = append(l.within, prefix)
	}
	return []input{{name: address, list: l.inputs}}, nil
}

// An inventoryList is what is wanted of an inventory.
type inventoryList struct {
	cloud   *cloud
	address string
	// within are the prefixes that are wanted; none means all.
	within []decode.S3Object
}

// inputs yields the newest version of every result, that of the time of the
// inventory where it says which: what a worker reads is what was listed.
func (l *inventoryList) inputs(ctx context.Context) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		in := input{name: l.address}
		m, err := l.manifest(ctx)
		if err != nil {
			yield(in, err)
			return
		}
		none := true
		for row, err := range l.rows(ctx, m) {
			if err != nil {
				yield(in, err)
				return
			}
			if !row.Latest || row.DeleteMarker || !l.wants(row) {
				continue
			}
			none = false
			o := decode.S3Object{Bucket: row.Bucket, Name: row.Key}
			if row.Version != "null" {
				o.Version = row.Version
			}
			if !yield(s3Document(l.cloud, o, true), nil) {
				return
			}
		}
		if none {
			yield(in, fmt.Errorf("%s: it lists no result that is wanted (looked for %s, also compressed)",
				l.address, strings.Join(resultSuffixes, ", ")))
		}
	}
}

// wants reports whether an object is one of those looked for.
func (l *inventoryList) wants(row inventory.Row) bool {
	if len(l.within) == 0 {
		return isResultKey(row.Key)
	}
	return slices.ContainsFunc(l.within, func(prefix decode.S3Object) bool {
		name, ok := strings.CutPrefix(row.Key, prefix.Name)
		return ok && row.Bucket == prefix.Bucket && isResultKey(name)
	})
}

func (l *inventoryList) manifest(ctx context.Context) (*inventory.Manifest, error) {
	r, err := l.open(ctx, l.address)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	m, err := inventory.ParseManifest(r)
	if err != nil {
		err = fmt.Errorf("--inventory %s: %w", l.address, err)
		if path.Base(filepath.ToSlash(l.address)) != "manifest.json" {
			const hint = "give the manifest.json, which names the other files"
			return nil, &exitError{code: exitFailed, err: err, hint: hint}
		}
	}
	return m, err
}

// rows yields the rows of all files.
func (l *inventoryList) rows(ctx context.Context, m *inventory.Manifest) iter.Seq2[inventory.Row, error] {
	return func(yield func(inventory.Row, error) bool) {
		for _, f := range m.Files {
			r, err := l.file(ctx, m, f)
			if err != nil {
				yield(inventory.Row{}, fmt.Errorf("--inventory %s: %w", l.address, err))
				return
			}
			for row, err := range m.Rows(f, r) {
				if err != nil {
					err = fmt.Errorf("--inventory %s: %w", l.address, err)
				}
				if !yield(row, err) || err != nil {
					_ = r.Close() // it was only read
					return
				}
			}
			_ = r.Close()
		}
	}
}

func (l *inventoryList) open(ctx context.Context, address string) (io.ReadCloser, error) {
	if !isS3(address) {
		f, err := os.Open(address)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", address, unwrapPath(err))
		}
		return f, nil
	}
	o, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	store, err := l.cloud.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	return store.Open(ctx, o, maxResult)
}

// file opens a file of the table: in S3 where the manifest says it is, and of a
// copy beside the manifest, or in the folder data beside it or its folder, as S3
// lays them out.
func (l *inventoryList) file(ctx context.Context, m *inventory.Manifest, f inventory.File) (io.ReadCloser, error) {
	if isS3(l.address) {
		return l.open(ctx, s3source.Scheme+m.Destination+"/"+f.Key)
	}
	name, dir := path.Base(f.Key), filepath.Dir(l.address)
	for _, at := range []string{".", "data", filepath.Join("..", "data")} {
		r, err := os.Open(filepath.Join(dir, at, name))
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
	}
	return nil, fmt.Errorf("its file %.200q is not there: copy it beside the manifest, or into the folder data", name)
}
