package pngw

import (
	"math/bits"
	"slices"
)

// maxCodeBits is the longest code that deflate has, RFC 1951 section 3.2.7.
const maxCodeBits = 15

// A code is a Huffman code as deflate writes it: the bits, first one lowest, in
// the upper 24 bits and their number in the lower 8.
type code uint32

func (c code) bits() uint64 { return uint64(c >> 8) }
func (c code) len() uint    { return uint(c & 0xff) }

// A huffman makes length-limited prefix codes. Its fields are room to work in.
type huffman struct {
	keys    []uint64 // count<<16 | symbol, rising
	weights []uint32
}

// makeLengths writes to dst the code length of every symbol, 0 for those that do
// not occur, none over limit. The lengths are those of a Huffman code except
// where the limit forbids; the Kraft sum is exactly 1 if at least two symbols
// occur. A lone symbol gets one bit. The counts must not sum to 1<<32 or more,
// nor more symbols occur than limit bits can tell apart.
//
// Equal counts are ordered by symbol, so that lengths depend on nothing else.
func (h *huffman) makeLengths(dst []uint8, counts []uint32, limit int) {
	h.keys = h.keys[:0]
	for s, n := range counts {
		dst[s] = 0
		if n > 0 {
			h.keys = append(h.keys, uint64(n)<<16|uint64(s))
		}
	}
	if len(h.keys) < 2 {
		for _, k := range h.keys {
			dst[k&0xffff] = 1
		}
		return
	}
	slices.Sort(h.keys)
	h.weights = h.weights[:0]
	for _, k := range h.keys {
		h.weights = append(h.weights, uint32(k>>16))
	}
	minimumRedundancy(h.weights)
	num := limited(h.weights, limit)
	next := 0
	for n := limit; n > 0; n-- {
		for range num[n] {
			dst[h.keys[next]&0xffff] = uint8(n)
			next++
		}
	}
}

// minimumRedundancy replaces the weights in a, two or more of them and rising,
// by the lengths of their codes, in place: Moffat and Katajainen, "In-Place
// Calculation of Minimum-Redundancy Codes" (1995).
func minimumRedundancy(a []uint32) {
	pairWeights(a)
	// The internal nodes hold their parents now: turn those into depths.
	n := len(a)
	a[n-2] = 0
	for i := n - 3; i >= 0; i-- {
		a[i] = a[a[i]] + 1
	}
	// And the depths of internal nodes into those of leaves.
	avail, depth := 1, uint32(0)
	for root, next := n-2, n-1; avail > 0; depth++ {
		used := 0
		for ; root >= 0 && a[root] == depth; root-- {
			used++
		}
		for ; avail > used; avail-- {
			a[next] = depth
			next--
		}
		avail = 2 * used
	}
}

// pairWeights joins the two lightest of the leaves and trees in a until one is
// left, leaving in each tree's place the index of its parent.
func pairWeights(a []uint32) {
	leaf, root := 0, 0
	for next := range len(a) - 1 {
		a0 := lightest(a, &leaf, &root, next)
		a[next] = a0 + lightest(a, &leaf, &root, next)
	}
}

// lightest takes the lightest leaf or tree and returns its weight. Trees lie in
// a[root:next], leaves in a[leaf:].
func lightest(a []uint32, leaf, root *int, next int) uint32 {
	if *leaf < len(a) && (*root >= next || a[*leaf] <= a[*root]) {
		*leaf++
		return a[*leaf-1]
	}
	w := a[*root]
	a[*root] = uint32(next)
	*root++
	return w
}

// limited counts the codes of each length, after mending lengths over limit.
// What shortening those takes from the Kraft sum is given back one by one: a
// code of full length moves next to the longest code below the limit, which
// grows by one bit.
func limited(lengths []uint32, limit int) (num [maxCodeBits + 1]int) {
	kraft := 0
	for _, n := range lengths {
		n := min(int(n), limit)
		num[n]++
		kraft += 1 << (limit - n)
	}
	for ; kraft > 1<<limit; kraft-- {
		n := limit - 1
		for num[n] == 0 {
			n--
		}
		num[limit]--
		num[n]--
		num[n+1] += 2
	}
	return num
}

// assign writes to dst the canonical codes (RFC 1951, section 3.2.2) for the
// lengths given, and none for the symbols after those.
func assign(dst []code, lengths []uint8) {
	var num, next [maxCodeBits + 2]uint32
	for _, n := range lengths {
		num[n]++
	}
	num[0] = 0
	for n := 1; n <= maxCodeBits; n++ {
		next[n+1] = (next[n] + num[n]) << 1
	}
	for s, n := range lengths {
		c := bits.Reverse16(uint16(next[n])) >> (16 - n)
		dst[s] = code(c)<<8 | code(n)
		next[n]++
	}
	clear(dst[len(lengths):])
}
