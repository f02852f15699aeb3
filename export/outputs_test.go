package export_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
)

// TestOutputs holds that every choice of outputs makes exactly those files, with
// the bytes they have when all are made, and a report that names no other.
func TestOutputs(t *testing.T) {
	names := export.OutputNames()
	every := options()
	every.Outputs, every.PDF = names, paper
	_, all := convert(t, session(t, 3), every)
	for chosen := 1; chosen < 1<<len(names); chosen++ {
		opts := options()
		opts.PDF = paper
		for i, name := range names {
			if chosen>>i&1 != 0 {
				opts.Outputs = append(opts.Outputs, name)
			}
		}
		result, got := convert(t, session(t, 3), opts)
		var want []string
		for _, file := range all.names {
			kind, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(file, ".png"), ".json"), "/")
			if kind == "session.pdf" {
				kind = export.OutputPDF
			}
			if kind == export.OutputReport || slices.Contains(opts.Outputs, kind) {
				want = append(want, file)
			}
		}
		if !slices.Equal(got.names, want) {
			t.Errorf("%q: got %q, want %q", opts.Outputs, got.names, want)
		}
		for _, file := range got.names {
			if file != "report.json" && !bytes.Equal(got.data[file], all.data[file]) {
				t.Errorf("%q: %s has other bytes than among all outputs", opts.Outputs, file)
			}
		}
		validateJSON(t, strings.Join(opts.Outputs, ","), got.data["report.json"])
		if listed := listedFiles(result.Report); !slices.Equal(listed, want[:len(want)-1]) {
			t.Errorf("%q: the report lists %q, want %q", opts.Outputs, listed, want[:len(want)-1])
		}
		if got, want := result.Thumbnail != nil, slices.Contains(opts.Outputs, export.OutputOverview); got != want {
			t.Errorf("%q: thumbnail %t, want %t", opts.Outputs, got, want)
		}
	}
}

// listedFiles returns the files that a report knows, in the order of its outputs,
// and those of its frames that are none of them.
func listedFiles(r *export.Report) []string {
	var files []string
	for _, o := range r.Outputs {
		files = append(files, o.File)
	}
	add := func(file string) {
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	for _, f := range r.Frames {
		if f.File != nil {
			add(*f.File)
		}
		if f.Annotated != nil {
			add(f.Annotated.File)
		}
		if f.Face != nil {
			add(f.Face.File)
		}
	}
	return files
}

func TestUnknownOutputs(t *testing.T) {
	for _, opts := range []export.Options{
		{Outputs: []string{"sheet", "sheets"}},
		{Outputs: []string{""}},
		{PNG: "best"},
	} {
		_, err := export.Convert(t.Context(), session(t, 1), &opts, discard)
		if !errors.Is(err, export.ErrOptions) {
			t.Errorf("%q, %q: got error %v, want %v", opts.Outputs, opts.PNG, err, export.ErrOptions)
		}
	}
}

// TestLevels holds that the levels change the bytes and not the pixels, each
// smaller than the one before.
func TestLevels(t *testing.T) {
	s := sample(t)
	s.Images = s.Images[:1]
	var sizes []int
	want := ""
	for _, level := range []export.Level{export.Fast, export.Balanced, export.Small} {
		opts := options()
		opts.PNG, opts.Outputs = level, []string{export.OutputAnnotated}
		result, files := convert(t, s, opts)
		total := 0
		for name, data := range files.data {
			if strings.HasSuffix(name, ".png") {
				total += len(data)
			}
		}
		sizes = append(sizes, total)
		got := result.Report.Frames[0].Annotated.PixelSHA256
		if want = cmp.Or(want, got); got != want {
			t.Errorf("%s: got pixels %s, want %s", level, got, want)
		}
	}
	if sizes[0] <= sizes[1] || sizes[1] <= sizes[2] {
		t.Errorf("got %d bytes for fast, balanced, small; want falling", sizes)
	}
}

// TestConverter holds that a converter gives what Convert gives, session after
// session of different sizes, also several at once.
func TestConverter(t *testing.T) {
	var converter export.Converter
	var running sync.WaitGroup
	sessions := []*decode.Session{session(t, 5), sample(t), session(t, 1), {Status: "EXPIRED"}, session(t, 9)}
	sessions[4].Images[3].Inline = inline(pngOf(t, portrait(33, 400, 3)))
	sessions[4].Images[4].Inline = inline([]byte("no image"))
	for round := range 2 {
		for i, s := range sessions {
			_, want := convert(t, s, options())
			thumbnail := thumbnailOf(t, s)
			running.Go(func() {
				var got files
				result, err := converter.Convert(t.Context(), s, options(), got.put)
				if err != nil {
					t.Error(err)
					return
				}
				if !slices.Equal(got.names, want.names) {
					t.Errorf("round %d, session %d: got %q, want %q", round, i, got.names, want.names)
				}
				for name := range got.data {
					if !bytes.Equal(got.data[name], want.data[name]) {
						t.Errorf("round %d, session %d: %s has other bytes", round, i, name)
					}
				}
				if (result.Thumbnail == nil) != (thumbnail == nil) ||
					thumbnail != nil && !bytes.Equal(result.Thumbnail.Pix, thumbnail.Pix) {
					t.Errorf("round %d, session %d: other thumbnail", round, i)
				}
			})
		}
	}
	running.Wait()
}

func thumbnailOf(t *testing.T, s *decode.Session) *image.RGBA {
	t.Helper()
	r, _ := convert(t, s, options())
	return r.Thumbnail
}

// TestConverterMemory holds that a session of a kind that came before costs no
// memory of the size of pictures, but for the thumbnail.
func TestConverterMemory(t *testing.T) {
	var converter export.Converter
	s, opts := sample(t), options()
	opts.Outputs = []string{export.OutputSheet, export.OutputAnnotated, export.OutputFaces, export.OutputOriginals}
	once := func() {
		if _, err := converter.Convert(t.Context(), s, opts, discard); err != nil {
			t.Fatal(err)
		}
	}
	once()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	once()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("got %d bytes allocated for a session, want at most 1 MiB", got)
	}
}

func ExampleConverter() {
	converter := new(export.Converter)
	opts := &export.Options{Outputs: []string{export.OutputSheet}, PNG: export.Balanced}
	for range 2 {
		s := &decode.Session{Status: "EXPIRED"}
		if _, err := converter.Convert(context.Background(), s, opts, func(name string, _ []byte) error {
			fmt.Println(name)
			return nil
		}); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// sheet.png
	// report.json
	// sheet.png
	// report.json
}
