//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package main

import (
	"errors"
	"os"
)

// tryLock says that files cannot be locked here: what killed runs leave stays.
func tryLock(*os.File) (bool, error) { return false, errors.ErrUnsupported }
