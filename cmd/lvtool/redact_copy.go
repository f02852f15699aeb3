package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/custody"
	"github.com/lvtool/lvtool/export/leak"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/redact"
)

// toFolder writes the copies to a folder.
func (r *redactor) toFolder() error {
	out := r.c.String("output")
	err := (&folder{path: out, stamp: r.stamp}).fill(r.c.Context, func(put export.Put) error {
		return firstOf(r.opening.create, func() error { return r.copyAll(put) },
			func() error { return r.opening.write(&r.openings) })
	})
	if err == nil {
		return nil
	}
	// What goes wrong when the copies have their name must not take what opens them.
	if _, there := os.Lstat(filepath.Join(out, "index.json")); there == nil {
		return err
	}
	return errors.Join(err, r.opening.drop())
}

// firstOf does one after the other until one fails.
func firstOf(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// copyAll puts the copies of all sessions in all folders, and an index.
func (r *redactor) copyAll(put export.Put) error {
	err := r.each(func(p sessionPlace, full *redact.Full) error {
		c, name, err := r.redact(full)
		if err != nil {
			return err
		}
		return r.put(p, c, name, func(file string, data []byte) error { return put(name+"/"+file, data) })
	})
	if err != nil {
		return err
	}
	data, err := r.indexJSON()
	if err != nil {
		return err
	}
	leaks, err := leak.New(r.secrets).Scan("index.json", data)
	switch {
	case err != nil:
		return err
	case len(leaks) > 0:
		return fmt.Errorf("%w: %s", redact.ErrLeak, leaks[0])
	}
	return put("index.json", data)
}

// indexJSON returns the index of the copies.
func (r *redactor) indexJSON() ([]byte, error) {
	var b bytes.Buffer
	w := export.NewIndexWriter(&b, tool(map[string]string{"redact": string(r.opts.Mode)}))
	for _, e := range r.index {
		if err := w.Add(e); err != nil {
			return nil, err
		}
	}
	err := w.Close(nil, nil)
	return b.Bytes(), err
}

// each hands every session to take, with where it lies.
func (r *redactor) each(take func(sessionPlace, *redact.Full) error) error {
	places, err := sessionPlaces(r.c, r.c.Args().Slice())
	if err != nil {
		return err
	}
	for _, p := range places {
		if err := r.open(p, func(full *redact.Full) error { return take(p, full) }); err != nil {
			return err
		}
	}
	return nil
}

// open reads the session at a place. A pack must verify.
func (r *redactor) open(p sessionPlace, take func(*redact.Full) error) error {
	name := path.Join(filepath.ToSlash(p.dir), p.name)
	named := func(err error) error {
		if err == nil {
			return nil
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	if !p.pack {
		return withFiles(r.c, filepath.FromSlash(name), func(folder fs.FS) error {
			full, err := redact.ReadFolder(folder)
			if err == nil {
				err = take(full)
			}
			return named(err)
		})
	}
	err := withPack(r.c, p.dir, func(in *pack.Contents, _ *custody.Log) error {
		full, err := redact.ReadPack(in)
		if err == nil {
			err = take(full)
		}
		return named(err)
	})
	if errors.Is(err, errPack) {
		return &exitError{code: exitVerify, err: err, hint: mismatchAdvice(err)}
	}
	return err
}

// redact makes the copy of a session, and the name of its folder.
func (r *redactor) redact(full *redact.Full) (*redact.Copy, string, error) {
	if _, err := rand.Read(r.opts.Nonce); err != nil {
		return nil, "", err
	}
	c, err := redact.Result(r.c.Context, full, &r.opts)
	if err != nil {
		return nil, "", err
	}
	name := r.folderName(c)
	for _, s := range c.Secrets {
		if s.Kind == leak.Text || s.Kind == leak.Digest {
			r.secrets = append(r.secrets, s)
		}
	}
	session := ""
	if id := full.Report.Session.ID; id != nil {
		session = *id
	}
	r.openings.Openings = append(r.openings.Openings, redact.Opening{
		Copy: name, Session: session,
		Commitment: c.Redaction.Commitment, Nonce: fmt.Sprintf("%x", r.opts.Nonce),
	})
	return c, name, nil
}

// put puts the files of a copy, as a folder or a pack.
func (r *redactor) put(p sessionPlace, c *redact.Copy, name string, put export.Put) error {
	as := r.c.String("as")
	if as == asPack || as == "" && p.pack {
		made, err := r.pack(c, name, func(file string, data io.Reader) error {
			all, err := io.ReadAll(data)
			if err != nil {
				return err
			}
			return put(file, all)
		})
		if err != nil {
			return err
		}
		r.made(made, name, path.Join(filepath.ToSlash(r.c.String("output")), name))
		return nil
	}
	if err := r.folderOnly(); err != nil {
		return err
	}
	made, err := c.Files(r.c.Context, r.files, put)
	if err != nil {
		return err
	}
	r.made(made, name, path.Join(filepath.ToSlash(r.c.String("output")), name))
	return nil
}

// folderOnly refuses what only a pack has.
func (r *redactor) folderOnly() error {
	for _, f := range slices.Concat(packFlags(), sealFlags()) {
		if flag := f.Names()[0]; r.c.IsSet(flag) {
			return usageError("--%s: the copy of a folder is a folder, and only a pack has that: add --as %s",
				flag, asPack)
		}
	}
	return nil
}

// pack makes the pack of a copy.
func (r *redactor) pack(c *redact.Copy, name string, put bag.Put) (*redact.Made, error) {
	opts := *r.packs
	if r.sealer != nil {
		opts.SealedWith = r.sealer.with()
		opts.Seal = func(tagManifest []byte, put bag.Put) error {
			return r.sealer.seal(r.c.Context, name, tagManifest, put)
		}
	}
	return c.Pack(r.c.Context, &opts, put)
}

// made notes that a copy was made, which is said when it is there to stay.
func (r *redactor) made(made *redact.Made, name, address string) {
	r.index = append(r.index, export.NewIndexEntry(made.Report, name))
	r.said = append(r.said, fmt.Sprintf("%s  %s, %s searched, no leak found", address,
		count(len(made.Report.Frames), "picture"), count(made.Files, "file")))
	if len(made.Unchecked) > 0 {
		short := strings.Join(made.Unchecked, ", ")
		sayf(r.c.App.ErrWriter, "lvtool: %s: too short to be searched for: %s", name, short)
	}
}

// folderName returns the name of a copy's folder: its id, or, where it has none,
// one made from the digest of its document.
func (r *redactor) folderName(c *redact.Copy) string {
	name := c.ID
	if name == "" {
		name = fmt.Sprintf("session-%x", sha256.Sum256(c.Document))[:24]
	}
	r.used[name]++
	if n := r.used[name]; n > 1 {
		name += fmt.Sprintf("~%d", n)
	}
	return name
}

// toArchive writes the pack of the one session to an archive.
func (r *redactor) toArchive() (err error) {
	t := &zipTarget{file: r.c.String("output"), stamp: r.stamp, to: r.to}
	defer func() { err = errors.Join(err, t.close()) }()
	if err := r.opening.create(); err != nil {
		return err
	}
	defer func() {
		if err != nil { // so the archive has no name
			err = errors.Join(err, r.opening.drop())
		}
	}()
	sessions := 0
	err = r.each(func(_ sessionPlace, full *redact.Full) error {
		sessions++
		c, name, err := r.redact(full)
		if err != nil {
			return err
		}
		return r.archive(t, c, name)
	})
	if err != nil {
		return err
	}
	if err := r.opening.write(&r.openings); err != nil {
		return err
	}
	return t.finish(sessions)
}

// archive puts the pack of a copy into an archive, and searches that too, unless
// it is encrypted.
func (r *redactor) archive(t *zipTarget, c *redact.Copy, name string) error {
	stage, err := t.stage(name)
	if err != nil {
		return err
	}
	put := &packPut{stage: stage, sums: map[string]string{}}
	made, err := r.pack(c, name, put.put)
	if err != nil {
		return err
	}
	if err := stage.commit(context.WithoutCancel(r.c.Context)); err != nil {
		return err
	}
	if len(t.to) == 0 {
		data, err := os.ReadFile(t.first.file.Name())
		if err == nil {
			err = c.Search(filepath.Base(t.file), data)
		}
		if err != nil {
			return err
		}
		made.Files++
	}
	r.made(made, name, t.title(name))
	return nil
}
