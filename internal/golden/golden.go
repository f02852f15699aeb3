// Package golden compares pictures that tests make with pictures that somebody
// has looked at.
//
// Golden pictures are PNG files in the testdata folder of the package under
// test. They are compared by their decoded pixels, within a tolerance, and
// never by their bytes, for neither compression nor the last bit of a blend is
// the same on every machine and in every version of Go. Run a package's tests
// with -update to write them anew; then look at them before you commit.
package golden

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Update is the -update flag. Test packages that keep other golden files share
// it: a flag can be defined only once in a test binary.
var Update = flag.Bool("update", false, "rewrite golden files")

// Image compares got with testdata/name.png. No channel of any pixel may
// differ by more than tolerance. Where one does, the failure counts such
// pixels, names the worst, and says where the picture got was saved (keep it
// with go test -artifacts).
func Image(tb testing.TB, name string, got image.Image, tolerance uint8) {
	tb.Helper()
	file := filepath.Join("testdata", name+".png")
	if *Update {
		write(tb, file, got)
		return
	}
	want, err := read(file)
	if errors.Is(err, fs.ErrNotExist) {
		tb.Errorf("%s: no golden picture; make it with -update; got %s", name, save(tb, name, got))
		return
	}
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	if msg := Compare(got, want, tolerance); msg != "" {
		tb.Errorf("%s: %s; got %s", name, msg, save(tb, name, got))
	}
}

// Compare says how two pictures differ: "" where they have the same size and
// no channel of any pixel differs by more than tolerance. Where their bounds
// start does not matter, for files do not keep it.
func Compare(got, want image.Image, tolerance uint8) string {
	g, w := straight(got), straight(want)
	if g.Rect.Size() != w.Rect.Size() {
		return fmt.Sprintf("size %v, want %v", g.Rect.Size(), w.Rect.Size())
	}
	bad, worst, at := 0, uint8(0), image.Point{}
	for y := range g.Rect.Dy() {
		a, b := g.Pix[y*g.Stride:], w.Pix[y*w.Stride:]
		for x := range g.Rect.Dx() {
			d := distance(a[4*x:4*x+4], b[4*x:4*x+4])
			if d > tolerance {
				bad++
			}
			if d > worst {
				worst, at = d, image.Pt(x, y)
			}
		}
	}
	if bad == 0 {
		return ""
	}
	return fmt.Sprintf("%d pixels differ by more than %d, worst %d at %v", bad, tolerance, worst, at)
}

// straight returns a picture with alpha that is not premultiplied, as files
// have it.
func straight(m image.Image) *image.NRGBA {
	switch m := m.(type) {
	case *image.NRGBA:
		return m
	case *image.RGBA:
		if m.Opaque() { // then both are the same
			return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
		}
	}
	n := image.NewNRGBA(m.Bounds())
	draw.Draw(n, n.Rect, m, n.Rect.Min, draw.Src)
	return n
}

// distance is the greatest difference of any channel of a pixel.
func distance(a, b []uint8) uint8 {
	return max(diff(a[0], b[0]), diff(a[1], b[1]), diff(a[2], b[2]), diff(a[3], b[3]))
}

func diff(a, b uint8) uint8 { return max(a, b) - min(a, b) }

func read(file string) (image.Image, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

// save keeps a picture for somebody to look at, and returns where.
func save(tb testing.TB, name string, m image.Image) string {
	tb.Helper()
	file := filepath.Join(tb.ArtifactDir(), filepath.Base(name)+".got.png")
	write(tb, file, m)
	return file
}

func write(tb testing.TB, file string, m image.Image) {
	tb.Helper()
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&buf, m); err != nil {
		tb.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(file, buf.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
}
