package pack_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/pack"
	"github.com/lvtool/lvtool/export/review"
)

// TestPage holds that the page of a pack is listed, accounted for, and made
// again of the originals.
func TestPage(t *testing.T) {
	opts := options()
	opts.Page = true
	f := write(t, sample(t, "tiny.json"), opts)
	v := verify(t, f)
	wantFound(t, v)
	if !strings.Contains(f[pack.PageFile], "<!DOCTYPE html>") {
		t.Errorf("got %.80q, want a page", f[pack.PageFile])
	}
	last := contents(t, f).Provenance.Derived[len(contents(t, f).Provenance.Derived)-1]
	if last.File != pack.PageFile || last.Operation != "write reviewer's page" || len(last.Inputs) < 2 {
		t.Errorf("got %+v, want the page and what it was made of", last)
	}
	var byHand bytes.Buffer
	s, err := review.Read(t.Context(), contents(t, f).Payload(), "pack", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = review.Write(func(yield func(*review.Session, error) bool) { yield(s, nil) },
		&review.Options{Tool: opts.Export.Tool}, func(_ string, data []byte) error {
			byHand.Write(data)
			return nil
		})
	if err != nil || byHand.String() != f[pack.PageFile] {
		t.Errorf("got another page than review makes of the pack, %v", err)
	}
	wantFound(t, rederive(t, f, &pack.Rederive{Options: asPacked}))
	old := lineOf(f[pack.PageFile])[:64]
	replace(f, pack.PageFile, "71.05", "91.05")
	replace(f, pack.ProvenanceFile, old, lineOf(f[pack.PageFile])[:64])
	f.forge(t)
	wantFound(t, verify(t, f)) // all lists were made anew
	wantFound(t, rederive(t, f, &pack.Rederive{Options: asPacked}), "rederive: rederive-bytes "+pack.PageFile)
}

// TestPageEarlier holds that a pack without a page is not the one that is asked
// for with it.
func TestPageEarlier(t *testing.T) {
	f, opts := good(t), options()
	read := func(name string) ([]byte, error) { return []byte(f[name]), nil }
	if !pack.Earlier(sample(t, "tiny.json"), opts, read) {
		t.Error("got another pack, want the same without a page")
	}
	opts.Page = true
	if pack.Earlier(sample(t, "tiny.json"), opts, read) {
		t.Error("got the same pack, want another with a page")
	}
}

func TestPageNeedsOriginals(t *testing.T) {
	opts := options()
	opts.Page, opts.Export.Outputs = true, []string{export.OutputReport}
	_, err := pack.Write(t.Context(), sample(t, "tiny.json"), opts, func(string, io.Reader) error { return nil })
	if !errors.Is(err, pack.ErrOptions) {
		t.Errorf("got %v, want %v", err, pack.ErrOptions)
	}
}
