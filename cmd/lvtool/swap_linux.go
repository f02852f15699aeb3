package main

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// swap gives each of two folders the name of the other, in one step. Where the
// file system cannot, the error is errors.ErrUnsupported.
func swap(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return err
}
