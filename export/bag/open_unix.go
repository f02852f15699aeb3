//go:build unix

package bag

import "syscall"

// openFlags keep the opening of a file that has become a pipe from waiting for
// somebody to write to it.
const openFlags = syscall.O_NONBLOCK
