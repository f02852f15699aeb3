package main

import "golang.org/x/sys/unix"

// swap gives each of two folders the name of the other, in one step. Where the
// file system cannot, the error is errors.ErrUnsupported.
func swap(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
