//go:build unix

package main

import "golang.org/x/sys/unix"

// openFlags keep the opening of a file that has become a pipe from waiting for
// somebody to write to it.
const openFlags = unix.O_NONBLOCK
