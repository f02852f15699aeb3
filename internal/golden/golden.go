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
	"image/color"
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
	g, w := got.Bounds(), want.Bounds()
	if g.Size() != w.Size() {
		return fmt.Sprintf("size %v, want %v", g.Size(), w.Size())
	}
	bad, worst, at := 0, uint8(0), image.Point{}
	for y := range g.Dy() {
		for x := range g.Dx() {
			d := distance(got.At(g.Min.X+x, g.Min.Y+y), want.At(w.Min.X+x, w.Min.Y+y))
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

// distance is the greatest difference of any channel.
func distance(a, b color.Color) uint8 {
	x, _ := color.NRGBAModel.Convert(a).(color.NRGBA)
	y, _ := color.NRGBAModel.Convert(b).(color.NRGBA)
	return max(diff(x.R, y.R), diff(x.G, y.G), diff(x.B, y.B), diff(x.A, y.A))
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
