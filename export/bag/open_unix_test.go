//go:build unix

package bag_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/lvtool/lvtool/export/bag"
)

// TestFilePipe holds that a file which becomes a pipe after it was listed is
// found, and that nothing waits for somebody to write to the pipe.
func TestFilePipe(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte("one"), 0o644); err != nil {
		t.Fatal(err)
	}
	tree := openFolder(t, dir)
	for e := range tree.Entries(bag.Limits{}) {
		if err := errors.Join(os.Remove(name), syscall.Mkfifo(name, 0o644)); err != nil {
			t.Skip("no pipes to be had: ", err)
		}
		if _, err := tree.Open(e); !errors.Is(err, bag.ErrChanged) {
			t.Errorf("got %v, want %v", err, bag.ErrChanged)
		}
	}
}
