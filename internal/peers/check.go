package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// picturesOfSession is five marked frames, five faces and a sheet.
const picturesOfSession = 2*framesOfSession + 1

// dims are the width and height of a picture.
type dims struct{ Width, Height int }

// pngSize reads the size of a PNG from its beginning.
func pngSize(name string) (dims, error) {
	f, err := os.Open(name)
	if err != nil {
		return dims{}, err
	}
	defer f.Close()
	var head [24]byte
	if _, err := io.ReadFull(f, head[:]); err != nil || string(head[1:4]) != "PNG" {
		return dims{}, fmt.Errorf("%s: not a PNG", name)
	}
	return dims{int(binary.BigEndian.Uint32(head[16:])), int(binary.BigEndian.Uint32(head[20:]))}, nil
}

// leastAlike is how alike pictures of the same work must be, in decibels. Faces
// differ by how decoders make colours from half their number; marked frames by
// their marks, too; and sheets by their words.
func leastAlike(name string) float64 {
	switch path.Base(path.Dir(name)) {
	case "faces":
		return 30
	case "annotated":
		return 17
	}
	return 12
}

// check compares the folders in args: what lvtool wrote, and what a peer did.
func (*program) check(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 2 {
		return errors.New("check: want two folders")
	}
	return sameWork(flags.Arg(0), flags.Arg(1))
}

// sameWork returns an error unless two folders hold the same number of pictures,
// of the same names, sizes and, but for details, content, and a report for every
// session.
func sameWork(ours, theirs string) error {
	want, _, err := written(ours)
	if err != nil {
		return err
	}
	got, _, err := written(theirs)
	if err != nil {
		return err
	}
	if len(want) == 0 {
		return fmt.Errorf("%s holds no pictures", ours)
	}
	if !maps.Equal(want, got) {
		return fmt.Errorf("got pictures %v, want %v", got, want)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		alike, err := compareFiles(filepath.Join(ours, name), filepath.Join(theirs, name))
		if err != nil {
			return err
		}
		if least := leastAlike(name); alike < least {
			return fmt.Errorf("%s: %.1f dB alike, want %.0f at least", name, alike, least)
		}
		if path.Base(name) == "sheet.png" {
			if err := checkReport(filepath.Join(theirs, path.Dir(name), "report.json")); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkReport(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var report struct{ Frames []any }
	if err := json.Unmarshal(data, &report); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(report.Frames) != framesOfSession {
		return fmt.Errorf("%s: %d frames, want %d", name, len(report.Frames), framesOfSession)
	}
	return nil
}

// compareFiles returns how alike two pictures of the same size are.
func compareFiles(a, b string) (float64, error) {
	m, err := readPNG(a)
	if err != nil {
		return 0, err
	}
	n, err := readPNG(b)
	if err != nil {
		return 0, err
	}
	return alike(m, n), nil
}

func readPNG(name string) (*image.NRGBA, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	n := image.NewNRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(n, n.Rect, m, m.Bounds().Min, draw.Src)
	return n, nil
}

// alike returns the peak signal-to-noise ratio of two pictures of the same size.
func alike(m, n *image.NRGBA) float64 {
	var sum float64
	for i := range m.Pix {
		d := float64(m.Pix[i]) - float64(n.Pix[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(m.Pix))*3/4/sum) // alpha, which is full, does not count
}
