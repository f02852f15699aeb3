package twosums

import "golang.org/x/sys/cpu"

// wide says whether the processor has the instructions.
var wide = cpu.X86.HasAVX2 && hasSHANI()

// blocks adds n blocks of p and of q to the hashes a and b.
func blocks(a, b *[8]uint32, p, q []byte, n int) { blocksSHANI(a, b, &p[0], &q[0], n) }

func hasSHANI() bool

//go:noescape
func blocksSHANI(a, b *[8]uint32, p, q *byte, n int)
