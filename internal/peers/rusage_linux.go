package main

import (
	"os"
	"syscall"
)

// peak returns the most memory, in bytes, that one of a command's processes had.
// It is never below what this program itself has, whose memory a new process
// has until it becomes another program.
func peak(s *os.ProcessState) int64 {
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		return int64(r.Maxrss) << 10 //nolint:unconvert // it has 32 bits where a word has
	}
	return 0
}
