package main

import (
	"bytes"
	"image/png"
	"path"
	"testing"

	"github.com/lvtool/lvtool/internal/golden"
)

// TestReadmePicture holds the picture of the README to what the program makes
// of the sample.
func TestReadmePicture(t *testing.T) {
	for name, data := range convertInto(t, "../../samples/session.json") {
		if path.Base(name) != "sheet.png" {
			continue
		}
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		golden.Image(t, "sheet", m, 2)
		return
	}
	t.Error("no sheet was written")
}
