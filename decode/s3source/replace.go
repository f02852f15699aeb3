package s3source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/lvtool/lvtool/decode"
)

// noteEnd is what stands behind the name of a folder's mark in that of the note
// that lies there while the folder is replaced.
const noteEnd = ".replacing"

const noteSchema = "lvtool.replacing/1"

// A note says which files of a folder may be overwritten: those of the folder
// that is replaced, and those that replace them.
type note struct {
	Schema string              `json:"schema"`
	Files  map[string][]string `json:"files"` // SHA-256 digests, in hexadecimal
}

func readNote(data []byte) (note, bool) {
	var n note
	err := json.Unmarshal(data, &n)
	return n, err == nil && n.Schema == noteSchema && n.Files != nil
}

// has reports whether a file with these bytes may be overwritten.
func (n *note) has(name string, data []byte) bool {
	sum := sha256.Sum256(data)
	return slices.Contains(n.Files[name], hex.EncodeToString(sum[:]))
}

// take makes ready to replace the folder whose mark is o, which is another than
// this one's. It is an [ErrExists] where it may not be replaced.
func (f *Folder) take(ctx context.Context, o decode.S3Object) error {
	exists := &Error{Op: OpPut, Object: o, Err: ErrExists}
	if f.opts.Own == nil || f.opts.Files == nil {
		return exists
	}
	old, err := f.store.Object(ctx, o, maxOwn)
	switch {
	case errors.Is(err, decode.ErrTooLarge):
		return exists
	case err != nil:
		return err
	case !f.opts.Own(o.Name, old.Data):
		return exists
	}
	n := note{noteSchema, map[string][]string{}}
	for name, sum := range f.opts.Files(old.Data) {
		n.Files[name] = []string{sum}
	}
	return f.keep(ctx, n)
}

// keep writes the note, with the files of this folder as well.
func (f *Folder) keep(ctx context.Context, n note) error {
	for name, data := range f.files {
		if sum := sha256.Sum256(data); name != f.mark && !n.has(name, data) {
			n.Files[name] = append(n.Files[name], hex.EncodeToString(sum[:]))
		}
	}
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	own := func(_ string, data []byte) bool {
		_, ok := readNote(data)
		return ok
	}
	f.note = &n
	return f.store.Put(ctx, f.object(f.mark+noteEnd), text, &PutOptions{Own: own})
}

// with returns the options with which a file is put. The note of a run that was
// killed is looked for where a file is in the way.
func (f *Folder) with(ctx context.Context, name string) *PutOptions {
	opts := &PutOptions{Force: f.opts.Force}
	if name == f.mark || f.opts.Own == nil {
		return opts
	}
	opts.Own = func(_ string, data []byte) bool {
		if f.note == nil {
			left, err := f.store.Object(ctx, f.object(f.mark+noteEnd), maxOwn)
			if err != nil {
				return false
			}
			if n, ok := readNote(left.Data); !ok || f.keep(ctx, n) != nil {
				return false
			}
		}
		return f.note.has(name, data)
	}
	return opts
}

// clear deletes what a folder that was replaced had and this one has not, and at
// last the note.
func (f *Folder) clear(ctx context.Context) error {
	if f.note == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(f.note.Files)) {
		if _, stays := f.files[name]; stays {
			continue
		}
		o := f.object(name)
		if checkAddress(o) != nil {
			continue
		}
		is, err := f.store.Object(ctx, o, maxOwn)
		switch {
		case errors.Is(err, decode.ErrNotFound), errors.Is(err, decode.ErrTooLarge):
			continue
		case err != nil:
			return err
		case f.note.has(name, is.Data):
			if err := f.store.delete(ctx, o); err != nil {
				return err
			}
		}
	}
	err := f.store.delete(ctx, f.object(f.mark+noteEnd))
	f.note = nil
	return err
}
