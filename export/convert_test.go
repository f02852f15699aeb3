package export_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/internal/golden"
	"github.com/lvtool/lvtool/internal/need"
)

func TestConvertFiles(t *testing.T) {
	s := session(t, 3)
	s.Images[1].Box = nil
	s.Images[2].Inline = inline([]byte("GIF89a"))
	result, f := convert(t, s, options())
	want := []string{
		"originals/reference.png", "annotated/reference.png", "faces/reference.png",
		"originals/audit-0.png", "annotated/audit-0.png",
		"originals/audit-1.bin",
		"sheet.png",
		"report.json",
	}
	if !slices.Equal(f.names, want) {
		t.Errorf("got files %q, want %q", f.names, want)
	}
	checkOutputs(t, "convert", result.Report, f)
	if got, want := f.data["originals/reference.png"], pngOf(t, portrait(96, 128, 0)); !bytes.Equal(got, want) {
		t.Error("the original is not what came")
	}
	if got := result.Thumbnail; got == nil || got.Rect.Dx() != 96 {
		t.Error("the thumbnail is not the reference picture")
	}
}

func digest(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// checkOutputs compares what the report says of files with the files.
func checkOutputs(tb testing.TB, name string, r *export.Report, f *files) {
	tb.Helper()
	validateJSON(tb, name, f.data["report.json"])
	var listed []string
	for _, o := range r.Outputs {
		data := f.data[o.File]
		if got := (export.Output{File: o.File, SHA256: digest(data), Bytes: len(data)}); got != o {
			tb.Errorf("%s: file %v, the report says %v", name, got, o)
		}
		listed = append(listed, o.File)
	}
	if want := f.names[:len(f.names)-1]; !slices.Equal(listed, want) {
		tb.Errorf("%s: the report lists %q, want %q", name, listed, want)
	}
	for _, frame := range r.Frames {
		checkPictures(tb, name+" "+frame.Name, frame, f)
	}
}

func checkPictures(tb testing.TB, name string, r *export.FrameRecord, f *files) {
	tb.Helper()
	check := func(file, sum, pixels string, width, height int) {
		data := f.data[file]
		if got := digest(data); got != sum {
			tb.Errorf("%s: %s has digest %s, the report says %s", name, file, got, sum)
		}
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			tb.Errorf("%s: %s: %v", name, file, err)
			return
		}
		if got := m.Bounds(); got != image.Rect(0, 0, width, height) {
			tb.Errorf("%s: %s is %v, the report says %d×%d", name, file, got, width, height)
		}
		if got := decode.PixelDigest(nrgba(m)).String(); got != pixels {
			tb.Errorf("%s: %s has pixel digest %s, the report says %s", name, file, got, pixels)
		}
	}
	if a := r.Annotated; a != nil {
		check(a.File, a.SHA256, a.PixelSHA256, a.Width, a.Height)
	}
	if c := r.Face; c != nil {
		check(c.File, c.SHA256, c.PixelSHA256, c.Width, c.Height)
	}
	if r.File != nil {
		if got := digest(f.data[*r.File]); got != *r.SHA256 {
			tb.Errorf("%s: %s has digest %s, the report says %s", name, *r.File, got, *r.SHA256)
		}
	}
}

func nrgba(m image.Image) *image.NRGBA {
	out := image.NewNRGBA(m.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, m.At(x, y))
		}
	}
	return out
}

