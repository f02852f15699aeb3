//go:build !unix

package bag

const openFlags = 0
