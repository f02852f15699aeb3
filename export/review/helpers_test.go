package review_test

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/review"
)

const samples = "../../samples/"

// folder returns the folder of the one session of a document, with all that a
// page is made of: the report and the images as received.
func folder(t testing.TB, document string) fstest.MapFS {
	t.Helper()
	made, ok := folders[document]
	if !ok {
		made = folderOf(t, sample(t, document))
		folders[document] = made
	}
	fsys := fstest.MapFS{}
	for name, f := range made {
		fsys[name] = &fstest.MapFile{Data: bytes.Clone(f.Data)}
	}
	return fsys
}

// folders are those that were made before, by document. No test runs beside
// another.
var folders = map[string]fstest.MapFS{}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(samples + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func folderOf(t testing.TB, document []byte) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for s, err := range decode.Sessions(bytes.NewReader(document), &decode.Options{Name: "result.json"}) {
		if err != nil {
			t.Fatal(err)
		}
		report, err := export.Inspect(t.Context(), s, &export.Options{Threshold: "90"})
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range report.Frames {
			if data := decode.LoadFrame(t.Context(), &s.Images[i], nil).Data; data != nil {
				f.File = new("originals/" + f.Name + ".jpg")
				fsys[*f.File] = &fstest.MapFile{Data: data}
			}
		}
		text, err := report.JSON()
		if err != nil {
			t.Fatal(err)
		}
		fsys["report.json"] = &fstest.MapFile{Data: text}
	}
	return fsys
}

func read(t testing.TB, fsys fstest.MapFS, name string) *review.Session {
	t.Helper()
	s, err := review.Read(context.Background(), fsys, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// session returns the session of a sample.
func session(t testing.TB, document string) *review.Session {
	t.Helper()
	return read(t, folder(t, document), strings.TrimSuffix(document, ".json"))
}

// result returns a result document made of fields, with the images of a sample.
func result(t testing.TB, document string, fields map[string]any) []byte {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(sample(t, document), &all); err != nil {
		t.Fatal(err)
	}
	for name, value := range fields {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = data
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// list returns sessions as Write takes them.
func list(sessions ...*review.Session) iter.Seq2[*review.Session, error] {
	return func(yield func(*review.Session, error) bool) {
		for _, s := range sessions {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// write makes pages and returns them by name.
func write(t testing.TB, opts *review.Options, sessions ...*review.Session) (map[string]string, *review.Made) {
	t.Helper()
	pages := map[string]string{}
	made, err := review.Write(list(sessions...), opts, func(name string, data []byte) error {
		pages[name] = string(data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages, made
}

// page makes the one page of some sessions.
func page(t testing.TB, opts *review.Options, sessions ...*review.Session) string {
	t.Helper()
	pages, _ := write(t, opts, sessions...)
	if len(pages) != 1 {
		t.Fatalf("got %d pages, want 1", len(pages))
	}
	return pages["review.html"]
}
