package main

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
)

// TestNumber holds that numbers are written as Python prints a float that was
// a float32.
func TestNumber(t *testing.T) {
	tests := []struct {
		n    number
		want string
	}{
		{97.3, "97.30000305175781"},
		{0, "0.0"},
		{1, "1.0"},
		{0.5, "0.5"},
		{-0.07, "-0.07000000029802322"},
		{0.00001, "9.999999747378752e-06"},
	}
	for _, tt := range tests {
		if got, err := tt.n.MarshalJSON(); err != nil || string(got) != tt.want {
			t.Errorf("number %v: got %s (%v), want %s", float32(tt.n), got, err, tt.want)
		}
	}
}

// TestStored holds that a viewer that applies the orientation sees the
// picture upright: the EXIF standard says where the first row and column of
// the stored picture are seen.
func TestStored(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 2, 3))
	mark := color.RGBA{R: 200, A: 255}
	img.SetRGBA(1, 0, mark) // Upper right.
	tests := []struct {
		orientation uint16
		size, at    image.Point
	}{
		{0, image.Pt(2, 3), image.Pt(1, 0)},
		{3, image.Pt(2, 3), image.Pt(0, 2)}, // First row at the bottom, first column at the right.
		{6, image.Pt(3, 2), image.Pt(0, 0)}, // First row at the right, first column at the top.
	}
	for _, tt := range tests {
		got := stored(img, tt.orientation)
		if got.Rect.Size() != tt.size || got.RGBAAt(tt.at.X, tt.at.Y) != mark {
			t.Errorf("orientation %d: got size %v and %v at %v, want size %v and the mark",
				tt.orientation, got.Rect.Size(), got.RGBAAt(tt.at.X, tt.at.Y), tt.at, tt.size)
		}
	}
}

// TestEXIF compares the segment with one written out by hand.
func TestEXIF(t *testing.T) {
	data, err := encodeJPEG(image.NewRGBA(image.Rect(0, 0, 8, 8)), 6)
	if err != nil {
		t.Fatal(err)
	}
	want := "ffd8" + // Start of image.
		"ffe1" + "0022" + "457869660000" + // APP1, 34 bytes, "Exif".
		"4d4d002a" + "00000008" + // Big-endian TIFF, directory at 8.
		"0001" + "0112" + "0003" + "00000001" + "00060000" + // One entry: orientation, one short, 6.
		"00000000" + "ffdb"
	if got := hex.EncodeToString(data[:len(want)/2]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
}

// TestChoose holds that a misspelt session is refused.
func TestChoose(t *testing.T) {
	if got, err := choose(sessions(), []string{"tiny", "s3"}); err != nil || len(got) != 2 || got[1].name != "s3" {
		t.Errorf("got %d sessions (%v), want tiny and s3", len(got), err)
	}
	if _, err := choose(sessions(), []string{"tinny"}); err == nil || !strings.Contains(err.Error(), "tinny") {
		t.Errorf("got error %v, want one that names tinny", err)
	}
}

// TestCast holds that every shot has a person and a room.
func TestCast(t *testing.T) {
	cast, places := people(), rooms()
	for _, s := range sessions() {
		all := s.audits
		if s.reference != nil {
			all = append([]shot{*s.reference}, all...)
		}
		for _, sh := range all {
			if _, ok := cast[sh.who]; !ok {
				t.Errorf("%s: got person %q, want one of the cast", s.name, sh.who)
			}
			if _, ok := places[sh.room]; !ok {
				t.Errorf("%s: got room %q, want a known one", s.name, sh.room)
			}
		}
	}
}

// TestDistance holds that pictures that differ are told from such that nearly
// do not.
func TestDistance(t *testing.T) {
	a, b := image.NewRGBA(image.Rect(0, 0, 10, 10)), image.NewRGBA(image.Rect(0, 0, 10, 10))
	b.SetRGBA(3, 4, color.RGBA{R: 30, A: 255})
	b.SetRGBA(5, 4, color.RGBA{G: 60, A: 255})
	if mean, far := distance(a, b); mean != 0.3 || far != 0.01 {
		t.Errorf("got mean %g and %g far off, want 0.3 and 0.01", mean, far)
	}
	if _, far := distance(a, image.NewRGBA(image.Rect(0, 0, 10, 9))); far != 1 {
		t.Errorf("got %g of another size far off, want all", far)
	}
}