func TestConvertTwice(t *testing.T) {
	s := session(t, 5)
	s.Extra = map[string]json.RawMessage{"B": json.RawMessage(`1`), "A": json.RawMessage(`{"y":1,"x":2}`)}
	_, one := convert(t, s, options())
	_, two := convert(t, s, options())
	if !slices.Equal(one.names, two.names) {
		t.Errorf("got files %q, then %q", one.names, two.names)
	}
	for name, data := range one.data {
		if !bytes.Equal(data, two.data[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

var errDisk = errors.New("no space left")

// When a file cannot be put, nothing more is.
func TestConvertFullDisk(t *testing.T) {
	s := session(t, 2)
	_, whole := convert(t, s, options())
	for n := range whole.names {
		var f files
		r, err := export.Convert(t.Context(), s, options(), func(name string, data []byte) error {
			if len(f.names) == n {
				f.names = append(f.names, "failed")
				return errDisk
			}
			return f.put(name, data)
		})
		if !errors.Is(err, errDisk) || r != nil {
			t.Errorf("disk full at %s: got %v, %v, want %v", whole.names[n], r, err, errDisk)
		}
		if got := len(f.names); got != n+1 {
			t.Errorf("disk full at %s: put was called %d times, want %d", whole.names[n], got, n+1)
		}
	}
}

// However late a conversion is cancelled, it ends without its report.
func TestConvertCancelled(t *testing.T) {
	s := session(t, 3)
	_, whole := convert(t, s, nil)
	for n := range len(whole.names) - 1 {
		ctx, cancel := context.WithCancel(t.Context())
		var f files
		if n == 0 {
			cancel()
		}
		_, err := export.Convert(ctx, s, nil, func(name string, data []byte) error {
			if len(f.names)+1 == n {
				cancel()
			}
			return f.put(name, data)
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d files: error %v, want %v", n, err, context.Canceled)
		}
		if slices.Contains(f.names, "report.json") {
			t.Errorf("cancelled after %d files: a report was put", n)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := export.Inspect(ctx, s, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Inspect: error %v, want %v", err, context.Canceled)
	}
}

// Names from outside never become paths, and never the same one twice.
func TestConvertHostileNames(t *testing.T) {
	s := session(t, 7)
	hostile := []string{"../../etc/passwd", "", "reference", "reference", "audit-1\x00", "AUDIT-1", "frame-3"}
	for i, name := range hostile {
		s.Images[i].Name = name
	}
	s.ID = "../../" + strings.Repeat("x", 300) + "\x1b[31m\x00\xff"
	result, f := convert(t, s, options())
	var got []string
	for _, frame := range result.Report.Frames {
		got = append(got, *frame.File)
	}
	want := []string{
		"originals/frame-0.png", "originals/frame-1.png", "originals/reference.png", "originals/frame-3.png",
		"originals/frame-4.png", "originals/frame-5.png", "originals/frame-6.png",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got files %q, want %q", got, want)
	}
	checkOutputs(t, "hostile names", result.Report, f)
}

// Inspect says what Convert says, but for the files.
func TestInspect(t *testing.T) {
	s := session(t, 3)
	s.Images[2].Inline = inline([]byte("GIF89a"))
	converted, _ := convert(t, s, options())
	want := converted.Report
	want.Outputs = []export.Output{}
	for _, f := range want.Frames {
		f.File, f.Annotated, f.Face = nil, nil, nil
	}
	got := inspect(t, s, options())
	if asJSON(t, got) != asJSON(t, want) {
		t.Errorf("got %s, want %s", asJSON(t, got), asJSON(t, want))
	}
	validate(t, "inspect", got)
}

func TestConvertText(t *testing.T) {
	s := session(t, 1)
	s.ID = "写真 " + strings.Repeat("x", 2000) + "\x00\x1b"
	_, f := convert(t, s, options())
	original := digest(f.data["originals/reference.png"])
	for file, role := range map[string]string{
		"annotated/reference.png": "annotated reference",
		"faces/reference.png":     "face reference",
		"sheet.png":               "contact sheet",
	} {
		got := map[string]string{}
		for _, text := range texts(t, f.data[file]) {
			got[text.Keyword] = text.Value
		}
		if got["Software"] != "lvtool v0.1.0" || got["lvtool:role"] != role {
			t.Errorf("%s: texts %.200q", file, got)
		}
		id := got["lvtool:session"]
		if !strings.HasPrefix(id, "写真 xxx") || len(id) > 1000 || strings.ContainsAny(id, "\x00\x1b") {
			t.Errorf("%s: session %.200q", file, id)
		}
		if got["lvtool:source-sha256"] != s.Source.SHA256.String() {
			t.Errorf("%s: source %q, want %v", file, got["lvtool:source-sha256"], s.Source.SHA256)
		}
		if want := original; role != "contact sheet" && got["lvtool:image-sha256"] != want {
			t.Errorf("%s: image %q, want %s", file, got["lvtool:image-sha256"], want)
		}
	}
}

// The frame lies in the marked picture where the report says.
func TestAnnotatedOrigin(t *testing.T) {
	s := session(t, 2)
	result, f := convert(t, s, nil)
	a := result.Report.Frames[1].Annotated
	if a.Origin.X < 7 || a.Width < 96+7 {
		t.Fatalf("got origin %v and width %d for a box 7 pixels beyond the left edge", a.Origin, a.Width)
	}
	m, err := png.Decode(bytes.NewReader(f.data[a.File]))
	if err != nil {
		t.Fatal(err)
	}
	frame := decode.LoadFrame(t.Context(), &s.Images[1], nil)
	p := annotate.Place(frame.Box, frame.Size(), annotate.Auto)
	want := annotate.Draw(frame, p, annotate.Style{}).SubImage(frame.Pixels.Rect)
	at := image.Pt(a.Origin.X, a.Origin.Y)
	got := m.(*image.RGBA).SubImage(frame.Pixels.Rect.Add(at))
	if msg := golden.Compare(got, want, 0); msg != "" {
		t.Errorf("the frame does not lie at %v: %s", at, msg)
	}
}

func TestConvertCropOptions(t *testing.T) {
	opts := options()
	opts.Crop = annotate.CropOptions{Size: image.Pt(50, 40)}
	result, f := convert(t, session(t, 1), opts)
	face := result.Report.Frames[0].Face
	if face.Width != 50 || face.Height != 40 {
		t.Errorf("face of %d×%d, want 50×40", face.Width, face.Height)
	}
	checkOutputs(t, "crop", result.Report, f)

	// A height that follows from the width, and is too large for one frame.
	s := session(t, 2)
	s.Images[0].Box = &decode.Box{Left: "0.5", Top: "0", Width: "0.01", Height: "1"}
	opts.Crop = annotate.CropOptions{Size: image.Pt(100, 0)}
	result, f = convert(t, s, opts)
	first, second := result.Report.Frames[0], result.Report.Frames[1]
	if got := codes(first.Problems); first.Face != nil || !slices.Equal(got, []string{"face"}) {
		t.Errorf("a face that cannot be made: got %v and problems %q", first.Face, got)
	}
	if second.Face == nil || second.Face.Width != 100 {
		t.Errorf("the face after it: got %v, want a width of 100", second.Face)
	}
	checkOutputs(t, "crop", result.Report, f)
}

func TestConvertThumbnail(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(s *decode.Session)
		want image.Image
	}{
		{"reference", func(s *decode.Session) { slices.Reverse(s.Images) }, portrait(96, 128, 0)},
		{"no reference", func(s *decode.Session) { s.Images = s.Images[1:] }, portrait(96, 128, 1)},
		{"reference failed", func(s *decode.Session) { s.Images[0].Inline = nil }, portrait(96, 128, 1)},
	} {
		s := session(t, 2)
		for i := range s.Images {
			s.Images[i].Box = &decode.Box{Left: "0.4", Top: "0.4", Width: "0.01", Height: "0.01"}
		}
		tt.edit(s)
		result, _ := convert(t, s, nil)
		// The top left corner tells the portraits apart.
		if got, want := result.Thumbnail.At(0, 0), tt.want.At(0, 0); got != want {
			t.Errorf("%s: got %v at the corner, want %v", tt.name, got, want)
		}
	}
	if result, _ := convert(t, session(t, 0), nil); result.Thumbnail != nil {
		t.Error("a session without images has a thumbnail")
	}
}

// Every real response converts, its originals are the bytes of the response,
// and the report is valid.
func TestConvertWire(t *testing.T) {
	dir := need.Data(t, "wire")
	list, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(list) == 0 {
		t.Fatalf("no responses in %s: %v", dir, err)
	}
	for _, file := range list {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for s, err := range decode.Sessions(bytes.NewReader(data), &decode.Options{Name: filepath.Base(file)}) {
			if err != nil {
				t.Error(err)
				continue
			}
			opts := options()
			opts.Load.Objects = folder(filepath.Join(dir, "s3"))
			result, f := convert(t, s, opts)
			checkOutputs(t, file, result.Report, f)
			checkOriginals(t, file, data, f)
		}
	}
}

// folder is objects in a folder, by bucket and key.
type folder string

func (d folder) Object(_ context.Context, o decode.S3Object, _ int64) (*decode.Object, error) {
	data, err := os.ReadFile(filepath.Join(string(d), o.Bucket, o.Name))
	if err != nil {
		return nil, err
	}
	return &decode.Object{Data: data, Origin: decode.Origin{Kind: "s3", Bucket: o.Bucket, Key: o.Name}}, nil
}

// checkOriginals compares files with the Base64 of a response, read without
// package decode.
func checkOriginals(t *testing.T, name string, source []byte, f *files) {
	t.Helper()
	type picture struct{ Bytes []byte }
	var doc struct {
		ReferenceImage *picture
		AuditImages    []picture
	}
	if err := json.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.ReferenceImage != nil && doc.ReferenceImage.Bytes != nil {
		if !bytes.Equal(f.data["originals/reference.jpg"], doc.ReferenceImage.Bytes) {
			t.Errorf("%s: the reference image is not what came", name)
		}
	}
	for i, p := range doc.AuditImages {
		if p.Bytes != nil && !bytes.Equal(f.data[fmt.Sprintf("originals/audit-%d.jpg", i)], p.Bytes) {
			t.Errorf("%s: audit image %d is not what came", name, i)
		}
	}
}

// Pixels that the report gives a digest of can be digested by another program,
// by the definition in the documentation alone.
func TestPixelDigestAsDocumented(t *testing.T) {
	m := portrait(96, 128, 0)
	h := sha256.New()
	h.Write([]byte{0, 0, 0, 96, 0, 0, 0, 128})
	h.Write(m.Pix)
	want := fmt.Sprintf("%x", h.Sum(nil))
	if got := *inspect(t, session(t, 1), nil).Frames[0].PixelSHA256; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestConvertKeepsSource(t *testing.T) {
	for encoding, want := range map[string]string{"": "source.json", "gzip": "source.bin"} {
		s := session(t, 1)
		s.Source.Encoding = encoding
		opts := options()
		opts.KeepSource = true
		result, f := convert(t, s, opts)
		checkOutputs(t, want, result.Report, f)
		if f.names[0] != want || !bytes.Equal(f.data[want], s.Source.Data) {
			t.Errorf("got %q first, want %s with the source's bytes", f.names, want)
		}
	}
}
