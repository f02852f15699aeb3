//go:build !linux && !darwin

package main

import "errors"

// swap says that two folders cannot change names in one step here.
func swap(_, _ string) error { return errors.ErrUnsupported }
