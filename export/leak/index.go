package leak

import (
	"bytes"
	"iter"
)

// An index finds any of many patterns in one pass: by their first bytes, which
// a set of bits tells from most others before a map is asked.
type index struct {
	bits  []uint64
	start map[uint64][]pattern
}

type pattern struct {
	data   []byte
	secret int
}

const (
	bitsLog = 22 // 512 KiB: few of many thousand patterns share a bit
	mask    = 1<<(8*prefix) - 1
)

func newIndex() index {
	return index{bits: make([]uint64, 1<<(bitsLog-6)), start: map[uint64][]pattern{}}
}

// slot returns the bit of a window: the multiplicative hash of Knuth, The Art of
// Computer Programming, section 6.4.
func slot(window uint64) (word int, bit uint64) {
	h := window * 0x9e3779b97f4a7c15 >> (64 - bitsLog)
	return int(h >> 6), 1 << (h & 63)
}

func (x *index) add(data []byte, secret int) {
	var window uint64
	for _, b := range data[:prefix] {
		window = window<<8 | uint64(b)
	}
	word, bit := slot(window)
	x.bits[word] |= bit
	x.start[window] = append(x.start[window], pattern{data, secret})
}

// find calls found for every pattern in data, which table maps byte by byte
// first.
func (x *index) find(data []byte, table *[256]byte, found func(secret, offset int)) {
	if len(x.start) == 0 {
		return
	}
	var window uint64
	for i, b := range data {
		window = (window<<8 | uint64(table[b])) & mask
		word, bit := slot(window)
		if x.bits[word]&bit == 0 || i < prefix-1 {
			continue
		}
		from := i - prefix + 1
		for _, p := range x.start[window] {
			if matches(data[from:], p.data, table) {
				found(p.secret, from)
			}
		}
	}
}

func matches(data, pattern []byte, table *[256]byte) bool {
	if len(data) < len(pattern) {
		return false
	}
	for i, b := range pattern {
		if table[data[i]] != b {
			return false
		}
	}
	return true
}

var (
	identity = tableOf(func(b byte) byte { return b })
	lower    = tableOf(func(b byte) byte {
		if 'A' <= b && b <= 'Z' {
			return b + 'a' - 'A'
		}
		return b
	})
)

func tableOf(f func(byte) byte) *[256]byte {
	var t [256]byte
	for i := range t {
		t[i] = f(byte(i))
	}
	return &t
}

func fold(data []byte) []byte {
	out := bytes.Clone(data)
	for i, b := range out {
		out[i] = lower[b]
	}
	return out
}

// blocks yields the blocks of a secret that say something: even those of a
// picture that is mostly sky are not all alike.
func (s *Secret) blocks() iter.Seq[[]byte] {
	size, varied := blobBlock, 12
	if s.Kind == Pixels {
		size, varied = pixelBlock, 24
	}
	return func(yield func([]byte) bool) {
		for data := s.Data; len(data) >= size; data = data[size:] {
			if b := data[:size]; different(b) >= varied && !yield(b) {
				return
			}
		}
	}
}

func different(block []byte) int {
	var seen [256]bool
	n := 0
	for _, b := range block {
		if !seen[b] {
			seen[b] = true
			n++
		}
	}
	return n
}

// blocksOf returns the blocks of blobs and pixels that occur in public.
func blocksOf(secrets []Secret, public [][]byte) map[string]bool {
	if len(public) == 0 {
		return nil
	}
	x := newIndex()
	var all [][]byte
	for _, s := range secrets {
		if s.Kind != Pixels && s.Kind != Blob {
			continue
		}
		for b := range s.blocks() {
			x.add(b, len(all))
			all = append(all, b)
		}
	}
	shown := map[string]bool{}
	for _, data := range public {
		x.find(data, identity, func(number, _ int) { shown[string(all[number])] = true })
	}
	return shown
}
