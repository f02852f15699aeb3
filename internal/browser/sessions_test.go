package browser_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

// session reads a sample as review.Read gives it, under another session id
// where that is not "".
func session(t testing.TB, document, id string) *review.Session {
	t.Helper()
	data, err := os.ReadFile("../../samples/" + document)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	if id != "" {
		if fields["SessionId"], err = json.Marshal(id); err != nil {
			t.Fatal(err)
		}
	}
	if data, err = json.Marshal(fields); err != nil {
		t.Fatal(err)
	}
	for s, err := range decode.Sessions(bytes.NewReader(data), &decode.Options{Name: document}) {
		if err != nil {
			t.Fatal(err)
		}
		folder := folderOf(t, s)
		r, err := review.Read(t.Context(), folder, strings.TrimSuffix(document, ".json"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	t.Fatal("no session in " + document)
	return nil
}

// folderOf returns what a page is made of: a report and the images as received.
func folderOf(t testing.TB, s *decode.Session) fstest.MapFS {
	t.Helper()
	report, err := export.Inspect(t.Context(), s, &export.Options{Threshold: "90"})
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for i, f := range report.Frames {
		if data := decode.LoadFrame(t.Context(), &s.Images[i], nil).Data; data != nil {
			f.File = new("originals/" + f.Name)
			folder[*f.File] = &fstest.MapFile{Data: data}
		}
	}
	text, err := report.JSON()
	if err != nil {
		t.Fatal(err)
	}
	folder[review.ReportName] = &fstest.MapFile{Data: text}
	return folder
}

// id returns a session id with a number.
func id(n int) string { return fmt.Sprintf("0b6f2c1e-58a4-4d0e-9c37-%012d", n) }

// queue returns many sessions, most of them small.
func queue(t testing.TB, n int) []*review.Session {
	t.Helper()
	documents := []string{"tiny.json", "expired.json", "created.json"}
	var list []*review.Session
	for i := range n {
		list = append(list, session(t, documents[i%len(documents)], id(i+1)))
	}
	return list
}

// write makes the pages of sessions in a folder, and returns the files.
func write(t testing.TB, opts *review.Options, sessions []*review.Session) []string {
	t.Helper()
	dir := t.TempDir()
	each := func(yield func(*review.Session, error) bool) {
		for _, s := range sessions {
			if !yield(s, nil) {
				return
			}
		}
	}
	made, err := review.Write(each, opts, func(name string, data []byte) error {
		return os.WriteFile(filepath.Join(dir, name), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	files := slices.Clone(made.Files)
	for i, name := range files {
		files[i] = filepath.Join(dir, name)
	}
	return files
}
