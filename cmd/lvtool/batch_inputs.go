package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lvtool/lvtool/export/plan"
)

// planInputs returns what the arguments of plan name, as [inputs] does, but such
// that folders and lists are gone through as they are planned, none held: they
// may name tens of millions of documents.
func planInputs(c *cli.Context, from *cloud) ([]input, error) {
	if address := c.String("inventory"); address != "" {
		return inventoryInputs(c, from, address)
	}
	if c.NArg() == 0 {
		return nil, usageError("batch %s: give at least one RESULT: a file, a folder, a pattern, s3://BUCKET/KEY,"+
			" s3://BUCKET/PREFIX/ or @FILE; or --inventory", c.Command.Name)
	}
	var all []input
	for _, arg := range c.Args().Slice() {
		some, err := planInput(c, from, arg)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func planInput(c *cli.Context, from *cloud, arg string) ([]input, error) {
	if list, ok := strings.CutPrefix(arg, "@"); ok {
		return []input{{name: arg, list: func(ctx context.Context) iter.Seq2[input, error] {
			return streamedList(ctx, c, from, list)
		}}}, nil
	}
	if isFolder(arg) {
		return []input{{name: arg, list: func(context.Context) iter.Seq2[input, error] { return folderList(arg) }}}, nil
	}
	return argument(c, from, arg)
}

// streamedList yields the inputs of a list as its lines are read.
func streamedList(ctx context.Context, c *cli.Context, from *cloud, name string) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		in := input{name: "@" + name}
		r, err := openList(ctx, from, name)
		if err != nil {
			yield(in, err)
			return
		}
		defer r.Close()
		none := true
		for e, err := range listLines(r) {
			none = false
			var some []input
			if err == nil {
				some, err = listedInput(c, from, e)
			}
			if err != nil {
				yield(in, listError(name, err))
				return
			}
			for i := range some {
				if !yield(some[i], nil) {
					return
				}
			}
		}
		if none {
			yield(in, listError(name, errEmptyList))
		}
	}
}

// folderList yields the results in a folder and below it, as it is gone through.
func folderList(root string) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		none, left := true, false
		err := walkResults(root, func(path string) error {
			none = false
			if left = !yield(fileInput(path, label(root, path)), nil); left {
				return fs.SkipAll
			}
			return nil
		})
		if none && err == nil {
			err = noResults(root)
		}
		if err != nil && !left {
			yield(input{name: filepath.ToSlash(root)}, err)
		}
	}
}

// entries yields the documents of the input. What cannot be listed is an error:
// a plan has all or nothing.
func (s *source) entries(ctx context.Context) iter.Seq2[plan.Entry, error] {
	return func(yield func(plan.Entry, error) bool) {
		for i := range s.all {
			if !s.all[i].plan(ctx, yield) {
				return
			}
		}
	}
}

// plan yields the entries of an input, and reports whether more are wanted.
func (in *input) plan(ctx context.Context, yield func(plan.Entry, error) bool) bool {
	if in.list == nil {
		return yield(in.planned())
	}
	for one, err := range in.list(ctx) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return yield(plan.Entry{}, err)
		}
		if !one.plan(ctx, yield) {
			return false
		}
	}
	return true
}

// planned returns the entry of a document.
func (in *input) planned() (plan.Entry, error) {
	switch {
	case in.name == stdinName && in.file == "", in.live:
		return plan.Entry{}, usageError("%s: cannot be read again by a worker", in.name)
	case isS3(in.label):
		return plan.Entry{Input: in.label}, nil // in a copy of the bucket
	case in.file == "":
		return plan.Entry{Input: in.name, Listed: in.listed}, nil
	}
	return plan.Entry{Input: filepath.ToSlash(in.file), Label: in.label}, nil
}

// listError says what is wrong with a list.
func listError(name string, err error) error {
	return &exitError{code: exitFailed, err: fmt.Errorf("@%s: %w", name, err), hint: hintOf(err)}
}
