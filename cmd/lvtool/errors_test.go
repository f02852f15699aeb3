package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"audit-1: 92 % in frame ≥ 90", "audit-1: 92 % in frame ≥ 90"},
		{"日本語 Ünï", "日本語 Ünï"},
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"line\nlvtool: done\r", `line\nlvtool: done\r`},
		{"\u202eevil\u2028\u200b", `\u202eevil\u2028\u200b`},
		{"\u009b1A", `\u009b1A`},
		{`a "quote" and \ stay`, `a "quote" and \ stay`},
		{"bad\xff", "bad\ufffd"},
	} {
		if got := printable(tt.in); got != tt.want {
			t.Errorf("printable(%q): got %s, want %s", tt.in, got, tt.want)
		}
	}
}

// What failed is said once, without the call and the names that it was given.
func TestUnwrapPath(t *testing.T) {
	dir := t.TempDir()
	_, opened := os.Open(filepath.Join(dir, "none"))
	renamed := os.Rename(filepath.Join(dir, "none"), filepath.Join(dir, "other"))
	for _, err := range []error{opened, renamed, fmt.Errorf("writing: %w", renamed)} {
		if got := unwrapPath(err); !errors.Is(got, fs.ErrNotExist) || strings.Contains(got.Error(), dir) {
			t.Errorf("%v: got %v", err, got)
		}
	}
}
