// Package twosums takes the SHA-256 of two messages at a time, which costs
// little more than that of the longer one: the instructions that processors have
// for it leave gaps that a second message fills.
package twosums

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
)

// A Message is bytes in two parts, the first of fewer than 64.
type Message struct{ Head, Body []byte }

// Sum returns what [crypto/sha256] makes of a and of b.
func Sum(a, b Message) (sumA, sumB [sha256.Size]byte) {
	n := min(a.blocks(), b.blocks())
	if !wide || n == 0 {
		return a.sum(), b.sum()
	}
	var first [2][sha256.BlockSize]byte
	x, y := a.cut(&first[0]), b.cut(&first[1])
	hashA, hashB := initial, initial
	blocks(&hashA, &hashB, first[0][:], first[1][:], 1)
	if n > 1 {
		blocks(&hashA, &hashB, x, y, n-1)
	}
	rest := (n - 1) * sha256.BlockSize
	return a.finish(&hashA, n, x[rest:]), b.finish(&hashB, n, y[rest:])
}

// blocks is how many whole blocks m has.
func (m Message) blocks() int { return (len(m.Head) + len(m.Body)) / sha256.BlockSize }

// cut moves the first block of m into first and returns what follows.
func (m Message) cut(first *[sha256.BlockSize]byte) []byte {
	n := copy(first[:], m.Head)
	return m.Body[copy(first[n:], m.Body):]
}

// sum is the plain way.
func (m Message) sum() (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(m.Head)
	h.Write(m.Body)
	h.Sum(sum[:0])
	return sum
}

// initial is the hash of nothing yet: FIPS 180-4, section 5.3.3.
var initial = [8]uint32{
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
}

// finish returns the sum of m, of whose first n blocks hash is the state and
// rest the bytes that follow. A standard library that does not take the state
// takes the sum from the beginning.
func (m Message) finish(hash *[8]uint32, n int, rest []byte) (sum [sha256.Size]byte) {
	var state [4 + sha256.Size + sha256.BlockSize + 8]byte
	copy(state[:], "sha\x03")
	for i, v := range hash {
		binary.BigEndian.PutUint32(state[4+4*i:], v)
	}
	binary.BigEndian.PutUint64(state[len(state)-8:], uint64(n)*sha256.BlockSize) //nolint:gosec // it is not negative
	h := sha256.New()
	u, ok := h.(encoding.BinaryUnmarshaler)
	if !ok || u.UnmarshalBinary(state[:]) != nil {
		return m.sum()
	}
	h.Write(rest)
	h.Sum(sum[:0])
	return sum
}
