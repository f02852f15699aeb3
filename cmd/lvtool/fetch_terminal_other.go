//go:build !unix

package main

import (
	"io"
	"os"
)

// terminalWidth says whether w is a terminal. How wide it is, is not asked here: tables take 80 columns.
func terminalWidth(w io.Writer) (int, bool) {
	file, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	info, err := file.Stat()
	return 0, err == nil && info.Mode()&os.ModeCharDevice != 0
}
