package main

import (
	"errors"
	"testing"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/decode/s3source"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

// TestRemnantReader holds that no file is read that is too large to be a tag file: there
// is no store here that could be asked for it.
func TestRemnantReader(t *testing.T) {
	k := &kept{objects: map[string]s3source.Entry{"manifest-sha256.txt": {Size: bag.MostTagBytes + 1}}}
	read := new(s3Shelf).reader(t.Context(), k)
	if _, err := read("manifest-sha256.txt"); !errors.Is(err, pack.ErrRemnant) {
		t.Errorf("a file that is too large: got %v", err)
	}
	if _, err := read("bag-info.txt"); !errors.Is(err, decode.ErrNotFound) {
		t.Errorf("a file that is not listed: got %v", err)
	}
}
