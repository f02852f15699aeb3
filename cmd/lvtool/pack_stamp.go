package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/bag/seal"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/internal/tsa"
)

// A stamp is a timestamp that is to be put into a pack.
type stamp struct {
	name string
	data []byte
	says seal.Timestamp
}

// stamps returns the timestamps that a pack gets.
func (a *attacher) stamps(t bag.Tree) ([]stamp, error) {
	files := map[string]bag.Entry{}
	for e, bad := range t.Entries(bag.Limits{}) {
		if bad == nil {
			files[e.Name] = e
		}
	}
	var all []stamp
	n := 0
	for ; ; n++ {
		e, ok := files[seal.SignatureName(pack.TagManifest, n)]
		if !ok {
			break
		}
		name := seal.TimestampName(e.Name)
		if _, there := files[name]; there {
			continue
		}
		s, err := a.stamp(t, e)
		if err != nil {
			return nil, a.failed(fmt.Errorf("%s: %w", e.Name, err))
		}
		if s != nil {
			s.name = name
			all = append(all, *s)
		}
	}
	if n == 0 {
		return nil, a.failed(errors.New("it is not signed"))
	}
	for _, r := range a.answers {
		if !r.used {
			return nil, a.failed(fmt.Errorf("%s is of no signature without a timestamp", r.file))
		}
	}
	if len(all) == 0 {
		return nil, a.failed(errors.New("every signature has a timestamp"))
	}
	return all, nil
}

// stamp returns the timestamp of a signature, nil if none of the answers is.
func (a *attacher) stamp(t bag.Tree, e bag.Entry) (*stamp, error) {
	r, err := t.Open(e)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	const most = 64 << 10
	signature, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil, err
	}
	if address := a.c.String("tsa"); address != "" {
		data, says, err := askStamp(a.c.Context, address, signature, a.use)
		return &stamp{data: data, says: says}, err
	}
	for i := range a.answers {
		says, err := seal.VerifyTimestamp(signature, a.answers[i].data, a.use)
		if e, ok := errors.AsType[*seal.Error](err); ok && e.Code == seal.TimestampMismatch {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.answers[i].file, err)
		}
		a.answers[i].used = true
		return &stamp{data: a.answers[i].data, says: says}, nil
	}
	return nil, nil
}

// askStamp gets a timestamp of a signature, and checks it. Its time is not compared
// with that of this machine, which may be behind.
func askStamp(
	ctx context.Context, address string, signature []byte, use seal.TimestampUse,
) ([]byte, seal.Timestamp, error) {
	query, err := seal.NewQuery(signature, rand.Reader)
	if err != nil {
		return nil, seal.Timestamp{}, err
	}
	response, err := (&tsa.Client{UserAgent: "lvtool/" + version}).Ask(ctx, address, query)
	if err != nil {
		return nil, seal.Timestamp{}, err
	}
	use.Query = query
	says, err := seal.VerifyTimestamp(signature, response, use)
	if err != nil {
		return nil, says, fmt.Errorf("the answer of the timestamp authority: %w", err)
	}
	return response, says, nil
}

// archive writes the archive anew, in its place.
func (a *attacher) archive(size int64) error {
	f, err := os.Open(a.file)
	if err != nil {
		return a.failed(err)
	}
	defer f.Close()
	return a.renew(f, size, func(write func(io.Writer) error) error {
		to, err := os.CreateTemp(filepath.Dir(a.file), ".lvtool-*.zip")
		if err != nil {
			return err
		}
		if err = errors.Join(write(to), to.Close()); err == nil {
			err = os.Rename(to.Name(), a.file)
		}
		if err != nil {
			return errors.Join(err, os.Remove(to.Name()))
		}
		return nil
	})
}

// renew has an archive placed that holds what another does and, behind that, the
// timestamps.
func (a *attacher) renew(f io.ReaderAt, size int64, place func(write func(io.Writer) error) error) error {
	old, size, err := a.decrypter.open(f, size)
	if err != nil {
		return a.failed(err)
	}
	tree, err := bag.OpenZip(old, size, bag.Limits{})
	if err != nil {
		return a.failed(err)
	}
	stamps, err := a.stamps(tree)
	if err != nil {
		return err
	}
	err = place(func(to io.Writer) error {
		w, err := archiveWriter(to, a.to)
		if err != nil {
			return err
		}
		return cmp.Or(copyArchive(w, old, size, stamps), w.Close())
	})
	if err != nil {
		return a.failed(err)
	}
	a.say(stamps)
	return nil
}

// copyArchive writes an archive as pack does, with what another holds and, behind
// that, timestamps.
func copyArchive(to io.Writer, from io.ReaderAt, size int64, stamps []stamp) error {
	old, err := zip.NewReader(from, size)
	if err != nil {
		return err
	}
	if len(old.File) == 0 {
		return bag.ErrZip
	}
	folder, _, _ := strings.Cut(old.File[0].Name, "/")
	archive, err := bag.NewZip(to, folder)
	if err != nil {
		return err
	}
	for _, f := range old.File {
		if err := copyEntry(archive, f, folder); err != nil {
			return err
		}
	}
	for _, s := range stamps {
		if err := archive.Put(s.name, bytes.NewReader(s.data)); err != nil {
			return err
		}
	}
	return archive.Close()
}

func copyEntry(to *bag.ZipWriter, f *zip.File, folder string) error {
	name, ok := strings.CutPrefix(f.Name, folder+"/")
	if !ok || name == "" || strings.HasSuffix(name, "/") {
		return fmt.Errorf("%w: it is not one that lvtool pack wrote", bag.ErrZip)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return to.Put(name, r)
}
