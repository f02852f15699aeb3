package s3source

import (
	"bytes"
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

// NoteName returns the name of the note that lies beside the mark of a folder which
// [Folder.Commit] replaces: where it is left, a run was killed.
func NoteName(mark string) string { return mark + noteEnd }

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

// A placeholder stands for a mark from when it is taken until it is deleted. It has
// no files, so that it is no note.
type placeholder struct {
	Schema string `json:"schema"`
	By     string `json:"by"` // the SHA-256 digest of the mark that is to come
}

func isPlaceholder(data []byte) bool {
	var p placeholder
	return json.Unmarshal(data, &p) == nil && p.Schema == noteSchema && p.By != ""
}

// add adds the files of another note.
func (n *note) add(o note) {
	for name, sums := range o.Files {
		for _, sum := range sums {
			if !slices.Contains(n.Files[name], sum) {
				n.Files[name] = append(n.Files[name], sum)
			}
		}
	}
}

// take replaces the folder whose mark is o, which is another than this one's, as far
// as its mark goes. It is an [ErrExists] where it may not be replaced.
func (f *Folder) take(ctx context.Context, o decode.S3Object, mark []byte) error {
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
	case !isPlaceholder(old.Data) && !f.opts.Own(o.Name, old.Data):
		return exists
	}
	n := note{noteSchema, map[string][]string{}}
	for name, sum := range f.opts.Files(old.Data) {
		n.Files[name] = []string{sum}
	}
	left, was, err := f.left(ctx)
	if err != nil {
		return err
	}
	n.add(left)
	if err := f.keep(ctx, n, was); err != nil {
		return err
	}
	return f.vacate(ctx, o, old.Origin.ETag, mark)
}

// vacate deletes the mark o, unless it is another by now than the one with this
// entity tag: another run may just have written its own. Every server that can
// write on a condition can do this, for the mark is overwritten first.
func (f *Folder) vacate(ctx context.Context, o decode.S3Object, etag string, mark []byte) error {
	sum := sha256.Sum256(mark)
	text, err := json.Marshal(placeholder{noteSchema, hex.EncodeToString(sum[:])})
	if err != nil {
		return err
	}
	_, err = f.store.put(ctx, o, contentIn(text), condition{etag: etag})
	if err != nil {
		return err
	}
	// A request of which the answer was lost has been refused when it was repeated.
	is, err := f.store.Object(ctx, o, maxOwn)
	switch {
	case errors.Is(err, decode.ErrNotFound), err == nil && !bytes.Equal(is.Data, text):
		return &Error{Op: OpPut, Object: o, Err: ErrExists}
	case err != nil:
		return err
	}
	err = f.store.delete(ctx, o, is.Origin.ETag)
	switch {
	case errors.Is(err, ErrChanged):
		return &Error{Op: OpPut, Object: o, Err: ErrExists}
	case errors.Is(err, decode.ErrNotFound):
		return nil // by an earlier try
	}
	return err
}

// left returns the note that another run has left, and its bytes; none has no
// files.
func (f *Folder) left(ctx context.Context) (n note, was []byte, err error) {
	none := note{noteSchema, map[string][]string{}}
	is, err := f.store.Object(ctx, f.object(f.mark+noteEnd), maxOwn)
	switch {
	case errors.Is(err, decode.ErrNotFound), errors.Is(err, decode.ErrTooLarge),
		errors.Is(err, ErrDenied) && !errors.Is(err, ErrKey): // as in unmark
		return none, nil, nil
	case err != nil:
		return none, nil, err
	}
	if n, ok := readNote(is.Data); ok {
		return n, is.Data, nil
	}
	return none, nil, nil
}

// resume takes up what a run has left that was killed while it replaced a folder:
// write says that files are to be overwritten too, and not only deleted.
func (f *Folder) resume(ctx context.Context, write bool) error {
	if f.opts.Own == nil || f.opts.Files == nil || f.opts.Force {
		return nil
	}
	n, was, err := f.left(ctx)
	switch {
	case err != nil || was == nil:
		return err
	case write:
		return f.keep(ctx, n, was)
	}
	f.note, f.noted = &n, was
	return nil
}

// keep writes the note, with the files of this folder as well, in place of what
// was there.
func (f *Folder) keep(ctx context.Context, n note, was []byte) error {
	for name, data := range f.files {
		if sum := sha256.Sum256(data); name != f.mark && !n.has(name, data) {
			n.Files[name] = append(n.Files[name], hex.EncodeToString(sum[:]))
		}
	}
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	own := func(_ string, data []byte) bool { return bytes.Equal(data, was) }
	f.note, f.noted = &n, text
	return f.store.Put(ctx, f.object(f.mark+noteEnd), text, &PutOptions{Own: own})
}

// with returns the options with which a file is put.
func (f *Folder) with(name string) *PutOptions {
	opts := &PutOptions{Force: f.opts.Force}
	if name != f.mark && f.note != nil {
		opts.Own = func(_ string, data []byte) bool { return f.note.has(name, data) }
	}
	return opts
}

// clear deletes what a folder that was replaced had and this one has not, and at
// last the note, unless it is that of another run by now.
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
		if err := f.store.deleteIf(ctx, o, func(data []byte) bool { return f.note.has(name, data) }); err != nil {
			return err
		}
	}
	err := f.store.deleteIf(ctx, f.object(f.mark+noteEnd), func(data []byte) bool { return bytes.Equal(data, f.noted) })
	f.note, f.noted = nil, nil
	return err
}

// deleteIf deletes an object where its bytes are the caller's. It stays where it
// becomes another meanwhile: another run may have written it, who deletes it too.
func (s *Store) deleteIf(ctx context.Context, o decode.S3Object, own func(data []byte) bool) error {
	is, err := s.Object(ctx, o, maxOwn)
	switch {
	case errors.Is(err, decode.ErrNotFound), errors.Is(err, decode.ErrTooLarge),
		errors.Is(err, ErrDenied) && !errors.Is(err, ErrKey): // as in unmark
		return nil
	case err != nil || !own(is.Data):
		return err
	}
	err = s.delete(ctx, o, is.Origin.ETag)
	if errors.Is(err, ErrChanged) || errors.Is(err, decode.ErrNotFound) && !errors.Is(err, ErrNoSuchBucket) {
		return nil
	}
	return err
}
