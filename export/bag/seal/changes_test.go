package seal_test

import (
	"bytes"
	"iter"
	"slices"
)

// changes yields text with each byte replaced in so many ways, each byte removed,
// and a byte added in each place.
func changes(text []byte, ways byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := range text {
			for w := range ways {
				changed := bytes.Clone(text)
				changed[i] ^= w + 1
				if !yield(changed) {
					return
				}
			}
			if !yield(slices.Delete(bytes.Clone(text), i, i+1)) ||
				!yield(slices.Insert(bytes.Clone(text), i, '\n')) ||
				!yield(slices.Insert(bytes.Clone(text), i, 0)) {
				return
			}
		}
		yield(append(bytes.Clone(text), '\n'))
	}
}
